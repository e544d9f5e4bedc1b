/**
 * Data of an older version, small enough to be kept: apps/acceptance/src/upgrade.spec.ts proves that today's version goes on with it.
 *   node tools/older-data.mjs <checkout of that version, built> <folder to write>
 * plays the demo world and cases of invented persons with the program and the play helpers of that checkout, each to another point in the
 * middle; breaks the outgoing mail; kills the program; and packs what its DATA_DIR holds.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { brotliCompressSync, constants } from 'node:zlib';

const DATABASES = ['second-opinion.db', 'access-log.db', 'keys.db'];
const [checkout = '', folder = ''] = process.argv.slice(2).map((one) => path.resolve(one));
const { CasePlay, employeeNamed, newestMailTo, REPORT, wishOf, World } = createRequire(import.meta.url)(
  path.join(checkout, 'apps/standalone/dist/play/index.js'),
);
const dataDir = mkdtempSync(path.join(tmpdir(), 'second-opinion-older-'));
const mail = path.join(dataDir, 'mail');

const { url, child } = await started();
process.once('exit', () => child.kill('SIGKILL'));
const world = new World(url, (address) => newestMailTo(mail, address, 'code='));
const doctor = world.user('second-doctor');
const cases = [];
await played();
const now = await cases[0].now();
const ended = new Promise((resolve) => child.once('exit', resolve));
child.kill('SIGKILL');
await ended;
packed();
rmSync(dataDir, { recursive: true });

async function started() {
  const env = { PATH: process.env.PATH, PORT: '0', DEPLOYMENT: 'test', DATA_DIR: dataDir, REQUESTS_PER_MINUTE: '0' };
  const program = spawn(process.execPath, [path.join(checkout, 'apps/standalone/dist/main.js')], { env });
  let said = '';
  const listens = await new Promise((resolve, reject) => {
    for (const stream of [program.stdout, program.stderr])
      stream.on('data', (chunk) => {
        said += chunk;
        const [, found] = /listens\s+(http:\S+)/.exec(said) ?? [];
        if (found) resolve(found);
      });
    program.once('exit', () => reject(new Error(said)));
  });
  return { url: listens, child: program };
}

function begun(point) {
  const play = Object.assign(new CasePlay(world, employeeNamed(`older-${point}`, `Naam ${point}`)), { point });
  cases.push(play);
  return play;
}

/** played: each case to the point that it is named after; what comes late in a case first, since business time only moves forward. */
async function played() {
  await world.seed();
  for (const name of ['own-doctor', 'second-doctor']) await world.link(name);
  await world.openAgendas(9);
  const late = ['consented', 'blocked', 'correction-asked', 'held'].map(begun);
  for (const play of late) await play.upToAppointment();
  for (const play of late) await reached(play);
  const [consented, blocked, corrected] = late;
  await consented.does('reporting', consented.employee, 'grant-release-consent', { version: 1 });
  await blocked.does('reporting', blocked.employee, 'block-report');
  const correction = { version: 1, correction: 'Het aantal uren klopt niet.' };
  await corrected.does('reporting', corrected.employee, 'request-factual-correction', correction);
  await world.openAgendas(9);
  await begun('wished').wish();
  const chosen = begun('chosen');
  await chosen.wish();
  await chosen.prepare();
  await chosen.choose();
  const quoted = begun('quoted');
  await quoted.upToSubmission();
  await quoted.accept();
  const planned = begun('dossier-uploaded');
  await planned.upToAppointment();
  await planned.authorise();
  await planned.upload(planned.ownDoctor, 'FIRST_ADVICE', 'Eerste advies: opbouw met vier uur per week.', 'advies.txt');
  await planned.upload(planned.employee, 'MEDICAL_LETTER', 'Brief van de behandelaar.', 'brief.txt');
  await planned.settle();
  await undelivered(begun('mail-failed'));
}

/** reached: the consultation was held, and but for the last also the report shared. */
async function reached(play) {
  const { endsAt, zone } = await play.appointment();
  const end = Temporal.PlainDateTime.from(endsAt)
    .toZonedDateTime(zone)
    .toInstant()
    .toString({ smallestUnit: 'millisecond' });
  if ((await play.now()) < end) await play.moveTo(end);
  await play.does('scheduling', doctor, 'record-consultation', { durationMinutes: 75 });
  await play.settle();
  if (play.point === 'held') return;
  await play.does('reporting', doctor, 'finalise-report-for-review', REPORT);
  await play.does('reporting', doctor, 'share-report', {});
  await play.settle();
}

/** undelivered: where the folder of mails should be stands a file. */
async function undelivered(play) {
  renameSync(mail, `${mail}-kept`);
  writeFileSync(mail, '');
  play.caseId = (await play.ownDoctor.does('/intake/cases', wishOf(play.who))).id;
  await play.settle();
  rmSync(mail);
  renameSync(`${mail}-kept`, mail);
}

function packed() {
  mkdirSync(folder, { recursive: true });
  for (const name of DATABASES) {
    const file = path.join(dataDir, name);
    const small = `${file}.small`;
    const database = new DatabaseSync(file);
    database.exec(`vacuum into '${small}'`);
    database.close();
    const bytes = readFileSync(small);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
    writeFileSync(path.join(folder, `${name}.br`), brotliCompressSync(bytes, { params }));
  }
  const keks = path.join(dataDir, 'keks');
  if (existsSync(keks)) cpSync(keks, path.join(folder, 'keks'), { recursive: true });
  const told = cases.map(({ point, caseId, personId, who }) => ({ point, caseId, personId, who }));
  writeFileSync(path.join(folder, 'cases.json'), `${JSON.stringify({ now, cases: told }, undefined, 2)}\n`);
}
