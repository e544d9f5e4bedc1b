import type { PortalText } from './texts.terms';

/** What the portal says in Dutch to the back office of terms that passed (N19). */
export const portalOfficeNl = {
  'N19-decision-overdue': {
    title: 'Termijn voorbij: beslissing {caseNumber}',
    lines: [
      'De beslissing van de bedrijfsarts over {caseNumber} moest er zijn uiterlijk {until}. Vraag hem of iets in de weg staat.',
    ],
  },
  'N19-choice-overdue': {
    title: 'Termijn voorbij: keuze van een arts {caseNumber}',
    lines: [
      'De keuze van een arts voor {caseNumber} moest er zijn op {moment}. Vraag de bedrijfsarts of iets in de weg staat.',
    ],
  },
  'N19-quote-overdue': {
    title: 'Termijn voorbij: offerte {caseNumber}',
    lines: ['De offerte voor {caseNumber} moest er zijn op {moment}.'],
  },
  'N19-no-slot': {
    title: 'Geen tijd gevonden: {caseNumber}',
    lines: ['Voor {caseNumber} is binnen de termijn geen vrije tijd gevonden.'],
  },
  'N19-consultation-overdue': {
    title: 'Termijn voorbij: afspraak {caseNumber}',
    lines: ['Wat er van de afspraak van {caseNumber} geworden is, moest vastliggen op {moment}. Vraag het na.'],
  },
  'N19-report-overdue': {
    title: 'Termijn voorbij: rapport {caseNumber}',
    lines: ['Het rapport voor {caseNumber} moest er zijn op {moment}.'],
  },
  'N19-case-target': {
    title: 'Streeftermijn voorbij: zaak {caseNumber}',
    lines: [
      'De streeftermijn van {caseNumber}, van getekende offerte tot gedeeld rapport, liep tot en met {until}.',
      'Kijk of de uiterste termijn nog te halen is.',
    ],
  },
  'N19-case-limit': {
    title: 'Uiterste termijn voorbij: zaak {caseNumber}',
    lines: [
      'De uiterste termijn van {caseNumber}, van getekende offerte tot gedeeld rapport, liep tot en met {until}.',
      'Zoek uit waarop de zaak wacht en wie er verder moet.',
    ],
  },
  'N19-delivery-failed': {
    title: 'Technische storing bij {caseNumber}',
    lines: ['Een technische stap in {caseNumber} is na herhaling niet gelukt. Zoek de oorzaak van de storing.'],
  },
} as const satisfies Readonly<Record<string, PortalText>>;
