import { CasePlay, employeeNamed } from '@second-opinion/standalone/play';
import { FurtherPlay } from './wander-again';
import { WanderedCase } from './wander-case';
import { Dice } from './wander-dice';
import { Fates } from './wander-fates';
import { Hours } from './wander-hours';
import type { NoticingWorld } from './wander-world';

/** KINDS of outings: one case alone, cases that compete for the same hours, further cases of the same human being. */
const KINDS = [
  { kind: 'ALONE', weight: 6 },
  { kind: 'CROWD', weight: 2 },
  { kind: 'AGAIN', weight: 2 },
] as const;
type Kind = (typeof KINDS)[number]['kind'];

const ROUNDS = 120;
const IDLE_ROUNDS = 4;
const CROWD = { least: 3, most: 4 };
/** LIKELY: how often something happens around the cases. */
const LIKELY = [0, 0.02, 0.05, 0.1];

/** Outing is what one seed decides: the cases that are played at the same time. */
export class Outing {
  readonly cases: WanderedCase[] = [];
  private readonly dice: Dice;
  private readonly kind: Kind;
  private began = '';
  private readonly first: CasePlay;
  private readonly hours: Hours;
  private readonly fates: Fates;

  constructor(
    private readonly world: NoticingWorld,
    private readonly seed: number,
  ) {
    this.dice = new Dice(seed);
    const forced = KINDS.find(({ kind }) => kind === process.env['WANDER_KIND']);
    this.kind = (forced ?? this.dice.weighted(KINDS)).kind;
    this.first = this.play(`wander-${seed}`);
    this.hours = new Hours(world, this.kind === 'CROWD' || (this.kind === 'AGAIN' && this.dice.chance(0.3)));
    this.fates = new Fates(this.first, this.dice, this.dice.one(LIKELY));
  }

  /** played from a Monday morning on. */
  async played(from?: string): Promise<void> {
    this.began = from ?? mondayAfter(await this.first.now());
    await this.first.moveTo(this.began);
    await this.hours.open();
    if (this.kind === 'ALONE') await this.wandered(this.first).played();
    else if (this.kind === 'CROWD') await this.crowd();
    else await this.again();
    await this.fates.mend();
  }

  private play(name: string): CasePlay {
    return new CasePlay(this.world, employeeNamed(name, `Dwaal ${name}`));
  }

  private wandered(play: CasePlay): WanderedCase {
    const again = () => {
      const seeded = `WANDER_SEED=${this.seed} WANDER_CASES=1 WANDER_FROM=${this.began}`;
      return `${this.kind}: ${seeded} npx nx test @second-opinion/acceptance --skip-nx-cache -- wander`;
    };
    const { hours, fates } = this;
    const one = new WanderedCase(play, this.dice, { hours, fates, again });
    this.cases.push(one);
    return one;
  }

  /** crowd: several persons, one doctor, few hours. */
  private async crowd(): Promise<void> {
    const { dice } = this;
    const others = Array.from(
      { length: dice.upTo(CROWD.most, CROWD.least) - 1 },
      (_, other) => `${this.seed}-${other}`,
    );
    for (const play of [this.first, ...others.map((other) => this.play(`wander-${other}`))])
      await this.wandered(play).started('WISH', 'SUBMITTED', 'PLANNED');
    await this.together(dice.upTo(60, 15));
  }

  /** again: somebody has a case, and then another, while the first is under way or over. */
  private async again(): Promise<void> {
    const { dice } = this;
    await this.wandered(this.first).started('WISH', 'SUBMITTED', 'PLANNED', 'SHARED');
    if (dice.chance(0.4)) await this.together(dice.upTo(15), dice.chance(0.5));
    for (let further = dice.upTo(2, 1); further > 0; further--)
      await this.wandered(FurtherPlay.after(this.first, dice)).started('WISH');
    await this.together(dice.upTo(45, 10));
  }

  /** together: whose turn it is the dice say, now and then it is two at once; then all are brought to their end, twice unless they go on. */
  private async together(steps: number, toEnd = true): Promise<void> {
    const { dice, cases } = this;
    for (let step = 0; step < steps; step++) {
      const [one, other] = dice.shuffled(cases);
      if (other && dice.chance(0.15)) await Promise.all([one?.strays(1), other.strays(1)]);
      else await one?.strays(1);
    }
    if (!toEnd) return;
    await this.end(dice.one([0, 0.1, 0.3]));
    for (const one of cases) await one.strays(dice.upTo(3));
    await this.end(0);
  }

  private async end(lazy: number): Promise<void> {
    let idle = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const went: string[] = [];
      for (const one of this.dice.shuffled(this.cases)) went.push(await one.round(lazy));
      if (went.every((one) => one === 'closed')) return;
      if (went.includes('done')) continue;
      if (idle++ % IDLE_ROUNDS === 0 && (await this.fates.mend())) continue;
      await this.waits();
    }
    for (const one of this.cases) if (one.isPlayed && (await one.round(0)) !== 'closed') await one.stuck();
  }

  /** waits for the next term of any case that is open. */
  private async waits(): Promise<void> {
    const now = await this.first.now();
    const next = await Promise.all(this.cases.map((one) => one.nextDue(now)));
    const open = next.filter((one) => one !== undefined).sort();
    await this.first.moveTo(open[0] ?? new Date(Date.parse(now) + 3 * 86_400_000).toISOString());
  }
}

/** mondayAfter a moment, early in the morning. */
function mondayAfter(now: string): string {
  const date = Temporal.PlainDate.from(now.slice(0, 10));
  return `${date.add({ days: 8 - date.dayOfWeek }).toString()}T05:00:00.000Z`;
}
