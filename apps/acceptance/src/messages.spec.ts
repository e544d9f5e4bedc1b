import '@second-opinion/intake';
import { derivedId, type Publisher, type RecordedEvent } from '@second-opinion/kernel';
import { contextsHere } from '@second-opinion/nest';
import { tellingFaults } from './messages';

const publisher = contextsHere().flatMap((parts) => parts.publishers as readonly Publisher[])[0] as Publisher;
const { topic } = publisher;

/** Events that intake tells the others, in the order of the log, and the messages that they become. */
const events = ['a', 'b'].map(
  (id, revision) =>
    ({
      ...{ id, revision, stream: 'intake.case-1', position: String(revision), type: 'CaseClosed' },
      data: { outcome: 'REFUSED', closedAt: '2026-11-24T09:30:00.000Z' },
      metadata: { caseId: '1' },
    }) as unknown as RecordedEvent,
);
const [first, second] = events.map(({ id }) =>
  JSON.stringify({ topic, key: '1', event: { id: derivedId(id, topic, 'CaseClosed') } }),
) as [string, string];

describe('what the log tells and what stands on the topics', () => {
  it('is the same, in the order of the log; what is told again after that changes nothing', () => {
    expect(tellingFaults(events, [first, second])).toEqual([]);
    expect(tellingFaults(events, [first, second, first, second])).toEqual([]);
  });

  it('finds what is missing, too much, or overtaken', () => {
    expect(tellingFaults(events, [first])).toHaveLength(1);
    expect(tellingFaults(events.slice(0, 1), [first, second])).toHaveLength(1);
    expect(tellingFaults(events, [second, first])).toHaveLength(1);
    expect(tellingFaults(events, [])).toHaveLength(1);
  });
});
