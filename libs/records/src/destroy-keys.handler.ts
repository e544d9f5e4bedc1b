import { Injectable } from '@nestjs/common';
import { MATRIX_VERSION } from '@second-opinion/access';
import { AccessLog } from '@second-opinion/access-log';
import { EventStore } from '@second-opinion/event-store';
import { derivedId } from '@second-opinion/kernel';
import { attachedTo, Deciders, Deployment, type CommandResult, type OutsideFacts } from '@second-opinion/nest';
import { Vault } from '@second-opinion/vault';
import type { DestroyKeys } from './erasure.commands';
import { categoriesOf, erasure } from './erasure.decider';
import { ErasuresHandler } from './erasures.handler';
import { CASE_STREAMS, factsOf, type CaseFacts } from './retention.rules';

/** MOST_NAMED keys in one decision; content keys beyond that die with the data key that wraps them. */
const MOST_NAMED = 500;

/** The keys of the scope go with the command; they are named in an event first, on the access log next, and then they go. */
@Injectable()
export class DestroyKeysHandler implements OutsideFacts<DestroyKeys> {
  constructor(
    private readonly deciders: Deciders,
    private readonly vault: Vault,
    private readonly erasures: ErasuresHandler,
    private readonly store: EventStore,
    private readonly accessLog: AccessLog,
    private readonly deployment: Deployment,
  ) {}

  async execute(command: DestroyKeys): Promise<CommandResult> {
    const { personId, caseId, category, basis } = command;
    const ofCase = caseId === undefined ? {} : { caseId };
    const keys = await this.vault.keysWithin({ personId, ...ofCase });
    command.cases = await this.factsAbout(caseId === undefined ? keys.map((key) => key.caseId) : [caseId]);
    command.keys = keys
      .filter((key) => category === undefined || key.category === category)
      .toSorted((a, b) => Number(a.object !== undefined) - Number(b.object !== undefined))
      .slice(0, MOST_NAMED)
      .map(({ keyId, caseId: of, category: kind, object }) => ({
        keyId,
        caseId: of,
        category: kind,
        ...(object === undefined ? {} : { object }),
      }));
    const result = await this.deciders.execute(erasure, command);
    const categories = categoriesOf(category, basis);
    await this.log(command, categories);
    await this.erasures.carryOut({ personId, ...ofCase, categories, basis });
    return result;
  }

  /** factsAbout these cases, as their streams stand now. */
  private async factsAbout(caseIds: readonly string[]): Promise<CaseFacts[]> {
    const facts = [...new Set(caseIds)].filter(Boolean).map(async (caseId) => {
      const streams = CASE_STREAMS.map((category) => this.store.readStream(`${category}-${caseId}`));
      return factsOf(caseId, (await Promise.all(streams)).flat());
    });
    return Promise.all(facts);
  }

  private async log(command: DestroyKeys, categories: readonly string[]): Promise<void> {
    const { actor, requestId, relation, commandId, now } = attachedTo(command);
    const { personId, caseId, basis, keys = [] } = command;
    const record = {
      id: derivedId(commandId, 'access'),
      at: now,
      action: 'D' as const,
      operation: 'records.DestroyKeys',
      outcome: 'SUCCESS' as const,
      requestId,
      actorId: actor.id,
      actorRole: actor.role,
      actorOrganisation: actor.organisation,
      relation,
      personId,
      ...(caseId === undefined ? {} : { caseId }),
      category: categories.join(' '),
      purpose: 'records.DestroyKeys',
      objects: keys.map((key) => key.keyId),
      basis,
      policyVersion: MATRIX_VERSION,
      application: this.deployment.application,
    };
    await this.accessLog.write([record]);
  }
}
