import { billingAccess } from './billing';
import { intakeAccess } from './intake';
import { notificationAccess } from './notification';
import { operationsAccess } from './operations';
import { recordsAccess } from './records';
import { reportingAccess } from './reporting';
import type { ContextRules, OperationRule, PurposeRule } from './rules';
import { schedulingAccess } from './scheduling';

/** accessRules are the rules of all contexts, by the context's name, and of what belongs to none. */
export const accessRules: Readonly<Record<string, ContextRules>> = {
  intake: intakeAccess,
  scheduling: schedulingAccess,
  reporting: reportingAccess,
  billing: billingAccess,
  notification: notificationAccess,
  records: recordsAccess,
  operations: operationsAccess,
};

/** operationRule of an operation, `<context>.<CommandOrQuery>`; undefined (so: denied) when no context has a rule for it. */
export function operationRule(operation: string): OperationRule | undefined {
  const [rules, name] = lookup(operation);
  return rules && Object.hasOwn(rules.operations, name) ? rules.operations[name] : undefined;
}

/** purposeRule of a sealed field, `<context>.<field>`; undefined (so: denied) when no context has a rule for it. */
export function purposeRule(purpose: string): PurposeRule | undefined {
  const [rules, name] = lookup(purpose);
  return rules && Object.hasOwn(rules.purposes, name) ? rules.purposes[name] : undefined;
}

function lookup(qualified: string): [ContextRules | undefined, string] {
  const dot = qualified.indexOf('.');
  const context = qualified.slice(0, Math.max(dot, 0));
  return [Object.hasOwn(accessRules, context) ? accessRules[context] : undefined, qualified.slice(dot + 1)];
}
