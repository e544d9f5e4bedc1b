import { anActor, aSeal, given, testCalendar } from '@second-opinion/kernel/testing';
import { medicalFile } from './file.decider';
import type { FileData, FileEvent } from './file.events';
import { reportHash } from './report.rules';
import {
  asked,
  authorisationWithdrawn,
  blocked,
  casePaused,
  consented,
  consentWithdrawn,
  consulted,
  corrected,
  correctionAsked,
  declined,
  document,
  dossierClosed,
  finalised,
  granted,
  hashOf,
  independent,
  independentNext,
  offered,
  opened,
  paused,
  refused,
  released,
  releasedAgain,
  shared,
  sourceAsked,
  sourceConsent,
  termEnded,
  texts,
  withdrawn,
} from './testing/events';

const caseId = 'case-1';
const employee = anActor('employee', 'person-1');
const ownDoctor = anActor('company-doctor', 'doctor-1');
const doctor = anActor('second-opinion-doctor', 'doctor-2');
const calendarVersion = testCalendar.version;
const expected: FileEvent = {
  type: 'DocumentExpected',
  data: { contentId: 'content-document-1', giveUpAt: '2026-11-25T10:00:00.000Z' },
};
const file = given(medicalFile).events(opened, offered, independent, asked, expected);
const reported = file.events(granted, consulted, finalised(), dossierClosed, shared());
const stored = (documentId = 'document-1') => ({
  documentId,
  storedId: `stored-${documentId}-0123456789`,
  contentId: `content-${documentId}`,
  size: 1234,
  mediaType: 'application/pdf',
  hash: `hash-${documentId}-0123456789`,
  salt: aSeal(`salt-${documentId}`),
});
const afterTerm = '2026-12-10T08:00:00.000Z';
const nextDay = '2026-11-25T23:00:00.000Z';
const at = (now: string) => ({ now });

describe('the file opens and knows its participants', () => {
  const submission = {
    caseId,
    caseNumber: 'SO-1A2B3C4D5E',
    employeeId: 'person-1',
    ownDoctorId: 'doctor-1',
    ownOrganisationId: 'ohs-1',
  };
  it('with the submission, once', () => {
    given(medicalFile).events().when('OpenMedicalFile', submission).then(opened);
    file.when('OpenMedicalFile', submission).nothing();
  });
  it('asks for the authorisation when the doctor is known, in either order', () => {
    given(medicalFile)
      .events(opened, offered)
      .when('NoteIndependence', { caseId, doctorId: 'doctor-2', round: 1 })
      .then(independent, asked, casePaused());
    given(medicalFile).events(independent).when('OpenMedicalFile', submission).then(opened, asked, casePaused());
  });
  it('asks again when another doctor takes over (A15), not when the news is repeated', () => {
    file
      .events(granted)
      .when('NoteIndependence', { caseId, doctorId: 'doctor-3', round: 2 })
      .thenTypes('IndependenceNoted', 'TransferAuthorisationAsked', 'ClockPaused');
    file.when('NoteIndependence', { caseId, doctorId: 'doctor-2', round: 1 }).nothing();
  });
  it('the candidate becomes the doctor, and a decline removes him', () => {
    const people = (...events: FileEvent[]) =>
      medicalFile.participants?.(
        given(medicalFile)
          .events(...events)
          .state(),
      );
    expect(people(opened, offered)).toEqual({
      employee: 'person-1',
      'own-doctor': 'doctor-1',
      'candidate-doctor': 'doctor-2',
    });
    expect(people(opened, offered, independent)).toEqual({
      employee: 'person-1',
      'own-doctor': 'doctor-1',
      'second-opinion-doctor': 'doctor-2',
    });
    expect(people(opened, offered, declined)).toEqual({ employee: 'person-1', 'own-doctor': 'doctor-1' });
  });
  it('what comes of a declined round afterwards is too late', () => {
    const late = given(medicalFile).events(opened, declined);
    late.when('NoteAssignment', { caseId, doctorId: 'doctor-2', round: 1 }).nothing();
    late.when('NoteIndependence', { caseId, doctorId: 'doctor-2', round: 1 }).nothing();
    late.when('NoteAssignmentDecline', { caseId, doctorId: 'doctor-2', round: 1 }).nothing();
  });
  it('a consultation that comes before everything else is noted', () => {
    given(medicalFile)
      .events()
      .when('NoteConsultation', {
        caseId,
        doctorId: 'doctor-2',
        durationMinutes: 75,
        heldAt: '2026-11-25T09:00:00.000Z',
      })
      .thenTypes('ConsultationNoted', 'ClockPaused');
  });
});

describe('A11 transfer authorisation', () => {
  it('is granted for kinds of documents, on a text with a version (BR-77)', () => {
    file
      .when(
        'GrantTransferAuthorisation',
        { caseId, scope: 'SELECTED', kinds: ['MEDICAL_LETTER', 'FML', 'FML'] },
        { actor: employee },
      )
      .then(granted);
  });
  it('FULL is everything medical; SELECTED names what', () => {
    const [full] = file.when('GrantTransferAuthorisation', { caseId, scope: 'FULL' }).events();
    expect(full?.data).toMatchObject({
      scope: ['FIRST_ADVICE', 'FML', 'MEDICAL_LETTER', 'OTHER', 'PROBLEM_ANALYSIS', 'QUESTIONS'],
    });
    file.when('GrantTransferAuthorisation', { caseId, scope: 'SELECTED' }).refused('reporting.kinds-and-scope-differ');
  });
  it('is not narrowed in silence: less is a withdrawal first', () => {
    const narrower = file.events(granted);
    narrower
      .when('GrantTransferAuthorisation', { caseId, scope: 'SELECTED', kinds: ['FML'] })
      .refused('reporting.authorisation-in-force');
    narrower
      .when('GrantTransferAuthorisation', { caseId, scope: 'SELECTED', kinds: ['FML', 'MEDICAL_LETTER'] })
      .nothing();
    narrower
      .when('GrantTransferAuthorisation', { caseId, scope: 'SELECTED', kinds: ['FML', 'MEDICAL_LETTER', 'OTHER'] })
      .thenTypes('TransferAuthorisationGranted');
  });
  it('BR-24 a refusal does not end the case; only the second opinion doctor can', () => {
    file.when('RefuseTransferAuthorisation', { caseId }, { actor: employee }).then(refused);
    const after = file.events(refused);
    expect(after.state().ended).toBeUndefined();
    after.when('ProceedWithoutOwnDossier', { caseId }).then({ type: 'ProceedingWithoutOwnDossier', data: {} });
    after
      .when('DecideNotExecutable', { caseId })
      .then({ type: 'NotExecutableDecided', data: { at: '2026-11-25T09:00:00.000Z' } });
    file.events(granted).when('DecideNotExecutable', { caseId }).refused('reporting.authorisation-not-refused');
  });
  it('BR-19 how to go on without the papers is judged by a doctor who is registered that day', () => {
    const unregistered = { caseId, doctor: { doctorId: 'doctor-2', registeredUntil: '2026-11-24' } };
    const after = file.events(refused);
    for (const act of ['ProceedWithoutOwnDossier', 'DecideNotExecutable'] as const)
      after.when(act, unregistered, { actor: doctor }).refused('reporting.doctor-not-registered', { on: '2026-11-25' });
  });
  it('BR-25 a withdrawal stops every further transfer at once and drops what nobody had read', () => {
    const given = file.events(
      granted,
      document('unread'),
      document('read'),
      { type: 'DossierDocumentOpened', data: { documentId: 'read' } },
      document('work', { kind: 'WORK_SITUATION' }),
      document('own', { senderRole: 'employee' }),
    );
    given.when('WithdrawTransferAuthorisation', { caseId }).then(authorisationWithdrawn('unread'));
    const after = given.events(authorisationWithdrawn('unread'));
    after
      .when('AddDossierDocument', { caseId, kind: 'FML', name: aSeal('n'), stored: stored() }, { actor: ownDoctor })
      .refused('reporting.no-authorisation');
    after
      .when('OpenDossierDocument', { caseId, documentId: 'read' }, { actor: doctor })
      .refused('reporting.no-authorisation');
    after.when('OpenDossierDocument', { caseId, documentId: 'unread' }, { actor: employee }).refused('not-found');
    after.when('DestroyDocuments', { caseId, documents: ['unread', 'read'], cause: 'AUTHORISATION_WITHDRAWN' }).then({
      type: 'DocumentsDestroyed',
      data: { documents: ['unread'], cause: 'AUTHORISATION_WITHDRAWN' },
    });
  });
  it('BR-25 can be withdrawn also after the dossier was closed and the report shared', () => {
    reported.when('WithdrawTransferAuthorisation', { caseId }).thenTypes('TransferAuthorisationWithdrawn');
  });
  it('BR-24 asks nobody how to go on when the case is over', () => {
    const [event] = file
      .events(granted, withdrawn('BEFORE_SHARING', false))
      .when('WithdrawTransferAuthorisation', { caseId })
      .events();
    expect(event?.data).not.toHaveProperty('assigneeId');
  });
});

describe('A15 another doctor takes over', () => {
  const next = anActor('second-opinion-doctor', 'doctor-3');
  const confirmed = { caseId, doctorId: 'doctor-3', round: 2 };
  const used = file.events(
    granted,
    document('d'),
    document('brought', { senderRole: 'employee' }),
    sourceConsent,
    document('letter', { senderRole: 'third-party', sourceId: 'source-1', kind: 'MEDICAL_LETTER' }),
  );
  const ended: FileEvent = { type: 'AssignmentDeclineNoted', data: { doctorId: 'doctor-2', round: 1 } };

  it('BR-22 nothing is authorised while the doctor is not known: not before the first, nor between two', () => {
    const dossierOf = (...events: FileEvent[]) => given(medicalFile).events(opened, offered, ...events);
    for (const nobody of [dossierOf(), dossierOf(independent, asked, granted, ended)]) {
      const grant = { caseId, scope: 'FULL' as const };
      nobody.when('GrantTransferAuthorisation', grant, { actor: employee }).refused('reporting.no-doctor-yet');
      nobody.when('RefuseTransferAuthorisation', { caseId }, { actor: employee }).refused('reporting.no-doctor-yet');
      nobody.when('GrantSourceConsent', { caseId, source: aSeal('source') }).refused('reporting.no-doctor-yet');
    }
  });
  it.each<[string, FileEvent[]]>([
    ['', []],
    [', the former one being out already', [ended]],
    [', the dossier being closed', [dossierClosed]],
    [', a report being finalised and not shared', [consulted, finalised()]],
  ])('BR-22 nothing that was allowed for another doctor is opened%s', (_, events) => {
    const [noted, ...more] = used
      .events(...events)
      .when('NoteIndependence', confirmed)
      .events();
    expect(noted?.data).toMatchObject({ doctorId: 'doctor-3' });
    const after = used.events(...events, ...[noted, ...more].flatMap((event) => (event ? [event] : [])));
    expect(after.state()).toMatchObject({ authorisation: { status: 'ASKED', scope: [] }, dossierClosed: false });
    const open = (documentId: string) => [{ caseId, documentId }, { actor: next }] as const;
    after.when('OpenDossierDocument', ...open('d')).refused('reporting.no-authorisation');
    after.when('OpenDossierDocument', ...open('letter')).refused('not-found');
    after.when('OpenDossierDocument', ...open('brought')).thenTypes('DossierDocumentOpeningDecided');
    after
      .when('AddDossierDocument', { caseId, kind: 'FML', name: aSeal('n'), stored: stored() }, { actor: ownDoctor })
      .refused('reporting.no-authorisation');
    after
      .when('RequestTreatingDoctorInformation', { caseId, sourceId: 'source-1', question: aSeal('q') })
      .refused('reporting.no-source-consent');
    after
      .events(granted)
      .when('OpenDossierDocument', ...open('d'))
      .thenTypes('DossierDocumentOpeningDecided');
    expect(medicalFile.participants?.(after.state())).toEqual({
      employee: 'person-1',
      'own-doctor': 'doctor-1',
      'second-opinion-doctor': 'doctor-3',
    });
  });
  it('A16 a report that was shared is its doctor’s again, with what was allowed for him, when nobody took over', () => {
    const out = reported.events(ended, { type: 'AssignmentDeclineNoted', data: { doctorId: 'doctor-3', round: 2 } });
    const [back, ...more] = out.when('NoteIndependence', { caseId, doctorId: 'doctor-2', round: 3 }).events();
    expect([back?.data, more]).toEqual([{ doctorId: 'doctor-2', round: 3, report: 'SHARED', back: true }, []]);
    const again = out.events(back as FileEvent);
    expect(again.state()).toMatchObject({ doctorId: 'doctor-2', authorisation: { status: 'GRANTED' } });
    again
      .events(correctionAsked)
      .when('CorrectReport', { caseId, ...texts }, { actor: doctor })
      .thenTypes('ReportCorrected');
  });
  it('BR-24 who refused for the former doctor is asked anew', () => {
    const again = file.events(refused, { type: 'ProceedingWithoutOwnDossier', data: {} });
    again.when('NoteIndependence', confirmed).then(independentNext(), asked, casePaused());
    again
      .events(independentNext(), asked)
      .when('DecideNotExecutable', { caseId }, { actor: next })
      .refused('reporting.authorisation-not-refused', { authorisation: 'ASKED' });
  });
  const his = { caseId, doctorId: 'doctor-3', durationMinutes: 60, heldAt: '2026-12-01T09:00:00.000Z' };
  const former = { caseId, doctorId: 'doctor-2', durationMinutes: 75, heldAt: '2026-11-25T09:00:00.000Z' };
  it('BR-31 he examines himself, and writes his report under the next number', () => {
    const taken = used.events(consulted, finalised(), independentNext('ANEW'), asked, granted);
    taken.when('ShareReport', { caseId }, { actor: next }).refused('reporting.no-report');
    taken.when('FinaliseReportForReview', { caseId, ...texts }, { actor: next }).refused('reporting.no-consultation');
    const [held] = taken.when('NoteConsultation', his).events();
    expect(held?.data).toMatchObject({ doctorId: 'doctor-3', reportDueAt: '2026-12-08T23:00:00.000Z' });
    taken
      .events(held as FileEvent)
      .when('FinaliseReportForReview', { caseId, ...texts }, { actor: next })
      .then({
        type: 'ReportReadyForEmployee',
        data: { version: 2, hash: reportHash(2, texts), ...texts, assigneeId: 'doctor-3' },
      });
  });
  it('the term of the report begins with his own consultation, and waits for nothing that the former doctor asked', () => {
    const resumedFor = (ref: string, reason: 'AUTHORISATION' | 'THIRD_PARTY'): FileEvent => ({
      type: 'ClockResumed',
      data: { clock: 'REPORT', reason, ref, calendarVersion },
    });
    const waits = paused('AUTHORISATION', 'authorisation');
    const taken = used.events(consulted, independentNext('ANEW'), asked);
    const anew = independentNext('ANEW', { documents: ['letter'] });
    used.events(consulted).when('NoteIndependence', confirmed).then(anew, asked, casePaused());
    used
      .events(consulted, sourceAsked, paused('THIRD_PARTY', 'source-1'))
      .when('NoteIndependence', confirmed)
      .then(anew, asked, casePaused(), resumedFor('source-1', 'THIRD_PARTY'));
    file
      .events(asked, consulted, waits)
      .when('NoteIndependence', confirmed)
      .then(independentNext('ANEW'), asked, casePaused(), resumedFor('authorisation', 'AUTHORISATION'));
    taken.when('NoteReportOverdue', { caseId }, at('2027-01-04T09:00:00.000Z')).nothing();
    taken.when('GrantTransferAuthorisation', { caseId, scope: 'FULL' }).thenTypes('TransferAuthorisationGranted');
    taken.when('NoteConsultation', his).thenTypes('ConsultationNoted', 'ClockPaused');
    taken.when('NoteConsultation', former).nothing();
    reported.when('NoteConsultation', his).nothing();
  });
  it('BR-76 the former doctor’s consultation may be heard of late: no report follows, and it still counts as held', () => {
    const [late] = used.events(independentNext(), asked).when('NoteConsultation', former).events();
    expect(late?.data).toMatchObject({ doctorId: 'doctor-2', over: true });
    const heard = used.events(independentNext(), asked, late as FileEvent);
    heard.when('FinaliseReportForReview', { caseId, ...texts }, { actor: next }).refused('reporting.no-consultation');
    heard.when('NoteConsultation', former).nothing();
    const [withdrawal, hours] = heard.when('WithdrawRequest', { caseId }, { actor: employee }).events();
    expect(withdrawal?.data).toMatchObject({ consultationHeld: true });
    expect(hours?.data).toMatchObject({ assigneeId: 'doctor-3' });
  });
  const early: FileEvent = {
    type: 'ConsultationNoted',
    data: { doctorId: 'doctor-3', durationMinutes: 60, heldAt: his.heldAt, over: true, calendarVersion },
  };
  const counts = { ...early, data: { ...early.data, over: undefined } } as FileEvent;
  it.each<[string, FileEvent[], FileEvent[]]>([
    ['', [], []],
    [', who has examined', [consulted], []],
    [', who has drafted', [consulted, finalised()], []],
    [', who has given up after the consultation', [consulted, ended], []],
    [', who gives up afterwards', [consulted], [ended]],
  ])(
    'BR-31 his consultation is told while the file is with another doctor%s: his report follows',
    (_, before, after) => {
      const told = used.events(...before);
      told.when('NoteConsultation', his).then(early);
      const [noted, again, ...more] = told
        .events(early, ...after)
        .when('NoteIndependence', confirmed)
        .events();
      expect(noted?.data).toMatchObject(before.length > 0 ? { report: 'ANEW' } : { doctorId: 'doctor-3' });
      expect([again, ...more]).toEqual([counts, asked, casePaused(), paused('AUTHORISATION', 'authorisation')]);
      const taken = told.events(early, ...after, noted as FileEvent, again as FileEvent, ...more);
      expect(taken.state()).toMatchObject({ consultation: { doctorId: 'doctor-3' } });
      taken.when('NoteConsultation', his).nothing();
      taken.when('ShareReport', { caseId }, { actor: next }).refused('reporting.no-report');
      taken.when('FinaliseReportForReview', { caseId, ...texts }, { actor: next }).thenTypes('ReportReadyForEmployee');
      const [, due] = taken.when('GrantTransferAuthorisation', { caseId, scope: 'FULL' }, { actor: employee }).events();
      expect(due?.data).toMatchObject({ dueAt: '2026-12-02T23:00:00.000Z', assigneeId: 'doctor-3' });
    },
  );
  it('a correction that was asked for between the two waits for the next one', () => {
    const unassigned: FileEvent = {
      type: 'FactualCorrectionRequested',
      data: { requestId: 'request-1', version: 1, correction: aSeal('correction') },
    };
    const pending = independentNext('SHARED', { requestId: 'request-1' });
    reported.events(ended, unassigned).when('NoteIndependence', confirmed).then(pending);
    reported.events(correctionAsked).when('NoteIndependence', confirmed).then(pending);
    reported.events(correctionAsked, corrected).when('NoteIndependence', confirmed).then(independentNext('SHARED'));
    reported
      .events(correctionAsked, withdrawn('AFTER_SHARING'))
      .when('NoteIndependence', confirmed)
      .then(independentNext('SHARED'));
  });
  it('BR-22, BR-26 what a third party sent and nobody read goes with the consent; after the sharing what the own doctor sent, too', () => {
    const [noted] = used.when('NoteIndependence', confirmed).events();
    expect(noted?.data).toMatchObject({ documents: ['letter'] });
    expect(used.events(noted as FileEvent).state().documents).toMatchObject({
      letter: { status: 'dropped' },
      d: { status: 'open' },
    });
    const [late] = used
      .events(consulted, finalised(), dossierClosed, shared())
      .when('NoteIndependence', confirmed)
      .events();
    expect(late?.data).toMatchObject({ report: 'SHARED', documents: ['d', 'letter'] });
    const read: FileEvent = { type: 'DossierDocumentOpened', data: { documentId: 'letter' } };
    used.events(read).when('NoteIndependence', confirmed).then(independentNext(), asked, casePaused());
  });
  it('BR-25 what the own doctor sent for the former one goes when the employee refuses, or withdraws at any time', () => {
    const taken = used.events(independentNext(), asked);
    const [refusal] = taken.when('RefuseTransferAuthorisation', { caseId }, { actor: employee }).events();
    expect(refusal?.data).toMatchObject({ documents: ['d'], assigneeId: 'doctor-3' });
    const after = taken.events(refusal as FileEvent);
    expect(after.state().documents).toMatchObject({ d: { status: 'dropped' } });
    after.when('WithdrawTransferAuthorisation', { caseId }, { actor: employee }).refused('reporting.no-authorisation');
    const [withdrawal] = taken
      .events(dossierClosed)
      .when('WithdrawTransferAuthorisation', { caseId }, { actor: employee })
      .events();
    expect(withdrawal?.data).toMatchObject({ documents: ['d'] });
    taken
      .events(counts, paused('AUTHORISATION', 'authorisation'))
      .when('WithdrawTransferAuthorisation', { caseId }, { actor: employee })
      .thenTypes('TransferAuthorisationWithdrawn', 'ClockResumed');
    const [consent] = taken.when('WithdrawSourceConsent', { caseId, sourceId: 'source-1' }).events();
    expect(consent?.data).toMatchObject({ documents: ['letter'] });
    taken
      .events(consent as FileEvent)
      .when('WithdrawSourceConsent', { caseId, sourceId: 'source-1' })
      .nothing();
  });
  it('BR-24 asks nobody again how to go on who has decided it', () => {
    const proceeding = used.events(independentNext(), asked, refused, {
      type: 'ProceedingWithoutOwnDossier',
      data: {},
    });
    const [withdrawal] = proceeding.when('WithdrawTransferAuthorisation', { caseId }, { actor: employee }).events();
    expect(withdrawal?.data).not.toHaveProperty('assigneeId');
  });
  it('A15 a consultation that is told after its doctor gave the case up starts no clock, also while there is no other doctor', () => {
    const gaveUp = used.events(granted, {
      ...ended,
      data: { ...ended.data, at: '2026-11-25T10:00:00.000Z' },
    } as FileEvent);
    const [late, ...more] = gaveUp.when('NoteConsultation', former).events();
    expect([late?.data, more]).toMatchObject([{ doctorId: 'doctor-2', over: true }, []]);
    expect(late?.data).not.toHaveProperty('reportDueAt');
    const after = '2026-11-25T10:00:00.001Z';
    const again = gaveUp.events(
      late as FileEvent,
      { ...independent, data: { ...independent.data, round: 2 } } as FileEvent,
    );
    again.when('NoteConsultation', former).nothing();
    const [his] = again.when('NoteConsultation', { ...former, heldAt: after }).events();
    expect(his?.data).toMatchObject({ doctorId: 'doctor-2', heldAt: after });
    expect(his?.data).not.toHaveProperty('over');
  });
  it('BR-76 the consultation of a doctor who gave up is told after the withdrawal: nobody is asked for hours, its own time counts', () => {
    const at = '2026-11-25T10:00:00.000Z';
    used
      .events({ ...ended, data: { ...ended.data, at } } as FileEvent, withdrawn('BEFORE_SHARING', false))
      .when('NoteConsultation', former)
      .thenTypes('ConsultationNoted', 'WorkedHoursStated');
  });
  it('BR-76 nobody is asked for hours when the doctor who held it is out; its own time counts', () => {
    used
      .events(consulted, ended)
      .when('WithdrawRequest', { caseId }, { actor: employee })
      .thenTypes('RequestWithdrawn', 'WorkedHoursStated');
  });
  it('BR-38 after the sharing the dossier stays closed, and nobody is asked, withdrawn or not', () => {
    for (const events of [[], [blocked], [withdrawn('AFTER_SHARING')]])
      reported
        .events(...events)
        .when('NoteIndependence', confirmed)
        .then(independentNext('SHARED'));
    const taken = reported.events(document('d'), correctionAsked, independentNext('SHARED'));
    taken
      .when('OpenDossierDocument', { caseId, documentId: 'd' }, { actor: next })
      .refused('reporting.no-authorisation');
    taken
      .when('GrantTransferAuthorisation', { caseId, scope: 'FULL' }, { actor: employee })
      .refused('reporting.dossier-closed');
    taken.when('CorrectReport', { caseId, ...texts }, { actor: next }).thenTypes('ReportCorrected');
    taken.events(corrected).when('ShareReport', { caseId }, { actor: next }).thenTypes('ReportSharedWithEmployee');
  });
});

describe('A12 dossier', () => {
  const add = { caseId, kind: 'FML' as const, name: aSeal('name-document-1'), stored: stored() };
  it('BR-22 nothing medical of the own doctor before an authorisation in force covers it', () => {
    file.when('AddDossierDocument', add, { actor: ownDoctor }).refused('reporting.no-authorisation');
    file.events(refused).when('AddDossierDocument', add, { actor: ownDoctor }).refused('reporting.no-authorisation');
    file
      .events(granted)
      .when('AddDossierDocument', { ...add, kind: 'OTHER' }, { actor: ownDoctor })
      .refused('reporting.outside-authorisation', { kind: 'OTHER' });
    file.events(granted).when('AddDossierDocument', add, { actor: ownDoctor }).then(document('document-1'));
  });
  it('BR-22 what the employee brings needs none, and stays hidden from his own doctor until he shares it', () => {
    const own = document('document-1', { senderRole: 'employee' });
    file.when('AddOwnDocument', add, { actor: employee }).then(own);
    file
      .events(own)
      .when('OpenDossierDocument', { caseId, documentId: 'document-1' }, { actor: ownDoctor })
      .refused('not-found');
    const given = file.events(own, { type: 'DocumentSharedWithOwnDoctor', data: { documentId: 'document-1' } });
    given.when('OpenDossierDocument', { caseId, documentId: 'document-1' }, { actor: ownDoctor }).nothing();
    file
      .events(document('d'))
      .when('ShareDocumentWithOwnDoctor', { caseId, documentId: 'd' })
      .refused('reporting.not-your-document');
  });
  it('BR-23 work-situation information needs no authorisation', () => {
    file
      .when('AddWorkSituation', { ...add, kind: 'WORK_SITUATION' }, { actor: ownDoctor })
      .then(document('document-1', { kind: 'WORK_SITUATION' }));
  });
  it('BR-22 the second opinion doctor opens it with the authorisation in force; the first time is remembered', () => {
    const given = file.events(granted, document('d'));
    const open = { caseId, documentId: 'd' };
    const decided: FileEvent = { type: 'DossierDocumentOpeningDecided', data: { documentId: 'd' } };
    const read: FileEvent = { type: 'DossierDocumentOpened', data: { documentId: 'd' } };
    given.when('OpenDossierDocument', open, { actor: doctor }).then(decided);
    given.events(decided).when('NoteDocumentOpened', open, { actor: doctor }).then(read);
    for (const name of ['OpenDossierDocument', 'NoteDocumentOpened'] as const) {
      given.events(decided, read).when(name, open, { actor: doctor }).nothing();
      given.when(name, open, { actor: employee }).nothing();
    }
  });
  it('BR-25 what was decided to be opened is not read yet: a withdrawal takes it, and it does not leave any more', () => {
    const given = file.events(granted, document('d'), {
      type: 'DossierDocumentOpeningDecided',
      data: { documentId: 'd' },
    });
    given.when('WithdrawTransferAuthorisation', { caseId }).then(authorisationWithdrawn('d'));
    given
      .events(authorisationWithdrawn('d'))
      .when('NoteDocumentOpened', { caseId, documentId: 'd' }, { actor: doctor })
      .refused('not-found');
  });
  it.each(['constructor', '__proto__', 'toString'])('%s is no document', (documentId) => {
    file.when('OpenDossierDocument', { caseId, documentId }, { actor: employee }).refused('not-found');
  });
  it('is closed by the doctor, or by the sharing at the latest; then nothing comes in any more', () => {
    file.when('CloseDossier', { caseId }).then(dossierClosed);
    file
      .events(granted, dossierClosed)
      .when('AddDossierDocument', add, { actor: ownDoctor })
      .refused('reporting.dossier-closed');
  });
  it('a paper of the wrong person is opened by nobody any more', () => {
    const given = file.events(granted, document('d'));
    given
      .when('QuarantineDocument', { caseId, documentId: 'd' })
      .then({ type: 'DossierDocumentQuarantined', data: { documentId: 'd' } });
    const after = given.events({ type: 'DossierDocumentQuarantined', data: { documentId: 'd' } });
    after
      .when('OpenDossierDocument', { caseId, documentId: 'd' }, { actor: employee })
      .refused('reporting.document-quarantined');
    after.when('QuarantineDocument', { caseId, documentId: 'd' }).nothing();
  });
  it('BR-22 what began to arrive and was never added is given up after an hour, and comes too late then', () => {
    const open = given(medicalFile).events(opened, independent, asked);
    open.when('ExpectDocument', { caseId, contentId: 'content-document-1' }).then(expected);
    open.when('AddOwnDocument', add, { actor: employee }).refused('reporting.document-not-expected');
    const arriving = open.events(expected);
    const giveUp = { caseId, contentId: 'content-document-1' };
    arriving.when('GiveUpDocument', giveUp).nothing();
    const givenUp: FileEvent = { type: 'DocumentGivenUp', data: { contentId: 'content-document-1' } };
    arriving.when('GiveUpDocument', giveUp, at('2026-11-25T10:00:00.000Z')).then(givenUp);
    arriving
      .events(givenUp)
      .when('AddOwnDocument', add, { actor: employee })
      .refused('reporting.document-not-expected');
    arriving
      .events(document('document-1', { senderRole: 'employee' }))
      .when('GiveUpDocument', giveUp, at('2026-11-25T10:00:00.000Z'))
      .nothing();
  });
  it('the same upload twice is one document', () => {
    file
      .events(document('document-1', { senderRole: 'employee' }))
      .when('AddOwnDocument', add, { actor: employee })
      .nothing();
  });
});

describe('A14 treating doctors', () => {
  const resumed = (dueAt?: string): FileEvent => ({
    type: 'ClockResumed',
    data: {
      clock: 'REPORT',
      reason: 'THIRD_PARTY',
      ref: 'source-1',
      ...(dueAt ? { dueAt, assigneeId: 'doctor-2' } : {}),
      calendarVersion,
    },
  });
  const waiting = file.events(granted, consulted, sourceConsent, sourceAsked, paused('THIRD_PARTY', 'source-1'));
  it('BR-26 each source needs a consent of its own', () => {
    file
      .when('RequestTreatingDoctorInformation', { caseId, sourceId: 'source-1', question: aSeal('question') })
      .refused('not-found');
    const withdrawnConsent: FileEvent = {
      type: 'SourceConsentWithdrawn',
      data: { sourceId: 'source-1', at: '2026-11-25T09:00:00.000Z', documents: [] },
    };
    const ask = { caseId, sourceId: 'source-1', question: aSeal('question') };
    file
      .events(sourceConsent, withdrawnConsent)
      .when('RequestTreatingDoctorInformation', ask)
      .refused('reporting.no-source-consent');
    file
      .events(granted, consulted, sourceConsent)
      .when('RequestTreatingDoctorInformation', ask)
      .then(sourceAsked, paused('THIRD_PARTY', 'source-1'), casePaused('THIRD_PARTY', 'source-1'));
  });
  it('BR-26 what a third party sends is stored under that consent only', () => {
    const add = { caseId, kind: 'MEDICAL_LETTER' as const, sourceId: 'source-1', name: aSeal('n'), stored: stored() };
    file.events(granted).when('AddDossierDocument', add, { actor: doctor }).refused('reporting.no-source-consent');
    file.events(sourceConsent).when('AddDossierDocument', add, { actor: doctor }).thenTypes('DossierDocumentAdded');
    file.events(sourceConsent).when('AddDossierDocument', add, { actor: ownDoctor }).refused('forbidden');
  });
  it('BR-26 a withdrawn consent takes what nobody has read, in quarantine too', () => {
    const ofSource = { senderRole: 'third-party', sourceId: 'source-1', kind: 'MEDICAL_LETTER' } as const;
    const [event] = file
      .events(
        sourceConsent,
        ...['unread', 'strange', 'read'].map((id) => document(id, ofSource)),
        { type: 'DossierDocumentQuarantined', data: { documentId: 'strange' } },
        { type: 'DossierDocumentOpened', data: { documentId: 'read' } },
      )
      .when('WithdrawSourceConsent', { caseId, sourceId: 'source-1' })
      .events();
    expect(event?.data).toMatchObject({ documents: ['unread', 'strange'] });
  });
  it('BR-76 a consent that is withdrawn after the case has ended sets no term for a report that nobody is asked for', () => {
    const notExecutable: FileEvent = { type: 'NotExecutableDecided', data: { at: '2026-11-25T09:00:00.000Z' } };
    for (const end of [withdrawn('BEFORE_SHARING'), notExecutable])
      waiting
        .events(end)
        .when('WithdrawSourceConsent', { caseId, sourceId: 'source-1' })
        .thenTypes('SourceConsentWithdrawn');
  });
  it('A15 the closing of the dossier ends the waiting for them too: what they send is refused from then on', () => {
    waiting.when('CloseDossier', { caseId }).then(dossierClosed, resumed('2026-12-02T23:00:00.000Z'));
    const [, first, second] = waiting
      .events(paused('AUTHORISATION', 'authorisation'))
      .when('CloseDossier', { caseId })
      .events();
    expect(first?.data).not.toHaveProperty('dueAt');
    expect(second?.data).toMatchObject({ dueAt: '2026-12-02T23:00:00.000Z' });
  });
  it('the report clock stands still and starts again with the information', () => {
    expect(waiting.state().reportDueAt).toBeUndefined();
    waiting
      .when('RecordThirdPartyInformation', { caseId, sourceId: 'source-1' })
      .then(
        { type: 'ThirdPartyInformationReceived', data: { sourceId: 'source-1', at: '2026-11-25T09:00:00.000Z' } },
        resumed('2026-12-02T23:00:00.000Z'),
      );
  });
  it('no answer in 15 working days: go on', () => {
    waiting.when('EndAnswerTerm', { caseId, sourceId: 'source-1' }).nothing();
    waiting
      .when('EndAnswerTerm', { caseId, sourceId: 'source-1' }, at('2026-12-16T23:00:00.000Z'))
      .then(
        { type: 'ThirdPartyInformationNotReceived', data: { sourceId: 'source-1' } },
        resumed('2026-12-24T23:00:00.000Z'),
      );
  });
  it('the clock goes on only when nothing else holds it', () => {
    const both = given(medicalFile).events(
      opened,
      independent,
      asked,
      consulted,
      paused('AUTHORISATION', 'authorisation'),
      sourceConsent,
      sourceAsked,
      paused('THIRD_PARTY', 'source-1'),
    );
    both
      .when('RecordThirdPartyInformation', { caseId, sourceId: 'source-1' })
      .then(
        { type: 'ThirdPartyInformationReceived', data: { sourceId: 'source-1', at: '2026-11-25T09:00:00.000Z' } },
        resumed(),
      );
  });
});

describe('A15, A16 report', () => {
  const made = file.events(granted, consulted);
  const version1 = { version: 1, hash: reportHash(1, texts), ...texts };
  it('BR-50 has five parts, BR-31 is the second opinion doctor’s, and comes after the consultation', () => {
    file.when('FinaliseReportForReview', { caseId, ...texts }, { actor: doctor }).refused('reporting.no-consultation');
    made.when('FinaliseReportForReview', { caseId, ...texts }, { actor: doctor }).then({
      type: 'ReportReadyForEmployee',
      data: { ...version1, assigneeId: 'doctor-2' },
    });
  });
  it('BR-19 is written, corrected and shared by a doctor who is registered that day', () => {
    const unregistered = { doctorId: 'doctor-2', registeredUntil: '2026-11-24' };
    const refused = ['reporting.doctor-not-registered', { on: '2026-11-25' }] as const;
    const by = { actor: doctor };
    made.when('FinaliseReportForReview', { caseId, ...texts, doctor: unregistered }, by).refused(...refused);
    made
      .events(finalised())
      .when('ShareReport', { caseId, doctor: unregistered }, by)
      .refused(...refused);
    const asked = reported.events(correctionAsked);
    asked.when('CorrectReport', { caseId, ...texts, doctor: unregistered }, by).refused(...refused);
    asked.when('RejectCorrection', { caseId, reason: aSeal('reason'), doctor: unregistered }, by).refused(...refused);
    const registered = { ...unregistered, registeredUntil: '2026-11-25' };
    asked.when('CorrectReport', { caseId, ...texts, doctor: registered }, by).thenTypes('ReportCorrected');
    made.when('FinaliseReportForReview', { caseId, ...texts, doctor: registered }, by).then({
      type: 'ReportReadyForEmployee',
      data: { ...version1, assigneeId: 'doctor-2' },
    });
  });
  it('A16 BR-19 a correction waits for its doctor while he is not registered, and nobody else is asked for it; the employee decides meanwhile', () => {
    const asked = reported.events(correctionAsked);
    asked.when('CheckRegistration', { caseId, doctor: { doctorId: 'doctor-2' } } as never).nothing();
    asked.when('GrantReleaseConsent', { caseId, version: 1 }, { actor: employee }).then(consented());
    asked.when('BlockReport', { caseId }, { actor: employee }).then(blocked);
  });
  it('BR-33 every version has its own hash, also with the same texts', () => {
    expect(reportHash(1, texts)).not.toBe(reportHash(2, texts));
    expect(reportHash(1, { ...texts, conclusion: aSeal('other') })).not.toBe(reportHash(1, texts));
    made
      .events(finalised())
      .when('FinaliseReportForReview', { caseId, ...texts }, { actor: doctor })
      .then({
        type: 'ReportReadyForEmployee',
        data: { version: 2, hash: reportHash(2, texts), ...texts, assigneeId: 'doctor-2' },
      });
    reported
      .when('FinaliseReportForReview', { caseId, ...texts }, { actor: doctor })
      .refused('reporting.report-shared');
  });
  it('BR-32 is shared with the employee, who has ten working days to correct and to decide', () => {
    made.events(finalised()).when('ShareReport', { caseId, version: 1 }).then(dossierClosed, shared());
    made.events(finalised()).when('ShareReport', { caseId }).then(dossierClosed, shared());
    made
      .events(finalised(), finalised(2))
      .when('ShareReport', { caseId, version: 1 })
      .refused('reporting.not-the-latest-version', { latest: 2 });
    reported.when('ShareReport', { caseId, version: 1 }).nothing();
  });
  it('a new version starts the term of the decision again, not that of the correction', () => {
    const again = reported
      .events(correctionAsked, corrected)
      .when('ShareReport', { caseId, version: 2 }, at('2026-12-04T09:00:00.000Z'))
      .events();
    expect(again).toMatchObject([
      {
        type: 'ReportSharedWithEmployee',
        data: {
          firstSharing: false,
          correctionDueAt: '2026-12-09T23:00:00.000Z',
          decisionDueAt: '2026-12-18T23:00:00.000Z',
        },
      },
    ]);
  });
  it('facts are corrected within the term, in a new version (BR-33), or the correction is rejected with the reason', () => {
    const ask = { caseId, version: 1, correction: aSeal('correction') };
    reported.when('RequestFactualCorrection', ask).thenTypes('FactualCorrectionRequested');
    reported
      .when('RequestFactualCorrection', ask, at('2026-12-09T23:00:00.000Z'))
      .refused('reporting.correction-term-over');
    const pending = reported.events(correctionAsked);
    pending.when('RequestFactualCorrection', ask).refused('reporting.correction-pending');
    pending.when('CorrectReport', { caseId, ...texts }, { actor: doctor }).then({
      type: 'ReportCorrected',
      data: { version: 2, hash: reportHash(2, texts), ...texts, requestId: 'request-1', assigneeId: 'doctor-2' },
    });
    pending.when('RejectCorrection', { caseId, reason: aSeal('reason') }).then({
      type: 'CorrectionRejected',
      data: { requestId: 'request-1', version: 1, reason: aSeal('reason') },
    });
    reported.when('CorrectReport', { caseId, ...texts }).refused('reporting.no-correction-requested');
  });
  it('A15 the closing of the dossier ends the waiting for the authorisation: the term of the report begins', () => {
    const undecided = file.events(consulted, paused('AUTHORISATION', 'authorisation'));
    undecided.when('CloseDossier', { caseId }).then(dossierClosed, {
      type: 'ClockResumed',
      data: {
        clock: 'REPORT',
        reason: 'AUTHORISATION',
        ref: 'authorisation',
        dueAt: '2026-12-02T23:00:00.000Z',
        assigneeId: 'doctor-2',
        calendarVersion,
      },
    });
    file
      .events(dossierClosed)
      .when('NoteConsultation', {
        caseId,
        doctorId: 'doctor-2',
        durationMinutes: 75,
        heldAt: '2026-11-25T09:00:00.000Z',
      })
      .then(consulted);
  });
  it('is overdue five working days after the consultation, once', () => {
    made.when('NoteReportOverdue', { caseId }, at('2026-12-02T22:59:59.999Z')).nothing();
    made
      .when('NoteReportOverdue', { caseId }, at('2026-12-02T23:00:00.000Z'))
      .then({ type: 'ReportOverdue', data: { dueAt: '2026-12-02T23:00:00.000Z' } });
    reported.when('NoteReportOverdue', { caseId }, at('2026-12-03T23:00:00.000Z')).nothing();
  });
});

describe('A17 decision about the release', () => {
  it('BR-34 a consent names the version that was shared last', () => {
    reported.when('GrantReleaseConsent', { caseId, version: 1 }, { actor: employee }).then(consented());
    reported
      .when('GrantReleaseConsent', { caseId, version: 2 })
      .refused('reporting.not-the-latest-version', { latest: 1 });
    const second = reported.events(correctionAsked, corrected);
    second
      .when('GrantReleaseConsent', { caseId, version: 2 })
      .refused('reporting.not-the-latest-version', { latest: 1 });
    second
      .events(shared(2))
      .when('GrantReleaseConsent', { caseId, version: 1 })
      .refused('reporting.not-the-latest-version', { latest: 2 });
  });
  it('BR-34 a new version ends the consent in the earlier one', () => {
    reported
      .events(consented(), correctionAsked, corrected, shared(2))
      .when('ReleaseReport', { caseId }, at(nextDay))
      .nothing();
  });
  it('BR-37 a consent can be withdrawn until the release, not after it', () => {
    const given = reported.events(consented());
    given.when('WithdrawReleaseConsent', { caseId }).then(consentWithdrawn);
    given.events(consentWithdrawn).when('ReleaseReport', { caseId }, at(nextDay)).nothing();
    given.events(released).when('WithdrawReleaseConsent', { caseId }).refused('reporting.already-released');
    given.events(released).when('BlockReport', { caseId }).refused('reporting.already-released');
  });
  it('a block ends the consent, and stays over new versions until the employee consents', () => {
    reported.when('BlockReport', { caseId }).then(blocked);
    reported.events(consented(), blocked).when('ReleaseReport', { caseId }, at(nextDay)).nothing();
    const later = reported.events(blocked, correctionAsked, corrected, shared(2));
    later
      .when('EndReleaseTerm', { caseId, dueAt: '2026-12-09T23:00:00.000Z' }, at(afterTerm))
      .then(termEnded('BLOCKED'));
  });
  it('BR-62 a block is no open question: a new version asks him nothing, and he may consent all the same (BR-36)', () => {
    const share = (...before: FileEvent[]) =>
      reported
        .events(...before, correctionAsked, corrected)
        .when('ShareReport', { caseId, version: 2 })
        .events()
        .map(({ data }) => (data as { assigneeId?: string }).assigneeId);
    expect(share(blocked)).toEqual([undefined]);
    expect(share(blocked, termEnded('BLOCKED'))).toEqual([undefined]);
    expect(share(blocked, consented())).toEqual(['person-1']);
    expect(share(consented(), consentWithdrawn)).toEqual(['person-1']);
    reported
      .events(blocked, correctionAsked, corrected, shared(2, {}))
      .when('GrantReleaseConsent', { caseId, version: 2 })
      .then(consented(2));
  });
  it.each([5, 8])('N11 the reminder of day %i is for who has not decided', (day) => {
    const remind = { caseId, version: 1, day };
    reported.when('RemindOfRelease', remind).then({
      type: 'ReleaseReminderDue',
      data: { version: 1, day, decisionDueAt: '2026-12-09T23:00:00.000Z' },
    });
    for (const decision of [consented(), blocked, consentWithdrawn, withdrawn('AFTER_SHARING')])
      reported.events(decision).when('RemindOfRelease', remind).nothing();
    reported.when('RemindOfRelease', remind, at(afterTerm)).nothing();
  });
});

describe('A18 release and the end of the term', () => {
  it('BR-34 is released on the next working day to the own doctor, with version, hash and receipt', () => {
    const given = reported.events(consented());
    given.when('ReleaseReport', { caseId }).nothing();
    expect(given.when('ReleaseReport', { caseId }, at(nextDay)).events()).toMatchObject([
      {
        type: 'ReportReleased',
        data: {
          version: 1,
          hash: hashOf(1),
          to: 'doctor-1',
          releasedAt: nextDay,
          followUpDueAt: '2026-12-10T23:00:00.000Z',
        },
      },
    ]);
  });
  it('BR-35 silence and a passed term release nothing', () => {
    reported.when('ReleaseReport', { caseId }, at(afterTerm)).nothing();
    reported
      .when('EndReleaseTerm', { caseId, dueAt: '2026-12-09T23:00:00.000Z' }, at(afterTerm))
      .then({ type: 'ReleaseDecisionLapsed', data: { version: 1 } }, termEnded('LAPSED'));
  });
  it.each([
    ['blocked', blocked, 'BLOCKED' as const],
    ['consent withdrawn', consentWithdrawn, 'BLOCKED' as const],
    ['request withdrawn', withdrawn('AFTER_SHARING'), 'WITHDRAWN' as const],
  ])('BR-38 the term ends at its own moment, also when %s', (_, decision, outcome) => {
    const end = { caseId, dueAt: '2026-12-09T23:00:00.000Z' };
    reported.events(decision).when('EndReleaseTerm', end, at('2026-12-09T22:59:59.999Z')).nothing();
    reported.events(decision).when('EndReleaseTerm', end, at(afterTerm)).then(termEnded(outcome));
    reported.events(decision, termEnded(outcome)).when('EndReleaseTerm', end, at(afterTerm)).nothing();
  });
  it('BR-38 with a consent in force nothing ends; withdrawn after the term it is told at once, in the same words', () => {
    const given = reported.events(consented(1, '2026-12-10T23:00:00.000Z'));
    given.when('EndReleaseTerm', { caseId, dueAt: '2026-12-09T23:00:00.000Z' }, at(afterTerm)).nothing();
    const told: FileEvent = { type: 'ReleaseTermEnded', data: { outcome: 'BLOCKED', at: afterTerm } };
    given.when('WithdrawReleaseConsent', { caseId }, at(afterTerm)).then(consentWithdrawn, told);
    given.when('BlockReport', { caseId }, at(afterTerm)).then(blocked, told);
    given.when('WithdrawRequest', { caseId }, at(afterTerm)).then(
      {
        type: 'RequestWithdrawn',
        data: { stage: 'AFTER_SHARING', consultationHeld: true, at: afterTerm },
        textVersion: 'withdrawal-2026.1',
      },
      { type: 'ReleaseTermEnded', data: { outcome: 'WITHDRAWN', at: afterTerm } },
    );
  });
  it.each([
    ['a block', [blocked, termEnded('BLOCKED')]],
    ['a lapse', [{ type: 'ReleaseDecisionLapsed', data: { version: 1 } } as FileEvent, termEnded('LAPSED')]],
  ])('BR-36 after %s the employee may still consent', (_, events) => {
    const late = reported.events(...events);
    late
      .when('GrantReleaseConsent', { caseId, version: 1 }, at(afterTerm))
      .then(consented(1, '2026-12-10T23:00:00.000Z'));
    const again = late.events(consented(1, '2026-12-10T23:00:00.000Z'));
    again.when('ReleaseReport', { caseId }, at('2026-12-10T23:00:00.000Z')).thenTypes('ReportReleased');
    // The own doctor was told already: nothing more to tell him.
    again.when('WithdrawReleaseConsent', { caseId }, at(afterTerm)).then(consentWithdrawn);
  });
  it('BR-36 not after the request was withdrawn', () => {
    reported
      .events(withdrawn('AFTER_SHARING'))
      .when('GrantReleaseConsent', { caseId, version: 1 })
      .refused('reporting.case-ended');
  });
  it('A18 a receipt names the version that was opened, also when a later one was released meanwhile', () => {
    const both = reported.events(
      consented(),
      released,
      correctionAsked,
      corrected,
      shared(2),
      consented(2),
      releasedAgain,
    );
    const receipt = (version: number): FileEvent => ({
      type: 'ReleaseReceiptRecorded',
      data: { version, receipt: `receipt-${version}`, at: '2026-11-25T09:00:00.000Z' },
    });
    const failed = { caseId, recipientId: 'doctor-1', failedAt: '2026-12-02T01:00:00.000Z' };
    for (const version of [1, 2]) {
      both.when('RecordReleaseReceipt', { caseId, version }).then(receipt(version));
      both.events(receipt(version)).when('RecordReleaseReceipt', { caseId, version }).nothing();
    }
    both.when('RecordReleaseReceipt', { caseId, version: 3 }).nothing();
    both.events(receipt(1)).when('RecordDeliveryFailure', failed).thenTypes('ReleaseDeliveryFailed');
    both.events(receipt(2)).when('RecordDeliveryFailure', failed).nothing();
    // The message of the first version was tried again until after the release of the second.
    both.when('RecordDeliveryFailure', { ...failed, version: 1 }).nothing();
    both.when('RecordDeliveryFailure', { ...failed, version: 2 }).then({
      type: 'ReleaseDeliveryFailed',
      data: { version: 2 },
    });
  });
  it('a delivery that failed is recorded once, and the consent stays what it was', () => {
    const given = reported.events(consented(), released);
    given
      .when('RecordDeliveryFailure', { caseId, recipientId: 'doctor-1', failedAt: '2026-11-26T00:00:00.000Z' })
      .then({ type: 'ReleaseDeliveryFailed', data: { version: 1 } });
    const failedAt = '2026-11-26T01:00:00.000Z';
    given.when('RecordDeliveryFailure', { caseId, recipientId: 'person-1', failedAt }).nothing();
    const earlier = { caseId, recipientId: 'doctor-1', failedAt: '2026-11-25T23:59:59.999Z' };
    given.when('RecordDeliveryFailure', earlier).nothing();
    given.when('RecordReleaseReceipt', { caseId, version: 1 }).then({
      type: 'ReleaseReceiptRecorded',
      data: { version: 1, receipt: 'receipt-1', at: '2026-11-25T09:00:00.000Z' },
    });
  });
});

describe('A19 follow-up', () => {
  const after = reported.events(consented(), released);
  const motivation = aSeal('motivation');
  it('BR-42 the own doctor records FULL, PARTLY or NOT with a motivation, once, and only of what was released', () => {
    const record = { caseId, adoption: 'PARTLY' as const, motivation };
    reported.when('RecordFollowUp', record).refused('reporting.not-released', {});
    after.when('RecordFollowUp', record, { actor: ownDoctor }).then({
      type: 'FollowUpRecorded',
      data: { adoption: 'PARTLY', motivation },
      textVersion: 'follow-up-2026.1',
    });
    const recorded = after.events({ type: 'FollowUpRecorded', data: { adoption: 'PARTLY', motivation } });
    recorded.when('RecordFollowUp', record).refused('reporting.follow-up-recorded');
    recorded.when('EndFollowUpTerm', { caseId }, at('2026-12-10T23:00:00.000Z')).nothing();
  });
  it('BR-19 the own doctor too is registered on the day; else the term ends without him', () => {
    const by = (registeredUntil: string) => ({
      ...{ caseId, adoption: 'PARTLY' as const, motivation },
      doctor: { doctorId: 'doctor-1', registeredUntil },
    });
    const told = { actor: ownDoctor };
    after
      .when('RecordFollowUp', by('2026-11-24'), told)
      .refused('reporting.doctor-not-registered', { on: '2026-11-25' });
    after.when('RecordFollowUp', by('2026-11-25'), told).thenTypes('FollowUpRecorded');
    after.when('EndFollowUpTerm', { caseId }, at('2027-12-10T23:00:00.000Z')).thenTypes('FollowUpTermEnded');
  });
  it('BR-42 he answers anew on a corrected version, and is reminded of it', () => {
    const answered: FileEvent = { type: 'FollowUpRecorded', data: { adoption: 'NOT', motivation } };
    const again = after.events(answered, correctionAsked, corrected, shared(2), consented(2), releasedAgain);
    again
      .when('RecordFollowUp', { caseId, adoption: 'FULL', motivation }, { actor: ownDoctor })
      .thenTypes('FollowUpRecorded');
    again.when('RemindOfFollowUp', { caseId }, at('2026-12-13T23:00:00.000Z')).thenTypes('FollowUpReminderDue');
    again.when('EndFollowUpTerm', { caseId }, at('2026-12-16T23:00:00.000Z')).thenTypes('FollowUpTermEnded');
    again
      .events(answered)
      .when('RecordFollowUp', { caseId, adoption: 'FULL', motivation })
      .refused('reporting.follow-up-recorded');
  });
  it('he is reminded, and the end of the term is noted', () => {
    after.when('RemindOfFollowUp', { caseId }, at('2026-12-07T23:00:00.000Z')).thenTypes('FollowUpReminderDue');
    after
      .events({ type: 'FileForgotten', data: { at: '2026-12-07T09:00:00.000Z' } })
      .when('RemindOfFollowUp', { caseId }, at('2026-12-07T23:00:00.000Z'))
      .nothing();
    after
      .when('EndFollowUpTerm', { caseId }, at('2026-12-10T23:00:00.000Z'))
      .then({ type: 'FollowUpTermEnded', data: { at: '2026-12-10T23:00:00.000Z' } });
  });
});

describe('BR-76 somebody is forgotten while his case is open', () => {
  const at = '2026-11-25T09:00:00.000Z';
  const forgotten: FileEvent = { type: 'FileForgotten', data: { at } };
  const note = (events: readonly FileEvent[]) =>
    given(medicalFile)
      .events(...events)
      .when('NoteFileForgotten', { caseId });
  const before = [opened, offered, independent, asked];
  const told = [...before, granted, consulted, finalised(), dossierClosed, shared()];
  it('has withdrawn his request: before the consultation, after it, after the sharing, with a consent', () => {
    note([opened]).then(forgotten, withdrawn('BEFORE_SHARING', false));
    note(before).then(forgotten, withdrawn('BEFORE_SHARING', false));
    note([...before, consulted]).thenTypes('FileForgotten', 'RequestWithdrawn', 'WorkedHoursAsked');
    note(told).then(forgotten, withdrawn('AFTER_SHARING'));
    note([...told, consented()]).then(forgotten, withdrawn('AFTER_SHARING'));
  });
  it('what has ended, was delivered or is no file stays as it is, and is known to be forgotten', () => {
    for (const events of [[], [...told, consented(), released], [...before, withdrawn('BEFORE_SHARING', false)]])
      note(events).then(forgotten);
    note([opened, forgotten]).nothing();
  });
  it('BR-35 after a release nothing more goes, nor is anybody asked: not the corrected version that he consented to before', () => {
    const again = given(medicalFile).events(...told, consented(), released, correctionAsked, corrected);
    const sharedAgain = again.events(shared(2));
    const consentedAgain = sharedAgain.events(consented(2, '2026-12-01T23:00:00.000Z'));
    const now = '2026-12-01T23:00:00.000Z';
    consentedAgain.when('ReleaseReport', { caseId }, { now }).thenTypes('ReportReleased');
    consentedAgain.events(forgotten).when('ReleaseReport', { caseId }, { now }).nothing();
    const gone = sharedAgain.events(forgotten);
    gone.when('GrantReleaseConsent', { caseId, version: 2 }, { now }).refused('reporting.case-ended');
    gone.when('RemindOfRelease', { caseId, version: 2, day: 5 }, { now }).nothing();
    const dueAt = '2026-12-09T23:00:00.000Z';
    gone.when('EndReleaseTerm', { caseId, dueAt }, { now: dueAt }).nothing();
    again
      .events(forgotten)
      .when('ShareReport', { caseId, version: 2 }, { actor: doctor })
      .refused('reporting.case-ended');
  });
  it('whichever comes first: a file that opens afterwards is withdrawn at once', () => {
    const data = opened.data as FileData<'MedicalFileOpened'>;
    given(medicalFile)
      .events(forgotten)
      .when('OpenMedicalFile', { caseId, ...data })
      .then(opened, withdrawn('BEFORE_SHARING', false));
  });
});

describe('BR-76 withdrawal of the request', () => {
  it('before the sharing it ends the case; a consultation that was held is charged by the hours', () => {
    file.when('WithdrawRequest', { caseId }).then(withdrawn('BEFORE_SHARING', false));
    file.events(consulted).when('WithdrawRequest', { caseId }).thenTypes('RequestWithdrawn', 'WorkedHoursAsked');
    const ended = file.events(withdrawn('BEFORE_SHARING', false));
    ended.when('WithdrawRequest', { caseId }).nothing();
    ended.when('FinaliseReportForReview', { caseId, ...texts }).refused('reporting.case-ended');
    ended
      .when('GrantTransferAuthorisation', { caseId, scope: 'SELECTED', kinds: ['FML'] })
      .refused('reporting.case-ended');
  });
  it('after the sharing it ends every release, and nothing is told before the end of the term', () => {
    reported.events(consented()).when('WithdrawRequest', { caseId }).then(withdrawn('AFTER_SHARING'));
    reported.events(consented(), withdrawn('AFTER_SHARING')).when('ReleaseReport', { caseId }, at(nextDay)).nothing();
  });
  it('not after the release', () => {
    reported.events(consented(), released).when('WithdrawRequest', { caseId }).refused('reporting.already-released');
  });
  it('BR-76 who withdrew is not asked for the authorisation any more', () => {
    const confirmed = { caseId, doctorId: 'doctor-2', round: 1 };
    const over = given(medicalFile).events(opened, offered, withdrawn('BEFORE_SHARING', false));
    over.when('NoteIndependence', confirmed).then(independent);
    const ended: FileEvent = { type: 'CaseEndNoted', data: { cause: 'CLOSED', at: '2026-11-25T09:00:00.000Z' } };
    given(medicalFile)
      .events(ended, independent)
      .when('OpenMedicalFile', {
        caseId,
        caseNumber: 'SO-1A2B3C4D5E',
        employeeId: 'person-1',
        ownDoctorId: 'doctor-1',
        ownOrganisationId: 'ohs-1',
      })
      .then(opened);
  });
  it('the hours are stated by the doctor, else the consultation’s own minutes count', () => {
    const asks = file.events(consulted, withdrawn('BEFORE_SHARING'), {
      type: 'WorkedHoursAsked',
      data: { dueAt: '2026-12-02T23:00:00.000Z', assigneeId: 'doctor-2', calendarVersion },
    });
    const stated = (minutes: number, basis: 'STATED' | 'CONSULTATION', when: string): FileEvent => ({
      type: 'WorkedHoursStated',
      data: { minutes, basis, at: when },
    });
    asks.when('StateWorkedHours', { caseId, minutes: 130 }).then(stated(130, 'STATED', '2026-11-25T09:00:00.000Z'));
    asks.when('EndWorkedHoursTerm', { caseId }).nothing();
    asks
      .when('EndWorkedHoursTerm', { caseId }, at('2026-12-02T23:00:00.000Z'))
      .then(stated(75, 'CONSULTATION', '2026-12-02T23:00:00.000Z'));
    asks
      .events(stated(130, 'STATED', '2026-11-25T09:00:00.000Z'))
      .when('StateWorkedHours', { caseId, minutes: 1 })
      .refused('reporting.hours-stated');
    file.when('StateWorkedHours', { caseId, minutes: 1 }).refused('reporting.no-hours-asked');
  });
  it('the news of the consultation may be overtaken by the withdrawal', () => {
    const late = { caseId, doctorId: 'doctor-2', durationMinutes: 75 };
    const ended = file.events(withdrawn('BEFORE_SHARING', false));
    ended
      .when('NoteConsultation', { ...late, heldAt: '2026-11-25T08:00:00.000Z' })
      .thenTypes('ConsultationNoted', 'WorkedHoursAsked');
    ended.when('NoteConsultation', { ...late, heldAt: '2026-11-25T10:00:00.000Z' }).thenTypes('ConsultationNoted');
  });
  it.each([
    ['withdrawn', withdrawn('BEFORE_SHARING', false)],
    ['closed', { type: 'CaseEndNoted', data: { cause: 'CLOSED', at: '2026-11-25T09:00:00.000Z' } } as FileEvent],
  ])('BR-76 no report is awaited of a consultation that is told once the request is %s', (_, end) => {
    const [noted] = file
      .events(granted, end)
      .when('NoteConsultation', {
        caseId,
        doctorId: 'doctor-2',
        durationMinutes: 75,
        heldAt: '2026-11-25T08:00:00.000Z',
      })
      .events();
    expect(noted?.data).toEqual({
      doctorId: 'doctor-2',
      durationMinutes: 75,
      heldAt: '2026-11-25T08:00:00.000Z',
      over: true,
      calendarVersion,
    });
  });
  it('intake’s ending is noted before the sharing, and changes nothing after it', () => {
    const closing = { caseId, cause: 'CLOSED' as const, at: '2026-11-25T09:00:00.000Z' };
    file
      .when('NoteCaseEnd', closing)
      .then({ type: 'CaseEndNoted', data: { cause: 'CLOSED', at: '2026-11-25T09:00:00.000Z' } });
    reported.when('NoteCaseEnd', closing).nothing();
    file.events(withdrawn('BEFORE_SHARING', false)).when('NoteCaseEnd', closing).nothing();
  });
});
