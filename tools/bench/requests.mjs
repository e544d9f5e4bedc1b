import { randomUUID } from 'node:crypto';

/** What the load asks for. Texts have the length of what a doctor writes down; names and addresses are invented. */

const DOUBT =
  'De werknemer twijfelt of het opbouwschema past bij de klachten die na de operatie zijn gebleven. '.repeat(5);
const QUESTIONS = 'Is een rustiger opbouw medisch beter, en welke belasting is nu verantwoord? '.repeat(5);

const headersOf = (token) => `authorization: Bearer ${token}\r\nidempotency-key: ${randomUUID()}\r\n`;

/** createFor gives a new case: of a person known before, or of one nobody knew (name, birth date and address sealed). */
export function createFor({ token, contractId }, personId) {
  const who = personId === undefined ? { employee: newEmployee() } : { personId };
  const body = JSON.stringify({ initiator: 'EMPLOYEE', contractId, region: '97', ...who });
  return { path: '/intake/cases', headers: headersOf(token), body };
}

/** describe gives a command with two sealed texts on a case that has a long history already. */
export function describe({ token }, caseId) {
  const body = JSON.stringify({
    subject: 'AbsenceGuidance',
    firstAdviceOn: '2026-10-01',
    doubt: DOUBT,
    questions: QUESTIONS,
  });
  return { path: `/intake/cases/${caseId}/describe-request`, headers: headersOf(token), body };
}

function newEmployee() {
  const id = randomUUID();
  const day = 1 + (Number.parseInt(id.slice(0, 4), 16) % 28);
  return {
    name: `Naam ${id.slice(0, 8)}`,
    birthDate: `19${50 + (day % 40)}-0${1 + (day % 9)}-${String(day).padStart(2, '0')}`,
    contact: `${id}@prive.example`,
    channel: 'email',
    language: 'nl',
    declaredPrivate: true,
  };
}
