import path from 'node:path';
import { failureOf, type Seal } from '@second-opinion/kernel';
import { Keks, SealingVault, type Access } from '@second-opinion/vault';
import type { Deployment } from './deployment';
import { eventsOf, inside } from './storage';

const SEAL = /"(eyJ[\w-]+\.\.[\w-]+\.[\w-]*\.[\w-]+)"/g;
const ACCESS: Access = {
  ...{ requestId: 'proof', operation: 'proof.OpenSeals', actorId: 'proof', actorRole: 'employee' },
  ...{ actorOrganisation: 'none', relation: 'employee', application: 'proof' },
};

/** SealsOpened says how many seals of the log open with the keys that are there, and why others do not. */
export interface SealsOpened {
  readonly opened: number;
  readonly failures: readonly string[];
}

/** openSeals opens every seal in the log of a deployment that does not run, which stands in its access log. */
export async function openSeals(deployment: Pick<Deployment, 'env' | 'dataDir'>): Promise<SealsOpened> {
  const log = JSON.stringify((await eventsOf(deployment)).map(({ data }) => data));
  const seals = [...new Set([...log.matchAll(SEAL)].map(([, seal = '']) => seal))];
  return inside(deployment, 'records', async ({ keys, accessLog }) => {
    const keks = Keks.load({ folder: path.join(deployment.dataDir, 'keks') });
    const clock = { now: () => new Date().toISOString() };
    const vault = new SealingVault({ keys, keks, accessLog, clock });
    const failures: string[] = [];
    for (const seal of seals) {
      try {
        const [one] = await vault.open([{ seal: seal as Seal, ...headOf(seal) }], ACCESS);
        if (!one || 'forgotten' in one) failures.push('destroyed');
      } catch (error) {
        failures.push(failureOf(error).code ?? 'internal');
      }
    }
    return { opened: seals.length - failures.length, failures };
  });
}

/** headOf a seal: what it says about itself. */
function headOf(seal: string) {
  const text = Buffer.from(seal.slice(0, seal.indexOf('.')), 'base64url').toString();
  const { sub, cas, pur, obj } = JSON.parse(text) as Readonly<Record<string, string>>;
  return { personId: sub ?? '', caseId: cas ?? '', purpose: pur ?? '', object: obj ?? '' };
}
