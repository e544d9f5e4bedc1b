import { endOfDay, Refused, type Decider, type InstancesOf, type Sealed } from '@second-opinion/kernel';
import { INTAKE_RULES, intakeTerms } from '../intake.terms';
import type { Invitation } from '../person/person.commands';
import type * as commands from './doctor.commands';
import type { DoctorEntry, DoctorEvent } from './register.events';

export interface Doctor {
  readonly entry?: DoctorEntry;
  readonly invitation?: { readonly id: string; readonly expiresAt: string; readonly redeemed: boolean };
}

/** The register of company doctors: who may act, until when, and where he works (BR-15, BR-19). */
export const doctor: Decider<InstancesOf<typeof commands>, Doctor, DoctorEvent> = {
  category: 'intake.doctor',
  rulesVersion: INTAKE_RULES,
  initial: {},
  streamId: ({ doctorId }) => String(doctorId),
  decide: {
    RegisterDoctor: (command, state, { now }) => {
      if (state.entry) throw new Refused('intake.doctor-exists');
      return [{ type: 'DoctorRegistered', data: entryOf(command) }, invited(command.doctorId, command.invitation, now)];
    },
    ChangeDoctorRegistration: (command, state) => {
      if (!state.entry) throw new Refused('intake.no-such-doctor');
      return [{ type: 'DoctorRegistrationChanged', data: entryOf(command) }];
    },
    InviteDoctorAgain: ({ doctorId, invitation }, state, { now }) => {
      if (!state.entry) throw new Refused('intake.no-such-doctor');
      return [invited(doctorId, invitation, now)];
    },
    RedeemDoctorInvitation: ({ invitationId }, { invitation }, { now }) => {
      // A wrong, a used and an expired code get the same answer: it tells nobody which codes exist.
      if (invitation?.id !== invitationId || invitation.redeemed || invitation.expiresAt <= now)
        throw new Refused('intake.invitation-invalid');
      return [{ type: 'InvitationRedeemed', data: { invitationId, at: now } }];
    },
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'DoctorRegistered':
      case 'DoctorRegistrationChanged':
        return { ...state, entry: event.data };
      case 'InvitationIssued': {
        const { invitationId: id, expiresAt } = event.data;
        return { ...state, invitation: { id, expiresAt, redeemed: false } };
      }
      case 'InvitationRedeemed':
        return state.invitation ? { ...state, invitation: { ...state.invitation, redeemed: true } } : state;
      default:
        return state;
    }
  },
};

function entryOf(command: Sealed<commands.ChangeDoctorRegistration>): DoctorEntry {
  const { companyId, institutionId, registeredUntil } = command;
  return {
    doctorId: command.doctorId,
    registerName: command.registerName,
    registrationNumber: command.registrationNumber,
    organisationId: command.organisationId,
    ...(companyId === undefined ? {} : { companyId }),
    ...(institutionId === undefined ? {} : { institutionId }),
    secondOpinionDoctor: command.secondOpinionDoctor,
    region: command.region,
    ...(registeredUntil === undefined ? {} : { registeredUntil }),
    contact: command.contact,
    language: command.language,
  };
}

function invited(inviteeId: string, { invitationId, code }: Invitation, now: string): DoctorEvent {
  return {
    type: 'InvitationIssued',
    data: { invitationId, inviteeId, code, expiresAt: endOfDay(now, intakeTerms.invitationDays) },
  };
}
