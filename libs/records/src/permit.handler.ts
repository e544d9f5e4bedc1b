import { Injectable } from '@nestjs/common';
import { mayPerform, operationRule, relationOf, type Decision } from '@second-opinion/access';
import { AccessLog, type AccessRecord } from '@second-opinion/access-log';
import { Clock, derivedId, Forbidden, isActor, NotFound } from '@second-opinion/kernel';
import { Deployment, type Asking } from '@second-opinion/nest';
import { looksLikeId } from '@second-opinion/nest/fields';

/** Permits asks the access matrix for questions that no view answers, and writes the access record of those about one person. */
@Injectable()
export class Permits {
  constructor(
    private readonly accessLog: AccessLog,
    private readonly clock: Clock,
    private readonly deployment: Deployment,
  ) {}

  /** Throws for whoever may not ask this. */
  assert(operation: string, asking: Asking): void {
    if (!this.decide(operation, asking, undefined).allowed) throw new Forbidden('forbidden');
  }

  /** As `assert`, about a person: an employee himself only. Allowed or denied, it is on record before anything is answered; what is no id is nobody. */
  async assertAbout(personId: string, operation: string, asking: Asking): Promise<void> {
    if (!looksLikeId(personId)) throw new NotFound();
    const decision = this.decide(operation, asking, personId);
    const stranger = asking.actor.role === 'employee' && !isActor(asking.actor, personId);
    const allowed = decision.allowed && !stranger;
    await this.accessLog.write([this.record(personId, operation, asking, decision, allowed)]);
    if (stranger) throw new NotFound();
    if (!allowed) throw new Forbidden('forbidden');
  }

  private decide(operation: string, { actor }: Asking, employee: string | undefined): Decision {
    const relation = relationOf(actor, employee === undefined ? {} : { employee });
    return mayPerform(operationRule(operation), { relation, role: actor.role }, {});
  }

  private record(
    personId: string,
    operation: string,
    { actor, token, requestId }: Asking,
    { basis, policyVersion }: Decision,
    allowed: boolean,
  ): AccessRecord {
    return {
      id: derivedId('records', requestId, operation, personId),
      at: this.clock.now(),
      action: 'R',
      operation,
      outcome: allowed ? 'SUCCESS' : 'DENIED',
      requestId,
      actorId: actor.id,
      actorRole: actor.role,
      actorOrganisation: actor.organisation,
      ...(token.authenticationLevel === undefined ? {} : { authenticationLevel: token.authenticationLevel }),
      relation: relationOf(actor, { employee: personId }),
      personId,
      category: '-',
      purpose: operation,
      objects: [],
      basis,
      policyVersion,
      application: this.deployment.application,
    };
  }
}
