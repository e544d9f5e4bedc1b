import { registrationReaches } from '@second-opinion/contracts';
import { Refused, type LocalDate } from '@second-opinion/kernel';
import type { CaseEventData } from './case.events';

/** RegisteredDoctor is a doctor as the register knows him on the day; a handler fetches it (BR-15, BR-19). */
export interface RegisteredDoctor {
  readonly doctorId: string;
  readonly known: boolean;
  readonly secondOpinionDoctor: boolean;
  readonly organisationId: string;
  readonly companyId?: string;
  readonly institutionId?: string;
  /** registeredUntil is the last day of the registration as company doctor; absent: none. */
  readonly registeredUntil?: string;
}

/** Candidate is a doctor named or proposed, with what the base contract and earlier cases say of him. */
export interface Candidate extends RegisteredDoctor {
  readonly contracted: boolean;
  /** actedBefore: he acted as a doctor in an earlier case of this person, under any of his joined ids (BR-21). */
  readonly actedBefore: boolean;
}

/** ContractTerms is what the base contract says, as far as a choice depends on it. */
export interface ContractTerms {
  readonly known: boolean;
  readonly employerId: string;
  /** sector DEFENCE is excepted from the rule on the same service (Arbobesluit 1.34a). */
  readonly sector: 'GENERAL' | 'DEFENCE';
  /** listed: how many doctors and services the contract names (BR-16). */
  readonly listed: number;
  /** agreesToOthers: the employer agreed beforehand to pay for doctors outside the contract (BR-17). */
  readonly agreesToOthers: boolean;
}

export type Checks = CaseEventData<'DoctorChosen'>['choices'][number]['checks'];

/** asDeclared: with what the doctor himself declared in this case, or in another one of this person. */
export function asDeclared(candidate: Candidate, { notIndependent }: { notIndependent: readonly string[] }): Candidate {
  return notIndependent.includes(candidate.doctorId) ? { ...candidate, actedBefore: true } : candidate;
}

/** registrationValid: a valid registration as company doctor on the day he acts (BR-19). */
export function registrationValid(doctor: Pick<RegisteredDoctor, 'known' | 'registeredUntil'>, on: LocalDate): boolean {
  return doctor.known && registrationReaches(doctor.registeredUntil, on);
}

/** mustBeRegistered gives the last day of the registration, or refuses. */
export function mustBeRegistered(doctor: RegisteredDoctor | undefined, on: LocalDate): string {
  if (!doctor?.registeredUntil || !registrationValid(doctor, on))
    throw new Refused('intake.doctor-not-registered', { doctorId: doctor?.doctorId ?? null, on });
  return doctor.registeredUntil;
}

/** independenceChecks gives the proof of independence, or refuses and names what stands against it. */
export function independenceChecks(
  candidate: Candidate,
  own: RegisteredDoctor,
  contract: ContractTerms,
  on: LocalDate,
): Checks {
  const { checks, failed } = lookedAt(candidate, own, contract, on);
  if (failed.length > 0) throw new Refused('intake.doctor-not-independent', { doctorId: candidate.doctorId, failed });
  return checks;
}

/** mayBeChosen tells whether nothing stands against a doctor. */
export function mayBeChosen(
  candidate: Candidate,
  own: RegisteredDoctor,
  contract: ContractTerms,
  on: LocalDate,
): boolean {
  return lookedAt(candidate, own, contract, on).failed.length === 0;
}

function lookedAt(
  candidate: Candidate,
  own: RegisteredDoctor,
  contract: ContractTerms,
  on: LocalDate,
): { readonly checks: Checks; readonly failed: string[] } {
  const sameService = candidate.organisationId === own.organisationId;
  const exempt = contract.sector === 'DEFENCE';
  const sameCompany = same(candidate.companyId, own.companyId) || same(candidate.companyId, contract.employerId);
  const checks: Checks = {
    service: !sameService ? 'DIFFERENT' : exempt ? 'EXEMPT' : 'SAME',
    company: sameCompany ? 'SAME' : 'DIFFERENT',
    institution: same(candidate.institutionId, own.institutionId) ? 'SAME' : 'DIFFERENT',
    involvement: candidate.actedBefore || candidate.doctorId === own.doctorId ? 'ACTED_BEFORE' : 'NONE_KNOWN',
    registeredUntil: candidate.registeredUntil ?? '',
    checkedOn: on,
  };
  const failed = [
    ...(candidate.known && candidate.secondOpinionDoctor ? [] : ['NOT_A_SECOND_OPINION_DOCTOR']),
    ...(checks.service === 'SAME' ? ['SAME_SERVICE'] : []),
    ...(checks.company === 'SAME' ? ['SAME_COMPANY'] : []),
    ...(checks.institution === 'SAME' ? ['SAME_INSTITUTION'] : []),
    ...(checks.involvement === 'ACTED_BEFORE' ? ['ACTED_BEFORE'] : []),
    ...(registrationValid(candidate, on) ? [] : ['NOT_REGISTERED']),
  ];
  return { checks, failed };
}

function same(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one === other;
}
