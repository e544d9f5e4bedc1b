import type { RecordedEvent, Relation, View } from '@second-opinion/kernel';
import { aSeal, recorded } from '@second-opinion/kernel/testing';
import { dossier, dossierReading, type DossierRow } from './dossier.view';
import type { FileEvent } from './file.events';
import { fileOverview, type FileRow } from './file-overview.view';
import { caseReading } from './file.readings.view';
import { hiddenFrom } from './knowledge.rules';
import { reportReading, reports, versionFor, type ReportsRow } from './reports.view';
import * as e from './testing/events';

const caseId = 'case-1';
const at = '2026-12-16T23:00:00.000Z';

/** One long case, in which nearly everything happens that can. */
const history = recorded<FileEvent>(`reporting.file-${caseId}`, [
  ...[e.opened, e.offered, e.independent, e.asked, e.casePaused(), e.granted],
  ...[e.caseResumed('AUTHORISATION', 'authorisation', '2026-11-25T09:00:00.000Z'), e.signed()],
  ...[e.document('document-1'), e.document('mine', { senderRole: 'employee' })],
  { type: 'DossierDocumentOpened', data: { documentId: 'document-1' } },
  { type: 'DocumentSharedWithOwnDoctor', data: { documentId: 'mine' } },
  ...[e.sourceConsent, e.sourceAsked, e.paused('THIRD_PARTY', 'source-1'), e.consulted],
  { type: 'ThirdPartyInformationNotReceived', data: { sourceId: 'source-1' } },
  { type: 'ReportOverdue', data: { dueAt: '2026-12-02T23:00:00.000Z' } },
  e.caseOverdue('TARGET', '2026-12-09T23:00:00.000Z'),
  { type: 'RegistrationEndNoted', data: { doctorId: 'doctor-2' } },
  ...[e.finalised(), e.dossierClosed, e.shared(), e.correctionAsked, e.blocked, e.corrected, e.shared(2)],
  { type: 'ReleaseReminderDue', data: { version: 2, day: 5, decisionDueAt: at } },
  { type: 'ReleaseDecisionLapsed', data: { version: 2 } },
  ...[e.termEnded('LAPSED'), e.consented(2), e.releasedAgain],
  { type: 'ReleaseReceiptRecorded', data: { version: 2, receipt: 'receipt-2', at } },
  { type: 'ReleaseDeliveryFailed', data: { version: 2 } },
  { type: 'FollowUpReminderDue', data: { followUpDueAt: at } },
  { type: 'FollowUpRecorded', data: { adoption: 'FULL', motivation: aSeal('motivation') } },
  { type: 'FollowUpTermEnded', data: { at } },
  { type: 'FileForgotten', data: { at } },
]);

function rowAfter<Row extends object>(view: View<Row>, events: readonly RecordedEvent[]): Row | undefined {
  return events.reduce<Row | undefined>((row, event) => {
    const [key] = view.keys(event);
    return key === undefined ? row : (view.project(row, event, key) ?? undefined);
  }, undefined);
}

/** Everything that somebody in this relation is shown after so many events. */
function shownAfter(count: number, relation: Relation): string {
  const events = history.slice(0, count);
  const file = rowAfter<FileRow>(fileOverview, events);
  const papers = rowAfter<DossierRow>(dossier, events);
  const versions = rowAfter<ReportsRow>(reports, events);
  return JSON.stringify([
    file && caseReading.show(file, relation),
    papers && dossierReading.show(papers, relation),
    versions && versionFor(versions, relation, 0) && reportReading(0).show(versions, relation),
  ]);
}

it.each(['employee', 'own-doctor', 'second-opinion-doctor', 'back-office', 'auditor'] as const)(
  'BR-38: what the %s may not know of changes nothing that is shown, so that no answer changes under the same ETag',
  (relation) => {
    const shown = history.filter(
      (event, place) => hiddenFrom(event, relation) && shownAfter(place, relation) !== shownAfter(place + 1, relation),
    );
    expect(shown.map(({ type }) => type)).toEqual([]);
  },
);
