import { AID, REPORT, type CasePlay, type Reply } from '@second-opinion/standalone/play';
import type { Dice } from './wander-dice';

// Plausible bodies of commands. They know what a client could have read, and sometimes name something else.

/** KINDS of documents that are uploaded. */
export const KINDS = ['MEDICAL_LETTER', 'FIRST_ADVICE', 'FML', 'WORK_SITUATION', 'QUESTIONS', 'OTHER'] as const;
const GROUNDS = ['IMPROPER_USE', 'OTHER_WEIGHTY', 'PRE_EMPLOYMENT', 'REPEATED_SAME_SUBJECT', 'NOT_MEDICAL'] as const;
const FLAGS = ['stagnation', 'conflict', 'aimNeedsLegalStatus', 'nonMedical', 'sameQuestionBefore', 'uwvDecision'];

type Made = (play: CasePlay, dice: Dice) => object | Promise<object>;

const today = async (play: CasePlay): Promise<string> => (await play.now()).slice(0, 10);
/** found is what the answer holds of that, when it could be read. */
const found = async <Looked>(reply: Promise<Reply>): Promise<Partial<Looked>> => {
  const { status, body } = await reply;
  return status === 200 ? (body as Looked) : {};
};

export const aid: Made = (_, dice) => {
  if (dice.chance(0.55)) return AID;
  if (dice.chance(0.1)) return { ...AID, preEmployment: true };
  if (dice.chance(0.1)) return { ...AID, firstAdviceExists: false };
  if (dice.chance(0.3)) return { ...AID, disputeType: dice.one(['FITNESS', 'SUITABLE_WORK']) };
  return { ...AID, doubtMedical: dice.chance(0.5), [dice.one(FLAGS)]: true };
};
export const instrument: Made = (_, dice) => ({
  instrument: dice.one(['UWV_EXPERT_JUDGMENT', 'COMPLAINT', 'MEDIATION']),
});
export const description: Made = async (play, dice) => ({
  subject: dice.one(['AbsenceGuidance', 'OccupationalHealthExamination', 'WorkHealthConsultation']),
  firstAdviceOn: dice.chance(0.9) ? '2026-10-01' : await today(play),
  doubt: play.doubt,
  questions: 'Is een rustiger opbouw medisch beter?',
});
export const refusal: Made = (_, dice) => ({
  ground: dice.one(GROUNDS),
  motivation: 'Motivatie van de weigering, voldoende lang.',
  ...(dice.chance(0.3) ? { earlierDeclaredOn: '2026-09-01' } : {}),
});
export const proposal: Made = ({ world }, dice) => ({
  doctorIds: dice
    .one([['second-doctor'], ['third-doctor'], ['second-doctor', 'third-doctor']])
    .map((one) => world.idOf(one)),
});
export const choice: Made = ({ world }, dice) => {
  const [first = '', second = ''] = dice.shuffled(['second-doctor', 'third-doctor']).map((one) => world.idOf(one));
  return dice.chance(0.6) ? { first, second } : { first };
};
export const agreement: Made = (_, dice) => ({ agreed: dice.chance(0.6) });
export const debtor: Made = () => ({ debtor: 'E. Dwaal, Straat 1, 9711 AA Groningen' });
export const form: Made = async (play, dice) => {
  const { request } = await found<{ request: { formVersion?: number } | null }>(play.seenBy(play.employee));
  return { formVersion: dice.chance(0.95) ? (request?.formVersion ?? 1) : 7 };
};
export const reassignment: Made = (_, dice) => ({ cause: dice.one(['DOCTOR_ILL', 'OTHER']) });
export const slot: Made = async (play, dice) => {
  const free = play.backOffice.get(`/scheduling/appointments/${play.caseId}/slots`);
  const { items = [] } = await found<{ items: { date: string; slotId: string }[] }>(free);
  if (items.length === 0) return { date: await today(play), slotId: 'none' };
  const { date, slotId } = dice.one(items);
  return { date, slotId };
};
export const cancellation: Made = (_, dice) => ({
  ...(dice.chance(0.3) ? { onRequestOf: dice.one(['employee', 'second-opinion-doctor']) } : {}),
  ...(dice.chance(0.3) ? { illnessProof: true } : {}),
});
export const consultation: Made = (_, dice) => ({ durationMinutes: dice.upTo(90, 20) });
export const noShow: Made = (_, dice) => (dice.chance(0.3) ? { illnessProof: true } : {});
export const lateness: Made = (_, dice) => ({ minutesLate: dice.upTo(30, 1) });
export const authorisation: Made = (_, dice) =>
  dice.chance(0.7)
    ? { scope: 'FULL' }
    : { scope: 'SELECTED', kinds: [dice.one(['FML', 'MEDICAL_LETTER', 'FIRST_ADVICE'])] };
export const report: Made = (_, dice) => ({ ...REPORT, findings: `${REPORT.findings} (${dice.upTo(999)})` });
export const version: Made = async (play, dice) => ({ version: await sharedVersion(play, dice) });
export const correction: Made = async (play, dice) => ({
  version: await sharedVersion(play, dice),
  correction: 'De datum van de eerste ziektedag klopt niet.',
});
export const hours: Made = (_, dice) => ({ minutes: dice.upTo(300, 10) });
export const followUp: Made = (_, dice) => ({
  adoption: dice.one(['FULL', 'PARTLY', 'NOT']),
  motivation: 'Besproken met de werknemer.',
});
export const credit: Made = async (play, dice) => {
  const { invoiceNumber, netCents } = await invoice(play, dice);
  return { invoiceNumber, netCents: dice.chance(0.5) ? netCents : dice.upTo(netCents, 1), reason: 'GOODWILL' };
};
export const payment: Made = async (play, dice) => {
  const { invoiceNumber, openCents } = await invoice(play, dice);
  const amountCents = dice.chance(0.8) ? openCents : dice.upTo(openCents, 1);
  return { invoiceNumber, amountCents, receivedOn: await today(play) };
};

/** oneOf the sources or documents of the file; `none` when there is none. */
export async function oneOf(play: CasePlay, kind: 'sources' | 'documents', dice: Dice): Promise<string> {
  const file = `/reporting/cases/${play.caseId}`;
  const { sources = [], items = [] } = await found<{
    sources: { sourceId: string }[];
    items: { documentId: string }[];
  }>(play.employee.get(kind === 'sources' ? file : `${file}/documents`));
  const ids = [...sources.map(({ sourceId }) => sourceId), ...items.map(({ documentId }) => documentId)];
  return ids.length === 0 ? 'none' : dice.one(ids);
}

/** heldSlot of the case: in whose agenda of which day it stands. */
export async function heldSlot(play: CasePlay): Promise<{ agenda: string; slotId: string }> {
  const {
    doctorId = 'none',
    startsAt,
    slotId = 'none',
  } = await found<{ doctorId: string; startsAt: string; slotId: string }>(
    play.backOffice.get(`/scheduling/appointments/${play.caseId}`),
  );
  return { agenda: `${doctorId}/${(startsAt ?? (await today(play))).slice(0, 10)}`, slotId };
}

async function sharedVersion(play: CasePlay, dice: Dice): Promise<number> {
  const { report: shared } = await found<{ report: { version: number } | null }>(
    play.employee.get(`/reporting/cases/${play.caseId}`),
  );
  const newest = shared?.version ?? 1;
  return dice.chance(0.9) ? newest : dice.upTo(newest + 1, 1);
}

async function invoice(play: CasePlay, dice: Dice) {
  const { invoices = [] } = await found<{
    invoices: { invoiceNumber?: string; netCents: number; openCents: number }[];
  }>(play.backOffice.get(`/billing/cases/${play.caseId}`));
  const issued = invoices.filter((one) => one.invoiceNumber !== undefined);
  return issued.length === 0 ? { invoiceNumber: 'SO2026-999999', netCents: 100, openCents: 100 } : dice.one(issued);
}
