import { Module } from '@nestjs/common';
import { contextModule, deciderHandlers } from '@second-opinion/nest';
import * as askCommands from './ask/ask.commands';
import { outOfScopeAsk } from './ask/ask.decider';
import { askEvents } from './ask/ask.events';
import * as caseCommands from './case/case.commands';
import { secondOpinionCase } from './case/case.decider';
import { caseEvents } from './case/case.events';
import { ConfirmIndependenceHandler } from './case/confirm-independence.handler';
import { EmployeeOfCase } from './case/employee-of-case.handler';
import {
  AcceptAssignmentHandler,
  CompleteDecisionAidHandler,
  DoctorsNamedHandler,
  EmployeeLoginHandler,
  EndForUnreachableEmployeeHandler,
  EndForLackOfDoctorHandler,
  OwnDoctorHandler,
  RefuseRequestHandler,
  RejectIndependenceHandler,
} from './case/outside-facts.handler';
import { RecordWishHandler } from './case/record-wish.handler';
import { whenAppointmentMovesNoteMilestone } from './case/when-appointment-moves-note-milestone.policy';
import { whenFileMovesNoteMilestone } from './case/when-file-moves-note-milestone.policy';
import { whenIndependenceRejectedTellCases } from './case/when-independence-rejected-tell-cases.policy';
import { whenInvitationMovesTellCases } from './case/when-invitation-moves-tell-cases.policy';
import { whenQuoteMovesNoteMilestone } from './case/when-quote-moves-note-milestone.policy';
import { IntakeController } from './intake.controller';
import { intakeProblems } from './intake.problems';
import { intakePublisher } from './intake.publisher';
import { AttemptsHandler } from './person/attempts.handler';
import { CorrectContactDataHandler } from './person/correct-contact-data.handler';
import { CorrectIdentityHandler } from './person/correct-identity.handler';
import { ForgetCasesHandler } from './person/forget-cases.handler';
import { InvitePersonAgainHandler } from './person/invite-person-again.handler';
import * as personCommands from './person/person.commands';
import { person } from './person/person.decider';
import { personEvents } from './person/person.events';
import { RedeemInvitationHandler } from './person/redeem-invitation.handler';
import { whenErasureDecidedNoteIt } from './person/when-erasure-decided-note-it.policy';
import * as contractCommands from './register/contract.commands';
import { baseContract } from './register/contract.decider';
import { InviteDoctorHandler, RedeemDoctorInvitationHandler } from './register/doctor-invitations.handler';
import * as doctorCommands from './register/doctor.commands';
import { doctor } from './register/doctor.decider';
import { DeniedAttempts } from './register/denied-attempts.handler';
import { Invitations } from './register/invitations.handler';
import * as organisationCommands from './register/organisation.commands';
import { organisation } from './register/organisation.decider';
import { RegisterFacts } from './register/register-facts.handler';
import { contractEvents, doctorEvents, organisationEvents } from './register/register.events';
import { SecondOpinionDoctors } from './register/second-opinion-doctors.handler';
import { SystemDoor } from './register/system-door.handler';
import { projected } from './intake.views';

@Module(
  contextModule({
    ...projected,
    controllers: [IntakeController],
    problems: intakeProblems,
    events: {
      'intake.case': caseEvents,
      'intake.person': personEvents,
      'intake.doctor': doctorEvents,
      'intake.organisation': organisationEvents,
      'intake.contract': contractEvents,
      'intake.ask': askEvents,
    },
    handlers: [
      ...deciderHandlers(secondOpinionCase, caseCommands, {
        RecordSecondOpinionWish: RecordWishHandler,
        ExplainNonSuspension: OwnDoctorHandler,
        CompleteDecisionAid: CompleteDecisionAidHandler,
        DescribeRequest: OwnDoctorHandler,
        HonourRequest: OwnDoctorHandler,
        RefuseRequest: RefuseRequestHandler,
        ProposeDoctors: DoctorsNamedHandler,
        ChooseSecondOpinionDoctor: DoctorsNamedHandler,
        SubmitSecondOpinionRequest: OwnDoctorHandler,
        AcceptAssignment: AcceptAssignmentHandler,
        ConfirmIndependence: ConfirmIndependenceHandler,
        RejectIndependence: RejectIndependenceHandler,
        RemindEmployeeOfAnswer: EmployeeLoginHandler,
        NoteEmployeeSilent: EmployeeLoginHandler,
        EndForUnreachableEmployee: EndForUnreachableEmployeeHandler,
        EndForLackOfDoctor: EndForLackOfDoctorHandler,
      }),
      ...deciderHandlers(person, personCommands, {
        InvitePersonAgain: InvitePersonAgainHandler,
        RedeemInvitation: RedeemInvitationHandler,
        RepeatInvitation: AttemptsHandler,
        NotePersonUnreachable: AttemptsHandler,
        CorrectIdentity: CorrectIdentityHandler,
        CorrectContactData: CorrectContactDataHandler,
        ForgetCasesOfPerson: ForgetCasesHandler,
      }),
      ...deciderHandlers(doctor, doctorCommands, {
        RegisterDoctor: InviteDoctorHandler,
        InviteDoctorAgain: InviteDoctorHandler,
        RedeemDoctorInvitation: RedeemDoctorInvitationHandler,
      }),
      ...deciderHandlers(organisation, organisationCommands),
      ...deciderHandlers(baseContract, contractCommands),
      ...deciderHandlers(outOfScopeAsk, askCommands),
    ],
    policies: [
      whenQuoteMovesNoteMilestone,
      whenAppointmentMovesNoteMilestone,
      whenFileMovesNoteMilestone,
      whenInvitationMovesTellCases,
      whenIndependenceRejectedTellCases,
      whenErasureDecidedNoteIt,
    ],
    publishers: [intakePublisher],
    providers: [RegisterFacts, SecondOpinionDoctors, SystemDoor, Invitations, DeniedAttempts, EmployeeOfCase],
  }),
)
export class IntakeModule {}
