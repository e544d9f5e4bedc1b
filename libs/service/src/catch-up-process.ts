/** The program of a process that catches up views, see {@link CatchUpProcesses}: it gets its work as a message and tells each context that is done. */
import { SqliteEventStore } from '@second-opinion/event-store/sqlite';
import { catchUp } from '@second-opinion/nest/catch-up';
import type { Projected } from '@second-opinion/nest';
import { SqliteDatabase } from '@second-opinion/sqlite';
import { SqliteViewStore } from '@second-opinion/view-store/sqlite';
import type { CatchUpWork } from './catch-up-processes';
import { endOnBugs, leave } from './leaving';
import { JsonLog } from './log';

endOnBugs();
const stop = new AbortController();
let begun = false;
const end = () => {
  stop.abort();
  if (!begun) void leave(0);
};
// Whoever started this is gone, or wants it to end. An interrupt of the terminal is for him: he tells.
process.once('disconnect', end);
process.once('SIGTERM', end);
process.on('SIGINT', () => undefined);
process.once('message', (work: CatchUpWork) => {
  begun = true;
  const log = new JsonLog(work.logLevel);
  const warn = (fields: object, what = 'ended early') => log.warn(fields, what, 'catch-up');
  main(work, { warn }).then(
    () => leave(0),
    (error: unknown) => {
      warn({ error: error instanceof Error ? error.name : typeof error });
      void leave(1);
    },
  );
});

async function main(
  { file, modules, holder }: CatchUpWork,
  logger: { warn(fields: object, what: string): void },
): Promise<void> {
  const database = SqliteDatabase.open(file, { bulk: true });
  try {
    const ports = { events: new SqliteEventStore(database), views: new SqliteViewStore(database), holder, logger };
    // Side by side, so that each part of the log is read once for all of them.
    await Promise.all(
      modules.map(async (module) => {
        const { projected } = (await import(module)) as { projected: Projected };
        await catchUp(projected, ports, stop.signal);
        // Whoever asked may be gone.
        process.send?.(projected.name, undefined, undefined, () => undefined);
      }),
    );
  } finally {
    database.close();
  }
}
