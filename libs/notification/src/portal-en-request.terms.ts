import type { PortalText } from './texts.terms';

/** What the portal says in English of requests, assignments and quotes (N01 to N04). */
export const portalRequestEn = {
  'N01-own-doctor': {
    title: 'Request {caseNumber} was submitted',
    lines: [
      'We have received request {caseNumber}.',
      'The chosen doctor is now asked to take the assignment. You will receive a quote from us.',
    ],
  },
  'N01-employee': {
    title: 'Your request {caseNumber} was submitted',
    lines: [
      'Your company doctor has submitted your request {caseNumber}.',
      'The doctor you chose is now asked to take the assignment. After that we plan an appointment.',
      'We tell your employer nothing.',
    ],
  },
  'N01-withdrawn-own-doctor': {
    title: 'Request {caseNumber} was withdrawn',
    lines: ['The employee has withdrawn request {caseNumber}. There is nothing more for you to do.'],
  },
  'N01-withdrawn-doctor': {
    title: 'Request {caseNumber} was withdrawn',
    lines: ['The employee has withdrawn request {caseNumber}. There will be no advice.'],
  },
  'N01-withdrawn-employee': {
    title: 'You withdrew your request {caseNumber}',
    lines: ['We have received the withdrawal of request {caseNumber}.', 'Nothing more is examined or shared.'],
  },
  'N01-answer-due': {
    title: 'Request {caseNumber} waits for you',
    lines: [
      'Your request {caseNumber} can only be submitted when you have done what waits for you in the portal.',
      'Please do so until {until}. If you do not know what to choose, discuss it with your company doctor.',
      'If you do not want a second opinion any more, you can withdraw your request.',
    ],
  },
  'N01-silent': {
    title: 'The employee of {caseNumber} does not respond',
    lines: [
      'Request {caseNumber} waits for the employee. We have reminded him. He has not responded.',
      'Approach him yourself. If no answer comes, you can end the request.',
    ],
  },
  'N01-ended-unanswered': {
    title: 'Your request {caseNumber} is closed',
    lines: [
      'We received no answer from you to what request {caseNumber} needed. Your company doctor has therefore closed the request.',
      'You can make a new request with your company doctor.',
    ],
  },
  'N02-due': {
    title: 'Decide about request {caseNumber}',
    lines: [
      'A wish for a second opinion, {caseNumber}, waits for your decision.',
      'Please honour it, or refuse it with your reasons, by {until}.',
    ],
  },
  'N02-refused': {
    title: 'Your request was refused',
    lines: [
      'Your company doctor has refused your request {caseNumber}.',
      'Ground: {ground}.',
      'Explanation of your company doctor:',
      '{motivation}',
      '{complaintRoute}',
      'Are there new facts? Then you can make a new request with your company doctor.',
    ],
  },
  'N03-offered': {
    title: 'New assignment {caseNumber}',
    lines: [
      'There is an assignment for you: {caseNumber}.',
      'Region: {region}. Subject: {subject}.',
      'Please tell us by {until} whether you take it. Once you have taken it you see who it is about.',
    ],
  },
  'N03-declined': {
    title: 'Assignment {caseNumber} was not taken',
    lines: [
      'The doctor who was asked will not do assignment {caseNumber}.',
      'If the employee named a second choice, that doctor is asked now.',
    ],
  },
  'N03-reassigned': {
    title: 'The doctor cannot finish assignment {caseNumber}',
    lines: [
      'The doctor who had taken assignment {caseNumber} cannot finish it.',
      'If the employee named a second choice, that doctor is asked now.',
      'The next doctor begins anew. The employee is then asked for the authorisation again too.',
    ],
  },
  'N03-no-doctor': {
    title: 'No doctor available for {caseNumber}',
    lines: [
      'None of the chosen doctors will do assignment {caseNumber}.',
      'Please propose doctors to the employee again.',
    ],
  },
  'N03-closed': {
    title: 'Your request {caseNumber} was closed',
    lines: [
      'No doctor was found for request {caseNumber}. It was therefore closed.',
      'You can make a new request with your company doctor.',
    ],
  },
  'N04-issued': {
    title: 'Quote for {caseNumber}',
    lines: [
      'The quote for request {caseNumber} is ready.',
      'Price without VAT: {net}. VAT: {vat}. Total: {total}.',
      'It is valid up to and including {until}. The appointment is confirmed once the quote is signed.',
      'The terms and the explanation stand with the quote (version {version}).',
    ],
  },
  'N04-issued-employee': {
    title: 'Quote for {caseNumber}',
    lines: [
      'You pay for this advice yourself. The quote for request {caseNumber} is ready.',
      'Price without VAT: {net}. VAT: {vat}. Total: {total}.',
      'It is valid up to and including {until}. We need your signature too.',
      'The terms and the explanation stand with the quote (version {version}).',
    ],
  },
  'N04-reminder': {
    title: 'The quote for {caseNumber} is not signed yet',
    lines: ['The quote for request {caseNumber} is valid up to and including {until}.'],
  },
  'N04-reminder-employee': {
    title: 'The quote for {caseNumber} is not signed yet',
    lines: ['The quote for request {caseNumber} is valid up to and including {until}.'],
  },
  'N04-expired': {
    title: 'The quote for {caseNumber} has expired',
    lines: ['The quote for request {caseNumber} was not signed in time. The reserved time is free again.'],
  },
  'N04-closed': {
    title: 'Your request {caseNumber} was closed',
    lines: [
      'The quote for request {caseNumber} was not signed. The request therefore does not go on.',
      'Ask your company doctor what you can do now.',
    ],
  },
} satisfies Readonly<Record<string, PortalText>>;
