import {
  addDays,
  Forbidden,
  isActor,
  Refused,
  type Circumstances,
  type Decider,
  type InstancesOf,
  type Seal,
} from '@second-opinion/kernel';
import { INTAKE_RULES, intakeTerms, textVersions } from '../intake.terms';
import type * as commands from './person.commands';
import type { Invitation } from './person.commands';
import type { PersonEvent } from './person.events';

/** Person is a registration of an employee; one human being can have several, joined when his login shows it. */
export interface Person {
  readonly personId?: string;
  /** identity: seals of name and birth date, for the blind index at redemption; nothing is decided on them. */
  readonly identity?: { readonly name: Seal; readonly birthDate: Seal };
  /** contact: seal of the address in force, to look at it when he gets a case under another employer (BR-40). */
  readonly contact?: { readonly seal: Seal; readonly channel: 'email' | 'sms' };
  readonly cases: readonly { readonly caseId: string; readonly ownDoctorId: string; readonly contractId: string }[];
  readonly invitation?: { readonly id: string; readonly expiresAt: string; readonly redeemed: boolean };
  /** joined: the other registrations of the same human being. */
  readonly joined: readonly string[];
}

/** Who somebody is, how he is reached, and which of his registrations belong together. */
export const person: Decider<InstancesOf<typeof commands>, Person, PersonEvent> = {
  category: 'intake.person',
  rulesVersion: INTAKE_RULES,
  initial: { cases: [], joined: [] },
  streamId: ({ personId }) => String(personId),
  decide: {
    RegisterPerson: (command, state, { actor, now }) => {
      if (state.personId !== undefined) return [];
      const { personId, caseId, ownDoctorId, contractId, name, birthDate, contact, channel, language } = command;
      return [
        {
          type: 'PersonRegistered',
          data: { personId, name, birthDate, contact, channel, language, registeredBy: actor.id, at: now },
          textVersion: textVersions.privateContact,
        },
        { type: 'CaseOfPersonRecorded', data: { caseId, ownDoctorId, contractId } },
        invited(personId, command.invitation, now),
      ];
    },
    RecordCaseOfPerson: ({ caseId, ownDoctorId, contractId }, state) => {
      if (state.personId === undefined) throw new Refused('intake.no-such-person');
      if (state.cases.some((known) => known.caseId === caseId)) return [];
      return [{ type: 'CaseOfPersonRecorded', data: { caseId, ownDoctorId, contractId } }];
    },
    InvitePersonAgain: ({ personId, invitation }, state, { actor, now }) => {
      const byHisDoctor = actor.role === 'company-doctor' && state.cases.some((one) => isActor(actor, one.ownDoctorId));
      if (actor.role !== 'back-office' && !byHisDoctor) throw new Forbidden('intake.own-doctor-only');
      return [invited(personId, invitation, now)];
    },
    RedeemInvitation: ({ invitationId, linkedTo, alike }, state, { now }) => {
      const { invitation } = state;
      // A wrong, a used and an expired code get the same answer: it tells nobody which codes exist.
      if (invitation?.id !== invitationId || invitation.redeemed || invitation.expiresAt <= now)
        throw new Refused('intake.invitation-invalid');
      return [{ type: 'InvitationRedeemed', data: { invitationId, at: now } }, ...joins(state, linkedTo, alike)];
    },
    JoinPersons: ({ personId, otherPersonId }, state) =>
      state.personId === undefined || state.joined.includes(otherPersonId)
        ? []
        : [{ type: 'PersonsJoined', data: { personId, earlierPersonId: otherPersonId } }],
    ForgetCasesOfPerson: () => [],
    CorrectContactData: (command, state, { actor, now }) => {
      const { personId, contact, channel, language } = command;
      if (state.personId === undefined || !isHimself(state, actor)) throw new Forbidden('intake.employee-only');
      if (!command.declaredPrivate) throw new Refused('intake.contact-not-private');
      return [
        {
          type: 'ContactDataCorrected',
          data: { personId, contact, channel, language, at: now },
          textVersion: textVersions.privateContact,
        },
      ];
    },
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'PersonRegistered':
        return { ...withContact(state, event.data), personId: event.data.personId, identity: identityOf(event.data) };
      case 'ContactDataCorrected':
        return withContact(state, event.data);
      case 'CaseOfPersonRecorded':
        return { ...state, cases: [...state.cases, event.data] };
      case 'InvitationIssued': {
        const { invitationId: id, expiresAt } = event.data;
        return { ...state, invitation: { id, expiresAt, redeemed: false } };
      }
      case 'InvitationRedeemed':
        return state.invitation ? { ...state, invitation: { ...state.invitation, redeemed: true } } : state;
      case 'PersonsJoined':
        return { ...state, joined: [...state.joined, event.data.earlierPersonId] };
      default:
        return state;
    }
  },
  participants: ({ personId }) => (personId === undefined ? {} : { employee: personId }),
};

function identityOf({ name, birthDate }: { name: Seal; birthDate: Seal }): { name: Seal; birthDate: Seal } {
  return { name, birthDate };
}

function withContact(state: Person, { contact: seal, channel }: { contact: Seal; channel: 'email' | 'sms' }): Person {
  return { ...state, contact: { seal, channel } };
}

function isHimself(state: Person, actor: Circumstances['actor']): boolean {
  return actor.role === 'employee' && [state.personId, ...state.joined].some((id) => isActor(actor, id));
}

function invited(inviteeId: string, { invitationId, code }: Invitation, now: string): PersonEvent {
  return {
    type: 'InvitationIssued',
    data: { invitationId, inviteeId, code, expiresAt: addDays(now, intakeTerms.invitationDays) },
  };
}

function joins(state: Person, linkedTo: readonly string[], alike: readonly string[]): PersonEvent[] {
  const personId = state.personId ?? '';
  const earlier = linkedTo.filter((id) => id !== personId && !state.joined.includes(id));
  const suggested = alike.filter((id) => id !== personId && !earlier.includes(id) && !state.joined.includes(id));
  return [
    ...earlier.map((earlierPersonId): PersonEvent => ({ type: 'PersonsJoined', data: { personId, earlierPersonId } })),
    ...(suggested.length > 0 ? [{ type: 'EarlierPersonsSuggested' as const, data: { personIds: suggested } }] : []),
  ];
}
