import { OUTCOMES } from '@second-opinion/contracts';
import type { CasePlay } from '@second-opinion/standalone/play';
import { Wanderer } from './wander';
import type { Dice } from './wander-dice';
import type { Fates } from './wander-fates';
import type { Hours } from './wander-hours';
import { STAYS } from './wander-stays';
import { start } from './wander-start';
import { worldOf } from './wander-again';
import type { OpenTasks } from './wander-tasks';

const MOST_STEPS = 35;
const ASTRAY = [0.3, 0.5, 0.7];
const AFTERWARDS = 4;
const MOST_TOLD = 160;

/** WanderedCase is one case that strays and is brought to its end, and what was found about it. */
export class WanderedCase {
  readonly faults: string[] = [];
  private readonly wanderer: Wanderer;
  private told = 0;

  constructor(
    readonly play: CasePlay,
    private readonly dice: Dice,
    { hours, fates, again }: { readonly hours: Hours; readonly fates: Fates; readonly again: () => string },
  ) {
    this.again = again;
    this.wanderer = new Wanderer(play, dice, hours, fates);
  }
  /** again: what is needed to play it again. */
  private readonly again: () => string;

  /** played alone: it strays, reaches its end, strays a little more, and reaches its end again. */
  async played(): Promise<void> {
    const { dice, wanderer } = this;
    await this.guarded(async () => {
      await start(this.play, wanderer, dice);
      await wanderer.stray(dice.upTo(MOST_STEPS, 5), dice.one(ASTRAY));
      for (const lazy of [dice.one([0, 0, 0.1, 0.3]), 0]) {
        if (!(await wanderer.end(lazy))) return await this.stuck();
        await wanderer.stray(dice.upTo(AFTERWARDS), 0.9);
      }
    });
  }

  /** started among others, with whom it will compete. */
  started(...may: Parameters<typeof start>[3] & {}): Promise<void> {
    return this.guarded(() => start(this.play, this.wanderer, this.dice, may));
  }

  /** strays: so many steps. */
  strays(steps: number): Promise<void> {
    return this.guarded(async () => {
      if (this.isPlayed) await this.wanderer.stray(steps, this.dice.one(ASTRAY));
    });
  }

  /** round among others; tells whether anything is left to do, and whether anything was done. */
  async round(lazy: number): Promise<'closed' | 'done' | 'idle'> {
    let went: 'closed' | 'done' | 'idle' = 'closed';
    await this.guarded(async () => {
      if (this.isPlayed) went = await this.wanderer.round(lazy);
    });
    return went;
  }

  /** nextDue: the next term of what is asked about it while it is open. */
  async nextDue(now: string): Promise<string | undefined> {
    let next: string | undefined;
    await this.guarded(async () => {
      if (!this.isPlayed || (await this.wanderer.isClosed())) return;
      const dues = (await this.wanderer.asked()).flatMap(({ dueAt }) => (dueAt !== null && dueAt > now ? [dueAt] : []));
      next = dues.sort()[0];
    });
    return next;
  }

  /** guarded: whatever happens is found, and belongs to this case. */
  private async guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.faults.push(`stopped: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      this.faults.push(...worldOf(this.play).takeWrong(), ...this.wanderer.faults.splice(0));
    }
  }

  /** isPlayed: it began, and nothing stopped it. */
  get isPlayed(): boolean {
    return this.play.caseId !== '' && !this.faults.some((fault) => fault.startsWith('stopped'));
  }

  /** afterAll terms have run: closed, with one outcome, and nothing left to do but what stays. */
  async afterAll(open: OpenTasks): Promise<void> {
    const { play } = this;
    if (play.caseId === '' || this.faults.length > 0) return;
    const [his, auditors] = [(await play.seenBy(this.wanderer.seer)).body, (await play.seenBy(play.auditor)).body];
    if (his.phase !== 'CLOSED') await this.stuck();
    const outcome = String(his.outcome);
    if (outcome !== 'RELEASED' && !OUTCOMES.some((one) => one === outcome)) this.faults.push(`outcome ${outcome}`);
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
    const { steps } = this.wanderer;
    const cut = steps.length > MOST_TOLD ? [`and ${steps.length - MOST_TOLD} steps more`] : [];
    return [
      [`${this.play.caseId}:`, ...found, `  ${this.again()}`, ...steps.slice(0, MOST_TOLD), ...cut].join('\n    '),
    ];
  }

  /** stuck: it does not reach its end, with what would be needed to see why. */
  async stuck(): Promise<void> {
    const entries = (await this.play.history()).filter(({ stream }) => !/^(notification|records)\./.test(stream));
    const types = entries.map(({ type }) => type);
    const asked = (await this.wanderer.asked()).map(({ task, player = '', dueAt }) => [task, player, dueAt].join(' '));
    this.faults.push(`does not reach its end; asked: ${asked.join(', ') || 'nobody'}; happened: ${types.join(' ')}`);
  }
}
