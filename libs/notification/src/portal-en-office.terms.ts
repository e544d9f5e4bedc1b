import type { PortalText } from './texts.terms';

/** What the portal says in English to the back office of terms that passed (N19). */
export const portalOfficeEn = {
  'N19-decision-overdue': {
    title: 'Term passed: decision {caseNumber}',
    lines: [
      'The company doctor’s decision about {caseNumber} was due by {until}. Ask him whether something stands in the way.',
    ],
  },
  'N19-choice-overdue': {
    title: 'Term passed: choice of doctor {caseNumber}',
    lines: [
      'The choice of a doctor for {caseNumber} was due at {moment}. Ask the company doctor whether something stands in the way.',
    ],
  },
  'N19-quote-overdue': {
    title: 'Term passed: quote {caseNumber}',
    lines: ['The quote for {caseNumber} was due at {moment}.'],
  },
  'N19-no-slot': {
    title: 'No time found: {caseNumber}',
    lines: ['No free time was found for {caseNumber} within the term.'],
  },
  'N19-consultation-overdue': {
    title: 'Term passed: appointment {caseNumber}',
    lines: ['What became of the appointment of {caseNumber} had to be recorded by {moment}. Please find out.'],
  },
  'N19-report-overdue': {
    title: 'Term passed: report {caseNumber}',
    lines: ['The report for {caseNumber} was due at {moment}.'],
  },
  'N19-case-target': {
    title: 'Target passed: case {caseNumber}',
    lines: [
      'The target of {caseNumber}, from the signed quote to the shared report, ended with {until}.',
      'See whether the limit can still be kept.',
    ],
  },
  'N19-case-limit': {
    title: 'Limit passed: case {caseNumber}',
    lines: [
      'The limit of {caseNumber}, from the signed quote to the shared report, ended with {until}.',
      'Find out what the case waits for, and who must go on.',
    ],
  },
  'N19-delivery-failed': {
    title: 'Technical failure in {caseNumber}',
    lines: ['A technical step in {caseNumber} failed after repeating. Look for the cause of the failure.'],
  },
} as const satisfies Readonly<Record<string, PortalText>>;
