import { aid } from '../testing/world.fixtures';
import { evaluate, decisionAidRules, DECISION_AID_VERSION, type DecisionAidAnswers } from './decision-aid.rules';

const plain: DecisionAidAnswers = { ...aid, doubtMedical: false };

const table: [string, Partial<DecisionAidAnswers>, string, string][] = [
  ['1', { preEmployment: true }, 'RE_EXAMINATION_WMK', 'BLOCKED'],
  ['2', { requester: 'EMPLOYER' }, 'EMPLOYER_SECOND_VIEW', 'BLOCKED'],
  ['3a', { requester: 'COURT' }, 'COURT_EXPERT', 'BLOCKED'],
  ['3b', { uwvDecision: true }, 'UWV_OBJECTION_EXPERTISE', 'BLOCKED'],
  ['4', { nonMedical: true }, 'NOT_MEDICAL', 'OWN_DOCTOR_DECIDES'],
  ['5', { conductComplaint: true }, 'COMPLAINT', 'OWN_DOCTOR_DECIDES'],
  ['6', { firstAdviceExists: false }, 'NOT_YET', 'BLOCKED'],
  ['7', { subject: 'OTHER' }, 'OUT_OF_SUBJECT', 'OWN_DOCTOR_DECIDES'],
  ['8', { obstructionSuspected: true }, 'REFUSAL_POSSIBLE', 'OWN_DOCTOR_DECIDES'],
  ['8', { sameQuestionBefore: true }, 'REFUSAL_POSSIBLE', 'OWN_DOCTOR_DECIDES'],
  ['9', { aimNeedsLegalStatus: true }, 'UWV_JUDGMENT_ADVISED', 'OWN_DOCTOR_DECIDES'],
  ['9', { conflict: true }, 'UWV_JUDGMENT_ADVISED', 'OWN_DOCTOR_DECIDES'],
  ['10', { disputeType: 'FITNESS' }, 'UWV_JUDGMENT_ADVISED', 'ALLOWED'],
  ['10', { disputeType: 'SUITABLE_WORK' }, 'UWV_JUDGMENT_ADVISED', 'ALLOWED'],
  ['10', { disputeType: 'EMPLOYER_EFFORT' }, 'UWV_JUDGMENT_ADVISED', 'ALLOWED'],
  ['10', { disputeType: 'EMPLOYEE_EFFORT' }, 'UWV_JUDGMENT_ADVISED', 'ALLOWED'],
  ['10', { stagnation: true }, 'UWV_JUDGMENT_ADVISED', 'ALLOWED'],
  ['11', { doubtMedical: true }, 'SECOND_OPINION', 'NOT_NEEDED'],
  ['11', { doubtMedical: true, subject: 'WorkHealthConsultation' }, 'SECOND_OPINION', 'NOT_NEEDED'],
  ['11', { doubtMedical: true, conductComplaint: true }, 'SECOND_OPINION', 'NOT_NEEDED'],
  ['12', {}, 'DISCUSS', 'ALLOWED'],
];

it.each(table)('rule %s for %j gives %s, insisting is %s', (rule, answers, outcome, insist) => {
  expect(evaluate({ ...plain, ...answers })).toMatchObject({ rule, outcome, insist });
});

it('the first match wins, down the whole table', () => {
  const asked = [...table].reverse().reduce<{ answers: DecisionAidAnswers; rules: string[] }>(
    ({ answers, rules }, [, change]) => {
      const next = { ...answers, ...change };
      return { answers: next, rules: [...rules, evaluate(next).rule] };
    },
    { answers: plain, rules: [] },
  );
  const rank = asked.rules.map((rule) => decisionAidRules.findIndex((one) => one.rule === rule));
  expect(rank.at(-1)).toBe(0);
  expect(evaluate({ ...plain, preEmployment: true, requester: 'EMPLOYER' }).rule).toBe('1');
  expect(evaluate({ ...plain, requester: 'EMPLOYER', nonMedical: true }).rule).toBe('2');
  expect(evaluate({ ...plain, firstAdviceExists: false, doubtMedical: true }).rule).toBe('6');
  expect(evaluate({ ...plain, obstructionSuspected: true, stagnation: true, doubtMedical: true }).rule).toBe('8');
});

it('is versioned, and every rule is explained in both languages', () => {
  expect(DECISION_AID_VERSION).toMatch(/^decision-aid-\d{4}\.\d+$/);
  expect(decisionAidRules).toHaveLength(13);
  for (const { explanation } of decisionAidRules) {
    expect(explanation.nl.length).toBeGreaterThan(20);
    expect(explanation.en.length).toBeGreaterThan(20);
  }
});
