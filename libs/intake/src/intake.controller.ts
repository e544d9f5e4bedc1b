import { Param, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Acts, Answers, Asking, Context, Creates, FromRequest, Reads, type PageQuery } from '@second-opinion/nest';
import { AnswerOutOfScopeAsk } from './ask/ask.commands';
import * as c from './case/case.commands';
import { caseReading, casesOf, casesReading, employeeReading } from './case/case-readings.view';
import { EmployeeOfCase } from './case/employee-of-case.handler';
import { intakeTasks } from './case/intake-tasks.view';
import { textsExample } from './intake.examples';
import { shownTexts } from './intake.texts';
import { CorrectContactData, CorrectIdentity, InvitePersonAgain, RedeemInvitation } from './person/person.commands';
import { meReading, ownPersonReading } from './person/person.view';
import { ChangeBaseContract, RegisterBaseContract } from './register/contract.commands';
import {
  ChangeDoctorRegistration,
  InviteDoctorAgain,
  RedeemDoctorInvitation,
  RegisterDoctor,
} from './register/doctor.commands';
import { ChangeOrganisation, RegisterOrganisation } from './register/organisation.commands';
import {
  askReading,
  contractsOf,
  contractsReading,
  doctorReading,
  doctorsOf,
  doctorsReading,
  organisationsReading,
} from './register/registers.view';

@Context('intake')
export class IntakeController {
  constructor(
    private readonly bus: CommandBus,
    private readonly reads: Reads,
    private readonly employees: EmployeeOfCase,
  ) {}

  @Creates('cases', c.RecordSecondOpinionWish, 'caseId')
  record(@FromRequest() command: c.RecordSecondOpinionWish) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.ExplainNonSuspension)
  explainNonSuspension(@FromRequest() command: c.ExplainNonSuspension) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.CompleteDecisionAid)
  completeDecisionAid(@FromRequest() command: c.CompleteDecisionAid) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.InsistOnSecondOpinion)
  insistOnSecondOpinion(@FromRequest() command: c.InsistOnSecondOpinion) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.ChooseOtherInstrument)
  chooseOtherInstrument(@FromRequest() command: c.ChooseOtherInstrument) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.DescribeRequest)
  describeRequest(@FromRequest() command: c.DescribeRequest) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.HonourRequest)
  honourRequest(@FromRequest() command: c.HonourRequest) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.RefuseRequest)
  refuseRequest(@FromRequest() command: c.RefuseRequest) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.ProposeDoctors)
  proposeDoctors(@FromRequest() command: c.ProposeDoctors) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.ChooseSecondOpinionDoctor)
  chooseSecondOpinionDoctor(@FromRequest() command: c.ChooseSecondOpinionDoctor) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.ConsentToDisclosure)
  consentToDisclosure(@FromRequest() command: c.ConsentToDisclosure) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.WithdrawDisclosureConsent)
  withdrawDisclosureConsent(@FromRequest() command: c.WithdrawDisclosureConsent) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.RecordEmployerAgreement)
  recordEmployerAgreement(@FromRequest() command: c.RecordEmployerAgreement) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.PayAsEmployee)
  payAsEmployee(@FromRequest() command: c.PayAsEmployee) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.ConfirmRequest)
  confirmRequest(@FromRequest() command: c.ConfirmRequest) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.SubmitSecondOpinionRequest)
  submitSecondOpinionRequest(@FromRequest() command: c.SubmitSecondOpinionRequest) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.AcceptAssignment)
  acceptAssignment(@FromRequest() command: c.AcceptAssignment) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.DeclineAssignment)
  declineAssignment(@FromRequest() command: c.DeclineAssignment) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.ReassignAssignment)
  reassignAssignment(@FromRequest() command: c.ReassignAssignment) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.ConfirmIndependence)
  confirmIndependence(@FromRequest() command: c.ConfirmIndependence) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.RejectIndependence)
  rejectIndependence(@FromRequest() command: c.RejectIndependence) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.WithdrawRequest)
  withdrawRequest(@FromRequest() command: c.WithdrawRequest) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.EndForLackOfDoctor)
  endForLackOfDoctor(@FromRequest() command: c.EndForLackOfDoctor) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', c.EndForUnreachableEmployee)
  endForUnreachableEmployee(@FromRequest() command: c.EndForUnreachableEmployee) {
    return this.bus.execute(command);
  }

  @Answers('cases', casesReading)
  cases(@Query() page: PageQuery, @Asking() asking: Asking) {
    return this.reads.list(casesReading, casesOf(asking.actor), page, asking);
  }

  @Answers('cases/:caseId', caseReading)
  case(@Param('caseId') caseId: string, @Asking() asking: Asking) {
    return this.reads.one(caseReading, caseId, asking);
  }

  @Answers('cases/:caseId/employee', employeeReading)
  employee(@Param('caseId') caseId: string, @Asking() asking: Asking) {
    return this.employees.answer(caseId, asking);
  }

  @Answers('tasks', 'intake.ListTasks')
  tasks(@Query() page: PageQuery, @Asking() asking: Asking) {
    return this.reads.tasks(intakeTasks, page, asking);
  }

  @Answers('texts', 'intake.GetTexts', { summary: 'Texts with their versions', example: textsExample })
  texts() {
    return shownTexts();
  }

  @Acts('persons', RedeemInvitation)
  redeemInvitation(@FromRequest() command: RedeemInvitation, @Asking() { token }: Asking) {
    return this.bus.execute(Object.assign(command, { login: token }));
  }

  @Acts('persons/:personId', InvitePersonAgain)
  invitePersonAgain(@FromRequest() command: InvitePersonAgain) {
    return this.bus.execute(command);
  }

  @Acts('persons/:personId', CorrectIdentity)
  correctIdentity(@FromRequest() command: CorrectIdentity) {
    return this.bus.execute(command);
  }

  @Acts('persons/:personId', CorrectContactData)
  correctContactData(@FromRequest() command: CorrectContactData) {
    return this.bus.execute(command);
  }

  @Answers('persons/:personId', ownPersonReading)
  person(@Param('personId') personId: string, @Asking() asking: Asking) {
    return this.reads.one(ownPersonReading, personId, asking);
  }

  @Answers('me', meReading, { summary: 'Your own data' })
  me(@Asking() asking: Asking) {
    return this.reads.one(meReading, asking.actor.id, asking);
  }

  @Creates('doctors', RegisterDoctor)
  registerDoctor(@FromRequest() command: RegisterDoctor) {
    return this.bus.execute(command);
  }

  @Acts('doctors/:doctorId', ChangeDoctorRegistration)
  changeDoctorRegistration(@FromRequest() command: ChangeDoctorRegistration) {
    return this.bus.execute(command);
  }

  @Acts('doctors/:doctorId', InviteDoctorAgain)
  inviteDoctorAgain(@FromRequest() command: InviteDoctorAgain) {
    return this.bus.execute(command);
  }

  @Acts('doctors', RedeemDoctorInvitation)
  redeemDoctorInvitation(@FromRequest() command: RedeemDoctorInvitation, @Asking() { token }: Asking) {
    return this.bus.execute(Object.assign(command, { login: token }));
  }

  @Answers('doctors', doctorsReading)
  doctors(@Query() page: PageQuery, @Asking() asking: Asking) {
    return this.reads.list(doctorsReading, doctorsOf(asking.actor), page, asking);
  }

  @Answers('doctors/:doctorId', doctorReading)
  doctor(@Param('doctorId') doctorId: string, @Asking() asking: Asking) {
    return this.reads.one(doctorReading, doctorId, asking);
  }

  @Creates('organisations', RegisterOrganisation)
  registerOrganisation(@FromRequest() command: RegisterOrganisation) {
    return this.bus.execute(command);
  }

  @Acts('organisations/:organisationId', ChangeOrganisation)
  changeOrganisation(@FromRequest() command: ChangeOrganisation) {
    return this.bus.execute(command);
  }

  @Answers('organisations', organisationsReading)
  organisations(@Query() page: PageQuery, @Asking() asking: Asking) {
    return this.reads.list(organisationsReading, { orderBy: 'organisationId' }, page, asking);
  }

  @Creates('contracts', RegisterBaseContract)
  registerBaseContract(@FromRequest() command: RegisterBaseContract) {
    return this.bus.execute(command);
  }

  @Acts('contracts/:contractId', ChangeBaseContract)
  changeBaseContract(@FromRequest() command: ChangeBaseContract) {
    return this.bus.execute(command);
  }

  @Answers('contracts', contractsReading)
  contracts(@Query() page: PageQuery, @Asking() asking: Asking) {
    return this.reads.list(contractsReading, contractsOf(asking.actor), page, asking);
  }

  @Creates('asks', AnswerOutOfScopeAsk, 'askId')
  answerOutOfScopeAsk(@FromRequest() command: AnswerOutOfScopeAsk) {
    return this.bus.execute(command);
  }

  @Answers('asks/:askId', askReading)
  ask(@Param('askId') askId: string, @Asking() asking: Asking) {
    return this.reads.one(askReading, askId, asking);
  }
}
