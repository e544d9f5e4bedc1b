import type { Deployment } from './deployment';
import { Standalone } from './process';
import { Services } from './services';

/**
 * startDeployment starts what the journeys play on: the one process on files, or with ACCEPTANCE=services six services on the engines that
 * the environment names, without those in ACCEPTANCE_WITHOUT.
 */
export function startDeployment(): Promise<Deployment> {
  if (process.env['ACCEPTANCE'] !== 'services') return Standalone.start();
  const without = process.env['ACCEPTANCE_WITHOUT']?.split(',') ?? [];
  return Services.start({ without, replicas: Number(process.env['ACCEPTANCE_REPLICAS'] ?? 1) });
}
