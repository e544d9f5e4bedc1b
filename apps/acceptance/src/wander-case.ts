import { OUTCOMES } from '@second-opinion/contracts';
import type { CasePlay, User } from '@second-opinion/standalone/play';
import { Wanderer, TASKED, tasksIn, type Task } from './wander';
import { Dice } from './wander-dice';
import type { NoticingWorld } from './wander-world';

const OPEN_DAYS = 12;
const AFTERWARDS = 4;

/** STAYS: tasks that the domain leaves open about a case that is closed, with the reason. They can still be done, and end with that. */
const STAYS: Readonly<Record<string, string>> = {
  RecordPayment: 'an invoice is paid or not, whatever became of the case (A20: PaymentOverdue)',
  RecordFollowUp: 'the own doctor still owes the employee his answer after the term (A19, BR-42)',
  RecordConsultation: 'the hour had come before the case ended: the doctor says what happened (A13)',
};

/** KNOWN: tasks that should have ended and are being mended in reporting; to be deleted with that. */
const KNOWN: Readonly<Record<string, string>> = {
  ProceedWithoutOwnDossier:
    'the authorisation is withdrawn after the case ended: asked of the doctor, and refused for ever',
  GrantReleaseConsent: 'blocked, then a corrected version is shared: the block stays, and so does the task',
  ShareReport: 'a correction is not shared before the decision term ends: the case closes, and the task stays',
  CorrectReport: 'a correction is not answered before the decision term ends: the case closes, and the task stays',
};

/** WanderedCase is one case with its seed, and what was found about it. */
export class WanderedCase {
  readonly faults: string[] = [];
  private readonly wanderer: Wanderer;
  private readonly dice: Dice;
  private began = '';

  constructor(
    private readonly world: NoticingWorld,
    readonly play: CasePlay,
    private readonly seed: number,
  ) {
    this.dice = new Dice(seed);
    this.wanderer = new Wanderer(play, this.dice);
  }

  /** played from a Monday morning on: it strays, reaches its end, strays a little more, and reaches its end again. */
  async played(from?: string): Promise<void> {
    const { dice, wanderer } = this;
    this.began = from ?? mondayAfter(await this.play.now());
    try {
      await this.play.moveTo(this.began);
      await this.world.openAgendas(OPEN_DAYS);
      await this.play.wish();
      await wanderer.stray(dice.upTo(45, 5), dice.one([0.1, 0.25, 0.5]));
      for (const lazy of [dice.one([0, 0, 0.1, 0.3]), 0]) {
        if (!(await wanderer.end(lazy))) return await this.stuck();
        await wanderer.stray(dice.upTo(AFTERWARDS), 0.9);
      }
    } catch (error) {
      this.found(`stopped: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      for (const fault of [...this.world.takeWrong(), ...wanderer.faults.splice(0)]) this.found(fault);
    }
  }

  /** afterAll terms have run: closed, with one outcome, and nothing left to do but what stays. */
  async afterAll(open: OpenTasks): Promise<void> {
    const { play } = this;
    if (play.caseId === '') return;
    const [his, auditors] = [(await play.seenBy(play.employee)).body, (await play.seenBy(play.auditor)).body];
    if (his.phase !== 'CLOSED') await this.stuck();
    const outcome = String(his.outcome);
    if (!OUTCOMES.some((one) => one === outcome)) this.found(`outcome ${outcome}`);
    const same = outcome.startsWith('RELEASED_') ? 'RELEASED' : outcome;
    if (auditors.outcome !== same) this.found(`the employee sees ${outcome}, the auditor ${auditors.outcome}`);
    this.leftOver(open, { ...STAYS, ...KNOWN });
    const { whole } = await play.auditor.read(`/records/cases/${play.caseId}/verification`);
    if (whole !== true) this.found('its history does not verify');
  }

  /** owed: what stays is done at last, and brings nothing new that does not end. */
  async owed(open: OpenTasks): Promise<void> {
    if (!open.some(({ task, about }) => about === this.play.caseId && STAYS[task] !== undefined)) return;
    const done = await this.wanderer.end(0, ({ task }) => KNOWN[task] === undefined);
    if (!done) await this.stuck();
    for (const fault of this.wanderer.faults.splice(0)) this.found(fault);
  }

  private leftOver(open: OpenTasks, except: Readonly<Record<string, string>>): void {
    for (const { task, about, whose } of open)
      if (about === this.play.caseId && except[task] === undefined) this.found(`${whose} still has to ${task}`);
  }

  /** told: a fault with what is needed to play the case again. */
  told(fault: string): string {
    const seeded = `WANDER_SEED=${this.seed} WANDER_CASES=1 WANDER_FROM=${this.began}`;
    const again = `${seeded} npx nx test @second-opinion/acceptance --skip-nx-cache -- wander`;
    return [`${fault}\n  ${again}`, ...this.wanderer.steps].join('\n    ');
  }

  private found(fault: string): void {
    this.faults.push(this.told(fault));
  }

  private async stuck(): Promise<void> {
    const entries = (await this.play.history()).filter(({ stream }) => !/^(notification|records)\./.test(stream));
    const types = entries.map(({ type }) => type);
    const asked = (await this.wanderer.asked()).map(({ task, player = '', dueAt }) => [task, player, dueAt].join(' '));
    this.found(`does not reach its end; asked: ${asked.join(', ') || 'nobody'}; happened: ${types.join(' ')}`);
  }
}

/** OpenTasks of everybody, with whose they are. */
type OpenTasks = readonly (Task & { readonly whose: string })[];

/** openTasks asks everybody for his tasks. */
export async function openTasks(world: NoticingWorld, employees: readonly User[]): Promise<OpenTasks> {
  const names = ['own-doctor', 'second-doctor', 'third-doctor', 'back-office'] as const;
  const open: (Task & { readonly whose: string })[] = [];
  for (const user of [...employees, ...names.map((name) => world.user(name))])
    for (const context of TASKED) {
      if (context === 'notification' && user.login.role !== 'back-office') continue;
      const whose = user.login.subject;
      open.push(...(await tasksIn(user, context)).map((task) => ({ ...task, whose })));
    }
  return open;
}

/** mondayAfter a moment, early in the morning. */
function mondayAfter(now: string): string {
  const date = Temporal.PlainDate.from(now.slice(0, 10));
  return `${date.add({ days: 8 - date.dayOfWeek }).toString()}T05:00:00.000Z`;
}
