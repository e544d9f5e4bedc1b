import { Invalid, type Envelope } from '@second-opinion/kernel';
import { envelopeOf, outgoing, portions, taken } from './wire';

const event: Envelope = {
  specversion: '1.0',
  id: 'e1',
  source: '/second-opinion/wire',
  type: 'SomethingHappened',
  subject: 'a',
  time: '2026-11-25T09:00:00.000Z',
  datacontenttype: 'application/json',
  correlationid: 'c1',
  causationid: 'c2',
  data: { text: 'é' },
};

describe('a message on the wire', () => {
  it('comes back as it was', () => {
    const { record } = outgoing({ topic: 'a.events.v1', key: 'sleutel-é', event });
    const { key, value } = record as { key: Buffer; value: Buffer };
    const back = taken({ offset: '9007199254740993', key, value });
    expect(back).toMatchObject({ offset: 9_007_199_254_740_993n, key: 'sleutel-é' });
    expect(envelopeOf(back.value)).toEqual(event);
  });

  it('carries the trace that it belongs to, as a field and as a header', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const { record } = outgoing({ topic: 'a.events.v1', key: 'a', event: { ...event, traceparent } });
    expect(record.headers?.['ce_traceparent']).toBe(traceparent);
    expect(envelopeOf(String(record.value))?.traceparent).toBe(traceparent);
    expect(outgoing({ topic: 'a.events.v1', key: 'a', event }).record.headers).not.toHaveProperty('ce_traceparent');
  });

  it.each([['Upper.v1'], ['a b'], [''], ['$a']])('refuses the topic %p', (topic) => {
    expect(() => outgoing({ topic, key: 'a', event })).toThrow(Invalid);
  });

  it('refuses an empty key, and what is too large', () => {
    expect(() => outgoing({ topic: 'a', key: '', event })).toThrow('message-bus.invalid-message');
    const large = { ...event, data: { text: 'x'.repeat(3_000_001) } };
    expect(() => outgoing({ topic: 'a', key: 'a', event: large })).toThrow('message-bus.message-too-large');
  });

  it.each(['', 'null', '[]', '1', '{"id":1}', '{"id":"e","type":"T"}'])('sees that %p is no envelope', (value) => {
    expect(envelopeOf(value)).toBeUndefined();
  });

  it('is written in portions that a broker takes, in order, and alone when it is large', () => {
    const of = (id: string, size: number) =>
      outgoing({ topic: 'a', key: 'a', event: { ...event, id, data: { text: 'x'.repeat(size) } } });
    const sizes = [400_000, 400_000, 400_000, 2_000_000, 10, 10];
    const cut = [...portions(sizes.map((size, index) => of(String(index), size)))];
    expect(cut.map((portion) => portion.map(({ record }) => record.headers?.['ce_id']))).toEqual([
      ['0', '1'],
      ['2'],
      ['3'],
      ['4', '5'],
    ]);
    expect([...portions([])]).toEqual([]);
  });
});
