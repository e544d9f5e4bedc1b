import { registeredDoctor } from '@second-opinion/contracts';
import { TERMS } from './scheduling.terms';

/** Who may hold a consultation, as far as intake's register says (BR-19). */
export const doctor = registeredDoctor('scheduling.doctor', TERMS.version);
