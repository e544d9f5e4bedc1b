import Ajv2020 from 'ajv/dist/2020';
import * as contracts from './index';
import {
  billingMessages,
  CONTEXTS,
  events,
  field,
  notificationMessages,
  recordsMessages,
  reportingMessages,
} from './index';
import type { EventSchemas } from './index';

const ajv = new Ajv2020({ strict: false });
const exported: [string, unknown][] = Object.entries(contracts);
const topics = exported.filter((entry): entry is [string, string] => entry[0].endsWith('_TOPIC'));
const sets = exported.filter((entry): entry is [string, EventSchemas] => entry[0].endsWith('Messages'));
const sealedIn = (schemas: EventSchemas) => JSON.stringify(schemas).includes('x-sealed');

describe('the published language', () => {
  it('has one topic for each context, and one set of messages for each topic', () => {
    expect(topics.map(([, name]) => name).sort()).toEqual(CONTEXTS.map((name) => `${name}.events.v1`).sort());
    expect(sets.map(([name]) => name.replace('Messages', '.events.v1')).sort()).toEqual(
      topics.map(([, name]) => name).sort(),
    );
  });
  it('names its messages in the past tense, without saying that they are events', () => {
    const names = sets.flatMap(([, schemas]) => Object.keys(schemas));
    expect(names.filter((name) => !/^[A-Z][A-Za-z]+$/.test(name) || name.endsWith('Event'))).toEqual([]);
  });
  it('BR-38 never says on a topic that a report was blocked, or that consent was given or withdrawn', () => {
    expect(Object.keys(reportingMessages).filter((name) => /Block|ReleaseConsent|Lapse/.test(name))).toEqual([]);
  });
  it('BR-55 billing, notification and records carry nothing sealed, so nothing that a key could open', () => {
    expect([billingMessages, notificationMessages, recordsMessages].filter(sealedIn)).toEqual([]);
  });
});

describe('a declared event', () => {
  const { Happened } = events({
    Happened: {
      id: field.id(),
      at: field.instant(),
      on: field.date(),
      when: field.localDateTime(),
      kind: field.code(['ONE', 'OTHER']),
      cents: field.cents(),
      count: field.count(),
      yes: field.flag(),
      hash: field.hash(),
      region: field.region(),
      name: field.sealed('IDENTITY'),
      note: field.optional(field.label()),
      parts: field.list(field.record({ id: field.id() })),
    },
  });
  const data = {
    id: 'é-1',
    at: '2026-11-24T09:30:00.000Z',
    on: '2026-11-24',
    when: '2026-11-24T09:30',
    kind: 'ONE',
    cents: -100,
    count: 0,
    yes: false,
    hash: 'a'.repeat(43),
    region: '35',
    name: 'a.b.c.d.e',
    parts: [],
  };
  const takes = (value: object) => ajv.validate(Happened, value);

  it('takes what it declares', () => {
    expect(takes(data)).toBe(true);
    expect(takes({ ...data, note: 'v1', parts: [{ id: '1' }] })).toBe(true);
  });
  it.each([
    ['a field that was not declared', { extra: 1 }],
    ['a nested field that was not declared', { parts: [{ id: '1', extra: 1 }] }],
    ['an empty id', { id: '' }],
    ['an instant without milliseconds', { at: '2026-11-24T09:30:00Z' }],
    ['an instant of another zone', { at: '2026-11-24T09:30:00.000+01:00' }],
    ['a date with a time', { on: '2026-11-24T00:00' }],
    ['another code', { kind: 'THIRD' }],
    ['a fraction of a cent', { cents: 0.5 }],
    ['a negative count', { count: -1 }],
    ['a whole postcode', { region: '3511AB' }],
    ['null', { yes: null }],
  ])('refuses %s', (_, wrong) => {
    expect(takes({ ...data, ...wrong })).toBe(false);
  });
  it('refuses a missing field', () => {
    const { name: _, ...without } = data;
    expect(takes(without)).toBe(false);
  });
});
