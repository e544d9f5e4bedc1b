import { OUTCOMES } from '@second-opinion/contracts';
import type { CasePlay, User } from '@second-opinion/standalone/play';
import { Wanderer, TASKED, tasksIn, type Task } from './wander';
import { Dice } from './wander-dice';
import { STAYS } from './wander-stays';
import { start } from './wander-start';
import type { NoticingWorld } from './wander-world';

const OPEN_DAYS = 12;
const MOST_STEPS = 35;
const ASTRAY = [0.3, 0.5, 0.7];
const AFTERWARDS = 4;
const MOST_TOLD = 120;

/** WanderedCase is one case with its seed, and what was found about it. */
export class WanderedCase {
  readonly faults: string[] = [];
  private readonly wanderer: Wanderer;
  private readonly dice: Dice;
  private began = '';
  private told = 0;

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
      await start(this.play, wanderer, dice);
      await wanderer.stray(dice.upTo(MOST_STEPS, 5), dice.one(ASTRAY));
      for (const lazy of [dice.one([0, 0, 0.1, 0.3]), 0]) {
        if (!(await wanderer.end(lazy))) return await this.stuck();
        await wanderer.stray(dice.upTo(AFTERWARDS), 0.9);
      }
    } catch (error) {
      this.faults.push(`stopped: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      this.faults.push(...this.world.takeWrong(), ...wanderer.faults.splice(0));
    }
  }

  /** afterAll terms have run: closed, with one outcome, and nothing left to do but what stays. */
  async afterAll(open: OpenTasks): Promise<void> {
    const { play } = this;
    if (play.caseId === '' || this.faults.length > 0) return;
    const [his, auditors] = [(await play.seenBy(play.employee)).body, (await play.seenBy(play.auditor)).body];
    if (his.phase !== 'CLOSED') await this.stuck();
    const outcome = String(his.outcome);
    if (!OUTCOMES.some((one) => one === outcome)) this.faults.push(`outcome ${outcome}`);
    const same = outcome.startsWith('RELEASED_') ? 'RELEASED' : outcome;
    if (auditors.outcome !== same)
      this.faults.push(`the employee sees ${outcome}, the auditor ${String(auditors.outcome)}`);
    this.leftOver(open);
    const { whole } = await play.auditor.read(`/records/cases/${play.caseId}/verification`);
    if (whole !== true) this.faults.push('its history does not verify');
  }

  /** owed: what stays is done at last, and brings nothing new that does not end. */
  async owed(open: OpenTasks): Promise<void> {
    if (this.faults.length > 0) return;
    if (!open.some(({ task, about }) => about === this.play.caseId && STAYS[task] !== undefined)) return;
    if (!(await this.wanderer.end(0, () => true))) await this.stuck();
    this.faults.push(...this.wanderer.faults.splice(0));
  }

  private leftOver(open: OpenTasks): void {
    for (const { task, about, whose } of open)
      if (about === this.play.caseId && STAYS[task] === undefined) this.faults.push(`${whose} still has to ${task}`);
  }

  /** report of what was found since the last one, with what is needed to play the case again and how it went; nothing: nothing was found. */
  report(more: readonly string[] = []): readonly string[] {
    const found = [...new Set([...this.faults, ...more])].slice(this.told);
    if (found.length === 0) return [];
    this.told += found.length;
    const seeded = `WANDER_SEED=${this.seed} WANDER_CASES=1 WANDER_FROM=${this.began}`;
    const again = `${seeded} npx nx test @second-opinion/acceptance --skip-nx-cache -- wander`;
    const { steps } = this.wanderer;
    const cut = steps.length > MOST_TOLD ? [`and ${steps.length - MOST_TOLD} steps more`] : [];
    return [[...found, `  ${again}`, ...steps.slice(0, MOST_TOLD), ...cut].join('\n    ')];
  }

  private async stuck(): Promise<void> {
    const entries = (await this.play.history()).filter(({ stream }) => !/^(notification|records)\./.test(stream));
    const types = entries.map(({ type }) => type);
    const asked = (await this.wanderer.asked()).map(({ task, player = '', dueAt }) => [task, player, dueAt].join(' '));
    this.faults.push(`does not reach its end; asked: ${asked.join(', ') || 'nobody'}; happened: ${types.join(' ')}`);
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
