import type { CasePlay, Reply, User } from '@second-opinion/standalone/play';
import { ACTS, actNamed, PLAYERS, timely, type Act, type Player } from './wander-acts';
import type { Dice } from './wander-dice';
import type { Fates } from './wander-fates';
import type { Hours } from './wander-hours';
import { look, ownDoctorFaults } from './wander-looks';
import type { NoticingWorld } from './wander-world';
import { doersOf, OPENS_AGENDAS, waysOf } from './wander-ways';

/** TASKED contexts: who asks what he must do asks all of them. */
export const TASKED = ['intake', 'scheduling', 'reporting', 'billing', 'notification'] as const;
/** CROSSES: how often back office takes a case from its doctor while he shares his report. */
const CROSSES = 0.25;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** ROUNDS in which a case must come to its end once nobody strays any more. */
const ROUNDS = 100;
/** IN_VAIN: refused so often, one time after another, what somebody is asked to do cannot be done. */
const IN_VAIN = 10;
/** NOT_NOW: refused only because its time has not come, or because a doctor is not in the register until that is put right (BR-19). */
const NOT_NOW = [
  'scheduling.appointment-not-begun',
  'scheduling.too-early-for-no-show',
  'intake.doctor-not-registered',
  'scheduling.doctor-not-registered',
  'reporting.doctor-not-registered',
];

/** Asked is what somebody is asked to do, until when; `player` is not known of what the case awaits from a doctor. */
export interface Asked {
  readonly task: string;
  readonly player?: Player;
  readonly dueAt: string | null;
}

/** Wanderer lets a case stray, and then brings it to its end by nothing but what the product itself asks for. */
export class Wanderer {
  /** steps that were taken, as somebody would read them. */
  readonly steps: string[] = [];
  /** faults that were found on the way. */
  readonly faults: string[] = [];
  private readonly refusals = new Map<string, number>();
  private readonly seen = new Set<string>();
  private opened = '';
  private doctor: Player | undefined;
  private readonly users: Readonly<Record<Player, User>>;

  constructor(
    readonly play: CasePlay,
    private readonly dice: Dice,
    private readonly hours: Hours,
    private readonly fates: Fates,
  ) {
    const { employee, ownDoctor, backOffice, world } = play;
    const doctors = { 'second-doctor': world.user('second-doctor'), 'third-doctor': world.user('third-doctor') };
    this.users = { employee, 'own-doctor': ownDoctor, 'back-office': backOffice, ...doctors };
  }

  /** begins says how far the case has come before it strays, and with whom. */
  begins(what: string, doctor: string, shared: boolean): void {
    this.steps.push(`begins: ${what}`);
    this.doctor = PLAYERS.find((one) => one === doctor);
    for (const type of ['SecondOpinionRequestSubmitted', ...(shared ? ['ReportSharedWithEmployee'] : [])])
      this.seen.add(type);
  }

  /** stray: so many steps, of which some follow what is asked and some do not. */
  async stray(steps: number, astray: number): Promise<void> {
    for (let step = 0; step < steps; step++) {
      if (this.dice.chance(0.1))
        await Promise.all([this.anything(), this.dice.chance(0.5) ? this.following() : this.anything()]);
      else if (this.dice.chance(astray)) await this.anything();
      else if (!(await this.following())) await this.untilDue(await this.asked());
      await this.between();
      if (this.dice.chance(0.15)) await look(this.play, this.users[this.dice.one(PLAYERS)], this.dice);
      if (this.dice.chance(0.05)) this.faults.push(...(await ownDoctorFaults(this.play)));
    }
  }

  /**
   * end: does what is asked, lets time pass when nothing is, and tells whether the case is closed; with what is `owed` also whether nobody
   * is asked such a thing about it any more.
   */
  async end(lazy: number, owed?: (asked: Asked) => boolean): Promise<boolean> {
    for (let round = 0; round < ROUNDS; round++) {
      const went = await this.round(lazy, owed);
      if (went === 'closed') return true;
      if (went === 'idle' && !(await this.fates.mend())) await this.untilDue(await this.asked());
    }
    return false;
  }

  /** round: everybody is asked once, and some do what they are asked to do. */
  async round(lazy: number, owed?: (asked: Asked) => boolean): Promise<'closed' | 'done' | 'idle'> {
    await this.play.settle();
    const closed = await this.isClosed();
    if (closed && !owed) return 'closed';
    const asked = await this.asked();
    if (closed && !asked.some((one) => owed?.(one))) return 'closed';
    let done = false;
    for (const one of this.dice.shuffled(asked)) if (!this.dice.chance(lazy) && (await this.doing(one))) done = true;
    return done ? 'done' : 'idle';
  }

  /** seer: who sees how far it is; whose person was forgotten sees nothing any more. */
  get seer(): User {
    const { play } = this;
    return (play.world as NoticingWorld).forgotten.has(play.personId) ? play.auditor : play.employee;
  }

  async isClosed(): Promise<boolean> {
    return (await this.seer.read(`/intake/cases/${this.play.caseId}`)).phase === 'CLOSED';
  }

  /** asked: the tasks of everybody about this case, and what it awaits. */
  async asked(): Promise<readonly Asked[]> {
    const tasks = await Promise.all(PLAYERS.map((player) => this.tasksOf(player)));
    return [...tasks.flat(), ...(await this.awaited())];
  }

  /** tasksOf somebody about this case. */
  async tasksOf(player: Player): Promise<readonly Asked[]> {
    const user = this.users[player];
    const contexts = TASKED.filter((context) => context !== 'notification' || player === 'back-office');
    const lists = await Promise.all(contexts.map((context) => tasksIn(user, context)));
    return lists
      .flat()
      .filter(({ about }) => about === this.play.caseId)
      .map(({ task, dueAt }) => ({ task, player, dueAt }));
  }

  private async awaited(): Promise<readonly Asked[]> {
    const { awaited } = (await this.seer.read(`/intake/cases/${this.play.caseId}`)) as { awaited: Awaited[] };
    return awaited.map(({ what, from, until }) => {
      const player = PLAYERS.find((one) => one === from);
      return { task: what, dueAt: until, ...(player === undefined ? {} : { player }) };
    });
  }

  /** following does one thing that somebody is asked to do; tells whether anything happened. */
  private async following(): Promise<boolean> {
    if (this.dice.chance(0.6))
      for (const one of this.dice.shuffled(await this.awaited())) if (await this.doing(one)) return true;
    for (const player of this.dice.shuffled(PLAYERS))
      for (const one of this.dice.shuffled(await this.tasksOf(player))) if (await this.doing(one)) return true;
    return false;
  }

  private async doing({ task, player }: Asked): Promise<boolean> {
    if (task === OPENS_AGENDAS) return this.opening();
    // Who is to plan anew opens hours where there are none.
    if (task === 'RescheduleAppointment') await this.opening();
    const what = `${player ?? 'doctor'} ${task}`;
    const answers: Answered[] = [];
    // A15: both are decided before the news of either has come.
    const crosses = task === 'ShareReport' && this.dice.chance(CROSSES);
    const crossing = crosses ? this.does('back-office', actNamed('reassign-assignment')) : undefined;
    for (const act of waysOf(task, this.dice))
      for (const doer of doersOf(act, player, this.dice)) {
        const answered = await this.does(doer, act);
        await crossing;
        if (answered.happened) {
          this.refusals.delete(what);
          return true;
        }
        answers.push(answered);
      }
    if (answers.length > 0 && answers.every(({ code }) => code !== '' && !NOT_NOW.includes(code))) this.inVain(what);
    return false;
  }

  /** inVain counts how often, one time after another, somebody was refused what he is asked to do. */
  private inVain(what: string): void {
    const times = (this.refusals.get(what) ?? 0) + 1;
    this.refusals.set(what, times);
    if (times === IN_VAIN) this.faults.push(`asked and always refused: ${what}`);
  }

  /** opening hours helps once a day. */
  private async opening(): Promise<boolean> {
    const day = (await this.play.now()).slice(0, 10);
    if (this.opened === day) return false;
    this.opened = day;
    this.steps.push('back-office opens agendas');
    await this.hours.open();
    return true;
  }

  private async anything(): Promise<void> {
    const { dice, seen } = this;
    const acts = timely(seen.has('SecondOpinionRequestSubmitted'), seen.has('ReportSharedWithEmployee'));
    const act = dice.weighted(dice.chance(0.75) ? acts : ACTS);
    await this.does(this.actorOf(act), act);
  }

  /** actorOf an act: mostly the doctor who has the assignment, and now and then somebody who may not. */
  private actorOf({ by }: Act): Player {
    if (this.dice.chance(0.03)) return this.dice.one(PLAYERS);
    const his = this.doctor !== undefined && by.includes(this.doctor) && this.dice.chance(0.7);
    return his && this.doctor !== undefined ? this.doctor : this.dice.one(by);
  }

  /** does an act as somebody, and tells what was answered. */
  private async does(player: Player, act: Act): Promise<Answered> {
    const { status, body } = await act.send(this.play, this.users[player], this.dice);
    const { happened = status === 201 ? ['stored'] : [], code = '' } = body as { happened?: string[]; code?: string };
    this.steps.push([player, act.name, status, code, ...(status < 300 ? happened : [])].filter(Boolean).join(' '));
    for (const type of happened) this.seen.add(type);
    if (happened.includes('AssignmentAccepted')) this.doctor = player;
    const came = happened.some((type) => type !== 'RequestReturnedIncomplete');
    return { happened: status < 300 && came, code };
  }

  /** between two steps the rest may follow, or time may pass, or neither. */
  private async between(): Promise<void> {
    const { dice } = this;
    const struck = await this.fates.perhaps(this.play);
    if (struck !== undefined) this.steps.push(`fate: ${struck}`);
    if (dice.chance(0.45)) return this.play.settle();
    if (dice.chance(0.1)) return this.pass(dice.upTo(600, 1) * MINUTE);
    if (dice.chance(0.06)) return this.pass(dice.upTo(4, 1) * DAY);
    if (dice.chance(0.03)) return this.pass(dice.upTo(20, 5) * DAY);
  }

  /** untilDue moves time to the next term of what is asked, or by three days. */
  async untilDue(asked: readonly Asked[]): Promise<void> {
    const now = await this.play.now();
    const [next] = asked.flatMap(({ dueAt }) => (dueAt !== null && dueAt > now ? [dueAt] : [])).sort();
    await this.pass(next === undefined ? 3 * DAY : Date.parse(next) - Date.parse(now));
  }

  private async pass(ms: number): Promise<void> {
    const to = new Date(Date.parse(await this.play.now()) + ms).toISOString();
    this.steps.push(`time passes to ${to}`);
    // Another case may have moved it further in the same moment: it never goes back.
    await this.play.backOffice.post('/demo/clock', { to });
  }
}

interface Answered {
  readonly happened: boolean;
  readonly code: string;
}
interface Awaited {
  readonly what: string;
  readonly from: string;
  readonly until: string | null;
}
/** Task as the product gives it. */
export interface Task {
  readonly task: string;
  readonly about: string;
  readonly dueAt: string | null;
}

/** tasksIn a context: all pages of somebody's tasks. */
export async function tasksIn(user: User, context: string): Promise<readonly Task[]> {
  const tasks: Task[] = [];
  for (let cursor = ''; ;) {
    const { items, next } = (await user.read(`/${context}/tasks?limit=200${cursor}`)) as Reply['body'];
    tasks.push(...(items as Task[]));
    if (next === undefined) return tasks;
    cursor = `&cursor=${encodeURIComponent(next as string)}`;
  }
}
