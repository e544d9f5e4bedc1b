import { contextsHere, dropDerived } from '@second-opinion/nest';
import { lockFiles } from './files';
import { replicaOf } from './open-files';
import { openPorts } from './ports';
import type { ServiceIdentity } from './server';
import type { Settings } from './settings';

/**
 * rebuild drops what a program that does not run has from the log (views, and the places of what follows it), so that its next start makes it
 * again; documents, parked messages, keys and access records stay. Gives a sentence for each context. Throws
 * `Unavailable`: `storage-in-use` where it works on files of its own, `service-runs` where a replica has a lease.
 */
export async function rebuild(settings: Settings, { name, whole = false }: ServiceIdentity): Promise<string> {
  const release = lockFiles(settings, { name, whole });
  try {
    const ports = await openPorts(settings, { name, whole });
    const said: string[] = [];
    try {
      for (const parts of contextsHere()) {
        const { views } = await dropDerived(parts, ports.views, `rebuild-${replicaOf(name)}`);
        said.push(`${parts.name}: ${views.length} views and the places in the log are dropped.\n`);
      }
    } finally {
      await ports.close();
    }
    return `${said.join('')}The next start makes them again. Documents, parked messages, keys and access records are as they were.\n`;
  } finally {
    release();
  }
}
