import { Injectable } from '@nestjs/common';
import { MATRIX_VERSION } from '@second-opinion/access';
import type { CaseId, Command } from '@second-opinion/kernel';
import { attachedTo, Denials } from '@second-opinion/nest';

/** A refused attempt is an entry in the access log too (BR-66), also on nobody: that takes as long. */
@Injectable()
export class DeniedAttempts {
  constructor(private readonly denials: Denials) {}

  /** write that a company doctor asked for a person, or a case of his, who is not in his care, or for nobody at all. */
  async write(command: Command, asked: string, personId: string | undefined, caseId?: CaseId): Promise<void> {
    const around = attachedTo(command);
    await this.denials.record({
      asking: { ...around, token: around },
      relation: around.relation,
      operation: `intake.${command.constructor.name}`,
      decision: { allowed: false, basis: 'intake.own-doctor-only', policyVersion: MATRIX_VERSION },
      asked,
      personId,
      caseId,
      action: 'U',
    });
  }
}
