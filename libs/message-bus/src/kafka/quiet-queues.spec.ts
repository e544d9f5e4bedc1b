import { createRequire } from 'node:module';
import './settings';

interface Request {
  readonly entry: { readonly correlationId: number; readonly resolve: () => void };
  readonly expectResponse: boolean;
  readonly sendRequest: () => void;
}
interface Queue {
  push(request: Request): void;
  fulfillRequest(answer: { correlationId: number; payload: Buffer; size: number }): void;
  maybeThrottle(ms: number): void;
}
const RequestQueue = createRequire(__filename)('kafkajs/src/network/requestQueue') as new (options: object) => Queue;

describe('the queue of requests on a connection', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const sent: number[] = [];
  const queue = () =>
    new RequestQueue({
      ...{ clientId: 'test', broker: 'one:9092', requestTimeout: 1_000, enforceRequestTimeout: false },
      logger: { debug: () => undefined, warn: () => undefined },
    });
  const request = (correlationId: number): Request => ({
    entry: { correlationId, resolve: () => undefined },
    expectResponse: true,
    sendRequest: () => sent.push(correlationId),
  });
  beforeEach(() => sent.splice(0));

  it('looks at nothing once every request is answered, also when an answer comes late', () => {
    const asked = queue();
    asked.push(request(1));
    asked.fulfillRequest({ correlationId: 1, payload: Buffer.alloc(0), size: 0 });
    asked.fulfillRequest({ correlationId: 1, payload: Buffer.alloc(0), size: 0 });
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
});
