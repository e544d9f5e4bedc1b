/**
 * The thread of {@link CheckpointThread}: copies write-ahead logs back into their files, one after the other, each on a connection of its
 * own. It names nothing but what Node brings, so that it runs as it stands, compiled or not.
 */
const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
const worker = process.getBuiltinModule('node:worker_threads');

interface Ask {
  readonly number: number;
  readonly file: string;
  readonly close: boolean;
}

const connections = new Map<string, InstanceType<typeof DatabaseSync>>();
const done = worker.workerData as Int32Array;

/** copy everything that no reader is behind; true when that was all. */
function copy(file: string): boolean {
  let connection = connections.get(file);
  if (!connection) {
    connection = new DatabaseSync(file);
    connections.set(file, connection);
  }
  const pages = connection.prepare('pragma wal_checkpoint(passive)').get();
  return pages?.['busy'] === 0 && pages['log'] === pages['checkpointed'];
}

function close(file: string): void {
  connections.get(file)?.close();
  connections.delete(file);
}

worker.parentPort?.on('message', ({ number, file, close: closes }: Ask) => {
  let whole = false;
  try {
    if (closes) close(file);
    else whole = copy(file);
  } catch {
    // Whoever asked learns that not all was copied, and asks again when there is more.
  }
  worker.parentPort?.postMessage({ number, whole });
  Atomics.store(done, 0, number);
  Atomics.notify(done, 0);
});
