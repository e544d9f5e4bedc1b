import { seeded } from './crash-clients';

/** Dice decide everything that wanders, the same for the same seed. */
export class Dice {
  private readonly random: () => number;

  constructor(seed: number) {
    this.random = seeded(seed);
  }

  /** chance: true with this probability. */
  chance(of: number): boolean {
    return this.random() < of;
  }

  /** upTo gives a whole number from `least` to `most`, both included. */
  upTo(most: number, least = 0): number {
    return least + Math.floor(this.random() * (most - least + 1));
  }

  /** one of these, each as likely. */
  one<T>(all: readonly T[]): T {
    if (all.length === 0) throw new Error('one of nothing');
    return all[this.upTo(all.length - 1)] as T;
  }

  /** weighted: one of these, by their weight. */
  weighted<T extends { readonly weight: number }>(all: readonly T[]): T {
    let left = this.random() * all.reduce((sum, { weight }) => sum + weight, 0);
    const found = all.find(({ weight }) => (left -= weight) < 0) ?? all.at(-1);
    if (found === undefined) throw new Error('one of nothing');
    return found;
  }

  /** shuffled: all of these, in another order. */
  shuffled<T>(all: readonly T[]): T[] {
    return all
      .map((one) => ({ one, place: this.random() }))
      .sort((a, b) => a.place - b.place)
      .map(({ one }) => one);
  }
}
