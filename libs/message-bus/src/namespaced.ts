import { MessageBus, type ConsumeOptions, type Consumption, type Message, type ParkedMessage } from './message-bus';

/**
 * NamespacedMessageBus lets several deployments share brokers: outside, every topic and every group has the namespace before its name;
 * inside, nobody sees that, or any message of another deployment.
 */
export class NamespacedMessageBus extends MessageBus {
  private readonly prefix: string;

  /** namespace: small letters and digits, beginning with a letter; throws `TypeError` otherwise. */
  constructor(
    private readonly inner: MessageBus,
    namespace: string,
  ) {
    super();
    if (!/^[a-z][a-z0-9]{0,29}$/.test(namespace)) throw new TypeError('a namespace is small letters and digits');
    this.prefix = `${namespace}.`;
  }

  publish(messages: readonly Message[]): Promise<void> {
    return this.inner.publish(messages.map((message) => ({ ...message, topic: this.prefix + message.topic })));
  }

  consume(options: ConsumeOptions): Promise<Consumption> {
    const { concerns, report } = options;
    return this.inner.consume({
      ...options,
      ...(concerns ? { concerns: (message: Message) => concerns(this.inside(message)) } : {}),
      ...(report ? { report: (what, message, ...more) => report(what, this.inside(message), ...more) } : {}),
      group: this.prefix + options.group,
      topics: options.topics.map((topic) => this.prefix + topic),
      handle: (message) => options.handle(this.inside(message)),
    });
  }

  async parked(group?: string): Promise<readonly ParkedMessage[]> {
    const all = await this.inner.parked(group === undefined ? undefined : this.prefix + group);
    return all
      .filter((parked) => parked.group.startsWith(this.prefix))
      .map((parked) => ({ ...this.inside(parked), group: parked.group.slice(this.prefix.length) }));
  }

  async countParked(): Promise<ReadonlyMap<string, number>> {
    const mine = [...(await this.inner.countParked())].filter(([group]) => group.startsWith(this.prefix));
    return new Map(mine.map(([group, waiting]) => [group.slice(this.prefix.length), waiting]));
  }

  replay(group: string, key: string): Promise<void> {
    return this.inner.replay(this.prefix + group, key);
  }

  skip(group: string, key: string, reason: string): Promise<void> {
    return this.inner.skip(this.prefix + group, key, reason);
  }

  private inside<M extends Message>(message: M): M {
    return { ...message, topic: message.topic.slice(this.prefix.length) };
  }
}
