import type { OwnPolicy } from '@second-opinion/kernel';
import { MessageBus, type ConsumeOptions, type Consumption, type Message } from '@second-opinion/message-bus';
import { ownTopic } from '../feeds';

/** HoldingBus keeps own events back from the policies that wait for them until a test lets them go, so that the test decides what overtakes them. */
export class HoldingBus extends MessageBus {
  private held: Message[] = [];
  private readonly gone: Message[] = [];

  constructor(
    private readonly inner: MessageBus,
    private readonly policies: readonly OwnPolicy[],
  ) {
    super();
  }

  async publish(messages: readonly Message[]): Promise<void> {
    const isHeld = ({ topic }: Message) => this.policies.some(({ name }) => topic.endsWith(ownTopic('', name)));
    this.held.push(...messages.filter(isHeld));
    await this.inner.publish(messages.filter((message) => !isHeld(message)));
  }

  /** waiting lists what is held, in the order it was published. */
  get waiting(): readonly Message[] {
    return this.held;
  }

  /** letGo publishes these held messages; what is not held any more is left out. */
  async letGo(messages: readonly Message[]): Promise<void> {
    const going = messages.filter((message) => this.held.includes(message));
    this.held = this.held.filter((message) => !going.includes(message));
    this.gone.push(...going);
    await this.inner.publish(going);
  }

  /** again publishes what was held and let go once more, in the same order, as far as `which` says so. */
  async again(which: (message: Message) => boolean): Promise<void> {
    await this.inner.publish(this.gone.filter(which));
  }

  consume(options: ConsumeOptions): Promise<Consumption> {
    return this.inner.consume(options);
  }
  parked(group?: string) {
    return this.inner.parked(group);
  }
  countParked() {
    return this.inner.countParked();
  }
  replay(group: string, key: string): Promise<void> {
    return this.inner.replay(group, key);
  }
  skip(group: string, key: string, reason: string): Promise<void> {
    return this.inner.skip(group, key, reason);
  }
}
