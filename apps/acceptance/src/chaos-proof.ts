import { setTimeout as pause } from 'node:timers/promises';
import { header } from '@second-opinion/standalone/play';
import type { PlayedCases } from './chaos-cases';
import { doubled, historyFaults, lost, mailFaults, openCases, seriesFaults } from './invariants';
import { tellingFaults } from './messages';
import type { Services } from './services';
import { dropViews, eventsOf, messagesOf, parkedIn, rowsOf } from './storage';

const WEEK_MS = 7 * 86_400_000;
const FEWEST_WEEKS = 4;
const MOST_WEEKS = 30;
const SETTLE_TRIES = 3;

/** Proof is what was found in the end; whole when nothing is wrong. */
export interface Proof {
  readonly lost: number;
  readonly doubled: number;
  readonly events: number;
  readonly messages: number;
  readonly cases: number;
  readonly parked: number;
  /** faults: one sentence each, by what they break. */
  readonly faults: readonly string[];
}

/** proofOf lets business time go on until every case is closed, stops the services, and looks at everything that is stored. */
export async function proofOf(services: Services, cases: PlayedCases, say: (what: string) => void): Promise<Proof> {
  await cases.refuseFirst();
  await settled(cases);
  say('business time goes on until every case is closed');
  for (let week = 1; week <= MOST_WEEKS; week++) {
    cases.later(WEEK_MS);
    await settled(cases);
    if (week >= FEWEST_WEEKS && openCases(await eventsOf(services)).length === 0) break;
  }
  await services.end('SIGTERM');
  say('the services are stopped, the log is read');
  const events = await eventsOf(services);
  const messages = await messagesOf(services, 'chaos.witness');
  const parked = await parkedIn(services);
  const counted = lost(cases.world.witness.acknowledged, events);
  const twice = doubled(events);
  const arrived = cases.mails.all(services.dataDir).map((mail) => header(mail, 'message-id'));
  const faults = [
    ...counted.map(({ what, told, there }) => `${what}: ${told} acknowledged, ${there} there`),
    ...twice.map((what) => `doubled: ${what}`),
    ...historyFaults(events),
    ...seriesFaults(events),
    ...mailFaults(events, arrived),
    ...openCases(events).map((stream) => `${stream} has not reached its end`),
    ...tellingFaults(events, messages),
    ...parked.map((one) => `parked: ${one}`),
  ];
  say('all views are dropped and built again');
  faults.push(...(await rebuildFaults(services, cases, events.length)));
  return {
    lost: counted.reduce((sum, { told, there }) => sum + Math.max(0, told - there), 0),
    doubled: twice.length + counted.filter(({ told, there }) => there > told).length,
    events: events.length,
    messages: messages.length,
    cases: new Set(events.map(({ stream }) => stream).filter((stream) => stream.startsWith('intake.case-'))).size,
    parked: parked.length,
    faults,
  };
}

/** rebuildFaults: views built anew are equal, and everything that is told again on the way changes nothing. */
async function rebuildFaults(services: Services, cases: PlayedCases, events: number): Promise<readonly string[]> {
  const before = await rowsOf(services);
  await dropViews(services);
  await services.launch();
  await settled(cases);
  await services.end('SIGTERM');
  const after = await rowsOf(services);
  const unequal = Object.keys(before).filter((view) => JSON.stringify(before[view]) !== JSON.stringify(after[view]));
  const more = (await eventsOf(services)).slice(events);
  return [
    ...unequal.map((view) => `${view} differs from a rebuild: ${differing(before[view] ?? [], after[view] ?? [])}`),
    ...more.map(({ stream, type }) => `${type} in ${stream} came when everything was told again`),
  ];
}

function differing(before: readonly string[], after: readonly string[]): string {
  const [was, is] = [new Set(before), new Set(after)];
  const [gone, come] = [before.filter((row) => !is.has(row)), after.filter((row) => !was.has(row))];
  return `${gone.length} rows only before, ${come.length} only after; ${gone[0] ?? ''} / ${come[0] ?? ''}`;
}

/** settled: all that follows from what happened has happened; asked again, since after a storm it may take longer than one try. */
async function settled(cases: PlayedCases): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await cases.world.user('back-office').does('/demo/settle');
      return;
    } catch (error) {
      if (attempt === SETTLE_TRIES) throw error;
      await pause(1_000);
    }
  }
}
