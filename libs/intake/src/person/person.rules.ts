import {
  addWorkingDays,
  endOfDay,
  endOfWorkingDay,
  Forbidden,
  isActor,
  Refused,
  type Actor,
  type Circumstances,
  type Grown,
  type Seal,
  type Sealed,
} from '@second-opinion/kernel';
import { intakeTerms } from '../intake.terms';
import type { Invitation, Reservation, ReserveDoctor } from './person.commands';
import type { PersonEvent } from './person.events';

/** CaseOfPerson: by whom it was begun, and under which contract. */
export interface CaseOfPerson {
  readonly caseId: string;
  readonly ownDoctorId: string;
  readonly contractId: string;
}

/** Person is a registration of an employee; one human being can have several, joined when his login shows it. */
export interface Person {
  readonly personId?: string;
  /** registered: seals of name and birth date as first written down; a correction is held against them. */
  readonly registered?: { readonly name: Seal; readonly birthDate: Seal };
  /** identity: those in force, for the blind index at redemption; nothing is decided on them. */
  readonly identity?: { readonly name: Seal; readonly birthDate: Seal };
  /** contact: seal of the address in force, to look at it when he gets a case under another employer (BR-40). */
  readonly contact?: { readonly seal: Seal; readonly channel: 'email' | 'sms' };
  /** cases of this registration; one is looked up with each further one. */
  readonly cases: Grown<CaseOfPerson>;
  readonly invitation?: {
    readonly id: string;
    readonly code: Seal;
    readonly expiresAt: string;
    readonly redeemed: boolean;
    readonly attempts: number;
  };
  /** unreachable: three attempts were in vain, until he is invited anew or logs in. */
  readonly unreachable: boolean;
  /** linked: somebody has redeemed an invitation; from then on he alone says who he is and how he is reached. */
  readonly linked: boolean;
  /** loggedInAt: when an invitation was redeemed last. */
  readonly loggedInAt?: string;
  /** joined: the other registrations of the same human being. */
  readonly joined: readonly string[];
  /** reserved: for which case each doctor is about to act or acts (BR-21). */
  readonly reserved: Readonly<Record<string, Reservation>>;
  /** suggested: registrations with the same name and birth date, of which nobody knows more. */
  readonly suggested: readonly string[];
}

/**
 * mayCorrect: who somebody is and how he is reached, he himself corrects; as long as nobody has a login for it, his own doctor, while a case
 * of theirs runs (matrix row 2). Afterwards no doctor can lead a person's mail, and with it his access, to somebody else.
 */
export function mayCorrect(state: Person, actor: Actor, caseRuns: boolean): void {
  if (state.personId === undefined) throw new Forbidden('intake.employee-only');
  if (isHimself(state, actor)) return;
  if (!isOwnDoctor(state, actor)) throw new Forbidden('intake.employee-only');
  if (state.linked) throw new Refused('intake.person-linked');
  if (!caseRuns) throw new Refused('intake.no-running-case');
}

export function isOwnDoctor({ cases }: Person, actor: Actor): boolean {
  return actor.role === 'company-doctor' && cases.some(({ ownDoctorId }) => isActor(actor, ownDoctorId));
}

/** caseIdsOf a person, in the order in which they were recorded. */
export function caseIdsOf({ cases }: Person): string[] {
  return Array.from(cases, ({ caseId }) => caseId);
}

function isHimself(state: Person, actor: Actor): boolean {
  return actor.role === 'employee' && [state.personId, ...state.joined].some((id) => isActor(actor, id));
}

/**
 * invited: with the terms of its repeats, unless somebody has a login already and only asked for another code; and with the cases for which he
 * counted as unreachable, if he did.
 */
export function invited(
  state: Person,
  { invitationId, code }: Invitation,
  { now, calendar }: Pick<Circumstances, 'now' | 'calendar'>,
): PersonEvent {
  const { personId: inviteeId = '', linked, unreachable } = state;
  const { invitationDays, invitationRepeatWorkingDays: days, unreachableWorkingDays } = intakeTerms;
  const terms = {
    repeats: days.map((day, index) => ({ attempt: index + 2, dueAt: addWorkingDays(now, day, calendar) })),
    unreachableAt: endOfWorkingDay(now, unreachableWorkingDays, calendar),
    calendarVersion: calendar.version,
    ...(unreachable ? { caseIds: caseIdsOf(state) } : {}),
  };
  return {
    type: 'InvitationIssued',
    data: { invitationId, inviteeId, code, expiresAt: endOfDay(now, invitationDays), ...(linked ? {} : terms) },
  };
}

/** openInvitation: the one of that id, when it is the newest, nobody has used it and a case waits for it. */
export function openInvitation(
  { invitation, linked }: Person,
  { invitationId, caseRuns }: { invitationId: string; caseRuns?: boolean },
): Person['invitation'] {
  return invitation?.id === invitationId && !invitation.redeemed && !linked && caseRuns ? invitation : undefined;
}

/** joins: the login was linked before, so these registrations are one human being; the same name and birth date only suggest it. */
export function joins(state: Person, linkedTo: readonly string[], alike: readonly string[]): PersonEvent[] {
  const personId = state.personId ?? '';
  const earlier = linkedTo.filter((id) => id !== personId && !state.joined.includes(id));
  const suggested = alike.filter((id) => id !== personId && !earlier.includes(id) && !state.joined.includes(id));
  return [
    ...earlier.map((earlierPersonId): PersonEvent => ({ type: 'PersonsJoined', data: { personId, earlierPersonId } })),
    ...(suggested.length > 0 ? [{ type: 'EarlierPersonsSuggested' as const, data: { personIds: suggested } }] : []),
  ];
}

/** suggestions after a correction of who somebody is; who has no login yet is compared when he gets one. */
export function suggestions(state: Person, alike: readonly string[]): PersonEvent[] {
  const { personId, linked, joined, suggested } = state;
  const personIds = alike.filter((id) => id !== personId && !joined.includes(id));
  const same = personIds.length === suggested.length && personIds.every((id) => suggested.includes(id));
  return !linked || same ? [] : [{ type: 'EarlierPersonsSuggested', data: { personIds } }];
}

/**
 * reserve: a doctor acts for a person in one case only (BR-21). Each case looks at the others before it decides; that none of them decides at the
 * same instant, this stream says, which all of them touch.
 */
export function reserve(
  { doctorId, caseId, round, lapsed }: Sealed<ReserveDoctor>,
  { reserved }: Person,
): PersonEvent[] {
  const held = reserved[doctorId];
  if (held?.caseId === caseId && held.round === round) return [];
  const isFree = held === undefined || held.caseId === caseId || isSame(held, lapsed);
  if (!isFree) throw new Refused('intake.doctor-not-independent', { doctorId, failed: ['ACTED_BEFORE'] });
  return [{ type: 'DoctorReserved', data: { doctorId, caseId, round } }];
}

const isSame = (one: Reservation, other: Reservation | undefined): boolean =>
  one.caseId === other?.caseId && one.round === other.round;
