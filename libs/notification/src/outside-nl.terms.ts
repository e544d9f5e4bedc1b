import type { OutsideTexts } from './texts.terms';

/** Mails and SMS in Dutch: neutral words only (BR-73). */
export const outsideNl: OutsideTexts = {
  opening: 'Goedendag,',
  closing: 'Dit bericht is automatisch gemaakt. U kunt er niet op antwoorden.',
  neutral: {
    subject: 'Er staat een bericht voor u klaar',
    lines: ['Er staat een nieuw bericht voor u klaar. Log in om het te lezen:', '{link}'],
    sms: 'Er staat een bericht voor u klaar: {link}',
  },
  own: {
    'N04-issued': {
      subject: 'Offerte {reference}',
      lines: [
        'De offerte met kenmerk {reference} staat klaar.',
        'Prijs zonder btw: {net}. Btw: {vat}. Totaal: {total}.',
        'De offerte is geldig tot en met {until}.',
        'De voorwaarden en de uitleg staan bij de offerte:',
        '{link}',
      ],
      sms: 'Er staat een bericht voor u klaar: {link}',
    },
    'N04-reminder': {
      subject: 'Herinnering offerte {reference}',
      lines: ['De offerte met kenmerk {reference} is geldig tot en met {until}.', '{link}'],
      sms: 'Er staat een bericht voor u klaar: {link}',
    },
    'N04-expired': {
      subject: 'Offerte {reference} is verlopen',
      lines: ['De offerte met kenmerk {reference} is verlopen.', '{link}'],
      sms: 'Er staat een bericht voor u klaar: {link}',
    },
    'N05-confirmed': {
      subject: 'Afspraak op {date}',
      lines: [
        'U heeft een afspraak op {date} om {time}.',
        'Adres: {place}.',
        'Meer informatie staat in het portaal:',
        '{link}',
      ],
      sms: 'Afspraak op {date} om {time}, {place}. Meer: {link}',
    },
    'N05-moved': {
      subject: 'Uw afspraak is verplaatst naar {date}',
      lines: [
        'Uw afspraak is verplaatst naar {date} om {time}.',
        'Adres: {place}.',
        'Meer informatie staat in het portaal:',
        '{link}',
      ],
      sms: 'Afspraak verplaatst naar {date} om {time}, {place}. Meer: {link}',
    },
    'N05-cancelled': {
      subject: 'Uw afspraak op {date} gaat niet door',
      lines: ['Uw afspraak op {date} om {time} gaat niet door.', 'Meer informatie staat in het portaal:', '{link}'],
      sms: 'Uw afspraak op {date} om {time} gaat niet door. Meer: {link}',
    },
    'N05-reminder': {
      subject: 'Herinnering: afspraak op {date}',
      lines: [
        'U heeft een afspraak op {date} om {time}.',
        'Adres: {place}.',
        'Meer informatie staat in het portaal:',
        '{link}',
      ],
      sms: 'Herinnering: afspraak op {date} om {time}, {place}. Meer: {link}',
    },
    'N10-ready': {
      subject: 'Er staat een document voor u klaar',
      lines: [
        'Er staat een document voor u klaar. Alleen u kunt het in uw portaal openen.',
        'U kunt tot en met {until} laten weten of u toestemming geeft om het te delen. Zonder antwoord wordt het niet gedeeld.',
        'De uitleg staat in het portaal:',
        '{link}',
      ],
      sms: 'Er staat een document voor u klaar: {link}',
    },
    'N11-reminder': {
      subject: 'U kunt nog beslissen tot en met {until}',
      lines: [
        'U kunt tot en met {until} beslissen over het document dat voor u klaarstaat. Zonder antwoord wordt het niet gedeeld.',
        '{link}',
      ],
      sms: 'U kunt tot en met {until} beslissen over uw document: {link}',
    },
    'N15-invoice': {
      subject: 'Factuur {invoiceNumber}',
      lines: [
        'Factuur {invoiceNumber} (kenmerk {reference}) staat klaar.',
        'Bedrag zonder btw: {net}. Btw: {vat}. Totaal: {total}.',
        'Betaal uiterlijk op {day}.',
        '{link}',
      ],
      sms: 'Er staat een factuur voor u klaar: {link}',
    },
    'N15-credit': {
      subject: 'Creditnota {creditNoteNumber}',
      lines: [
        'Creditnota {creditNoteNumber} bij factuur {invoiceNumber} (kenmerk {reference}) staat klaar.',
        'Totaal: {total}.',
        '{link}',
      ],
      sms: 'Er staat een creditnota voor u klaar: {link}',
    },
    'N15-overdue': {
      subject: 'Herinnering factuur {invoiceNumber}',
      lines: [
        'Factuur {invoiceNumber} (kenmerk {reference}) moest op {day} betaald zijn. Wij hebben de betaling nog niet ontvangen.',
        'Heeft u al betaald? Dan hoeft u niets te doen.',
        '{link}',
      ],
      sms: 'Er staat een herinnering voor u klaar: {link}',
    },
    'N09-rebook': {
      subject: 'Herinnering: kies een nieuwe afspraak',
      lines: [
        'U heeft nog geen nieuwe afspraak. Kies er een, of laat ons weten wat u wilt, tot en met {until}.',
        'Meer informatie staat in het portaal:',
        '{link}',
      ],
      sms: 'U heeft nog geen nieuwe afspraak. Kies er een tot en met {until}: {link}',
    },
    'N23-reminder': {
      subject: 'Herinnering: uw toegang tot het portaal',
      lines: [
        'Er is een account voor u klaargezet, maar u heeft nog niet ingelogd. Open deze link om in te loggen:',
        '{invitation}',
        'De link werkt eenmaal, tot en met {until}. Geef hem aan niemand anders.',
      ],
      sms: 'Herinnering: uw toegang tot het portaal (tot en met {until}): {invitation}',
    },
    'N23-invited': {
      subject: 'Uw toegang tot het portaal',
      lines: [
        'Er is een account voor u klaargezet. Open deze link om in te loggen:',
        '{invitation}',
        'De link werkt eenmaal, tot en met {until}. Geef hem aan niemand anders.',
      ],
      sms: 'Uw toegang tot het portaal (tot en met {until}): {invitation}',
    },
  },
};
