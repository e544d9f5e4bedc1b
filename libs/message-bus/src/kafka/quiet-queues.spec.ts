import { createRequire } from 'node:module';
import './settings';

interface Entry {
  readonly correlationId: number;
  readonly apiName: string;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}
interface Request {
  readonly entry: Entry;
  readonly expectResponse: boolean;
  readonly sendRequest: () => void;
}
interface Queue {
  push(request: Request): void;
  fulfillRequest(answer: { correlationId: number; payload: Buffer; size: number }): void;
  maybeThrottle(ms: number): void;
  rejectAll(error: Error): void;
  scheduleRequestTimeoutCheck(): void;
  waitForPendingRequests(): Promise<void>;
  destroy(): void;
}
const RequestQueue = createRequire(__filename)('kafkajs/src/network/requestQueue') as new (options: object) => Queue;

describe('the queue of requests on a connection', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const sent: number[] = [];
  /** ended: what became of each request. */
  const ended = new Map<number, string>();
  const queue = (over: object = {}) =>
    new RequestQueue({
      ...{ clientId: 'test', broker: 'one:9092', requestTimeout: 1_000, enforceRequestTimeout: false, ...over },
      logger: { debug: () => undefined, warn: () => undefined },
    });
  const request = (correlationId: number, expectResponse = true): Request => {
    const end = (how: string) => {
      if (ended.has(correlationId)) throw new Error(`${correlationId} has ended before`);
      ended.set(correlationId, how);
    };
    const resolve = () => end('answered');
    const reject = ({ name }: Error) => end(name);
    const sendRequest = () => void sent.push(correlationId);
    return { entry: { correlationId, apiName: 'Any', resolve, reject }, expectResponse, sendRequest };
  };
  const answer = (asked: Queue, correlationId: number) =>
    asked.fulfillRequest({ correlationId, payload: Buffer.alloc(0), size: 0 });
  beforeEach(() => {
    sent.splice(0);
    ended.clear();
  });

  it('looks at nothing once every request is answered, also when an answer comes late', () => {
    const asked = queue();
    asked.push(request(1));
    answer(asked, 1);
    answer(asked, 1);
    expect(sent).toEqual([1]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('sends what waited, once the broker lets it', () => {
    const asked = queue();
    asked.maybeThrottle(500);
    asked.push(request(2));
    expect(sent).toEqual([]);
    jest.advanceTimersByTime(600);
    expect(sent).toEqual([2]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('sends what waited although the broker makes it wait longer meanwhile, and what came behind it, in their order', () => {
    const asked = queue({ maxInFlightRequests: 1 });
    asked.push(request(1));
    asked.push(request(2));
    asked.push(request(3));
    asked.maybeThrottle(500);
    jest.advanceTimersByTime(100);
    answer(asked, 1);
    asked.maybeThrottle(2_000);
    jest.advanceTimersByTime(1_990);
    expect(sent).toEqual([1]);
    jest.advanceTimersByTime(20);
    expect(sent).toEqual([1, 2]);
    answer(asked, 2);
    expect(sent).toEqual([1, 2, 3]);
    answer(asked, 3);
    jest.advanceTimersByTime(20);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('gives up what the broker never answers in its time, and sends what waited behind it', () => {
    const asked = queue({ maxInFlightRequests: 1, enforceRequestTimeout: true });
    asked.scheduleRequestTimeoutCheck();
    asked.push(request(1));
    asked.push(request(2));
    jest.advanceTimersByTime(1_200);
    expect([...ended]).toEqual([[1, 'KafkaJSRequestTimeoutError']]);
    expect(sent).toEqual([1, 2]);
    jest.advanceTimersByTime(1_200);
    expect(ended.get(2)).toBe('KafkaJSRequestTimeoutError');
    asked.destroy();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('lets whoever ends the connection wait for what waits, and no longer', async () => {
    const asked = queue();
    asked.maybeThrottle(500);
    asked.push(request(1));
    let over = false;
    void asked.waitForPendingRequests().then(() => (over = true));
    await jest.advanceTimersByTimeAsync(600);
    expect([sent, over]).toEqual([[1], false]);
    answer(asked, 1);
    await jest.advanceTimersByTimeAsync(0);
    expect(over).toBe(true);
  });

  /** wander with a queue, as a seed's dice have it: what is pushed, answered, throttled, cut off and waited for; gives what is left at the end. */
  const wander = async (seed: number) => {
    let state = seed;
    const dice = (sides: number) => ((state = (state * 48_271) % 2_147_483_647), state % sides);
    const asked = queue({ maxInFlightRequests: 1 + dice(3), enforceRequestTimeout: true });
    asked.scheduleRequestTimeoutCheck();
    let made = 0;
    for (let step = 0; step < 200; step++) {
      const what = dice(20);
      if (what < 8) asked.push(request(++made, dice(10) > 0));
      else if (what < 13) answer(asked, 1 + dice(made + 1));
      else if (what < 15) asked.maybeThrottle(dice(1_500));
      else if (what === 19 && dice(10) === 0) asked.rejectAll(new Error('cut off'));
      else jest.advanceTimersByTime(dice(400));
    }
    let over = false;
    void asked.waitForPendingRequests().then(() => (over = true));
    // Nobody answers any more: what is sent ends by its time, and makes room for what waits.
    jest.advanceTimersByTime(1_500 + 1_200 * made);
    await Promise.resolve();
    asked.destroy();
    const inOrder = sent.every((one, index) => index === 0 || one > (sent[index - 1] ?? 0));
    return { over, standing: made - ended.size, inOrder, timers: jest.getTimerCount() };
  };

  it('leaves nothing standing, whatever comes when', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      sent.splice(0);
      ended.clear();
      expect({ seed, ...(await wander(seed)) }).toEqual({ seed, over: true, standing: 0, inOrder: true, timers: 0 });
    }
  });
});
