import type { AccessRecord } from '@second-opinion/access-log';
import type { RecordedEvent } from '@second-opinion/kernel';
import { caseOf } from './case-invariants';
import { mailFaults, textOf } from './invariants';

// Who is told what, and who opens what, when. Each check names what is wrong; nothing: it holds.

/** ONLY_AFTER: what may be told to an own doctor only after this (BR-38, N12, N13). */
const ONLY_AFTER: readonly (readonly [template: RegExp, types: readonly string[]])[] = [
  [/^N12/, ['ReportReleased']],
  [/^N13/, ['ReleaseTermEnded']],
  [/^N14/, ['ReportReleased']],
  [/^N1[01]/, []],
];

/** toldFaults: one message for each event, recipient and template; nobody is told before his time, and an employer nothing (BR-38, BR-40). */
export function toldFaults(events: readonly RecordedEvent[]): readonly string[] {
  const happened = new Set<string>();
  const faults = mailFaults(events, []).filter((fault) => /planned twice|several Message-IDs/.test(fault));
  const early = (event: RecordedEvent): boolean =>
    ONLY_AFTER.some(
      ([template, types]) =>
        template.test(textOf(event, 'template')) &&
        !types.some((type) => happened.has(`${textOf(event, 'caseId')} ${type}`)),
    );
  const told: string[] = [];
  for (const event of events) {
    happened.add(`${caseOf(event)} ${event.type}`);
    if (event.type !== 'NotificationPlanned') continue;
    const says = `${textOf(event, 'caseId')}: ${textOf(event, 'recipientRole')} is told ${textOf(event, 'template')}`;
    if (textOf(event, 'recipientRole') === 'employer') told.push(`BR-40 ${says}`);
    if (textOf(event, 'recipientRole') === 'own-doctor' && early(event)) told.push(`BR-38 ${says} too early`);
  }
  return [...faults, ...told];
}

/** termFaults: BR-38, that no report will come is known at the end of the term and not before. */
export function termFaults(events: readonly RecordedEvent[]): readonly string[] {
  const due = new Map<string, string>();
  const faults: string[] = [];
  for (const event of events) {
    if (event.type === 'ReportSharedWithEmployee') due.set(caseOf(event), textOf(event, 'decisionDueAt'));
    const dueAt = due.get(caseOf(event)) ?? '9999';
    if (event.type === 'ReleaseTermEnded' && event.metadata.recordedAt < dueAt)
      faults.push(`BR-38 ${caseOf(event)}: NOT_RELEASED is told before ${dueAt}`);
  }
  return faults;
}

/** BEGINS and ENDS the part of a doctor in a case. */
const BEGINS: readonly string[] = ['IndependenceConfirmed', 'AssignmentRestored'];
const ENDS: readonly string[] = ['AssignmentReassigned', 'AssignmentDeclined', 'IndependenceRejected'];

/** openedFaults: nobody opened what was not yet, or no longer, his to open (A7, A15, BR-22, BR-38). */
export function openedFaults(events: readonly RecordedEvent[], accesses: readonly AccessRecord[]): readonly string[] {
  const released = new Map<string, string>();
  const spans = new Map<string, { from: string; until: string }[]>();
  for (const event of events) {
    const at = event.metadata.recordedAt;
    if (event.type === 'ReportReleased' && !released.has(caseOf(event))) released.set(caseOf(event), at);
    if (!event.stream.startsWith('intake.case-')) continue;
    const name = `${caseOf(event)} ${textOf(event, 'doctorId')}`;
    const of = spans.get(name) ?? [];
    spans.set(name, of);
    if (BEGINS.includes(event.type)) of.push({ from: at, until: '9999' });
    const last = of.at(-1);
    if (ENDS.includes(event.type) && last) last.until = at;
  }
  return accesses
    .filter(({ outcome, category, caseId }) => outcome === 'SUCCESS' && category.includes('MEDICAL') && caseId)
    .flatMap((one) => {
      const says = `${one.caseId ?? ''}: ${one.actorRole} opens ${one.purpose}`;
      const inTime = (spans.get(`${one.caseId ?? ''} ${one.actorId}`) ?? []).some(
        ({ from, until }) => one.at >= from && one.at <= until,
      );
      if (one.actorRole === 'second-opinion-doctor' && !inTime) return [`A7 ${says} when the case is not his`];
      const ofReport = REPORT.includes(one.purpose);
      if (one.actorRole === 'company-doctor' && ofReport && one.at < (released.get(one.caseId ?? '') ?? '9999'))
        return [`BR-38 ${says} before the release`];
      return [];
    });
}

const REPORT = ['findings', 'method', 'reasoning', 'sources', 'conclusion', 'correction', 'reason'].map(
  (part) => `reporting.${part}`,
);
