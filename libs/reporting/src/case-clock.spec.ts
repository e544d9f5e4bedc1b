import { fold } from '@second-opinion/kernel';
import { anActor, aSeal, given } from '@second-opinion/kernel/testing';
import { medicalFile } from './file.decider';
import type { FileEvent } from './file.events';
import { TERMS } from './reporting.terms';
import {
  asked,
  caseOverdue,
  casePaused,
  caseResumed,
  consulted,
  corrected,
  correctionAsked,
  declined,
  dossierClosed,
  finalised,
  granted,
  independent,
  independentNext,
  offered,
  opened,
  refused,
  shared,
  signed,
  sourceAsked,
  sourceConsent,
  voided,
  withdrawn,
} from './testing/events';

// Domain section 6, the clock of the whole case. It begins on Wednesday 25 November 2026; Christmas is a Friday.
const caseId = 'case-1';
const employee = anActor('employee', 'person-1');
const doctor = anActor('second-opinion-doctor', 'doctor-2');
const at = (now: string) => ({ now });
const by = (now: string) => ({ now, actor: employee });
const signature = (quoteId = 'quote-1', signedAt = '2026-11-25T09:00:00.000Z') => ({ caseId, quoteId, signedAt });
const target = '2026-12-09T23:00:00.000Z';
const limit = '2026-12-16T23:00:00.000Z';
interface Terms {
  readonly targetDueAt?: string;
  readonly limitDueAt?: string;
}

const file = given(medicalFile).events(opened, offered, independent, asked, granted);
const running = file.events(signed());
const missed = (missedAt: string, ref = 'appointment-1', doctorId = 'doctor-2') => ({
  caseId,
  doctorId,
  ref,
  missedAt,
});
const held = (heldAt: string, doctorId = 'doctor-2') => ({ caseId, doctorId, durationMinutes: 75, heldAt });
const ends: [string, FileEvent[]][] = [
  ['the first sharing', [consulted, finalised(), dossierClosed, shared()]],
  ['a withdrawal', [withdrawn('BEFORE_SHARING', false)]],
  ['not executable', [{ type: 'NotExecutableDecided', data: { at: '2026-11-26T09:00:00.000Z' } }]],
  ['the closing', [{ type: 'CaseEndNoted', data: { cause: 'CLOSED', at: '2026-11-26T09:00:00.000Z' } }]],
];

describe('the clock of the whole case starts with the signed quote', () => {
  it('has a target of ten working days and a limit of fifteen', () => {
    expect(TERMS.caseWorkingDays).toEqual({ TARGET: 10, LIMIT: 15 });
    file.when('NoteQuoteSignature', signature()).then(signed());
  });
  it('BR-74 counts local dates over the change of summer time, and no holiday', () => {
    const dates = (signedAt: string) => {
      const [started] = file.when('NoteQuoteSignature', signature('quote-1', signedAt)).events();
      const { targetDueAt, limitDueAt } = started?.data as Terms;
      return [targetDueAt, limitDueAt];
    };
    // Thursday 22 October 23:30 in Amsterdam; summer time ends on Sunday the 25th.
    expect(dates('2026-10-22T21:30:00.000Z')).toEqual(['2026-11-05T23:00:00.000Z', '2026-11-12T23:00:00.000Z']);
    // Half an hour after midnight in Amsterdam is the next day.
    expect(dates('2026-10-22T22:30:00.000Z')).toEqual(['2026-11-06T23:00:00.000Z', '2026-11-13T23:00:00.000Z']);
    // Friday 19 March, before Easter; summer time begins on Sunday the 28th.
    expect(dates('2027-03-19T09:00:00.000Z')).toEqual(['2027-04-06T22:00:00.000Z', '2027-04-13T22:00:00.000Z']);
    // Thursday 17 December: Christmas and New Year are no working days.
    expect(dates('2026-12-17T09:00:00.000Z')).toEqual(['2027-01-04T23:00:00.000Z', '2027-01-11T23:00:00.000Z']);
  });
  it('counts from the signature, however late that is heard, and before the file is open', () => {
    given(medicalFile).events().when('NoteQuoteSignature', signature(), at('2026-12-01T09:00:00.000Z')).then(signed());
  });
  it('runs on when the signature stays for the next doctor, and another one takes the case', () => {
    running.when('NoteQuoteSignature', signature()).nothing();
    const taken = running.events(declined, independentNext(), asked);
    taken.when('NoteQuoteSignature', signature()).nothing();
    expect(taken.state().clock.running?.due).toEqual({ TARGET: target, LIMIT: limit });
  });
  it('is void when another quote takes the place of the signed one, and starts anew with that one’s signature', () => {
    running.when('NoteQuoteSuperseded', { caseId, quoteId: 'quote-1' }).then(voided);
    running.when('NoteQuoteSuperseded', { caseId, quoteId: 'quote-0' }).nothing();
    const waiting = running.events(caseOverdue('TARGET', target), voided);
    waiting.when('NoteQuoteSuperseded', { caseId, quoteId: 'quote-1' }).nothing();
    waiting.when('NoteCaseOverdue', { caseId, term: 'LIMIT' }, at('2027-01-25T09:00:00.000Z')).nothing();
    waiting.when('NoteQuoteSignature', signature()).nothing();
    const [started] = waiting.when('NoteQuoteSignature', signature('quote-2', '2026-12-10T09:00:00.000Z')).events();
    expect(started?.data).toMatchObject({ quoteId: 'quote-2', targetDueAt: '2026-12-24T23:00:00.000Z' });
  });
  it.each(ends)('is not started after %s', (_, events) => {
    file
      .events(...events)
      .when('NoteQuoteSignature', signature())
      .nothing();
    running
      .events(...events)
      .when('NoteQuoteSuperseded', { caseId, quoteId: 'quote-1' })
      .nothing();
  });
});

describe('it pauses while the employee or a third party is waited for, with the reason', () => {
  const open = given(medicalFile).events(opened, offered);
  const undecided = open.events(independent, asked, casePaused());
  it('for the authorisation, from the asking until he grants or refuses', () => {
    open.when('NoteIndependence', { caseId, doctorId: 'doctor-2', round: 1 }).then(independent, asked, casePaused());
    undecided.when('NoteQuoteSignature', signature()).then(signed('quote-1', {}));
    const waiting = undecided.events(signed('quote-1', {}));
    const terms = { targetDueAt: '2026-12-11T23:00:00.000Z', limitDueAt: '2026-12-18T23:00:00.000Z' };
    const now = '2026-11-27T09:00:00.000Z';
    const goesOn = caseResumed('AUTHORISATION', 'authorisation', now, terms);
    const answers = (command: 'GrantTransferAuthorisation' | 'RefuseTransferAuthorisation', fields: object) =>
      waiting.when(command, { caseId, ...fields } as never, by(now)).events();
    expect(answers('GrantTransferAuthorisation', { scope: 'FULL' })[1]).toEqual(goesOn);
    expect(answers('RefuseTransferAuthorisation', {})[1]).toEqual(goesOn);
    waiting
      .events(granted, goesOn)
      .when('GrantTransferAuthorisation', { caseId, scope: 'FULL' })
      .thenTypes('TransferAuthorisationGranted');
  });
  it('and the closing of the dossier, after which nobody can answer', () => {
    undecided
      .when('CloseDossier', { caseId }, { actor: doctor, now: '2026-11-26T09:00:00.000Z' })
      .then(dossierClosed, caseResumed('AUTHORISATION', 'authorisation', '2026-11-26T09:00:00.000Z'));
  });
  it('a pause that ends on the same day, or over a weekend, takes no working day away', () => {
    const resumedAt = (from: string, until: string) => {
      const [, resumed] = open
        .events(independent, asked, casePaused('AUTHORISATION', 'authorisation', from), signed('quote-1', {}))
        .when('RefuseTransferAuthorisation', { caseId }, by(until))
        .events();
      return (resumed?.data as Terms).targetDueAt;
    };
    expect(resumedAt('2026-11-25T10:00:00.000Z', '2026-11-25T16:00:00.000Z')).toBe(target);
    expect(resumedAt('2026-11-27T10:00:00.000Z', '2026-11-29T16:00:00.000Z')).toBe(target);
    expect(resumedAt('2026-11-27T10:00:00.000Z', '2026-11-30T08:00:00.000Z')).toBe('2026-12-10T23:00:00.000Z');
    // What was over before the signature takes nothing away either.
    expect(resumedAt('2026-11-20T10:00:00.000Z', '2026-11-24T16:00:00.000Z')).toBe(target);
  });
  it('A14 for a treating doctor, until he answers or his time is over', () => {
    const asks = { caseId, sourceId: 'source-1', question: aSeal('question') };
    const waits = casePaused('THIRD_PARTY', 'source-1');
    const [, ...pauses] = running.events(sourceConsent).when('RequestTreatingDoctorInformation', asks).events();
    expect(pauses).toEqual([expect.objectContaining({ type: 'ClockPaused' }), waits]);
    const waiting = running.events(sourceConsent, sourceAsked, waits);
    expect(waiting.state().clock.running?.due).toEqual({});
    const now = '2026-12-02T09:00:00.000Z';
    const terms = { targetDueAt: '2026-12-16T23:00:00.000Z', limitDueAt: '2026-12-23T23:00:00.000Z' };
    waiting
      .when('RecordThirdPartyInformation', { caseId, sourceId: 'source-1' }, at(now))
      .then(
        { type: 'ThirdPartyInformationReceived', data: { sourceId: 'source-1', at: now } },
        caseResumed('THIRD_PARTY', 'source-1', now, terms),
      );
    const [, after] = waiting
      .when('EndAnswerTerm', { caseId, sourceId: 'source-1' }, at('2026-12-17T09:00:00.000Z'))
      .events();
    expect(after?.data).toMatchObject({ clock: 'CASE', targetDueAt: '2027-01-04T23:00:00.000Z' });
  });
  it('as long as anything is waited for, and days that are waited for twice count once', () => {
    const twice = open
      .events(independent, asked, casePaused(), signed('quote-1', {}), sourceConsent, sourceAsked)
      .events(casePaused('THIRD_PARTY', 'source-1', '2026-11-26T09:00:00.000Z'));
    const first = caseResumed('AUTHORISATION', 'authorisation', '2026-11-30T09:00:00.000Z');
    expect(twice.when('RefuseTransferAuthorisation', { caseId }, by('2026-11-30T09:00:00.000Z')).events()[1]).toEqual(
      first,
    );
    const [, last] = twice
      .events(refused, first)
      .when('RecordThirdPartyInformation', { caseId, sourceId: 'source-1' }, at('2026-12-02T09:00:00.000Z'))
      .events();
    expect(last?.data).toMatchObject({ targetDueAt: '2026-12-16T23:00:00.000Z' });
  });
  it('A13 for the rebooking after a no-show, until the consultation is held', () => {
    const waits = casePaused('REBOOKING', 'appointment-1', '2026-12-01T09:00:00.000Z');
    running.when('NoteMissedAppointment', missed('2026-12-01T09:00:00.000Z')).then(waits);
    const waiting = running.events(waits);
    waiting.when('NoteMissedAppointment', missed('2026-12-01T09:00:00.000Z')).nothing();
    const terms = { targetDueAt: '2026-12-14T23:00:00.000Z', limitDueAt: '2026-12-21T23:00:00.000Z' };
    const [noted, goesOn] = waiting
      .when('NoteConsultation', held('2026-12-04T09:00:00.000Z'), at('2026-12-07T09:00:00.000Z'))
      .events();
    expect([noted?.type, goesOn]).toEqual([
      'ConsultationNoted',
      caseResumed('REBOOKING', 'appointment-1', '2026-12-04T09:00:00.000Z', terms),
    ]);
  });
  it('A13 whichever of no-show and consultation is heard first', () => {
    const orders = [
      ['NoteMissedAppointment', 'NoteConsultation'],
      ['NoteConsultation', 'NoteMissedAppointment'],
    ] as const;
    const fields = {
      NoteMissedAppointment: missed('2026-12-01T09:00:00.000Z'),
      NoteConsultation: held('2026-12-04T09:00:00.000Z'),
    };
    for (const order of orders) {
      const after = order.reduce((so, name) => so.events(...so.when(name, fields[name] as never).events()), running);
      const { running: runs, waits } = after.state().clock;
      expect([runs?.due, waits.length]).toEqual([
        { TARGET: '2026-12-14T23:00:00.000Z', LIMIT: '2026-12-21T23:00:00.000Z' },
        1,
      ]);
    }
  });
  it('A15 and for nothing that was asked for a doctor who is out: then the next one is waited for', () => {
    const waits = casePaused('REBOOKING', 'appointment-1', '2026-12-01T09:00:00.000Z');
    const terms = { targetDueAt: '2026-12-10T23:00:00.000Z', limitDueAt: '2026-12-17T23:00:00.000Z' };
    const now = '2026-12-02T09:00:00.000Z';
    const goesOn = caseResumed('REBOOKING', 'appointment-1', now, terms);
    const out = { caseId, doctorId: 'doctor-2', round: 1 };
    running.events(waits).when('NoteAssignmentDecline', out, at(now)).then(declined, goesOn);
    const next = { caseId, doctorId: 'doctor-3', round: 2 };
    const asksAnew = [asked, casePaused('AUTHORISATION', 'authorisation', now)];
    running
      .events(waits)
      .when('NoteIndependence', next, at(now))
      .then(independentNext(), goesOn, ...asksAnew);
    running
      .events(waits, declined, goesOn)
      .when('NoteIndependence', next, at(now))
      .then(independentNext(), ...asksAnew);
    running.events(declined).when('NoteMissedAppointment', missed('2026-12-01T09:00:00.000Z')).nothing();
    running
      .events(declined, independentNext())
      .when('NoteMissedAppointment', missed('2026-12-01T09:00:00.000Z'))
      .nothing();
  });
  it.each(ends)('and no more after %s', (_, events) => {
    running
      .events(...events)
      .when('NoteMissedAppointment', missed('2026-12-01T09:00:00.000Z'))
      .nothing();
  });
});

describe('a term that has passed is said once', () => {
  const overdue = (term: 'TARGET' | 'LIMIT') => ({ caseId, term });
  it('the target, then the limit, each when its day is over', () => {
    running.when('NoteCaseOverdue', overdue('TARGET'), at('2026-12-09T22:59:59.999Z')).nothing();
    running.when('NoteCaseOverdue', overdue('TARGET'), at(target)).then(caseOverdue('TARGET', target));
    const late = running.events(caseOverdue('TARGET', target));
    late.when('NoteCaseOverdue', overdue('TARGET'), at(limit)).nothing();
    late.when('NoteCaseOverdue', overdue('LIMIT'), at(limit)).then(caseOverdue('LIMIT', limit));
    late.events(caseOverdue('LIMIT', limit)).when('NoteCaseOverdue', overdue('LIMIT'), at(limit)).nothing();
  });
  it('not before the signature, nor while the clock is paused', () => {
    file.when('NoteCaseOverdue', overdue('LIMIT'), at('2027-03-01T09:00:00.000Z')).nothing();
    const paused = running.events(casePaused('THIRD_PARTY', 'source-1'));
    paused.when('NoteCaseOverdue', overdue('LIMIT'), at('2027-03-01T09:00:00.000Z')).nothing();
  });
  it('a later pause takes nothing back of it, and moves what is still to come', () => {
    const from = '2026-12-10T09:00:00.000Z';
    const now = '2026-12-14T09:00:00.000Z';
    const waiting = running.events(caseOverdue('TARGET', target), casePaused('REBOOKING', 'appointment-1', from));
    expect(waiting.state().clock.running?.due).toEqual({ TARGET: target });
    const terms = { targetDueAt: target, limitDueAt: '2026-12-18T23:00:00.000Z' };
    const goesOn = caseResumed('REBOOKING', 'appointment-1', now, terms);
    expect(waiting.when('NoteConsultation', held(now)).events()[1]).toEqual(goesOn);
    const later = waiting.events(goesOn);
    later.when('NoteCaseOverdue', overdue('TARGET'), at('2026-12-15T09:00:00.000Z')).nothing();
    later
      .when('NoteCaseOverdue', overdue('LIMIT'), at('2026-12-18T23:00:00.000Z'))
      .then(caseOverdue('LIMIT', '2026-12-18T23:00:00.000Z'));
  });
  it.each(ends)('and not after %s', (_, events) => {
    running
      .events(...events)
      .when('NoteCaseOverdue', overdue('LIMIT'), at('2027-03-01T09:00:00.000Z'))
      .nothing();
  });
  it('A16 a second version of the report starts no clock: the first sharing has stopped it', () => {
    const again = running.events(consulted, finalised(), dossierClosed, shared(), correctionAsked, corrected);
    again.when('ShareReport', { caseId, version: 2 }, { actor: doctor }).thenTypes('ReportSharedWithEmployee');
    const state = fold(medicalFile, [signed(), consulted, finalised(), dossierClosed, shared(), shared(2)]);
    expect(state.clock.running?.due).toEqual({ TARGET: target, LIMIT: limit });
    again.events(shared(2)).when('NoteCaseOverdue', overdue('LIMIT'), at('2027-03-01T09:00:00.000Z')).nothing();
  });
});
