import { Forbidden, Refused, type Decider, type InstancesOf, type Seal } from '@second-opinion/kernel';
import { INTAKE_RULES, textVersions } from '../intake.terms';
import type * as commands from './person.commands';
import type { PersonEvent } from './person.events';
import { invited, isOwnDoctor, joins, mayCorrect, suggestions, type Person } from './person.rules';

export type { Person } from './person.rules';

/** Who somebody is, how he is reached, and which of his registrations belong together. */
export const person: Decider<InstancesOf<typeof commands>, Person, PersonEvent> = {
  category: 'intake.person',
  rulesVersion: INTAKE_RULES,
  initial: { cases: [], linked: false, joined: [], suggested: [] },
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
      if (actor.role !== 'back-office' && !isOwnDoctor(state, actor)) throw new Forbidden('intake.own-doctor-only');
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
    CorrectIdentity: ({ personId, name, birthDate, caseRuns, keepsOne, alike }, state, { actor, now }) => {
      mayCorrect(state, actor, caseRuns);
      if (!keepsOne) throw new Refused('intake.another-person');
      return [
        { type: 'IdentityCorrected', data: { personId, name, birthDate, at: now } },
        ...suggestions(state, alike),
      ];
    },
    CorrectContactData: (command, state, { actor, now }) => {
      const { personId, contact, channel, language, caseRuns, invitation } = command;
      mayCorrect(state, actor, caseRuns);
      if (!command.declaredPrivate) throw new Refused('intake.contact-not-private');
      return [
        {
          type: 'ContactDataCorrected',
          data: { personId, contact, channel, language, at: now },
          textVersion: textVersions.privateContact,
        },
        // What went to the wrong address must not be redeemed any more.
        ...(invitation ? [invited(personId, invitation, now)] : []),
      ];
    },
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'PersonRegistered':
        return {
          ...withContact(state, event.data),
          personId: event.data.personId,
          registered: identityOf(event.data),
          identity: identityOf(event.data),
        };
      case 'IdentityCorrected':
        return { ...state, identity: identityOf(event.data) };
      case 'EarlierPersonsSuggested':
        return { ...state, suggested: event.data.personIds };
      case 'ContactDataCorrected':
        return withContact(state, event.data);
      case 'CaseOfPersonRecorded':
        return { ...state, cases: [...state.cases, event.data] };
      case 'InvitationIssued': {
        const { invitationId: id, expiresAt } = event.data;
        return { ...state, invitation: { id, expiresAt, redeemed: false } };
      }
      case 'InvitationRedeemed':
        return {
          ...state,
          linked: true,
          ...(state.invitation ? { invitation: { ...state.invitation, redeemed: true } } : {}),
        };
      case 'PersonsJoined':
        return { ...state, joined: [...state.joined, event.data.earlierPersonId] };
      default:
        return state;
    }
  },
  // A further case of a known person is of the same doctor, so that the latest names him.
  participants: ({ personId, cases }) => {
    const ownDoctorId = cases.at(-1)?.ownDoctorId;
    if (personId === undefined) return {};
    return { employee: personId, ...(ownDoctorId === undefined ? {} : { 'own-doctor': ownDoctorId }) };
  },
};

function identityOf({ name, birthDate }: { name: Seal; birthDate: Seal }): { name: Seal; birthDate: Seal } {
  return { name, birthDate };
}

function withContact(state: Person, { contact: seal, channel }: { contact: Seal; channel: 'email' | 'sms' }): Person {
  return { ...state, contact: { seal, channel } };
}
