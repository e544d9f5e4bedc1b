import { CasePlay, employeeNamed, newestMailTo, UnexpectedAnswer, World } from './play';
import { settingsFrom } from '@second-opinion/service';

const say = (text: string) => void process.stdout.write(`${text}\n`);

void main();

/** Plays one whole case over HTTP against the running server, twice: released, and blocked. No rule bends for it; only the clock moves. */
async function main(): Promise<void> {
  const { host, port, mailDir } = settingsFrom(process.env, process.cwd());
  const base = `http://${host}:${port}`;
  const world = new World(base, (address) => newestMailTo(mailDir, address, 'code='));
  try {
    await released(world);
    await blocked(world);
    say('\nBoth cases are closed. The own doctor of the second one learned only: not released.');
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${reason(error, base)}\n`);
  }
}

async function released(world: World): Promise<void> {
  say('\n== A second opinion that is released ==');
  const play = await opening(world, 'Anna Bakker');
  step('employee', 'allows the release of version 1 to his own doctor');
  await play.does('reporting', play.employee, 'grant-release-consent', { version: 1 });
  await later(play, 3, 'the next working day: the report is released');
  step('own doctor', 'reads it and adopts the advice in part, with his motivation to the employee');
  await play.does('reporting', play.ownDoctor, 'record-follow-up', {
    adoption: 'PARTLY',
    motivation: 'Ik neem het rustiger schema over, met een evaluatie na zes weken.',
  });
  await play.settle();
  await end(play);
}

async function blocked(world: World): Promise<void> {
  say('\n== A second opinion that is blocked ==');
  const play = await opening(world, 'Bram Visser');
  step('employee', 'blocks the report: nobody but he and the second opinion doctor will ever read it');
  await play.does('reporting', play.employee, 'block-report');
  await later(play, 21, 'the end of the decision term, at which the own doctor learns: not released');
  await end(play);
}

async function opening(world: World, name: string): Promise<CasePlay> {
  const subject = `demo-${Date.now().toString(36)}`;
  const play = new CasePlay(world, employeeNamed(subject, name));
  await world.openAgendas();
  step('own doctor', 'records the wish; the employee gets a neutral mail with a one-time code and links his login');
  await play.wish();
  step(
    'own doctor',
    'explains that nothing is suspended, fills in the decision aid with the employee, writes down doubt and questions',
  );
  await play.prepare();
  step('own doctor', 'honours the request and proposes a doctor; the employee chooses');
  await play.choose();
  step('employee', 'confirms the request under his own login; the own doctor submits it');
  await play.submit();
  step('second doctor', 'accepts, sees the name, and declares that he was never involved with this person');
  await play.accept();
  step('own doctor', 'signs the quote that came by itself; the appointment is confirmed and the employee invited');
  await play.sign();
  step('employee', 'authorises his own doctor to hand over his medical file');
  await play.authorise();
  const { startsAt } = await play.appointment();
  say(`  (the demo clock moves to the appointment on ${startsAt.replace('T', ' at ')})`);
  await play.consult();
  step(
    'second doctor',
    'held the consultation, writes the report and shares it: with the employee first, and only with him',
  );
  await play.report();
  return play;
}

async function later(play: CasePlay, days: number, why: string): Promise<void> {
  say(`  (the demo clock moves ${days} days, to ${why})`);
  await play.moveBy(days);
  await play.settle();
}

async function end(play: CasePlay): Promise<void> {
  const seen = await play.seenBy(play.ownDoctor);
  say(`  the own doctor sees: ${(seen.body as { outcome: string }).outcome}`);
  const entries = await play.history();
  say(`\n  The history as the auditor sees it: ${entries.length} entries, one chained to the other, nobody named.`);
  say(`    ${'no'.padStart(4)}  ${'business time (UTC)'.padEnd(20)} ${'what'.padEnd(32)} ${'by'.padEnd(22)} where`);
  for (const [index, { at, type, stream, actorRole }] of entries.entries()) {
    const when = at.slice(0, 19).replace('T', ' ');
    const place = stream.slice(0, stream.indexOf('-'));
    say(`    ${String(index + 1).padStart(4)}  ${when.padEnd(20)} ${type.padEnd(32)} ${actorRole.padEnd(22)} ${place}`);
  }
  const { whole } = (await play.auditor.read(`/records/cases/${play.caseId}/verification`)) as { whole: boolean };
  say(`  Verified against the stored events: ${whole ? 'whole' : 'NOT WHOLE'}.`);
}

function step(who: string, what: string): void {
  say(`- ${who} ${what}`);
}

function reason(error: unknown, base: string): string {
  if (error instanceof UnexpectedAnswer) return `The demo stopped: ${error.message}`;
  if (error instanceof TypeError && error.message === 'fetch failed')
    return `No demo server answers at ${base}: start it with npm start (HOST and PORT say where).`;
  return `The demo stopped: ${error instanceof Error ? error.message : String(error)}`;
}
