import { ToOpen, type Actor, type Reading, type Relation, type Shown, type View } from '@second-opinion/kernel';
import type { AskEvent } from '../ask/ask.events';
import { ASK_TEXTS_VERSION, askTexts } from '../ask/ask.texts';
import type { ContractEntry, DoctorEntry, OrganisationEntry } from './register.events';
import {
  askExample,
  contractExample,
  doctorEntryExample,
  doctorExample,
  organisationExample,
} from '../intake.examples';

/** Registers and asks as they stand: the row is what the last event of a kind said. */
function register<Row extends object>(
  name: string,
  category: string,
  indexes: View<Row>['indexes'],
  types: readonly string[],
): View<Row> {
  return {
    name: `intake.${name}`,
    version: 1,
    categories: [category],
    indexes,
    keys: ({ stream, type }) => (types.includes(type) ? [stream.slice(stream.indexOf('-') + 1)] : []),
    project: (_, { data }) => data as Row,
  };
}

const nobodys = { participants: () => ({}), caseId: () => undefined };

export const doctors = register<DoctorEntry>(
  'doctors',
  'intake.doctor',
  [['doctorId'], ['secondOpinionDoctor', 'doctorId']],
  ['DoctorRegistered', 'DoctorRegistrationChanged'],
);
/** Public register data; the contact only one by one, for back office and the doctor himself. */
const doctorShown = ({ contact: _contact, ...entry }: DoctorEntry): Shown => ({ ...entry });
export const doctorsReading: Reading<DoctorEntry> = {
  operation: 'intake.ListDoctors',
  view: doctors,
  ...nobodys,
  show: doctorShown,
  example: doctorEntryExample,
};
export const doctorReading: Reading<DoctorEntry> = {
  operation: 'intake.GetDoctor',
  view: doctors,
  ...nobodys,
  stream: ({ doctorId }) => `intake.doctor-${doctorId}`,
  show: (row, relation: Relation) => ({
    ...doctorShown(row),
    ...(relation === 'back-office'
      ? { contact: new ToOpen(row.contact, { personId: row.doctorId, caseId: '', purpose: 'intake.doctorContact' }) }
      : {}),
  }),
  example: doctorExample,
};

/** doctorsOf: who chooses or proposes sees the second opinion doctors, back office the whole register. */
export function doctorsOf({ role }: Actor) {
  const everybody = role === 'back-office' || role === 'auditor';
  return everybody ? { orderBy: 'doctorId' } : { where: { secondOpinionDoctor: true }, orderBy: 'doctorId' };
}

export const organisations = register<OrganisationEntry>(
  'organisations',
  'intake.organisation',
  [['organisationId']],
  ['OrganisationRegistered', 'OrganisationChanged'],
);
export const organisationsReading: Reading<OrganisationEntry> = {
  operation: 'intake.ListOrganisations',
  view: organisations,
  ...nobodys,
  show: (row) => ({ ...row }),
  example: organisationExample,
};

export const contracts = register<ContractEntry>(
  'contracts',
  'intake.contract',
  [['contractId'], ['organisationId', 'contractId']],
  ['BaseContractRegistered', 'BaseContractChanged'],
);
export const contractsReading: Reading<ContractEntry> = {
  operation: 'intake.ListBaseContracts',
  view: contracts,
  ...nobodys,
  show: ({ mailDomains, ...row }, relation) => (relation === 'back-office' ? { ...row, mailDomains } : { ...row }),
  example: contractExample,
};

/** contractsOf: a company doctor those of his own service. */
export function contractsOf({ role, organisation }: Actor) {
  return role === 'back-office'
    ? { orderBy: 'contractId' }
    : { where: { organisationId: organisation }, orderBy: 'contractId' };
}

type Ask = AskEvent['data'] & { readonly textVersion: string };
export const asks: View<Ask> = {
  ...register<Ask>('asks', 'intake.ask', [['answeredAt']], ['OutOfScopeAskAnswered']),
  project: (_, { data, metadata }) => ({
    ...(data as AskEvent['data']),
    textVersion: metadata.textVersion ?? ASK_TEXTS_VERSION,
  }),
};
/** The answer is the fixed text, whatever is known about anybody (BR-78). */
export const askReading: Reading<Ask> = {
  operation: 'intake.GetOutOfScopeAnswer',
  view: asks,
  ...nobodys,
  show: (row) => ({ ...row, text: askTexts[row.textVersion]?.[row.code][row.language] }),
  example: askExample,
};
