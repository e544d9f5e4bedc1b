import { COMPLAINT_ROUTES } from '@second-opinion/contracts';
import { shownTexts } from './intake.texts';

it('BR-14, BR-77 the complaint route that the own doctor sees before he refuses is the one in the letter of that version', () => {
  const shown = shownTexts().texts.find(({ name }) => name === 'complaintRoute');
  const { version, nl, en } = shown ?? { version: '' };
  expect({ nl, en }).toEqual(COMPLAINT_ROUTES[version as keyof typeof COMPLAINT_ROUTES]);
});
