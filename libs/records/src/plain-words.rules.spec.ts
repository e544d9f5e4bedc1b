import type { AccessRecord } from '@second-opinion/access-log';
import { inPlainWords } from './plain-words.rules';

const record = (over: Partial<AccessRecord>) =>
  inPlainWords({
    actorRole: 'second-opinion-doctor',
    relation: 'second-opinion-doctor',
    caseId: 'case-1',
    category: 'MEDICAL',
    action: 'R',
    outcome: 'SUCCESS',
    ...over,
  } as AccessRecord);

it.each<[Partial<AccessRecord>, string]>([
  [{}, 'De second opinion bedrijfsarts heeft medische gegevens ingezien.'],
  [{ relation: 'own-doctor', actorRole: 'company-doctor' }, 'De eigen bedrijfsarts heeft medische gegevens ingezien.'],
  [{ relation: 'candidate-doctor' }, 'De gevraagde second opinion bedrijfsarts heeft medische gegevens ingezien.'],
  [
    { relation: 'system', actorRole: 'company-doctor', category: 'CONTACT' },
    'Het systeem heeft contactgegevens ingezien.',
  ],
  [
    { relation: 'privacy-officer', category: 'IDENTITY MEDICAL', action: 'D' },
    'De functionaris voor privacy heeft naam en geboortedatum, medische gegevens vernietigd.',
  ],
  [{ outcome: 'DENIED' }, 'De second opinion bedrijfsarts wilde medische gegevens gebruiken; dat is geweigerd.'],
  [
    { outcome: 'ERROR', category: '-' },
    'De second opinion bedrijfsarts wilde gegevens van het dossier gebruiken; dat is mislukt.',
  ],
  [
    { relation: 'none', actorRole: 'company-doctor', outcome: 'DENIED' },
    'Een andere bedrijfsarts wilde medische gegevens gebruiken; dat is geweigerd.',
  ],
  [{ relation: 'none', outcome: 'DENIED' }, 'Een andere arts wilde medische gegevens gebruiken; dat is geweigerd.'],
  [
    { relation: 'none', actorRole: 'employee', outcome: 'DENIED' },
    'Iemand anders wilde medische gegevens gebruiken; dat is geweigerd.',
  ],
  [
    { relation: 'none', actorRole: 'company-doctor', outcome: 'DENIED', category: '-', caseId: '' },
    'Een bedrijfsarts wilde gegevens van het dossier gebruiken; dat is geweigerd.',
  ],
])('BR-68 says %p in plain language', (over, sentence) => {
  expect(record(over)).toBe(sentence);
});
