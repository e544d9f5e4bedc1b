import type { TestContext, TestClient } from '@second-opinion/nest/testing';
import type { DecisionAidAnswers } from '../case/decision-aid.rules';

/** A small world over HTTP: registers, and one case as far as a test wants it. */
export const aid: DecisionAidAnswers = {
  requester: 'EMPLOYEE',
  subject: 'AbsenceGuidance',
  firstAdviceExists: true,
  doubtMedical: true,
  preEmployment: false,
  aimNeedsLegalStatus: false,
  disputeType: 'NONE',
  stagnation: false,
  conflict: false,
  conductComplaint: false,
  nonMedical: false,
  sameQuestionBefore: false,
  obstructionSuspected: false,
  uwvDecision: false,
};
export const form = {
  subject: 'AbsenceGuidance',
  firstAdviceOn: '2026-11-02',
  doubt: 'Ik twijfel aan het opbouwschema, het gaat te snel.',
  questions: 'Is een rustiger opbouw beter?',
};
export const jansen = {
  name: 'Jan Jänsen',
  birthDate: '1984-02-29',
  contact: 'jan@prive.example',
  channel: 'email',
  language: 'nl',
  declaredPrivate: true,
};
const doctor = { registrationNumber: '19012345601', region: '35', registeredUntil: '2027-12-31', language: 'nl' };
const doctors = [
  { doctorId: 'doctor-own', organisationId: 'service-own', secondOpinionDoctor: false },
  { doctorId: 'doctor-colleague', organisationId: 'service-own', secondOpinionDoctor: true },
  { doctorId: 'doctor-first', organisationId: 'service-first', secondOpinionDoctor: true },
  { doctorId: 'doctor-second', organisationId: 'service-second', secondOpinionDoctor: true },
  { doctorId: 'doctor-outside', organisationId: 'service-third', secondOpinionDoctor: true },
];

export class World {
  caseId = '';
  personId = '';
  constructor(readonly context: TestContext) {}

  get office(): TestClient {
    return this.context.as('back-office', 'office-1');
  }
  get own(): TestClient {
    return this.context.as('company-doctor', 'doctor-own', 'service-own');
  }
  get employee(): TestClient {
    return this.context.as('employee', this.personId);
  }
  doctor(id: string): TestClient {
    return this.context.as('second-opinion-doctor', id);
  }

  /** registers of doctors, services and the contract. */
  async registers(): Promise<this> {
    for (const one of doctors) {
      const body = { ...doctor, ...one, registerName: one.doctorId, contact: `${one.doctorId}@artsen.example` };
      await expectStatus(201, this.office.post('/intake/doctors', body));
    }
    await expectStatus(
      201,
      this.office.post('/intake/contracts', {
        contractId: 'contract-1',
        organisationId: 'service-own',
        employerId: 'employer-1',
        sector: 'GENERAL',
        doctorIds: ['doctor-first', 'doctor-second'],
        organisationIds: [],
        employerAgreesToOthers: false,
        mailDomains: ['werkgever.nl'],
      }),
    );
    return this;
  }

  wish(over: object = {}): Promise<{ status: number; body: { id: string; code?: string } }> {
    const body = { initiator: 'EMPLOYEE', contractId: 'contract-1', region: '35', employee: jansen, ...over };
    return this.own.post('/intake/cases', body);
  }

  /** wished: a case exists; who the employee is, is known here. */
  async wished(): Promise<this> {
    const { body } = await expectStatus(201, this.wish());
    this.caseId = (body as { id: string }).id;
    const [first] = await this.context.events(`intake.case-${this.caseId}`);
    this.personId = (first?.data as { employeeId: string }).employeeId;
    return this;
  }

  does(by: TestClient, command: string, body: object = {}) {
    return by.post(`/intake/cases/${this.caseId}/${command}`, body);
  }
  async done(by: TestClient, command: string, body: object = {}): Promise<void> {
    await expectStatus(200, this.does(by, command, body));
  }

  async submitted(first = 'doctor-first', second: string | undefined = 'doctor-second'): Promise<this> {
    await this.done(this.own, 'explain-non-suspension');
    await this.done(this.own, 'complete-decision-aid', aid);
    await this.done(this.own, 'describe-request', form);
    await this.done(this.own, 'honour-request');
    await this.done(this.own, 'propose-doctors', { doctorIds: ['doctor-first', 'doctor-second'] });
    await this.done(this.employee, 'choose-second-opinion-doctor', { first, ...(second ? { second } : {}) });
    await this.done(this.employee, 'confirm-request', { formVersion: 1 });
    await this.done(this.own, 'submit-second-opinion-request');
    return this;
  }

  async types(): Promise<string[]> {
    return (await this.context.events(`intake.case-${this.caseId}`)).map(({ type }) => type);
  }
}

async function expectStatus<T extends { status: number; body: unknown }>(status: number, sent: Promise<T>): Promise<T> {
  const answer = await sent;
  if (answer.status !== status) throw new Error(`expected ${status}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}
