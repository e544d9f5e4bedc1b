import type { Dice } from './wander-dice';
import { actNamed, type Act, type Player } from './wander-acts';

/** Way of doing a task: the name of an act, and how likely it is. */
type Way = readonly [name: string, weight: number];

/** WAYS in which what the product asks for can be done, by the name of the task or of what is awaited. What is not here is done by waiting. */
const WAYS: Readonly<Record<string, readonly Way[]>> = {
  HonourRequest: [
    ['honour-request', 12],
    ['refuse-request', 0.5],
  ],
  RefuseRequest: [
    ['refuse-request', 5],
    ['complete-decision-aid', 5],
  ],
  ExplainNonSuspension: [['explain-non-suspension', 1]],
  CompleteDecisionAid: [['complete-decision-aid', 1]],
  InsistOnSecondOpinion: [
    ['insist-on-second-opinion', 9],
    ['choose-other-instrument', 0.5],
  ],
  DescribeRequest: [['describe-request', 1]],
  ProposeDoctors: [
    ['propose-doctors', 9],
    ['end-for-lack-of-doctor', 1],
  ],
  // Who cannot choose any of those proposed turns to his own doctor.
  ChooseSecondOpinionDoctor: [
    ['choose-second-opinion-doctor', 100],
    ['propose-doctors', 1],
    ['end-for-lack-of-doctor', 0.01],
  ],
  PayAsEmployee: [
    ['pay-as-employee', 5],
    ['consent-to-disclosure', 4],
    ['choose-second-opinion-doctor', 1],
  ],
  DecideOnPayment: [
    ['pay-as-employee', 5],
    ['consent-to-disclosure', 4],
  ],
  RecordEmployerAgreement: [['record-employer-agreement', 1]],
  ConfirmRequest: [['confirm-request', 1]],
  SubmitSecondOpinionRequest: [['submit-second-opinion-request', 1]],
  AcceptAssignment: [
    ['accept-assignment', 8],
    ['decline-assignment', 1.5],
  ],
  ConfirmIndependence: [
    ['confirm-independence', 9],
    ['reject-independence', 1],
  ],
  IssueQuote: [['issue-quote', 1]],
  SignQuote: [
    ['sign-quote', 12],
    ['decline-quote', 0.4],
  ],
  GrantTransferAuthorisation: [
    ['grant-transfer-authorisation', 6],
    ['refuse-transfer-authorisation', 2],
  ],
  AddDossierDocument: [
    ['documents', 5],
    ['close-dossier', 1],
  ],
  ProceedWithoutOwnDossier: [
    ['proceed-without-own-dossier', 6],
    ['decide-not-executable', 1],
  ],
  RecordConsultation: [
    ['record-consultation', 8],
    ['record-no-show', 1.5],
    ['abort-consultation', 0.7],
  ],
  RescheduleAppointment: [['reschedule-appointment', 1]],
  EndWithoutAppointment: [['end-without-appointment', 1]],
  ReassignAssignment: [['reassign-assignment', 1]],
  FinaliseReportForReview: [['finalise-report-for-review', 1]],
  ShareReport: [['share-report', 1]],
  CorrectReport: [
    ['correct-report', 5],
    ['reject-correction', 2],
  ],
  GrantReleaseConsent: [
    ['grant-release-consent', 5],
    ['block-report', 2],
    ['request-factual-correction', 1],
  ],
  RecordFollowUp: [['record-follow-up', 1]],
  StateWorkedHours: [['state-worked-hours', 1]],
  RecordPayment: [['record-payment', 1]],
};

/** OPENS_AGENDAS: the task that is done by opening hours, which is no command about a case. */
export const OPENS_AGENDAS = 'OpenAgendaDay';

/** waysOf a task: its acts, the likelier ones sooner. */
export function waysOf(task: string, dice: Dice): readonly Act[] {
  const left = (WAYS[task] ?? []).map(([name, weight]) => ({ name, weight }));
  const ways: Act[] = [];
  while (left.length > 0) {
    const next = dice.weighted(left);
    left.splice(left.indexOf(next), 1);
    ways.push(actNamed(next.name));
  }
  return ways;
}

/** doersOf an act for somebody's task: himself, or who else may do it. */
export function doersOf({ by }: Act, player: Player | undefined, dice: Dice): readonly Player[] {
  return player !== undefined && by.includes(player) ? [player] : dice.shuffled(by);
}
