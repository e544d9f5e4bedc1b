import { fold, type IssuedCommand } from '@second-opinion/kernel';
import { anActor, circumstances, permutations, recorded } from '@second-opinion/kernel/testing';
import type { FileCommands } from './acts.rules';
import { medicalFile } from './file.decider';
import type { FileEvent } from './file.events';
import type { MedicalFile } from './file-state.rules';
import { authorisationWithdrawn, document, opened } from './testing/events';
import { whenAppointmentMissedNoteIt } from './when-appointment-missed-note-it.policy';
import { whenCaseMovesNoteIt } from './when-case-moves-note-it.policy';
import { whenConsultationHeldNoteIt } from './when-consultation-held-note-it.policy';
import { whenDocumentsDroppedDestroyThem } from './when-documents-dropped-destroy-them.policy';
import { whenQuoteMovesNoteIt } from './when-quote-moves-note-it.policy';
import { whenReleaseMessageFailedRecordIt } from './when-release-message-failed-record-it.policy';

const caseId = 'case-1';
const round = 1;
const doctorId = 'doctor-2';
type Told = readonly [type: string, data: object];
const submitted: Told = [
  'SecondOpinionRequestSubmitted',
  { caseId, caseNumber: 'SO-1A2B3C4D5E', employeeId: 'person-1', ownDoctorId: 'doctor-1', ownOrganisationId: 'ohs-1' },
];
const offered: Told = ['AssignmentOffered', { caseId, doctorId, round }];
const independent: Told = ['IndependenceConfirmed', { caseId, doctorId, round }];
const held: Told = ['ConsultationHeld', { caseId, doctorId, durationMinutes: 75, heldAt: '2026-11-25T08:00:00.000Z' }];
const declined: Told = ['AssignmentDeclined', { caseId, doctorId, round, cause: 'NOT_ANSWERED' }];
const withdrawn: Told = ['RequestWithdrawn', { caseId, withdrawnAt: '2026-11-25T09:00:00.000Z' }];
const closed: Told = ['CaseClosed', { caseId, outcome: 'WITHDRAWN', closedAt: '2026-11-25T09:00:00.000Z' }];

const signedAt = '2026-11-24T08:00:00.000Z';
const signed: Told = ['QuoteSigned', { caseId, quoteId: 'quote-1', doctorId, signedAt }];
const superseded: Told = ['QuoteSuperseded', { caseId, quoteId: 'quote-1' }];
const signedAnew: Told = ['QuoteSigned', { caseId, quoteId: 'quote-2', doctorId, signedAt }];
const recordedAt = '2026-11-24T12:00:00.000Z';
const noShow = (final: boolean): Told => [
  'NoShowRecorded',
  { caseId, doctorId, appointmentId: 'appointment-1', count: 1, final, illnessProof: false, recordedAt },
];

const policies = [
  whenCaseMovesNoteIt,
  whenConsultationHeldNoteIt,
  whenReleaseMessageFailedRecordIt,
  whenQuoteMovesNoteIt,
  whenAppointmentMissedNoteIt,
];
function reaction([type, data]: Told): readonly IssuedCommand[] {
  return policies.flatMap((policy) => {
    const on = policy.on as Readonly<Record<string, ((event: object) => readonly IssuedCommand[]) | undefined>>;
    return on[type]?.({ type, data }) ?? [];
  });
}

/** The file after these messages; a command whose id stands there already would not be decided again, so a double is decided anew here. */
function after(messages: readonly Told[]): { events: FileEvent[]; state: MedicalFile } {
  const events: FileEvent[] = [];
  for (const { type, fields } of messages.flatMap(reaction)) {
    const decide = medicalFile.decide[type.name as keyof FileCommands] as (
      c: object,
      s: MedicalFile,
      a: object,
    ) => FileEvent[];
    events.push(...decide(fields, fold(medicalFile, events), circumstances({ actor: anActor('system') })));
  }
  return { events, state: fold(medicalFile, events) };
}

describe('what the other contexts tell, in every order and twice', () => {
  it('submission, offer, independence and consultation give the same file', () => {
    for (const messages of permutations([submitted, offered, independent, held])) {
      const { state, events } = after(messages);
      const { caseNumber, employeeId } = state.opened ?? {};
      expect({ caseNumber, employeeId, doctorId: state.doctorId, candidate: state.candidateId }).toEqual({
        caseNumber: 'SO-1A2B3C4D5E',
        employeeId: 'person-1',
        doctorId,
        candidate: undefined,
      });
      expect(state.consultation?.durationMinutes).toBe(75);
      expect(state.authorisation.status).toBe('ASKED');
      expect(after([...messages, ...messages]).events).toEqual(events);
    }
  });
  it('a decline of the round ends it for that doctor, whenever it is heard', () => {
    for (const messages of permutations([submitted, offered, declined])) {
      const { state, events } = after(messages);
      expect([state.candidateId, state.doctorId]).toEqual([undefined, undefined]);
      expect(after([...messages, ...messages]).events).toEqual(events);
    }
  });
  it('the ends of a case are one end, and what comes too late appends nothing', () => {
    for (const messages of permutations([submitted, withdrawn, closed])) {
      const { state, events } = after(messages);
      expect(state.ended).toBeDefined();
      expect(events.filter(({ type }) => type === 'CaseEndNoted')).toHaveLength(1);
      expect(after([...messages, ...messages]).events).toEqual(events);
    }
  });
  it('the clock of the whole case has the same terms, whatever is heard first', () => {
    for (const messages of permutations([submitted, independent, signed, noShow(false), held])) {
      const { state, events } = after(messages);
      const { waits } = state.clock;
      expect(waits.map(({ reason, until }) => `${reason} ${until ?? 'goes on'}`).sort()).toEqual([
        'AUTHORISATION goes on',
        'REBOOKING 2026-11-25T08:00:00.000Z',
      ]);
      expect(state.clock.running).toEqual({ quoteId: 'quote-1', startedAt: signedAt, due: {} });
      expect(after([...messages, ...messages]).events).toEqual(events);
    }
  });
  it('a signature under a quote that another took the place of starts nothing again', () => {
    const { state, events } = after([signed, superseded]);
    expect(state.clock.running).toBeUndefined();
    expect(after([signed, superseded, signed, superseded]).events).toEqual(events);
    const anew = after([signed, superseded, signedAnew]);
    expect(anew.state.clock.running?.quoteId).toBe('quote-2');
    expect(after([signed, superseded, signedAnew, signed, superseded, signedAnew]).events).toEqual(anew.events);
  });
  it('A13 only a consultation that can be booked again is waited for', () => {
    const aborted = (final: boolean): Told => ['ConsultationAborted', { caseId, doctorId, final }];
    expect([noShow(true), aborted(true)].flatMap(reaction)).toEqual([]);
    expect(reaction(noShow(false))).toMatchObject([
      { fields: { caseId, doctorId, ref: 'appointment-1', missedAt: recordedAt } },
    ]);
    expect(reaction(aborted(false))).toMatchObject([{ fields: { caseId, doctorId } }]);
  });
});

describe('own reactions', () => {
  it('BR-25 what was dropped is destroyed; nothing dropped, nothing to do', () => {
    const [, , dropped, nothing] = recorded(`reporting.file-${caseId}`, [
      opened,
      document('d'),
      authorisationWithdrawn('d'),
      authorisationWithdrawn(),
    ]);
    const react = whenDocumentsDroppedDestroyThem.on.TransferAuthorisationWithdrawn;
    expect(react?.(dropped as never)).toMatchObject([
      { fields: { caseId, documents: ['d'], cause: 'AUTHORISATION_WITHDRAWN' } },
    ]);
    expect(react?.(nothing as never)).toEqual([]);
  });
  it('only the release message of a case is a failed delivery', () => {
    const failedAt = '2026-11-26T01:00:00.000Z';
    const failed = (template: string, id?: string) =>
      reaction([
        'NotificationFailed',
        { template, recipientId: 'doctor-1', at: failedAt, ...(id ? { caseId: id } : {}) },
      ]);
    expect(failed('N12-report-released', caseId)).toMatchObject([
      { fields: { caseId, recipientId: 'doctor-1', failedAt } },
    ]);
    expect(failed('N10-report-shared', caseId)).toEqual([]);
    expect(failed('N12-report-released')).toEqual([]);
  });
});
