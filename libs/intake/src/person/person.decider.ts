import { Forbidden, Grown, Refused, type Decider, type InstancesOf, type Seal } from '@second-opinion/kernel';
import { INTAKE_RULES, textVersions } from '../intake.terms';
import type * as commands from './person.commands';
import type { PersonEvent } from './person.events';
import {
  caseIdsOf,
  invited,
  isOwnDoctor,
  joins,
  mayCorrect,
  openInvitation,
  reserve,
  suggestions,
  type CaseOfPerson,
  type Person,
} from './person.rules';

export type { Person } from './person.rules';

/** Who somebody is, how he is reached, and which of his registrations belong together. */
export const person: Decider<InstancesOf<typeof commands>, Person, PersonEvent> = {
  category: 'intake.person',
  rulesVersion: INTAKE_RULES,
  initial: {
    cases: Grown.by(({ caseId }) => caseId),
    linked: false,
    unreachable: false,
    joined: [],
    reserved: {},
    suggested: [],
  },
  streamId: ({ personId }) => String(personId),
  decide: {
    RegisterPerson: (command, state, around) => {
      if (state.personId !== undefined) return [];
      const { personId, caseId, ownDoctorId, contractId, name, birthDate, contact, channel, language } = command;
      const { actor, now } = around;
      const aCase = { caseId, ownDoctorId, contractId };
      return [
        {
          type: 'PersonRegistered',
          data: { personId, name, birthDate, contact, channel, language, registeredBy: actor.id, at: now },
          textVersion: textVersions.privateContact,
        },
        { type: 'CaseOfPersonRecorded', data: aCase },
        invited({ ...state, personId }, command.invitation, around),
      ];
    },
    RecordCaseOfPerson: ({ caseId, ownDoctorId, contractId, invitation }, state, around) => {
      if (state.personId === undefined) throw new Refused('intake.no-such-person');
      if (state.cases.has(caseId)) return [];
      const aCase = { caseId, ownDoctorId, contractId };
      return [
        { type: 'CaseOfPersonRecorded', data: aCase },
        ...(invitation ? [invited(withCase(state, aCase), invitation, around)] : []),
      ];
    },
    InvitePersonAgain: ({ invitation }, state, around) => {
      const { actor } = around;
      if (actor.role !== 'back-office' && !isOwnDoctor(state, actor)) throw new Forbidden('intake.own-doctor-only');
      return [invited(state, invitation, around)];
    },
    RepeatInvitation: (command, state) => {
      const { personId: inviteeId, attempt } = command;
      const open = openInvitation(state, command);
      if (!open || open.attempts >= attempt) return [];
      const { id: invitationId, code, expiresAt } = open;
      return [{ type: 'InvitationRepeated', data: { invitationId, inviteeId, attempt, code, expiresAt } }];
    },
    NotePersonUnreachable: (command, state, { now }) => {
      const open = openInvitation(state, command);
      if (!open || state.unreachable) return [];
      const caseIds = caseIdsOf(state);
      return [
        { type: 'PersonUnreachable', data: { invitationId: open.id, attempts: open.attempts, caseIds, at: now } },
      ];
    },
    RedeemInvitation: ({ invitationId, linkedTo, alike }, state, { now }) => {
      const { invitation } = state;
      // A wrong, a used and an expired code get the same answer: it tells nobody which codes exist.
      if (invitation?.id !== invitationId || invitation.redeemed || invitation.expiresAt <= now)
        throw new Refused('intake.invitation-invalid');
      const caseIds = caseIdsOf(state);
      return [
        { type: 'InvitationRedeemed', data: { invitationId, at: now, caseIds } },
        ...joins(state, linkedTo, alike),
      ];
    },
    JoinPersons: ({ personId, otherPersonId }, state) =>
      state.personId === undefined || state.joined.includes(otherPersonId)
        ? []
        : [{ type: 'PersonsJoined', data: { personId, earlierPersonId: otherPersonId } }],
    ReserveDoctor: reserve,
    ForgetCasesOfPerson: () => [],
    CorrectIdentity: ({ personId, name, birthDate, caseRuns, keepsOne, alike }, state, { actor, now }) => {
      mayCorrect(state, actor, caseRuns);
      if (!keepsOne) throw new Refused('intake.another-person');
      return [
        { type: 'IdentityCorrected', data: { personId, name, birthDate, at: now } },
        ...suggestions(state, alike),
      ];
    },
    CorrectContactData: (command, state, around) => {
      const { actor, now } = around;
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
        ...(invitation ? [invited(state, invitation, around)] : []),
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
        return withCase(state, event.data);
      case 'InvitationIssued': {
        const { invitationId: id, code, expiresAt } = event.data;
        const invitation = { id, code, expiresAt, redeemed: false, attempts: 1 };
        return { ...state, unreachable: false, invitation };
      }
      case 'InvitationRepeated': {
        const { attempt: attempts } = event.data;
        return state.invitation ? { ...state, invitation: { ...state.invitation, attempts } } : state;
      }
      case 'PersonUnreachable':
        return { ...state, unreachable: true };
      case 'InvitationRedeemed':
        return {
          ...state,
          linked: true,
          loggedInAt: event.data.at,
          unreachable: false,
          ...(state.invitation ? { invitation: { ...state.invitation, redeemed: true } } : {}),
        };
      case 'PersonsJoined':
        return { ...state, joined: [...state.joined, event.data.earlierPersonId] };
      case 'DoctorReserved': {
        const { doctorId, caseId, round } = event.data;
        return { ...state, reserved: { ...state.reserved, [doctorId]: { caseId, round } } };
      }
      default:
        return state;
    }
  },
  // A further case of a known person is of the same doctor, so that the latest names him.
  participants: ({ personId, cases }) => {
    const ownDoctorId = cases.newest?.ownDoctorId;
    if (personId === undefined) return {};
    return { employee: personId, ...(ownDoctorId === undefined ? {} : { 'own-doctor': ownDoctorId }) };
  },
};

function withCase(state: Person, one: CaseOfPerson): Person {
  return { ...state, cases: state.cases.with(one) };
}

function identityOf({ name, birthDate }: { name: Seal; birthDate: Seal }): { name: Seal; birthDate: Seal } {
  return { name, birthDate };
}

function withContact(state: Person, { contact: seal, channel }: { contact: Seal; channel: 'email' | 'sms' }): Person {
  return { ...state, contact: { seal, channel } };
}
