import { DomainError, type Actor } from '@second-opinion/kernel';
import { anActor, aSeal } from '@second-opinion/kernel/testing';
import fc from 'fast-check';
import type { FileCommands } from './acts.rules';
import type { FileEvent } from './file.events';
import { Play } from './testing/play';
import { asked, consulted, finalised, granted, independent, offered, opened, shared, texts } from './testing/events';

const employee = anActor('employee', 'person-1');
const doctor = anActor('second-opinion-doctor', 'doctor-2');
const ownDoctor = anActor('company-doctor', 'doctor-1');
const system = anActor('system', 'release');

type Try = { readonly name: keyof FileCommands; readonly fields?: object; readonly actor: Actor };
const act = (name: keyof FileCommands, actor: Actor, fields: object = {}) => fc.constant<Try>({ name, actor, fields });
const version = fc.integer({ min: 1, max: 4 });
const other: fc.Arbitrary<Try>[] = [
  act('WithdrawReleaseConsent', employee),
  act('BlockReport', employee),
  act('WithdrawRequest', employee),
  act('WithdrawTransferAuthorisation', employee),
  version.map((v) => ({
    name: 'RequestFactualCorrection',
    actor: employee,
    fields: { version: v, correction: aSeal('c') },
  })),
  act('FinaliseReportForReview', doctor, texts),
  act('CorrectReport', doctor, texts),
  act('RejectCorrection', doctor, { reason: aSeal('r') }),
  version.map((v) => ({ name: 'ShareReport', actor: doctor, fields: { version: v } })),
  act('RecordFollowUp', ownDoctor, { adoption: 'FULL', motivation: aSeal('m') }),
  // The system's commands, also when nothing is due and doubled, as after a crash or an old deadline row.
  act('ReleaseReport', system),
  act('EndReleaseTerm', system, { dueAt: '2026-12-09T23:00:00.000Z' }),
  act('EndFollowUpTerm', system),
  version.map((v) => ({ name: 'RecordReleaseReceipt', actor: ownDoctor, fields: { version: v } })),
  act('RecordDeliveryFailure', system, { recipientId: 'doctor-1', failedAt: '2027-01-01T00:00:00.000Z' }),
  act('NoteCaseEnd', system, { cause: 'CLOSED', at: '2026-12-01T09:00:00.000Z' }),
];
const consent = version.map<Try>((v) => ({ name: 'GrantReleaseConsent', actor: employee, fields: { version: v } }));
const moves = (...tries: fc.Arbitrary<Try>[]) =>
  fc.array(fc.record({ days: fc.integer({ min: 0, max: 4 }), one: fc.oneof(...tries) }), { maxLength: 25 });

function playedOut(sequence: readonly { days: number; one: Try }[], beginning: readonly FileEvent[]): FileEvent[] {
  const play = new Play(beginning);
  let day = 0;
  for (const { days, one } of sequence) {
    for (let passed = 0; passed < days; passed++) play.day(day++, []);
    try {
      play.run(one.name, one.fields, one.actor);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }
  for (let after = 0; after < 20; after++) play.day(day++, []);
  return play.events as unknown as FileEvent[];
}

/** The version that is covered by a consent in force after these events, told from the events alone and not by the decider. */
function covered(events: readonly FileEvent[]): number | undefined {
  let latest: number | undefined;
  let consented: number | undefined;
  for (const event of events) {
    if (event.type === 'ReportSharedWithEmployee') [latest, consented] = [event.data.version, undefined];
    if (event.type === 'ReleaseConsentGranted') consented = event.data.version;
    if (['ReleaseConsentWithdrawn', 'ReportBlocked', 'RequestWithdrawn'].includes(event.type)) consented = undefined;
  }
  return consented === latest ? consented : undefined;
}

const file = [opened, offered, independent, asked, granted, consulted];

describe('whatever happens in whatever order', () => {
  it('BR-35 nothing is ever released without a consent: not by silence, time, repetition or anybody’s command', () => {
    fc.assert(
      fc.property(moves(...other), (sequence) => {
        for (const beginning of [file, [...file, finalised(), shared()]])
          expect(playedOut(sequence, beginning).map(({ type }) => type)).not.toContain('ReportReleased');
      }),
      { numRuns: 150 },
    );
  });

  it('BR-34 what is released is the version in force, and the employee’s consent names it at that moment', () => {
    let released = 0;
    fc.assert(
      fc.property(moves(consent, consent, consent, ...other), (sequence) => {
        const events = playedOut(sequence, [...file, finalised(), shared()]);
        events.forEach((event, index) => {
          if (event.type !== 'ReportReleased') return;
          released++;
          expect(covered(events.slice(0, index))).toBe(event.data.version);
        });
      }),
      { numRuns: 200 },
    );
    expect(released).toBeGreaterThan(10);
  });

  it('BR-33 a version has one content for good; BR-38 the end of a term is told at most once, and never after a release', () => {
    fc.assert(
      fc.property(moves(consent, ...other), (sequence) => {
        const events = playedOut(sequence, [...file, finalised(), shared()]);
        const made = events.flatMap((e) =>
          e.type === 'ReportReadyForEmployee' || e.type === 'ReportCorrected' ? [e.data.version] : [],
        );
        expect(new Set(made).size).toBe(made.length);
        const told = events.flatMap((e, index) => (e.type === 'ReleaseTermEnded' ? [index] : []));
        const firstRelease = events.findIndex(({ type }) => type === 'ReportReleased');
        expect(told.length).toBeLessThanOrEqual(1);
        if (firstRelease !== -1 && told[0] !== undefined) expect(told[0]).toBeLessThan(firstRelease);
      }),
      { numRuns: 150 },
    );
  });
});
