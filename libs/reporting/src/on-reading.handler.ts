import { Injectable } from '@nestjs/common';
import { Clock, derivedId, type Command, type Relation } from '@second-opinion/kernel';
import { attach, Calendar, Deciders, Reads, type Answer, type Asking } from '@second-opinion/nest';
import { RecordReleaseReceipt } from './file.commands';
import { medicalFile } from './file.decider';
import type { MedicalFile } from './file-state.rules';
import { reportReading } from './reports.view';

/** Reading can be an act: that the own doctor has the report, and that a document was read, are facts of the file. */
@Injectable()
export class OnReading {
  constructor(
    private readonly reads: Reads,
    private readonly deciders: Deciders,
    private readonly clock: Clock,
    private readonly calendar: Calendar,
  ) {}

  /** report in one version; the own doctor's first look is the receipt of that version's release (A18). */
  async report(caseId: string, version: number, asking: Asking): Promise<Answer> {
    const answer = await this.reads.one(reportReading(version), caseId, asking);
    const { version: opened } = answer.body as { readonly version: number };
    if (asking.actor.role === 'company-doctor') await this.receive(caseId, opened, asking);
    return answer;
  }

  /** attach gives a command the circumstances of a reading. */
  attach<C extends Command>(command: C, asking: Asking, relation: Relation, commandId: string): C {
    return attach(command, {
      actor: asking.actor,
      now: this.clock.now(),
      commandId,
      calendar: this.calendar,
      correlationId: asking.requestId,
      causationId: commandId,
      requestId: asking.requestId,
      relation,
      ...(asking.traceparent === undefined ? {} : { traceparent: asking.traceparent }),
    });
  }

  private async receive(caseId: string, version: number, asking: Asking): Promise<void> {
    const { state } = await this.deciders.state<MedicalFile>(medicalFile, caseId);
    const receipt = state.unreceived[version];
    if (receipt === undefined) return;
    const command = Object.assign(new RecordReleaseReceipt(), { caseId, version });
    const commandId = derivedId('receipt', receipt);
    await this.deciders.execute(medicalFile, this.attach(command, asking, 'own-doctor', commandId));
  }
}
