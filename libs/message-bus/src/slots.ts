/** Slots lets so many work at once; the others wait in order. */
export class Slots {
  private readonly queue: (() => void)[] = [];

  constructor(private free: number) {}

  /** take a slot; resolves when one is free. */
  async take(): Promise<void> {
    if (this.free > 0) {
      this.free--;
      return;
    }
    await new Promise<void>((resolve) => this.queue.push(resolve));
  }

  /** give a slot back, to whoever waits longest. */
  give(): void {
    const next = this.queue.shift();
    if (next) next();
    else this.free++;
  }
}
