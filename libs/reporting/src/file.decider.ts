import type { CaseId } from '@second-opinion/kernel';
import type { FileDecider } from './acts.rules';
import { acts as authorisationActs } from './authorisation.rules';
import { acts as caseClockActs } from './case-clock.rules';
import { acts as dossierActs } from './dossier.rules';
import { emptyFile, evolve } from './file-state.rules';
import { acts as followUpActs } from './follow-up.rules';
import { hiddenFrom } from './knowledge.rules';
import { acts as noteActs } from './notes.rules';
import { acts as releaseActs } from './release.rules';
import { acts as registrationActs } from './registration.rules';
import { acts as reportActs } from './report.rules';
import { TERMS } from './reporting.terms';
import { acts as sourceActs } from './sources.rules';
import { acts as withdrawalActs } from './withdrawal.rules';

/** One stream, because it is one decision: what may be stored, opened and released must be refused where it was withdrawn. */
export const medicalFile: FileDecider = {
  category: 'reporting.file',
  rulesVersion: TERMS.version,
  initial: emptyFile,
  streamId: (command) => String(command['caseId']),
  caseId: (streamId): CaseId => streamId,
  participants: ({ opened, candidateId, doctorId }) => ({
    ...(opened ? { employee: opened.employeeId, 'own-doctor': opened.ownDoctorId } : {}),
    ...(candidateId === undefined ? {} : { 'candidate-doctor': candidateId }),
    ...(doctorId === undefined ? {} : { 'second-opinion-doctor': doctorId }),
  }),
  decide: {
    ...noteActs,
    ...authorisationActs,
    ...dossierActs,
    ...sourceActs,
    ...registrationActs,
    ...reportActs,
    ...releaseActs,
    ...followUpActs,
    ...withdrawalActs,
    ...caseClockActs,
  },
  evolve,
  hiddenFrom,
};
