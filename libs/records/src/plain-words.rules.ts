import type { AccessRecord } from '@second-opinion/access-log';

const ROLES: Readonly<Record<string, string>> = {
  employee: 'De werknemer',
  'company-doctor': 'De eigen bedrijfsarts',
  'second-opinion-doctor': 'De second opinion bedrijfsarts',
  'back-office': 'Een medewerker van de backoffice',
  'privacy-officer': 'De functionaris voor privacy',
  auditor: 'Een auditor',
  operator: 'Een technisch beheerder',
  partner: 'Een partner die voor ons werkt',
  system: 'Het systeem',
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
export function inPlainWords({ actorRole, category, action, outcome }: AccessRecord): string {
  const who = ROLES[actorRole] ?? 'Iemand anders';
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
