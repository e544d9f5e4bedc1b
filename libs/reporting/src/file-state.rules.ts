import type { Adoption, DocumentKind, NotReleasedOutcome } from '@second-opinion/contracts';
import type { Instant } from '@second-opinion/kernel';
import { evolveClock, stoppedClock, type CaseClock } from './case-clock-state.rules';
import { dropped, evolveDossier, withoutConsents, type DossierDocument, type Source } from './dossier-state.rules';
import type { End, FileData, FileEvent } from './file.events';

export interface Shared {
  readonly version: number;
  readonly hash: string;
  readonly correctionDueAt: Instant;
  readonly decisionDueAt: Instant;
}

export interface Authorisation {
  readonly status: 'NONE' | 'ASKED' | 'GRANTED' | 'REFUSED' | 'WITHDRAWN';
  readonly scope: readonly DocumentKind[];
}

/** The medical file of one case, as far as decisions need it. */
export interface MedicalFile {
  readonly opened?: FileData<'MedicalFileOpened'>;
  readonly candidateId?: string;
  readonly doctorId?: string;
  readonly round: number;
  /** declined: the highest round that was declined; what comes of it later is too late. */
  readonly declined: number;
  /** declinedId: the doctor who declined or gave up last. */
  readonly declinedId?: string;
  /** gaveUp: when a doctor declined last; what he held before is of no round that goes on (A15). */
  readonly gaveUp: Readonly<Record<string, Instant>>;
  /** ended before a report was shared. */
  readonly ended?: End;
  readonly withdrawnAt?: Instant;
  readonly authorisation: Authorisation;
  readonly proceeding: boolean;
  /** expected: contents that begin to arrive, and when they are given up. */
  readonly expected: Readonly<Record<string, Instant>>;
  readonly documents: Readonly<Record<string, DossierDocument>>;
  readonly dossierClosed: boolean;
  readonly sources: Readonly<Record<string, Source>>;
  /** consultation of the doctor who writes the report. */
  readonly consultation?: FileData<'ConsultationNoted'>;
  /** others: consultations of doctors who do not write, by doctor: they did, or it is not told yet that they will (A15). */
  readonly others: Readonly<Record<string, FileData<'ConsultationNoted'>>>;
  /** unregistered: it was told that the doctor who writes may not any more. */
  readonly unregistered: boolean;
  readonly pauses: readonly string[];
  readonly reportDueAt?: Instant;
  readonly overdue: boolean;
  /** clock of the whole case. */
  readonly clock: CaseClock;
  /** versions that were ever made; what a former doctor never shared is no longer the latest. */
  readonly versions: number;
  readonly latest?: { readonly version: number; readonly hash: string };
  readonly shared?: Shared;
  readonly correction?: { readonly requestId: string; readonly version: number };
  /** consent in force: it names the version that was shared last, or it is not here. */
  readonly consent?: FileData<'ReleaseConsentGranted'>;
  readonly blocked: boolean;
  /** consentWithdrawn: a consent was withdrawn and none came instead; that is no silence. */
  readonly consentWithdrawn: boolean;
  readonly reminded: readonly number[];
  /** lapsed: the version about which the employee was silent to the end of the term. */
  readonly lapsed?: number;
  /** told: the own doctor knows that nothing will be released (BR-38). */
  readonly told: boolean;
  readonly outcome?: NotReleasedOutcome;
  readonly released?: FileData<'ReportReleased'>;
  /** unreceived: receipts of what was released and not opened yet, by version. */
  readonly unreceived: Readonly<Record<number, string>>;
  readonly deliveryFailed: boolean;
  readonly followUp?: Adoption;
  readonly followUpReminded: boolean;
  readonly followUpTermEnded: boolean;
  /** forgotten: its texts, or whose it is. */
  readonly forgotten: boolean;
  readonly hours?: { readonly dueAt: Instant; readonly stated: boolean };
}

export const emptyFile: MedicalFile = {
  round: 0,
  declined: 0,
  gaveUp: {},
  authorisation: { status: 'NONE', scope: [] },
  proceeding: false,
  expected: {},
  documents: {},
  dossierClosed: false,
  sources: {},
  others: {},
  unregistered: false,
  pauses: [],
  overdue: false,
  clock: stoppedClock,
  versions: 0,
  blocked: false,
  consentWithdrawn: false,
  reminded: [],
  told: false,
  unreceived: {},
  deliveryFailed: false,
  followUpReminded: false,
  followUpTermEnded: false,
  forgotten: false,
};

const FRESH_RELEASE = { deliveryFailed: false, followUpReminded: false, followUpTermEnded: false };

/** evolve tells the state after an event: the clock of the case, participants and dossier, report and release. */
export function evolve(state: MedicalFile, event: FileEvent): MedicalFile {
  const clock = evolveClock(state.clock, event);
  if (clock) return { ...state, clock };
  return evolveParticipants(state, event) ?? evolveDossier(state, event) ?? evolveRelease(state, event) ?? state;
}

function evolveParticipants(state: MedicalFile, event: FileEvent): MedicalFile | undefined {
  switch (event.type) {
    case 'MedicalFileOpened':
      return { ...state, opened: event.data };
    case 'AssignmentNoted':
      return { ...state, candidateId: event.data.doctorId, round: event.data.round };
    case 'AssignmentDeclineNoted':
      return without({ ...state, unregistered: false }, event.data);
    case 'IndependenceNoted':
      return takenOver({ ...state, unregistered: false }, event.data);
    case 'ConsultationNoted':
      return consulted(state, event.data);
    case 'RegistrationEndNoted':
      return { ...state, unregistered: true };
    case 'RegistrationRenewalNoted':
      return { ...state, unregistered: false };
    case 'CaseEndNoted':
      return { ...state, ended: event.data.cause };
    case 'FileForgotten':
      return { ...state, forgotten: true };
    case 'NotExecutableDecided':
      return { ...state, ended: 'NOT_EXECUTABLE' };
    case 'RequestWithdrawn': {
      const { consent: _consent, ...rest } = state;
      const { stage, at } = event.data;
      return { ...rest, withdrawnAt: at, ...(stage === 'BEFORE_SHARING' ? { ended: 'WITHDRAWN' as const } : {}) };
    }
    case 'WorkedHoursAsked':
      return { ...state, hours: { dueAt: event.data.dueAt, stated: false } };
    case 'WorkedHoursStated':
      return state.hours && { ...state, hours: { ...state.hours, stated: true } };
    default:
      return undefined;
  }
}

function consulted(state: MedicalFile, consultation: FileData<'ConsultationNoted'>): MedicalFile {
  const { doctorId, reportDueAt } = consultation;
  if (writerOf(state, doctorId) !== doctorId)
    return { ...state, others: { ...state.others, [doctorId]: consultation } };
  return { ...state, consultation, ...(reportDueAt === undefined ? {} : { reportDueAt }) };
}

/** heldIn a file: the consultation that was held, whoever held it. */
export const heldIn = ({ consultation, others }: MedicalFile): FileData<'ConsultationNoted'> | undefined =>
  consultation ?? Object.values(others).at(-1);

/** heldBy this doctor. */
export function heldBy({ consultation, others }: MedicalFile, doctorId: string) {
  if (consultation?.doctorId === doctorId) return consultation;
  return Object.hasOwn(others, doctorId) ? others[doctorId] : undefined;
}

/** writerOf the report: while no doctor is known, who has examined, or else whoever comes. */
export function writerOf({ doctorId, consultation }: MedicalFile, comes: string): string {
  return doctorId ?? consultation?.doctorId ?? comes;
}

/** isBack: he shared the report himself, and goes on where he was. */
export const isBack = ({ shared, consultation }: MedicalFile, doctorId: string): boolean =>
  shared !== undefined && consultation?.doctorId === doctorId;

/**
 * A15: what the employee allowed, he allowed for one doctor. The next one begins with nothing of it, with an open dossier, and without
 * the consultation and the draft of another; his own may have been told before. What the employee has got already stays as it is. Who shared it
 * goes on where he was.
 */
function takenOver(
  state: MedicalFile,
  { doctorId, round, documents = [] }: FileData<'IndependenceNoted'>,
): MedicalFile {
  const { candidateId: _candidate, ...rest } = dropped(state, documents);
  if (isBack(state, doctorId)) return { ...rest, doctorId, round };
  const given = { ...rest, ...withoutConsents(state), doctorId, round };
  if (state.shared) return given;
  const his = begunByAnother(state, doctorId) ? begunAnew(given) : given;
  const consultation = heldBy(state, doctorId);
  return { ...his, ...(consultation ? { consultation } : {}), dossierClosed: false };
}

function begunAnew(state: MedicalFile): MedicalFile {
  const { consultation, latest: _latest, reportDueAt: _due, ...anew } = state;
  const others = consultation ? { ...state.others, [consultation.doctorId]: consultation } : state.others;
  return { ...anew, others, overdue: false };
}

/** begunByAnother: another doctor has examined the employee, and perhaps drafted a report. */
export function begunByAnother({ consultation }: MedicalFile, doctorId: string): boolean {
  return consultation !== undefined && consultation.doctorId !== doctorId;
}

function without(state: MedicalFile, { doctorId, round, at }: FileData<'AssignmentDeclineNoted'>): MedicalFile {
  const { candidateId, doctorId: doctor, ...rest } = state;
  return {
    ...rest,
    ...(at === undefined ? {} : { gaveUp: { ...state.gaveUp, [doctorId]: at } }),
    round: Math.max(state.round, round),
    declined: Math.max(state.declined, round),
    declinedId: doctorId,
    ...(candidateId !== undefined && candidateId !== doctorId ? { candidateId } : {}),
    ...(doctor !== undefined && doctor !== doctorId ? { doctorId: doctor } : {}),
  };
}

function evolveRelease(state: MedicalFile, event: FileEvent): MedicalFile | undefined {
  switch (event.type) {
    case 'ReportOverdue':
      return { ...state, overdue: true };
    case 'ReportReadyForEmployee':
      return made(state, event.data);
    case 'ReportCorrected':
      return settled(made(state, event.data));
    case 'ReportSharedWithEmployee':
      return shared(state, event.data);
    case 'FactualCorrectionRequested':
      return { ...state, correction: { requestId: event.data.requestId, version: event.data.version } };
    case 'CorrectionRejected':
      return settled(state);
    case 'ReleaseConsentGranted':
      return { ...state, consent: event.data, blocked: false, consentWithdrawn: false };
    case 'ReleaseConsentWithdrawn':
      return { ...unconsented(state), consentWithdrawn: true };
    case 'ReportBlocked':
      return { ...unconsented(state), blocked: true };
    case 'ReleaseReminderDue':
      return { ...state, reminded: [...state.reminded, event.data.day] };
    case 'ReleaseDecisionLapsed':
      return { ...state, lapsed: event.data.version };
    case 'ReleaseTermEnded':
      return { ...state, told: true, outcome: event.data.outcome };
    case 'ReportReleased':
      return released(state, event.data);
    case 'ReleaseReceiptRecorded':
      return received(state, event.data.version);
    case 'ReleaseDeliveryFailed':
      return { ...state, deliveryFailed: true };
    case 'FollowUpRecorded':
      return { ...state, followUp: event.data.adoption };
    case 'FollowUpReminderDue':
      return { ...state, followUpReminded: true };
    case 'FollowUpTermEnded':
      return { ...state, followUpTermEnded: true };
    default:
      return undefined;
  }
}

function made(state: MedicalFile, { version, hash }: { version: number; hash: string }): MedicalFile {
  return { ...state, versions: version, latest: { version, hash } };
}

/** A new version ends the consent in an earlier one, and the silence about it; a block stays until the employee lifts it. */
function shared(state: MedicalFile, data: FileData<'ReportSharedWithEmployee'>): MedicalFile {
  const { version, hash, correctionDueAt, decisionDueAt } = data;
  return {
    ...unconsented(state),
    shared: { version, hash, correctionDueAt, decisionDueAt },
    consentWithdrawn: false,
    reminded: [],
  };
}

function unconsented(state: MedicalFile): MedicalFile {
  const { consent: _consent, ...rest } = state;
  return rest;
}

/** What the own doctor answered before was about an earlier version (BR-42). */
function released(state: MedicalFile, data: FileData<'ReportReleased'>): MedicalFile {
  const { followUp: _followUp, ...rest } = unconsented(state);
  const unreceived = { ...state.unreceived, [data.version]: data.receipt };
  return { ...rest, ...FRESH_RELEASE, released: data, unreceived };
}

function received(state: MedicalFile, version: number): MedicalFile {
  const { [version]: _receipt, ...unreceived } = state.unreceived;
  return { ...state, unreceived };
}

function settled(state: MedicalFile): MedicalFile {
  const { correction: _correction, ...rest } = state;
  return rest;
}
