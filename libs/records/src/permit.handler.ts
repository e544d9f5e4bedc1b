import { Injectable } from '@nestjs/common';
import { mayPerform, operationRule, relationOf, type Decision } from '@second-opinion/access';
import { AccessLog, type AccessRecord } from '@second-opinion/access-log';
import { Clock, derivedId, Forbidden, isActor, NotFound, type Relation } from '@second-opinion/kernel';
import { Deployment, KeyedHashes, type Asking } from '@second-opinion/nest';
import { looksLikeId } from '@second-opinion/nest/fields';
import { KnownPersons } from './known-persons.handler';

/** Permits asks the access matrix for questions that no view answers, and writes the access record of those about one person. */
@Injectable()
export class Permits {
  constructor(
    private readonly accessLog: AccessLog,
    private readonly clock: Clock,
    private readonly deployment: Deployment,
    private readonly persons: KnownPersons,
    private readonly hashes: KeyedHashes,
  ) {}

  /** Throws for whoever may not ask this. */
  assert(operation: string, asking: Asking): void {
    if (!this.decide(operation, asking, undefined).allowed) throw new Forbidden('forbidden');
  }

  /**
   * As `assert`, about a person: an employee himself only. Allowed or denied, it is on record before anything is answered; whoever is none of ours
   * is there under a keyed hash, so that nobody writes what he likes into the log, nor learns by the time it takes who is one of ours.
   */
  async assertAbout(personId: string, operation: string, asking: Asking): Promise<void> {
    if (!looksLikeId(personId)) throw new NotFound();
    const decision = this.decide(operation, asking, personId);
    const stranger = asking.actor.role === 'employee' && !isActor(asking.actor, personId);
    const allowed = decision.allowed && !stranger;
    const known = await this.persons.has(personId);
    const named = known ? personId : this.hashes.unknown(personId);
    const relation = relationOf(asking.actor, { employee: personId });
    await this.accessLog.write([this.record(named, relation, operation, asking, decision, allowed)]);
    if (stranger) throw new NotFound();
    if (!allowed) throw new Forbidden('forbidden');
  }

  private decide(operation: string, { actor }: Asking, employee: string | undefined): Decision {
    const relation = relationOf(actor, employee === undefined ? {} : { employee });
    return mayPerform(operationRule(operation), { relation, role: actor.role }, {});
  }

  private record(
    personId: string,
    relation: Relation,
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
      relation,
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
