import type { World } from '@second-opinion/standalone/play';
import type { Deployment } from './deployment';
import { Standalone } from './process';
import { Services } from './services';

/** PATIENCE_MS is how long one journey may take: generous, since nothing is measured by it. */
export const PATIENCE_MS = process.env['ACCEPTANCE'] === 'services' ? 900_000 : 300_000;

/**
 * startDeployment starts what the journeys play on: the one process on files, or with ACCEPTANCE=services six services on the engines that
 * the environment names, without those in ACCEPTANCE_WITHOUT.
 */
export function startDeployment(): Promise<Deployment> {
  if (process.env['ACCEPTANCE'] !== 'services') return Standalone.start();
  const without = process.env['ACCEPTANCE_WITHOUT']?.split(',') ?? [];
  return Services.start({ without, replicas: Number(process.env['ACCEPTANCE_REPLICAS'] ?? 1) });
}

/** startWorld also loads the world that the journeys play in; whoever starts it stops the server. */
export async function startWorld(): Promise<{ readonly server: Deployment; readonly world: World }> {
  const server = await startDeployment();
  const world = server.world();
  await world.load();
  return { server, world };
}
