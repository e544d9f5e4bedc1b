import { REPORT, type CasePlay, type User } from '@second-opinion/standalone/play';
import type { Dice } from './wander-dice';

/** PAGES about a case that anybody may ask for. */
const PAGES = [
  (caseId: string) => `/intake/cases/${caseId}`,
  (caseId: string) => `/intake/cases/${caseId}/employee`,
  (caseId: string) => `/reporting/cases/${caseId}`,
  (caseId: string) => `/reporting/cases/${caseId}/report`,
  (caseId: string) => `/reporting/cases/${caseId}/report-versions/1`,
  (caseId: string) => `/reporting/cases/${caseId}/documents`,
  (caseId: string) => `/scheduling/appointments/${caseId}`,
  (caseId: string) => `/billing/cases/${caseId}`,
  (caseId: string) => `/notification/log/${caseId}`,
] as const;

/** look: somebody looks at one page; what is wrong with an answer in itself the world notices. */
export async function look(play: CasePlay, user: User, dice: Dice): Promise<void> {
  await user.get(dice.one(PAGES)(play.caseId));
}

/** SAYS that there is a report, or what became of it: in intake, and elsewhere but on the quote, whose terms name every end. */
const SAYS = /"(REPORT_[A-Z]+|BLOCKED|RELEASE_DECISION_LAPSED|WITHDRAWN(_IN_REPORTING)?|NOT_RELEASED_[A-Z]+)"/;
const SAYS_ELSEWHERE = /REPORT_SHARED|"BLOCKED|LAPSED/;
const says = (answer: string): boolean =>
  !answer.startsWith('/billing') && (answer.startsWith('/intake') ? SAYS : SAYS_ELSEWHERE).test(answer);
const TEXTS = Object.values(REPORT).map((text) => text.slice(0, 20));

/** ownDoctorFaults: BR-38, what an own doctor is answered about a case before its release tells nothing of the report. */
export async function ownDoctorFaults(play: CasePlay): Promise<readonly string[]> {
  const { caseId, ownDoctor } = play;
  const answers: string[] = [];
  for (const page of PAGES.filter((one) => !one('').includes('notification'))) {
    const { status, body } = await ownDoctor.get(page(caseId));
    if (status === 200) answers.push(`${page(caseId)} ${JSON.stringify(body)}`);
  }
  await play.settle();
  const types = (await play.history()).map(({ type }) => type);
  if (types.includes('ReportReleased')) return [];
  const shared = types.includes('ReportSharedWithEmployee');
  const told = types.includes('ReleaseTermEnded');
  return answers
    .filter(
      (answer) =>
        TEXTS.some((text) => answer.includes(text)) ||
        (shared && says(answer)) ||
        (!told && answer.includes('NOT_RELEASED')),
    )
    .map((answer) => `BR-38 the own doctor is answered ${answer}`);
}
