import { Injectable } from '@nestjs/common';
import { MATRIX_VERSION } from '@second-opinion/access';
import { AccessLog } from '@second-opinion/access-log';
import type { CaseId, Command } from '@second-opinion/kernel';
import { attachedTo, deniedRecord, Deployment } from '@second-opinion/nest';

/** A refused attempt on somebody who exists is an entry in the access log too (BR-66), whatever is answered. */
@Injectable()
export class DeniedAttempts {
  constructor(
    private readonly accessLog: AccessLog,
    private readonly deployment: Deployment,
  ) {}

  /** write that a company doctor reached for a person, or a case of his, who is not in his care. */
  async write(command: Command, personId: string, caseId?: CaseId): Promise<void> {
    const around = attachedTo(command);
    const attempt = {
      asking: { ...around, token: around },
      relation: around.relation,
      operation: `intake.${command.constructor.name}`,
      decision: { allowed: false, basis: 'intake.own-doctor-only', policyVersion: MATRIX_VERSION },
      personId,
      caseId,
      action: 'U' as const,
    };
    await this.accessLog.write([deniedRecord(attempt, around.now, this.deployment)]);
  }
}
