import { createRequire } from 'node:module';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { inProcess, startServer } from './processes.mjs';
import { mailTo } from './world.mjs';

const { World, CasePlay, employeeNamed } = createRequire(import.meta.url)('../../apps/standalone/dist/play/index.js');
const CASES = 12;
const QUIET_ROUNDS = 20;

/** replayMillion plays cases, multiplies them to so many events, and starts the real program without its views. */
export async function replayMillion(dataDir, events, say) {
  await makeMillion(dataDir, events, say);
  say('starting the program; it builds all views from nothing');
  return rebuild(dataDir, say);
}

/** makeMillion fills a data folder with so many events, and no view. */
export async function makeMillion(dataDir, events, say) {
  say(`playing ${CASES} cases to copy from`);
  const file = path.join(dataDir, 'second-opinion.db');
  const first = await startServer(dataDir);
  try {
    await playCases(first, dataDir);
  } finally {
    await first.stop();
  }
  say(`copying them until the log has ${events.toLocaleString('en')} events`);
  await inProcess('million.mjs', { file, events });
}

/** rebuild starts the real program on such a folder, and measures until all views are there. */
export async function rebuild(dataDir, say, { node = [] } = {}) {
  const file = path.join(dataDir, 'second-opinion.db');
  const began = performance.now();
  const server = await startServer(dataDir, { node });
  try {
    await caughtUp(file, say);
    const seconds = (performance.now() - began) / 1000;
    const processorSeconds = server.processorSeconds();
    return { seconds, processorSeconds, ...(await memoryOf(server)), rows: rowsIn(file) };
  } finally {
    await server.stop();
  }
}

async function playCases(server, dataDir) {
  const world = new World(server.url, (address) => mailTo(dataDir, address));
  await world.load();
  await world.openAgendas(30);
  for (let number = 1; number <= CASES; number++) {
    const play = new CasePlay(world, employeeNamed(`bench-${number}`, `Naam ${number}`));
    await play.upToAppointment();
  }
}

/** caughtUp resolves when every context has written down that its views are at the end of the log. */
async function caughtUp(file, say) {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 60_000 });
  const { last } = database.prepare('select max(position) as last from events').get();
  const progress = database.prepare(
    `select (select count(*) from view_checkpoints where name like '%.progress.%' and position >= ?) as done,
            (select count(distinct substr(name, 1, instr(name, '.'))) from view_leases where name like '%.views') as contexts`,
  );
  const behind = database.prepare(`select max(position) as at from view_checkpoints where position < ?`);
  for (let turn = 1; ; turn++) {
    const { done, contexts } = progress.get(last);
    if (contexts > 0 && done === contexts) break;
    if (turn % 100 === 0) say(`  at ${Math.round((100 * (behind.get(last).at ?? 0)) / last)} %`);
    await pause(20);
  }
  database.close();
}

/** memoryOf the program right after, and how much it moves while it stands still. */
async function memoryOf(server) {
  const seen = [];
  for (let turn = 0; turn < QUIET_ROUNDS; turn++) {
    seen.push(server.memoryMb());
    await pause(250);
  }
  return { memoryMb: Math.max(...seen), peakMb: server.peakMb() };
}

function rowsIn(file) {
  const database = new DatabaseSync(file, { readOnly: true });
  const tables = database.prepare(`select name from sqlite_schema where type = 'table' and name like 'view %'`).all();
  const rows = tables.reduce(
    (sum, { name }) => sum + database.prepare(`select count(*) as n from "${name}"`).get().n,
    0,
  );
  database.close();
  return rows;
}
