import { portalOfficeEn } from './portal-en-office.terms';
import { portalRequestEn } from './portal-en-request.terms';
import type { PortalTexts } from './texts.terms';

/** What the portal says in English. A line whose variable is not known is left out. */
export const portalEn: PortalTexts = {
  ...portalRequestEn,
  'N05-confirmed': {
    title: 'Your appointment',
    lines: [
      'You have an appointment on {date} at {time}.',
      'Address: {place}.',
      'It takes one and a half hours at most.',
      'Please bring: letters of doctors who treat you, the boxes of your medicines, your therapist’s experience on paper, and the questions you want to ask.',
    ],
  },
  'N05-moved': {
    title: 'Your appointment was moved',
    lines: [
      'Your new appointment is on {date} at {time}.',
      'Address: {place}.',
      'Please bring: letters of doctors who treat you, the boxes of your medicines, your therapist’s experience on paper, and the questions you want to ask.',
    ],
  },
  'N05-cancelled': {
    title: 'Your appointment is cancelled',
    lines: ['The appointment on {date} at {time} will not take place.'],
  },
  'N05-reminder': {
    title: 'Reminder of your appointment',
    lines: [
      'You have an appointment on {date} at {time}.',
      'Address: {place}.',
      'Can you not come? Please tell us as soon as possible.',
      'Please bring: letters of doctors who treat you, the boxes of your medicines, your therapist’s experience on paper, and the questions you want to ask.',
    ],
  },
  'N06-confirmed': {
    title: 'Consultation planned for {caseNumber}',
    lines: ['The consultation for {caseNumber} is on {date} at {time}.', 'Place: {place}.'],
  },
  'N06-moved': {
    title: 'Consultation for {caseNumber} was moved',
    lines: ['The consultation for {caseNumber} is now on {date} at {time}.', 'Place: {place}.'],
  },
  'N06-cancelled': {
    title: 'Consultation for {caseNumber} is cancelled',
    lines: ['The consultation for {caseNumber} on {date} at {time} will not take place.'],
  },
  'N06-reminder': {
    title: 'Reminder: consultation for {caseNumber}',
    lines: ['The consultation for {caseNumber} is on {date} at {time}.', 'Place: {place}.'],
  },
  'N07-asked': {
    title: 'May your company doctor share data?',
    lines: [
      'For request {caseNumber} we ask whether your company doctor may give medical data to the doctor who advises you.',
      'You decide this yourself. Without your authorisation your company doctor passes on nothing medical. You can withdraw it later.',
    ],
  },
  'N07-asked-own-doctor': {
    title: 'Authorisation asked: {caseNumber}',
    lines: [
      'The employee was asked whether you may pass on medical data for {caseNumber}.',
      'Pass on nothing medical before the authorisation is there.',
    ],
  },
  'N07-asked-doctor': {
    title: 'Authorisation asked: {caseNumber}',
    lines: ['For {caseNumber} it was asked whether the own company doctor may pass on medical data.'],
  },
  'N07-granted-own-doctor': {
    title: 'Authorisation for {caseNumber} was given',
    lines: ['The employee has given the authorisation for {caseNumber}.', 'You can now add the documents.'],
  },
  'N07-granted-doctor': {
    title: 'Authorisation for {caseNumber} was given',
    lines: ['The employee has given the authorisation for {caseNumber}.'],
  },
  'N07-refused-own-doctor': {
    title: 'Authorisation for {caseNumber} was not given',
    lines: ['The employee has not given the authorisation for {caseNumber}. Please pass on no medical documents.'],
  },
  'N07-refused-doctor': {
    title: 'Authorisation for {caseNumber} was not given',
    lines: [
      'The employee has not given the authorisation for {caseNumber}.',
      'You decide whether you go on without the file, or whether the advice cannot be given.',
    ],
  },
  'N07-refused-employee': {
    title: 'You gave no authorisation',
    lines: ['You gave no authorisation for request {caseNumber}. Your company doctor passes on nothing medical.'],
  },
  'N07-withdrawn-own-doctor': {
    title: 'Authorisation for {caseNumber} was withdrawn',
    lines: ['The employee has withdrawn the authorisation for {caseNumber}. Please pass on no more medical documents.'],
  },
  'N07-withdrawn-doctor': {
    title: 'Authorisation for {caseNumber} was withdrawn',
    lines: [
      'The employee has withdrawn the authorisation for {caseNumber}.',
      'You can no longer open the medical documents of the own company doctor. What he gave about the work stays.',
    ],
  },
  'N07-withdrawn-employee': {
    title: 'You withdrew the authorisation',
    lines: ['You withdrew the authorisation for request {caseNumber}. Nothing more is passed on.'],
  },
  'N07-not-executable-own-doctor': {
    title: 'Request {caseNumber} cannot be carried out',
    lines: ['Request {caseNumber} cannot be carried out. There will be no advice.'],
  },
  'N07-not-executable-employee': {
    title: 'Your request {caseNumber} cannot be carried out',
    lines: [
      'The doctor has decided that request {caseNumber} cannot be carried out.',
      'Do you have questions? Discuss them with your company doctor.',
    ],
  },
  'N08-document': {
    title: 'New document in {caseNumber}',
    lines: ['A document was added to file {caseNumber}.', 'Kind: {documentKind}. Added by: {sender}.'],
  },
  'N09-no-show': {
    title: 'Your appointment did not take place',
    lines: [
      'You were not at the appointment on {date} for request {caseNumber}.',
      'You can make one new appointment. Costs may be charged to whoever pays. Proof of illness waives them once.',
    ],
  },
  'N09-no-show-final': {
    title: 'Your appointment did not take place',
    lines: [
      'You were not at the appointment on {date} for request {caseNumber}.',
      'This was the second time. The request will therefore be closed. Costs may be charged to whoever pays.',
    ],
  },
  'N09-not-held': {
    title: 'Consultation for {caseNumber} was not held',
    lines: ['The consultation for request {caseNumber} was not held.'],
  },
  'N09-aborted': {
    title: 'Your appointment was not completed',
    lines: ['The appointment for request {caseNumber} was not completed.', 'You can make a new appointment.'],
  },
  'N09-aborted-final': {
    title: 'Your appointment was not completed',
    lines: ['The appointment for request {caseNumber} was not completed.', 'The request will be closed.'],
  },
  'N09-aborted-not-held': {
    title: 'Consultation for {caseNumber} was not held',
    lines: ['The consultation for request {caseNumber} was not held.'],
  },
  'N09-rebook': {
    title: 'Choose a new appointment',
    lines: [
      'You cancelled your appointment for request {caseNumber} and have not chosen another yet.',
      'Choose a new time, or withdraw the request. If we hear nothing up to and including {until}, the request may be closed.',
    ],
  },
  'N09-not-rebooked': {
    title: 'Your request {caseNumber} will be closed',
    lines: [
      'You chose no new appointment after you cancelled. Request {caseNumber} will therefore be closed.',
      'Do you still want an examination? Then you can make a new request with your company doctor.',
    ],
  },
  'N09-not-rebooked-not-held': {
    title: 'Consultation for {caseNumber} was not held',
    lines: ['The consultation for request {caseNumber} was not held.'],
  },
  'N10-ready': {
    title: 'Your report is ready',
    lines: [
      'The report for request {caseNumber} is ready for you. Only you and the doctor who wrote it can read it.',
      'You can ask to have facts corrected. You cannot have the doctor’s conclusions changed.',
      'You can decide about this version also while the doctor has not answered that. If a corrected version comes, you decide about that one anew.',
      'Up to and including {until} you decide whether your own company doctor gets the report. You can consent or block the report. Either is fine.',
      'If you do not answer, your company doctor does not get the report. You can still consent later.',
      'Blocking has no legal consequences for you. You may always keep and use your report yourself.',
    ],
  },
  'N11-reminder': {
    title: 'You can still decide',
    lines: [
      'You can decide about the report of request {caseNumber} up to and including {until}.',
      'If you do not answer, the report is not released.',
    ],
  },
  'N12-released': {
    title: 'Report for {caseNumber} was released',
    lines: [
      'The report for request {caseNumber}, version {version}, is ready for you.',
      'Please record by {until} whether you adopt the advice, and explain it to the employee.',
    ],
  },
  'N12-copy': {
    title: 'Your report was released',
    lines: ['With your consent your company doctor received version {version} of the report for request {caseNumber}.'],
  },
  'N13-ended': {
    title: 'Request {caseNumber} is completed',
    lines: ['Request {caseNumber} is completed. No report will be released.'],
  },
  'N14-due': {
    title: 'Record your decision on {caseNumber}',
    lines: ['Please record by {until} whether you adopt the advice for request {caseNumber}, with your explanation.'],
  },
  'N14-recorded': {
    title: 'Your company doctor has decided',
    lines: [
      'Your company doctor has {adoption} the advice for request {caseNumber}.',
      'Explanation of your company doctor:',
      '{motivation}',
      'Discussed with you on {day}.',
    ],
  },
  'N14-not-known': {
    title: 'No decision of your company doctor yet',
    lines: [
      'Your company doctor has not yet recorded what he does with the advice for request {caseNumber}.',
      'You can ask him about it.',
      '{complaintRoute}',
    ],
  },
  'N15-invoice': {
    title: 'Invoice {invoiceNumber}',
    lines: [
      'Invoice {invoiceNumber} for {caseNumber} is ready.',
      'Amount without VAT: {net}. VAT: {vat}. Total: {total}.',
      'Please pay by {day}.',
    ],
  },
  'N15-credit': {
    title: 'Credit note {creditNoteNumber}',
    lines: ['Credit note {creditNoteNumber} for invoice {invoiceNumber} ({caseNumber}) is ready.', 'Total: {total}.'],
  },
  'N15-overdue': {
    title: 'Invoice {invoiceNumber} is not paid yet',
    lines: ['Invoice {invoiceNumber} ({caseNumber}) was due on {day}. We have not received the payment yet.'],
  },
  ...portalOfficeEn,
  'N23-unreachable': {
    title: 'The employee of {caseNumber} does not respond',
    lines: [
      'We have invited the employee of request {caseNumber} three times to log in. He has not responded.',
      'Check the address and correct it if need be, or approach him yourself. If no answer comes, you can end the request.',
    ],
  },
  'N23-reminder': 'none',
  'N23-invited': 'none',
};
