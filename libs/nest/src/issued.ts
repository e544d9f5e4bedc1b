import { Logger } from '@nestjs/common';
import type { CommandBus } from '@nestjs/cqrs';
import { Clock, derivedId, DomainError, type IssuedCommand } from '@second-opinion/kernel';
import { attach } from './circumstances';
import { deciderOf } from './decider-handlers';
import { threads } from './handled-lines';
import { Calendar } from './ports';

/** Cause of a command of the system: what it reacts to, and who reacts. */
export interface Cause {
  /** by: name of the policy or deadline; becomes the actor's id. */
  readonly by: string;
  /** of: id of the event or due deadline; with `by` the command's id derives from it. */
  readonly of: string;
  readonly correlationId: string;
  readonly traceparent?: string;
}

/** SystemCommands sends the commands of policies and deadlines: derived ids, actor `system`. */
export class SystemCommands {
  private readonly debugs = Logger.isLevelEnabled('debug');

  constructor(
    private readonly bus: CommandBus,
    private readonly clock: Clock,
    private readonly calendar: Calendar,
  ) {}

  /** send runs the commands in order. A refusal counts as handled (too late is no failure); anything else is thrown. */
  async send(issued: readonly IssuedCommand[], cause: Cause): Promise<void> {
    for (const [index, { type, fields }] of issued.entries()) {
      const command = Object.assign(new type(), fields);
      const decider = deciderOf(type);
      if (!decider) throw new TypeError(`no context decides ${type.name}`);
      const stream = `${decider.category}-${decider.streamId(fields)}`;
      attach(command, {
        actor: { id: cause.by, role: 'system', organisation: 'system' },
        now: this.clock.now(),
        commandId: derivedId(cause.of, cause.by, type.name, stream, index),
        calendar: this.calendar,
        correlationId: cause.correlationId,
        causationId: cause.of,
        requestId: cause.of,
        relation: 'system',
        began: performance.now(),
        ...(cause.traceparent === undefined ? {} : { traceparent: cause.traceparent }),
      });
      try {
        await this.bus.execute(command);
        if (this.debugs) this.line('command done', decider.category, type.name, fields, cause);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        if (this.debugs) this.line('command refused', decider.category, type.name, fields, cause, error);
      }
    }
  }

  /** line about a command, in the log of the context that decided it. What fails otherwise, whoever sends it tells. */
  private line(
    what: string,
    category: string,
    command: string,
    fields: IssuedCommand['fields'],
    { by, of, correlationId, traceparent }: Cause,
    refusal?: DomainError,
  ): void {
    const { caseId } = fields;
    const about = threads(typeof caseId === 'string' ? caseId : undefined, correlationId, of, traceparent);
    const [context = ''] = category.split('.');
    new Logger(context).debug({ command, by, ...about, ...(refusal ? { code: refusal.code } : {}) }, what);
  }
}

function isRefusal(error: unknown): error is DomainError {
  return (
    error instanceof DomainError &&
    (error.kind === 'refused' || error.kind === 'not-found' || error.kind === 'forbidden')
  );
}
