import type { ConnectionOptions } from 'node:tls';
import { Kafka, logLevel, type ISocketFactory, type RetryOptions, type SASLOptions } from 'kafkajs';
import './quiet-queues';

/** KafkaSettings: where the brokers are and who we are to them. */
export interface KafkaSettings {
  /** brokers as `host:port`; one that answers is enough to find the others. */
  readonly brokers: readonly string[];
  /** clientId names the service in the broker's logs and quotas. */
  readonly clientId: string;
  /** username and password for SASL; without them no SASL. */
  readonly username?: string;
  readonly password?: string;
  /** mechanism of SASL (default `scram-sha-512`). */
  readonly mechanism?: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  /** ssl: true for the system's certificates, or own ones. */
  readonly ssl?: boolean | ConnectionOptions;
  /** socketFactory opens connections another way (a proxy, or a test that cuts them). */
  readonly socketFactory?: ISocketFactory;
}

/** Pace: how eagerly and how patiently groups work. */
export interface Pace {
  /** maxWaitMs a fetch waits at the broker while there is nothing; a message that comes is answered at once (default 1000). */
  readonly maxWaitMs: number;
  /** sessionTimeoutMs after which the others take over from a member that is gone (default 10 s, at least the broker's minimum, 6 s). */
  readonly sessionTimeoutMs: number;
  /** calmMs between two commits of a group (default 500). */
  readonly calmMs: number;
  /** pollMs between two looks for replays that another process asked for (default 1000). */
  readonly pollMs: number;
  /** watchMs between two looks whether the groups move (default 10 s). */
  readonly watchMs: number;
  /** stallMs without moving, though there is something to do, after which a consumer is made anew (default 30 s). */
  readonly stallMs: number;
}

/** PACE is the default of {@link Pace}. */
export const PACE: Pace = {
  maxWaitMs: 1_000,
  sessionTimeoutMs: 10_000,
  calmMs: 500,
  pollMs: 1_000,
  watchMs: 10_000,
  stallMs: 30_000,
};

/** RETRY lets the client outlive a broker that is away for half a minute and come back within a second of it. */
export const RETRY: Required<
  Pick<RetryOptions, 'initialRetryTime' | 'maxRetryTime' | 'factor' | 'multiplier' | 'retries'>
> = {
  initialRetryTime: 100,
  maxRetryTime: 1_000,
  factor: 0.2,
  multiplier: 2,
  retries: 45,
};

/**
 * clientOf settings; `retries` also bound how long it holds on to a connection that cannot be made. Logs nothing: its lines could carry
 * what a broker or a handler said. Each consumer has one of its own, since consumers of one client share what they know of offsets.
 */
export function clientOf(settings: KafkaSettings, retries = RETRY.retries): Kafka {
  const { brokers, clientId, ssl, socketFactory } = settings;
  const sasl = saslOf(settings);
  return new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: 3_000,
    authenticationTimeout: 10_000,
    requestTimeout: 30_000,
    enforceRequestTimeout: true,
    retry: { ...RETRY, retries },
    logLevel: logLevel.NOTHING,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl ? { sasl } : {}),
    ...(socketFactory ? { socketFactory } : {}),
  });
}

function saslOf({ username, password, mechanism = 'scram-sha-512' }: KafkaSettings): SASLOptions | undefined {
  if (username === undefined || password === undefined) return undefined;
  return { mechanism, username, password };
}
