import type { IHeaders, KafkaMessage, Message as KafkaRecord } from 'kafkajs';
import { Invalid, type Envelope } from '@second-opinion/kernel';
import type { Message } from '../message-bus';
import { printOf } from '../print';
import { topicOf, type Place } from './places';

/** MOST_BYTES of one message; `declareTopics` gives topics room for it. An event is at most 1 MiB, in JSON inside JSON at most twice that. */
export const MOST_BYTES = 3_000_000;
/** MOST_BYTES_AT_ONCE of one request: a topic's limit holds for all messages that one request adds to a partition. */
const MOST_BYTES_AT_ONCE = 1_000_000;
const TOPIC = /^[a-z][a-zA-Z0-9.-]{0,199}$/;
/** FIELDS of an envelope that are CloudEvents attributes, `ce_` headers in Kafka. */
const FIELDS = [
  'specversion',
  'id',
  'source',
  'type',
  'subject',
  'time',
  'datacontenttype',
  'correlationid',
  'causationid',
  'traceparent',
] as const;

/** Outgoing is a record with its topic and size. */
export interface Outgoing {
  readonly topic: string;
  readonly record: KafkaRecord;
  readonly bytes: number;
}

/** outgoing makes the record of a message: the key orders, CloudEvents fields are headers, the whole envelope is the value (structured mode). */
export function outgoing({ topic, key, event }: Message): Outgoing {
  if (!TOPIC.test(topic) || key === '') throw new Invalid('message-bus.invalid-message');
  const value = Buffer.from(JSON.stringify(event), 'utf8');
  if (value.length > MOST_BYTES) throw new Invalid('message-bus.message-too-large', { bytes: value.length });
  const headers: IHeaders = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };
  for (const field of FIELDS) if (event[field] !== undefined) headers[`ce_${field}`] = event[field];
  return { topic, record: { key: Buffer.from(key, 'utf8'), value, headers }, bytes: value.length + 1_000 };
}

/** portions cuts what is to be published into requests of a size that brokers take, in order. */
export function* portions(messages: readonly Outgoing[]): Generator<readonly Outgoing[]> {
  let portion: Outgoing[] = [];
  let bytes = 0;
  for (const message of messages) {
    if (portion.length > 0 && bytes + message.bytes > MOST_BYTES_AT_ONCE) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push(message);
    bytes += message.bytes;
  }
  if (portion.length > 0) yield portion;
}

/** Taken is a message as it stands in its partition. */
export interface Taken {
  readonly offset: bigint;
  readonly key: string;
  readonly value: string;
  /** print of key and value: another message at the same offset, of a topic that was made anew, has another one. */
  readonly print: string;
}

/** taken from a partition. */
export function taken({ offset, key, value }: Pick<KafkaMessage, 'offset' | 'key' | 'value'>): Taken {
  return takenAs(BigInt(offset), key?.toString('utf8') ?? '', value?.toString('utf8') ?? '');
}

/** takenAs it is kept in a row. */
export function takenAs(offset: bigint, key: string, value: string): Taken {
  return { offset, key, value, print: printOf(key, value) };
}

/**
 * identityOf a message within its group: what it says, wherever in its topic it stands, so that it is known again when it is told again and no other
 * one is taken for it. What is no envelope bears no id of its own: it is itself only at its place.
 */
export function identityOf(place: Place, { offset, value, print }: Taken): string {
  return envelopeOf(value) ? `${topicOf(place)}|${print}` : `${place}|${offset}|${print}`;
}

/** envelopeOf a value; undefined when it is none, as when something else wrote to the topic. */
export function envelopeOf(value: string): Envelope | undefined {
  try {
    const parsed = JSON.parse(value) as Partial<Envelope> | null;
    const whole = typeof parsed?.id === 'string' && typeof parsed.type === 'string' && typeof parsed.data === 'object';
    return whole ? (parsed as Envelope) : undefined;
  } catch {
    return undefined;
  }
}

/** messageOf what was taken from a topic; what is no envelope has one that stands for it. */
export function messageOf(topic: string, { key, offset, value }: Taken, nowMs: number): Message {
  const event = envelopeOf(value) ?? unreadable(`${topic}/${offset}`, key, new Date(nowMs).toISOString());
  return { topic, key, event };
}

/** unreadable stands for a value that is no envelope, so that a person sees where it came from. */
export function unreadable(parkedId: string, key: string, at: string): Envelope {
  return {
    specversion: '1.0',
    id: parkedId,
    source: '/second-opinion/unknown',
    type: 'Unreadable',
    subject: key,
    time: at,
    datacontenttype: 'application/json',
    correlationid: parkedId,
    causationid: parkedId,
    data: {},
  };
}
