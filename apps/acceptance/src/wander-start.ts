import type { CasePlay, Name } from '@second-opinion/standalone/play';
import type { Dice } from './wander-dice';
import type { Wanderer } from './wander';

/** STARTS: how far a case has come before anybody strays; most of what can go wrong lies behind the submission. */
const STARTS = [
  { reached: 'WISH', weight: 3 },
  { reached: 'SUBMITTED', weight: 4 },
  { reached: 'PLANNED', weight: 4 },
  { reached: 'SHARED', weight: 2 },
] as const;
const CHOICES: readonly (readonly [Name, Name?])[] = [
  ['second-doctor'],
  ['third-doctor'],
  ['second-doctor', 'third-doctor'],
  ['third-doctor', 'second-doctor'],
];

/** Start: how far a case comes before anybody strays. */
type Start = (typeof STARTS)[number]['reached'];

/** start brings a case to where it begins to stray, on the straight way; no further than somebody may say. */
export async function start(
  play: CasePlay,
  wanderer: Wanderer,
  dice: Dice,
  may: readonly Start[] = STARTS.map(({ reached }) => reached),
): Promise<void> {
  const { reached } = dice.weighted(STARTS.filter((one) => may.includes(one.reached)));
  await play.wish();
  if (reached === 'WISH') return;
  const [first, second] = dice.one(CHOICES);
  const payer = first === 'second-doctor' && second === undefined ? 'nobody' : dice.one(['employer', 'employee']);
  await submitted(play, first, second, payer);
  // A contract that was changed since may leave something open.
  if ((await play.seenBy(play.ownDoctor)).body.phase !== 'SUBMITTED') return;
  wanderer.begins(
    `${reached} with ${first}, ${second ?? 'nobody'}; asked to pay: ${payer}`,
    first,
    reached === 'SHARED',
  );
  if (reached === 'SUBMITTED') return;
  await play.accept(first);
  await play.sign();
  if (payer === 'employee' && first === 'third-doctor') await play.does('billing', play.employee, 'sign-quote');
  await play.settle();
  if (reached === 'PLANNED') return;
  await play.consult(first);
  await play.report(first);
}

async function submitted(play: CasePlay, first: Name, second: Name | undefined, payer: string): Promise<void> {
  await play.prepare();
  await play.choose(first, second);
  if (payer === 'employee')
    await play.does('intake', play.employee, 'pay-as-employee', { debtor: 'E. Dwaal, Straat 1, 9711 AA Groningen' });
  if (payer === 'employer') {
    await play.does('intake', play.employee, 'consent-to-disclosure');
    await play.does('intake', play.ownDoctor, 'record-employer-agreement', { agreed: true });
  }
  await play.submit();
}
