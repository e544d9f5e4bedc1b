import type { Language } from './codes';

/** COMPLAINT_ROUTE is the newest version of what whoever is refused is told about complaining (BR-14). */
export const COMPLAINT_ROUTE = 'complaint-route-2026.1';

/**
 * COMPLAINT_ROUTES gives its words by version and language: the own doctor sees them before he refuses, and the employee reads the same ones in
 * the letter (BR-77). A published version is never edited; an unknown one has no words.
 */
export const COMPLAINT_ROUTES: Readonly<Record<typeof COMPLAINT_ROUTE, Readonly<Record<Language, string>>>> = {
  'complaint-route-2026.1': {
    nl: 'Bent u het er niet mee eens? U kunt een klacht indienen bij de arbodienst van uw bedrijfsarts. Iemand die er niet bij betrokken was, behandelt uw klacht.',
    en: 'Do you disagree? You can complain to the occupational health service of your company doctor. Somebody who was not involved deals with your complaint.',
  },
};
