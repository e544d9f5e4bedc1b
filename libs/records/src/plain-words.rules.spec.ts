import type { AccessRecord } from '@second-opinion/access-log';
import { inPlainWords } from './plain-words.rules';

const record = (over: Partial<AccessRecord>) =>
  inPlainWords({
    actorRole: 'second-opinion-doctor',
    category: 'MEDICAL',
    action: 'R',
    outcome: 'SUCCESS',
    ...over,
  } as AccessRecord);

it.each<[Partial<AccessRecord>, string]>([
  [{}, 'De second opinion bedrijfsarts heeft medische gegevens ingezien.'],
  [{ actorRole: 'system', category: 'CONTACT' }, 'Het systeem heeft contactgegevens ingezien.'],
  [
    { actorRole: 'privacy-officer', category: 'IDENTITY MEDICAL', action: 'D' },
    'De functionaris voor privacy heeft naam en geboortedatum, medische gegevens vernietigd.',
  ],
  [{ outcome: 'DENIED' }, 'De second opinion bedrijfsarts wilde medische gegevens gebruiken; dat is geweigerd.'],
  [
    { outcome: 'ERROR', category: '-' },
    'De second opinion bedrijfsarts wilde gegevens van het dossier gebruiken; dat is mislukt.',
  ],
  [{ actorRole: 'somebody' }, 'Iemand anders heeft medische gegevens ingezien.'],
])('BR-68 says %p in plain language', (over, sentence) => {
  expect(record(over)).toBe(sentence);
});
