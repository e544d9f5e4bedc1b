import { Logger } from '@nestjs/common';
import { caseOfEnvelope, derivedId, type Envelope } from '@second-opinion/kernel';
import type { Report } from '@second-opinion/message-bus';
import { traceIdOf } from './traces';

/** Threads are the ids by which the lines of one case, one request or one trace are found; no personal data. */
export interface Threads {
  readonly caseId?: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly traceId?: string;
}

/**
 * threads of what belongs to this case and this request; what is unknown is left out. What a deadline caused is known by a stream, which can be
 * a person's: of that a line has the derived id.
 */
export function threads(
  caseId: string | undefined,
  correlationId: string,
  causationId: string,
  traceparent: string | undefined,
): Threads {
  const traceId = traceIdOf(traceparent);
  return {
    ...(caseId === undefined ? {} : { caseId }),
    correlationId,
    causationId: causationId.includes('/') ? derivedId(causationId) : causationId,
    ...(traceId === undefined ? {} : { traceId }),
  };
}

const SAID = {
  handled: 'message handled',
  retried: 'message failed; it is tried again',
  parked: 'message parked; it waits for a person (npm run parked -- list)',
  skipped: 'message left out; somebody had it skipped before it was told again',
} as const;
const BEHIND = 'message parked behind another one of its key';

/**
 * handledLines writes a line for each message of a group: `warn` for what is tried again, parked or left out, with what it failed with, `debug` for what
 * is handled. Ids and codes only.
 */
export function handledLines(logger: Logger, group: string): Report {
  const debugs = Logger.isLevelEnabled('debug');
  return (what, { event }, attempts, failure) => {
    if (what === 'handled' && !debugs) return;
    const line = { group, messageId: event.id, type: event.type, ...threadsOf(event), attempts, ...failure };
    if (what === 'handled') logger.debug(line, SAID.handled);
    else logger.warn(line, what === 'parked' && attempts === 0 ? BEHIND : SAID[what]);
  };
}

function threadsOf(event: Envelope): Threads {
  return threads(caseOfEnvelope(event), event.correlationid, event.causationid, event.traceparent);
}
