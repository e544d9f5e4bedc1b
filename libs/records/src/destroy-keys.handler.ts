import { Injectable } from '@nestjs/common';
import { MATRIX_VERSION } from '@second-opinion/access';
import { AccessLog } from '@second-opinion/access-log';
import { EventStore } from '@second-opinion/event-store';
import { derivedId } from '@second-opinion/kernel';
import { attachedTo, Deciders, Deployment, type CommandResult, type OutsideFacts } from '@second-opinion/nest';
import { Vault, type LivingKey } from '@second-opinion/vault';
import type { DestroyKeys, NamedKey } from './erasure.commands';
import { categoriesOf, erasure, isPersonForgotten, OF_PERSON, type Erasure } from './erasure.decider';
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
    const all = await this.vault.keysWithin({ personId });
    const keys = caseId === undefined ? all : all.filter((key) => key.caseId === caseId);
    command.cases = await this.factsAbout(caseId === undefined ? keys.map((key) => key.caseId) : [caseId]);
    command.keys = named(keys.filter((key) => category === undefined || key.category === category));
    command.ownCases = await this.factsAbout(await this.casesOf(personId));
    command.personKeys = named(all.filter((key) => key.caseId !== caseId && OF_PERSON.includes(key.category)));
    const result = await this.deciders.execute(erasure, command);
    const categories = categoriesOf(category, basis);
    // Who he was goes with his last case.
    const { state } = await this.deciders.state<Erasure>(erasure, personId);
    const isLast = caseId !== undefined && isPersonForgotten(state);
    await this.log(command, categories, isLast ? [...command.keys, ...command.personKeys] : command.keys);
    await this.erasures.carryOut({ personId, ...ofCase, categories, basis });
    if (isLast) await this.erasures.carryOut({ personId, categories: [...OF_PERSON], basis });
    return result;
  }

  /** casesOf a person, as his stream names them. */
  private async casesOf(personId: string): Promise<string[]> {
    const events = await this.store.readStream(`intake.person-${personId}`);
    return events
      .filter(({ type }) => type === 'CaseOfPersonRecorded')
      .map(({ data }) => (data as { readonly caseId: string }).caseId);
  }

  /** factsAbout these cases, as their streams stand now. */
  private async factsAbout(caseIds: readonly string[]): Promise<CaseFacts[]> {
    const facts = [...new Set(caseIds)].filter(Boolean).map(async (caseId) => {
      const streams = CASE_STREAMS.map((category) => this.store.readStream(`${category}-${caseId}`));
      return factsOf(caseId, (await Promise.all(streams)).flat());
    });
    return Promise.all(facts);
  }

  private async log(command: DestroyKeys, categories: readonly string[], keys: readonly NamedKey[]): Promise<void> {
    const { actor, requestId, relation, commandId, now } = attachedTo(command);
    const { personId, caseId, basis } = command;
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

/** named keys, data keys first. */
function named(keys: readonly LivingKey[]): NamedKey[] {
  return keys
    .toSorted((a, b) => Number(a.object !== undefined) - Number(b.object !== undefined))
    .slice(0, MOST_NAMED)
    .map(({ keyId, caseId, category, object }) => ({
      ...{ keyId, caseId, category },
      ...(object === undefined ? {} : { object }),
    }));
}
