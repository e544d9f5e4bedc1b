import {
  isActor,
  type Actor,
  type ActorRole,
  type Category,
  type Participants,
  type Relation,
} from '@second-opinion/kernel';
import { matrix, MATRIX_VERSION, type Entry, type Item } from './matrix';
import type { OperationRule, PurposeRule, Right } from './rules';

/** Decision of the access matrix; `basis` names the rule that decided, for the access log. */
export interface Decision {
  readonly allowed: boolean;
  readonly basis: string;
  readonly policyVersion: string;
}

/** Asker: his relation to the case (`none` without one) and the role of his token. */
export interface Asker {
  readonly relation: Relation;
  readonly role: ActorRole;
}

/** Facts that hold, by name (see Fact in the matrix); a fact that is not named does not hold. */
export type Facts = Readonly<Record<string, boolean>>;

/** SHUT_OUT: nothing of route A is ever theirs, whatever a rule says (BR-40: nothing may let the employer infer that a case exists). */
const SHUT_OUT: ReadonlySet<string> = new Set<ActorRole | Relation>(['employer', 'court', 'none']);

/** MEDICAL_READERS: nobody else has a medical text opened, whatever a rule says (BR-67). */
const MEDICAL_READERS: ReadonlySet<Relation> = new Set(['employee', 'own-doctor', 'second-opinion-doctor', 'system']);

/**
 * mayPerform decides an operation: default deny; a rule on an item needs the right in the matrix and, for reading, the entry's fact.
 * What must have happened before a W or D is decided by the stream that is written, which knows it for certain at that moment.
 */
export function mayPerform(rule: OperationRule | undefined, asker: Asker, facts: Facts): Decision {
  if (!rule) return denied('no rule');
  if (SHUT_OUT.has(asker.role)) return denied('BR-40');
  if ('roles' in rule) return rule.roles.includes(asker.role) ? allowed(rule.basis) : denied(rule.basis);
  const { item, right, only } = rule;
  if (only && !only.includes(asker.relation)) return denied(`A${item} ${right} not for ${asker.relation}`);
  return decideItem(item, right, asker.relation, facts);
}

/** WHOSE lists what a role can be to some case. */
const WHOSE: Readonly<Record<ActorRole, readonly Relation[]>> = {
  employee: ['employee'],
  'company-doctor': ['own-doctor'],
  'second-opinion-doctor': ['second-opinion-doctor', 'candidate-doctor'],
  'back-office': ['back-office'],
  auditor: ['auditor'],
  'privacy-officer': ['privacy-officer'],
  operator: ['operator'],
  partner: ['partner'],
  employer: [],
  court: [],
  system: ['system'],
};

/**
 * mayEnter decides what the role alone decides: denied where nobody in this role may ever perform it, in whatever case he takes part. Allowed
 * opens the door in general only; for what belongs to a case, `mayPerform` decides when it is known which.
 */
export function mayEnter(rule: OperationRule | undefined, role: ActorRole): Decision {
  if (!rule || 'roles' in rule || SHUT_OUT.has(role)) return mayPerform(rule, { relation: 'none', role }, {});
  const { item, right, only } = rule;
  const entry = WHOSE[role]
    .filter((relation) => !only || only.includes(relation))
    .flatMap((relation) => matrix[item].entries[relation] ?? [])
    .find((one) => includes(one, right));
  return entry ? allowed(`A${item} ${right} ${entry.source}`) : denied(`A${item} ${right} not for ${role}`);
}

/**
 * mayOpen decides whether a sealed field may be opened for this relation: it must be allowed to read the item (or be named by the rule
 * with a reason). A MEDICAL seal opens for employee, own doctor, second opinion doctor and the system only, whatever the rule says.
 */
export function mayOpen(
  rule: PurposeRule | undefined,
  relation: Relation,
  facts: Facts,
  category?: Category,
): Decision {
  if (!rule) return denied('no rule');
  if (SHUT_OUT.has(relation)) return denied('BR-40');
  if (category === 'MEDICAL' && !MEDICAL_READERS.has(relation)) return denied('BR-67');
  const also = rule.also?.find((exception) => exception.relation === relation);
  if (also) return allowed(`A${rule.item} also ${also.basis}`);
  return decideItem(rule.item, 'R', relation, facts);
}

/** mayKnowOf says whether this relation may know that the case exists at all; whoever may not is told the same as about a case that is none. */
export function mayKnowOf(relation: Relation): boolean {
  return decideItem(1, 'M', relation, {}).allowed;
}

/**
 * relationOf tells what an actor is to a case with these participants: participation for employee and doctors, the role alone for
 * back office, auditor, privacy officer, operator, partner and system; employer and court are nothing to a case of route A.
 */
export function relationOf(actor: Actor, participants: Participants): Relation {
  switch (actor.role) {
    case 'employee':
      return isActor(actor, participants.employee) ? 'employee' : 'none';
    case 'company-doctor':
      return isActor(actor, participants['own-doctor']) ? 'own-doctor' : 'none';
    case 'second-opinion-doctor':
      if (isActor(actor, participants['second-opinion-doctor'])) return 'second-opinion-doctor';
      return isActor(actor, participants['candidate-doctor']) ? 'candidate-doctor' : 'none';
    case 'back-office':
    case 'auditor':
    case 'privacy-officer':
    case 'operator':
    case 'system':
      return actor.role;
    // A partner takes part by his organisation; until partners subscribe, no case names one, and nothing is theirs.
    case 'partner':
      return actor.organisation === participants.partner ? 'partner' : 'none';
    case 'employer':
    case 'court':
      return 'none';
  }
}

function decideItem(item: Item, right: Right, relation: Relation, facts: Facts): Decision {
  const entries = matrix[item].entries[relation] ?? [];
  const entry = entries.find((one) => includes(one, right) && (isWriting(right) || holds(one, facts)));
  if (entry) return allowed(`A${item} ${right} ${entry.source}`);
  const missing = entries.find((one) => includes(one, right))?.after;
  return denied(missing === undefined ? `A${item} ${right} -` : `A${item} ${right} only after ${missing}`);
}

function includes({ rights }: Entry, right: Right): boolean {
  return rights.includes(right) || (right === 'M' && rights.includes('R'));
}

function isWriting(right: Right): boolean {
  return right === 'W' || right === 'D';
}

function holds({ after }: Entry, facts: Facts): boolean {
  return after === undefined || (Object.hasOwn(facts, after) && facts[after] === true);
}

function allowed(basis: string): Decision {
  return { allowed: true, basis, policyVersion: MATRIX_VERSION };
}

function denied(basis: string): Decision {
  return { allowed: false, basis, policyVersion: MATRIX_VERSION };
}
