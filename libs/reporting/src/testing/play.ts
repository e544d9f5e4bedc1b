import { addDays, fold, type Actor, type RecordedEvent } from '@second-opinion/kernel';
import { anActor, circumstances, recorded } from '@second-opinion/kernel/testing';
import type { FileCommands } from '../acts.rules';
import { medicalFile } from '../file.decider';
import type { FileEvent } from '../file.events';
import { reportingDeadlines } from '../reporting.deadlines';

const caseId = 'case-1';
const stream = `reporting.file-${caseId}`;
const START = '2026-11-25T09:00:00.000Z';

/** Step is a command on a day of the play, counted from 0. */
export interface Step {
  readonly day: number;
  readonly name: keyof FileCommands;
  readonly fields?: object;
  readonly actor?: Actor;
}

/** A case played day by day, with its deadlines, as the runners would do it. */
export class Play {
  readonly events: RecordedEvent<FileEvent>[] = [];
  private due = new Map<string, { dueAt: string; send: () => { name: string; fields: object } }>();
  now = START;

  constructor(history: readonly FileEvent[]) {
    this.append(history);
  }

  day(day: number, steps: readonly Step[]): void {
    for (let hour = 0; hour < 24; hour += 1) {
      this.now = new Date(Date.parse(addDays('2026-11-25T00:00:00.000Z', day)) + hour * 3_600_000).toISOString();
      if (this.now < START) continue;
      this.tick();
      if (hour === 10)
        for (const step of steps.filter((one) => one.day === day)) this.run(step.name, step.fields, step.actor);
    }
  }

  run(name: keyof FileCommands, fields: object = {}, actor: Actor = anActor('system')): readonly FileEvent[] {
    const state = fold(medicalFile, this.events as unknown as FileEvent[]);
    const decide = medicalFile.decide[name] as (command: object, state: unknown, around: object) => FileEvent[];
    const commandId = `command-${this.events.length}-${name}`;
    const events = decide({ caseId, ...fields }, state, circumstances({ actor, now: this.now, commandId }));
    this.append(events);
    return events;
  }

  private append(events: readonly FileEvent[]): void {
    const from = this.events.length;
    const all = recorded(stream, [...this.events, ...events] as FileEvent[], { caseId, recordedAt: this.now });
    for (const event of all.slice(from) as RecordedEvent<FileEvent>[]) {
      this.events.push(event);
      for (const deadline of reportingDeadlines) this.schedule(deadline, event);
    }
  }

  private schedule(deadline: (typeof reportingDeadlines)[number], event: RecordedEvent<FileEvent>): void {
    const stopped = deadline.stop[event.type]?.(event as never) ?? [];
    for (const key of [...this.due.keys()]) {
      const [name = '', ref = ''] = key.split('|');
      if (name === deadline.name && (stopped === 'all' || stopped.includes(ref))) this.due.delete(key);
    }
    for (const { ref, dueAt } of deadline.start[event.type]?.(event as never) ?? []) {
      const send = () => {
        const { type, fields } = deadline.send({ stream, streamId: caseId, ref, dueAt });
        return { name: type.name, fields };
      };
      this.due.set(`${deadline.name}|${ref}`, { dueAt, send });
    }
  }

  private tick(): void {
    for (const [key, { dueAt, send }] of [...this.due]) {
      if (dueAt > this.now || !this.due.delete(key)) continue;
      const { name, fields } = send();
      this.run(name as keyof FileCommands, fields);
    }
  }
}
