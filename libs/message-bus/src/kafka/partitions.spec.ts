import { samePartitions, TopicsUnfit } from './partitions';

describe('the number of partitions', () => {
  const of = (numbers: Record<string, number>, wanted?: number) =>
    samePartitions(new Map(Object.entries(numbers)), wanted);

  it('is the one that all topics have', () => {
    expect(of({ a: 12, b: 12 })).toBe(12);
    expect(of({ a: 12, b: 12 }, 12)).toBe(12);
    expect(of({})).toBeUndefined();
    expect(of({}, 4)).toBeUndefined();
  });

  it('is refused where topics have others, naming those, with what to do', () => {
    expect(() => of({ a: 2, 'scheduling.events.v1': 5, b: 2 })).toThrow(TopicsUnfit);
    expect(() => of({ a: 2, 'scheduling.events.v1': 5, b: 2 })).toThrow(
      /^Kafka has scheduling\.events\.v1 with 5 partitions, and the 2 other topics with 2\. .*rebuild every service/,
    );
    expect(() => of({ a: 6, c: 5, b: 6, d: 7 })).toThrow(
      'Kafka has c with 5 partitions, d with 7 partitions, and the 2',
    );
    expect(() => of({ a: 6, b: 5 })).toThrow('Kafka has a with 6 partitions, and b with 5.');
  });

  it('is refused where another one is asked for: it is chosen once', () => {
    expect(() => of({ a: 6, b: 6 }, 4)).toThrow('and 4 are asked for: the number is chosen once');
  });
});
