import type { OutsideTexts } from './texts.terms';

/** Mails and SMS in English: neutral words only (BR-73). */
export const outsideEn: OutsideTexts = {
  opening: 'Hello,',
  closing: 'This message was made automatically. You cannot reply to it.',
  neutral: {
    subject: 'There is a message for you',
    lines: ['There is a new message for you. Log in to read it:', '{link}'],
    sms: 'There is a message for you: {link}',
  },
  own: {
    'N04-issued': {
      subject: 'Quote {reference}',
      lines: [
        'The quote with reference {reference} is ready.',
        'Price without VAT: {net}. VAT: {vat}. Total: {total}.',
        'It is valid up to and including {until}.',
        'The terms and the explanation stand with the quote:',
        '{link}',
      ],
      sms: 'There is a message for you: {link}',
    },
    'N04-reminder': {
      subject: 'Reminder of quote {reference}',
      lines: ['The quote with reference {reference} is valid up to and including {until}.', '{link}'],
      sms: 'There is a message for you: {link}',
    },
    'N04-expired': {
      subject: 'Quote {reference} has expired',
      lines: ['The quote with reference {reference} has expired.', '{link}'],
      sms: 'There is a message for you: {link}',
    },
    'N05-confirmed': {
      subject: 'Appointment on {date}',
      lines: ['You have an appointment on {date} at {time}.', 'Address: {place}.', 'More is in the portal:', '{link}'],
      sms: 'Appointment on {date} at {time}, {place}. More: {link}',
    },
    'N05-moved': {
      subject: 'Your appointment was moved to {date}',
      lines: [
        'Your appointment was moved to {date} at {time}.',
        'Address: {place}.',
        'More is in the portal:',
        '{link}',
      ],
      sms: 'Appointment moved to {date} at {time}, {place}. More: {link}',
    },
    'N05-cancelled': {
      subject: 'Your appointment on {date} is cancelled',
      lines: ['Your appointment on {date} at {time} will not take place.', 'More is in the portal:', '{link}'],
      sms: 'Your appointment on {date} at {time} will not take place. More: {link}',
    },
    'N05-reminder': {
      subject: 'Reminder: appointment on {date}',
      lines: ['You have an appointment on {date} at {time}.', 'Address: {place}.', 'More is in the portal:', '{link}'],
      sms: 'Reminder: appointment on {date} at {time}, {place}. More: {link}',
    },
    'N10-ready': {
      subject: 'A document is ready for you',
      lines: [
        'A document is ready for you. Only you can open it in your portal.',
        'Up to and including {until} you can tell us whether you consent to sharing it. Without an answer it is not shared.',
        'The explanation is in the portal:',
        '{link}',
      ],
      sms: 'A document is ready for you: {link}',
    },
    'N11-reminder': {
      subject: 'You can still decide until {until}',
      lines: [
        'You can decide about the document that is ready for you up to and including {until}. Without an answer it is not shared.',
        '{link}',
      ],
      sms: 'You can decide about your document up to and including {until}: {link}',
    },
    'N15-invoice': {
      subject: 'Invoice {invoiceNumber}',
      lines: [
        'Invoice {invoiceNumber} (reference {reference}) is ready.',
        'Amount without VAT: {net}. VAT: {vat}. Total: {total}.',
        'Please pay by {day}.',
        '{link}',
      ],
      sms: 'There is an invoice for you: {link}',
    },
    'N15-credit': {
      subject: 'Credit note {creditNoteNumber}',
      lines: [
        'Credit note {creditNoteNumber} for invoice {invoiceNumber} (reference {reference}) is ready.',
        'Total: {total}.',
        '{link}',
      ],
      sms: 'There is a credit note for you: {link}',
    },
    'N15-overdue': {
      subject: 'Reminder of invoice {invoiceNumber}',
      lines: [
        'Invoice {invoiceNumber} (reference {reference}) was due on {day}. We have not received the payment yet.',
        'Have you paid already? Then there is nothing for you to do.',
        '{link}',
      ],
      sms: 'There is a reminder for you: {link}',
    },
    'N09-rebook': {
      subject: 'Reminder: choose a new appointment',
      lines: [
        'You have no new appointment yet. Choose one, or tell us what you want, up to and including {until}.',
        'More information is in the portal:',
        '{link}',
      ],
      sms: 'You have no new appointment yet. Choose one up to and including {until}: {link}',
    },
    'N23-reminder': {
      subject: 'Reminder: your access to the portal',
      lines: [
        'An account was prepared for you, but you have not logged in yet. Open this link to log in:',
        '{invitation}',
        'The link works once, up to and including {until}. Give it to nobody else.',
      ],
      sms: 'Reminder: your access to the portal (up to and including {until}): {invitation}',
    },
    'N23-invited': {
      subject: 'Your access to the portal',
      lines: [
        'An account was prepared for you. Open this link to log in:',
        '{invitation}',
        'The link works once, up to and including {until}. Give it to nobody else.',
      ],
      sms: 'Your access to the portal (up to and including {until}): {invitation}',
    },
  },
};
