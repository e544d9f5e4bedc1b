import type { CasePlay, Reply, User } from '@second-opinion/standalone/play';
import * as body from './wander-bodies';
import type { Dice } from './wander-dice';

/** PLAYERS of a case: who can do something in it. */
export const PLAYERS = ['employee', 'own-doctor', 'second-doctor', 'third-doctor', 'back-office'] as const;
/** Player by his name in the demo world; the employee has a login of his own. */
export type Player = (typeof PLAYERS)[number];

/** Act is one command of route A, with a body that the dice make up. */
export interface Act {
  readonly name: string;
  readonly by: readonly Player[];
  /** weight among all acts; what ends a case at once is rarer. */
  readonly weight: number;
  send(play: CasePlay, user: User, dice: Dice): Promise<Reply>;
}

type Context = Parameters<CasePlay['on']>[0];
type Body = (play: CasePlay, dice: Dice) => object | Promise<object>;

const EMPLOYEE = ['employee'] as const;
const OWN_DOCTOR = ['own-doctor'] as const;
const DOCTORS = ['second-doctor', 'third-doctor'] as const;
const OFFICE = ['back-office'] as const;
const RARE = 0.4;

function act(context: Context, name: string, by: readonly Player[], made: Body = () => ({}), weight = 1): Act {
  const send: Act['send'] = async (play, user, dice) => play.on(context, user, name, await made(play, dice));
  return { name, by, weight, send };
}

/** ofOne: a command about one source or document of the file, when there is any. */
function ofOne(name: string, by: readonly Player[], kind: 'sources' | 'documents', made: Body = () => ({})): Act {
  const send: Act['send'] = async (play, user, dice) => {
    const id = await body.oneOf(play, kind, dice);
    return play.on('reporting', user, `${kind}/${id}/${name}`, await made(play, dice));
  };
  return { name, by, weight: 1, send };
}

const upload: Act = {
  name: 'documents',
  by: ['own-doctor', 'employee'],
  weight: 1,
  send: (play, user, dice) => play.upload(user, dice.one(body.KINDS), 'Dwaalstuk'),
};

/** closeSlot: the doctor, or who plans for him, closes the hours in which this case has its slot. */
const closeSlot: Act = {
  name: 'close-agenda-slot',
  by: ['second-doctor', 'third-doctor', 'back-office'],
  weight: 0.5,
  send: async (play, user, dice) => {
    const { agenda, ...slot } = await body.heldSlot(play);
    return user.post(`/scheduling/agendas/${agenda}/close-agenda-slot`, { ...slot, evenIfTaken: dice.chance(0.8) });
  },
};

/** ACTS: every command that a person can give in route A, after the wish. */
export const ACTS: readonly Act[] = [
  act('intake', 'explain-non-suspension', OWN_DOCTOR),
  act('intake', 'complete-decision-aid', OWN_DOCTOR, body.aid),
  act('intake', 'insist-on-second-opinion', EMPLOYEE),
  act('intake', 'choose-other-instrument', EMPLOYEE, body.instrument, 0.1),
  act('intake', 'describe-request', ['own-doctor', 'employee'], body.description),
  act('intake', 'honour-request', OWN_DOCTOR),
  act('intake', 'refuse-request', OWN_DOCTOR, body.refusal, 0.1),
  act('intake', 'propose-doctors', OWN_DOCTOR, body.proposal),
  act('intake', 'choose-second-opinion-doctor', EMPLOYEE, body.choice),
  act('intake', 'consent-to-disclosure', EMPLOYEE),
  act('intake', 'withdraw-disclosure-consent', EMPLOYEE),
  act('intake', 'record-employer-agreement', OWN_DOCTOR, body.agreement),
  act('intake', 'pay-as-employee', EMPLOYEE, body.debtor),
  act('intake', 'confirm-request', EMPLOYEE, body.form),
  act('intake', 'submit-second-opinion-request', OWN_DOCTOR),
  act('intake', 'accept-assignment', DOCTORS),
  act('intake', 'decline-assignment', DOCTORS),
  act('intake', 'reassign-assignment', [...DOCTORS, ...OFFICE], body.reassignment, 2),
  act('intake', 'confirm-independence', DOCTORS),
  act('intake', 'reject-independence', DOCTORS),
  act('intake', 'withdraw-request', EMPLOYEE, undefined, RARE),
  act('intake', 'end-for-lack-of-doctor', OWN_DOCTOR, undefined, RARE),
  act('scheduling', 'reschedule-appointment', ['employee', ...DOCTORS, ...OFFICE], body.slot),
  act('scheduling', 'cancel-appointment', ['employee', ...DOCTORS, ...OFFICE], body.cancellation),
  closeSlot,
  act('scheduling', 'end-without-appointment', OFFICE, undefined, RARE),
  act('scheduling', 'record-consultation', DOCTORS, body.consultation),
  act('scheduling', 'record-no-show', [...DOCTORS, ...OFFICE], body.noShow),
  act('scheduling', 'record-late-arrival', [...DOCTORS, ...OFFICE], body.lateness),
  act('scheduling', 'abort-consultation', DOCTORS),
  act('reporting', 'grant-transfer-authorisation', EMPLOYEE, body.authorisation),
  act('reporting', 'refuse-transfer-authorisation', EMPLOYEE),
  act('reporting', 'withdraw-transfer-authorisation', EMPLOYEE),
  act('reporting', 'proceed-without-own-dossier', DOCTORS),
  act('reporting', 'decide-not-executable', DOCTORS, undefined, RARE),
  act('reporting', 'close-dossier', DOCTORS),
  act('reporting', 'grant-source-consent', EMPLOYEE, () => ({ source: 'Huisarts De Vries' })),
  ofOne('withdraw-source-consent', EMPLOYEE, 'sources'),
  ofOne('request-treating-doctor-information', DOCTORS, 'sources', () => ({ question: 'Wat was de uitslag?' })),
  ofOne('record-third-party-information', DOCTORS, 'sources'),
  ofOne('share-document-with-own-doctor', EMPLOYEE, 'documents'),
  ofOne('quarantine-document', DOCTORS, 'documents'),
  upload,
  act('reporting', 'finalise-report-for-review', DOCTORS, body.report),
  act('reporting', 'share-report', DOCTORS),
  act('reporting', 'request-factual-correction', EMPLOYEE, body.correction),
  act('reporting', 'correct-report', DOCTORS, body.report),
  act('reporting', 'reject-correction', DOCTORS, () => ({ reason: 'Dit is een bevinding, geen feit.' })),
  act('reporting', 'grant-release-consent', EMPLOYEE, body.version),
  act('reporting', 'withdraw-release-consent', EMPLOYEE),
  act('reporting', 'block-report', EMPLOYEE),
  act('reporting', 'withdraw-request', EMPLOYEE, undefined, RARE),
  act('reporting', 'state-worked-hours', DOCTORS, body.hours),
  act('reporting', 'record-follow-up', OWN_DOCTOR, body.followUp),
  act('billing', 'sign-quote', ['own-doctor', 'employee']),
  act('billing', 'decline-quote', ['own-doctor', 'employee'], undefined, RARE),
  act('billing', 'issue-quote', OFFICE),
  act('billing', 'issue-credit-note', OFFICE, body.credit),
  act('billing', 'record-payment', OFFICE, body.payment),
];

const STAGES = ['accept-assignment', 'request-factual-correction'].map((name) =>
  ACTS.findIndex((one) => one.name === name),
);
/** timely acts: those of the request, of the examination after its submission, or of what follows once the report is with the employee. */
export function timely(submitted: boolean, shared: boolean): readonly Act[] {
  const [examination, report] = STAGES;
  if (!submitted) return ACTS.slice(0, examination);
  return shared ? ACTS.slice(report) : ACTS.slice(examination, report);
}

/** actNamed finds an act; two contexts have a withdrawal, and reporting's is the one for a case that is under way. */
export function actNamed(name: string): Act {
  const found = ACTS.findLast((one) => one.name === name);
  if (!found) throw new Error(`there is no act ${name}`);
  return found;
}
