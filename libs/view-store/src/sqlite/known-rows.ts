/** KnownRow is a row as it stands; null: there is none. */
export interface KnownRow {
  readonly row: object | null;
  readonly position: bigint;
}

type Rows = Map<string, Map<string, KnownRow>>;

/**
 * KnownRows of all views by their keys, the last `most` or somewhat fewer: what was not asked for while half as many came goes. A cache of single
 * rows would need a name for each, made of view and key, and every event asks for a dozen.
 */
export class KnownRows {
  private young: Rows = new Map();
  private old: Rows = new Map();
  private count = 0;

  constructor(private readonly most: number) {}

  get(view: string, key: string): KnownRow | undefined {
    const young = this.young.get(view)?.get(key);
    if (young) return young;
    const old = this.old.get(view)?.get(key);
    if (old) this.set(view, key, old);
    return old;
  }

  set(view: string, key: string, row: KnownRow): void {
    let rows = this.young.get(view);
    if (!rows) this.young.set(view, (rows = new Map<string, KnownRow>()));
    if (!rows.has(key)) this.count++;
    rows.set(key, row);
    if (this.count < this.most / 2) return;
    this.old = this.young;
    this.young = new Map();
    this.count = 0;
  }

  delete(view: string, key: string): void {
    this.young.get(view)?.delete(key);
    this.old.get(view)?.delete(key);
  }

  clear(): void {
    this.young = new Map();
    this.old = new Map();
    this.count = 0;
  }
}
