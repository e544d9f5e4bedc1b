import { registeredDoctor } from '@second-opinion/contracts';
import { TERMS } from './reporting.terms';

/** Who may write and share a report, as far as intake's register says (BR-19). */
export const doctor = registeredDoctor('reporting.doctor', TERMS.version);
