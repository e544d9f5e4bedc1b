/**
 * Grown holds values in the order in which they came, each found by its key, for states that only ever gain some. A further value makes a
 * new Grown in constant time, and every earlier one goes on holding what it held: they share their storage, and each knows how much of it
 * is its own. A key that is there already changes nothing.
 */
export class Grown<Value> implements Iterable<Value> {
  private constructor(
    private readonly keyOf: (value: Value) => string,
    private readonly held: Value[],
    private readonly places: Map<string, number>,
    readonly size: number,
  ) {}

  static by<Value>(keyOf: (value: Value) => string): Grown<Value> {
    return new Grown(keyOf, [], new Map(), 0);
  }

  has(key: string): boolean {
    const place = this.places.get(key);
    return place !== undefined && place < this.size;
  }

  get newest(): Value | undefined {
    return this.size === 0 ? undefined : this.held[this.size - 1];
  }

  with(value: Value): Grown<Value> {
    const key = this.keyOf(value);
    if (this.has(key)) return this;
    // Two that grow out of the same one part here; of the first, which everything begins with, all part.
    if (this.size === 0 || this.held.length > this.size) return this.copy().push(key, value);
    return this.push(key, value);
  }

  some(isSo: (value: Value) => boolean): boolean {
    for (let place = 0; place < this.size; place++) if (isSo(this.held[place] as Value)) return true;
    return false;
  }

  *[Symbol.iterator](): Generator<Value, void> {
    for (let place = 0; place < this.size; place++) yield this.held[place] as Value;
  }

  *newestFirst(): Generator<Value, void> {
    for (let place = this.size - 1; place >= 0; place--) yield this.held[place] as Value;
  }

  private push(key: string, value: Value): Grown<Value> {
    this.places.set(key, this.size);
    this.held.push(value);
    return new Grown(this.keyOf, this.held, this.places, this.size + 1);
  }

  private copy(): Grown<Value> {
    const held = this.held.slice(0, this.size);
    return new Grown(this.keyOf, held, new Map(held.map((value, place) => [this.keyOf(value), place])), this.size);
  }
}
