import type { AccessRecord } from '@second-opinion/access-log';

/** By what he is to the client, never by his role alone: not every company doctor is his own. */
const RELATIONS: Readonly<Record<string, string>> = {
  employee: 'De werknemer',
  'own-doctor': 'De eigen bedrijfsarts',
  'candidate-doctor': 'De gevraagde second opinion bedrijfsarts',
  'second-opinion-doctor': 'De second opinion bedrijfsarts',
  'back-office': 'Een medewerker van de backoffice',
  'privacy-officer': 'De functionaris voor privacy',
  auditor: 'Een auditor',
  operator: 'Een technisch beheerder',
  partner: 'Een partner die voor ons werkt',
  system: 'Het systeem',
};

/** Doctors who take no part, by role. */
const DOCTORS: Readonly<Record<string, string>> = {
  'company-doctor': 'bedrijfsarts',
  'second-opinion-doctor': 'arts',
};

const CATEGORIES: Readonly<Record<string, string>> = {
  IDENTITY: 'naam en geboortedatum',
  CONTACT: 'contactgegevens',
  MEDICAL: 'medische gegevens',
  BILLING: 'factuurgegevens',
};

const DONE: Readonly<Record<AccessRecord['action'], string>> = {
  C: 'vastgelegd',
  R: 'ingezien',
  U: 'gewijzigd',
  D: 'vernietigd',
  E: 'uitgevoerd',
};

/** One sentence that a client understands: who did what (NEN 7513: in plain language). */
export function inPlainWords(record: AccessRecord): string {
  const { category, action, outcome } = record;
  const who = RELATIONS[record.relation] ?? outsider(record);
  const what =
    category
      .split(' ')
      .map((each) => CATEGORIES[each] ?? 'gegevens van het dossier')
      .join(', ') || 'gegevens van het dossier';
  const done = DONE[action];
  if (outcome === 'SUCCESS') return `${who} heeft ${what} ${done}.`;
  if (outcome === 'DENIED') return `${who} wilde ${what} gebruiken; dat is geweigerd.`;
  return `${who} wilde ${what} gebruiken; dat is mislukt.`;
}

/** outsider: where no case is named, nobody looked at who takes part, and he may be the own doctor after all. */
function outsider({ actorRole, caseId = '' }: AccessRecord): string {
  const doctor = DOCTORS[actorRole];
  if (doctor === undefined) return 'Iemand anders';
  return `Een ${caseId === '' ? '' : 'andere '}${doctor}`;
}
