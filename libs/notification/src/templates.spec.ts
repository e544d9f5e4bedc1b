import { LANGUAGES } from '@second-opinion/contracts';
import { aSeal } from '@second-opinion/kernel/testing';
import { FACTS, ROLES, type Content } from './content.events';
import { letter, portalMessage, variablesIn } from './render.rules';
import { TEMPLATE_CODES, templateOf, templates, type TemplateCode } from './templates.terms';
import { outsideTexts, portalTexts } from './texts.terms';

const everything: Content = {
  caseNumber: 'SO-0123456789',
  reference: 'B-0123456789',
  subject: 'AbsenceGuidance',
  region: '35',
  ground: 'REPEATED_SAME_SUBJECT',
  motivation: aSeal('motivation'),
  textVersion: 'text-2026.1',
  quoteId: 'quote-1',
  payer: 'EMPLOYEE',
  netCents: 125000,
  vatCents: 26250,
  totalCents: 151250,
  invoiceNumber: 'SO2026-000123',
  creditNoteNumber: 'SC2026-000004',
  day: '2026-12-24',
  appointmentId: 'appointment-1',
  sequence: 0,
  startsAt: '2026-12-01T09:00',
  endsAt: '2026-12-01T10:30',
  zone: 'Europe/Amsterdam',
  locationName: 'Het Gebouw',
  locationAddress: 'Kade 1, 3511 AB Utrecht',
  room: 'Kamer 2',
  documentKind: 'MEDICAL_LETTER',
  senderRole: 'employee',
  adoption: 'PARTLY',
  version: 2,
  until: '2026-12-10T23:00:00.000Z',
  outcome: 'NO_DOCTOR',
  final: true,
  term: 'LIMIT',
  reassigned: true,
  code: aSeal('code'),
};
const leaving = TEMPLATE_CODES.filter((code) => templateOf(code).outside !== 'none');
const pairs = <T>(codes: readonly T[]) =>
  codes.flatMap((code) => LANGUAGES.map((language) => [code, language] as const));
const outside = (template: TemplateCode, language: 'nl' | 'en') =>
  letter(
    { messageId: 'message-1', template, content: everything },
    language,
    { portalUrl: 'https://portaal.example' },
    'CODE',
  );

describe('templates', () => {
  it.each(pairs(TEMPLATE_CODES))('%s (%s) names in the portal nothing outside its allow-list', (code, language) => {
    const text = portalTexts[language][code];
    const { portal } = templateOf(code);
    if (text === 'none') return expect(portal).toBe('none');
    const named = [text.title, ...text.lines].flatMap(variablesIn);
    expect(named.filter((name) => portal === 'none' || !(portal as readonly string[]).includes(name))).toEqual([]);
  });

  it.each(pairs(leaving))('%s (%s) names in mail and SMS nothing outside its allow-list', (code, language) => {
    const { neutral, own } = outsideTexts[language];
    const { mail = [], outside: kind } = templateOf(code);
    expect(own[code] !== undefined).toBe(kind === 'text');
    const { subject, lines, sms } = own[code] ?? neutral;
    const named = [subject, ...lines, sms].flatMap(variablesIn);
    expect(named.filter((name) => name !== 'link' && !(mail as readonly string[]).includes(name))).toEqual([]);
  });

  it.each(pairs(TEMPLATE_CODES))('%s (%s) leaves out no line when all is known, and shows no gap', (code, language) => {
    const place = { recipientId: 'person-1', caseId: 'case-1', template: code };
    const shown = portalMessage(everything, language, place);
    const text = portalTexts[language][code];
    expect(shown?.lines.length).toBe(text === 'none' ? undefined : text.lines.length);
    expect(JSON.stringify(shown ?? {})).not.toMatch(/\{\w+\}|undefined|NaN/);
    if (templateOf(code).outside !== 'none') {
      const { subject, text: body, sms } = outside(code, language);
      for (const part of [subject, body, sms]) expect(part).not.toMatch(/\{\w+\}|undefined|NaN|^$/);
    }
  });

  it('are there for every fact that somebody is told of', () => {
    const used = new Set(TEMPLATE_CODES.map((code) => templateOf(code).on));
    expect(FACTS.filter((fact) => !used.has(fact))).toEqual([]);
  });

  it.each(pairs(leaving.filter((code) => /^N(04|15)-/.test(code) && templateOf(code).outside === 'text')))(
    'BR-55: %s (%s) goes to who pays with the reference of the paper, not with the case number',
    (code, language) => {
      const text = JSON.stringify(outside(code, language));
      expect([text.includes('B-0123456789'), text.includes('SO-0123456789')]).toEqual([true, false]);
    },
  );

  it('and mails of a portal message lead to it without anything about the person in the address', () => {
    expect(outside('N01-employee', 'nl').text).toContain('https://portaal.example/messages/message-1');
    expect(outside('N23-invited', 'nl').text).toContain('https://portaal.example/invitation#code=CODE');
  });
});

const HEALTH = [
  'second opinion',
  'tweede mening',
  'bedrijfsarts',
  'company doctor',
  'arts',
  'artsen',
  'doctor',
  'spreekuur',
  'consultation',
  'medisch',
  'medical',
  'gezondheid',
  'health',
  'ziek',
  'ziekte',
  'ill',
  'illness',
  'klacht',
  'klachten',
  'complaint',
  'diagnose',
  'diagnosis',
  'verzuim',
  'absence',
  'medicijn',
  'medicine',
  'behandel',
  'treatment',
  'therap',
  'arbo',
  'fml',
  'belastbaarheid',
  'rapport',
  'report',
  'blokk',
  'block',
  'machtiging',
  'authorisation',
  'dossier',
  'werkgever',
  'employer',
  'werknemer',
  'employee',
];
const healthWord = new RegExp(`\\b(?:${HEALTH.join('|')})`, 'i');

describe('what leaves the portal', () => {
  it.each(pairs(leaving))('BR-73: %s (%s) holds no word about health in subject, body or SMS', (code, language) => {
    // The number of a case and its papers is ours and says nothing; the link holds an id.
    const { subject, text, sms } = outside(code, language);
    for (const part of [subject, text, sms]) expect(part.replace(/https:\S+/g, '')).not.toMatch(healthWord);
  });

  it('BR-73: the word list finds what it should', () => {
    for (const word of ['Uw second opinion', 'de bedrijfsarts', 'Your illness', 'medische stukken', 'het rapport'])
      expect(word).toMatch(healthWord);
  });

  it.each(pairs(leaving.filter((code) => code.startsWith('N05'))))(
    'BR-73: %s (%s) does not even hold our case number: a summary says "Afspraak" and no more',
    (code, language) => {
      const { subject, text, sms } = outside(code, language);
      for (const part of [subject, text, sms]) expect(part).not.toContain('SO-');
      expect(JSON.stringify([subject, text, sms])).not.toMatch(/medicijn|medicine|brieven|letters|vragen|question/i);
    },
  );

  it.each(pairs(leaving.filter((code) => templateOf(code).to === 'employee')))(
    'BR-40: %s (%s) tells an employee nothing in a mail by which somebody who looks over his shoulder learns of a case',
    (code, language) => {
      const { subject, text, sms } = outside(code, language);
      for (const part of [subject, text, sms]) expect(part).not.toContain('SO-0123456789');
    },
  );
});

describe('who is told', () => {
  it('BR-40: there is no such recipient as an employer, in no template and no role', () => {
    const recipients = new Set<string>([...ROLES, ...TEMPLATE_CODES.map((code) => templateOf(code).to)]);
    expect([...recipients].filter((recipient) => /employer|court|insurer|lawyer|uwv/.test(recipient))).toEqual([]);
  });
  it('BR-60: nor a lawyer', () => expect(ROLES.join()).not.toMatch(/lawyer/));

  it('BR-14: the refusal carries the complaint route in the same message', () => {
    const shown = portalMessage(everything, 'nl', {
      recipientId: 'person-1',
      caseId: 'case-1',
      template: 'N02-refused',
    });
    expect(shown?.lines).toContainEqual(expect.stringContaining('klacht indienen'));
  });

  it('BR-23: a withdrawn authorisation takes the medical papers, and nothing about the work', () => {
    const medical = { nl: 'medische stukken', en: 'medical documents' };
    for (const language of LANGUAGES)
      expect(JSON.stringify(portalTexts[language]['N07-withdrawn-doctor'])).toContain(medical[language]);
  });
  it('BR-38: what the own doctor reads of a report that was not released knows no outcome, version or reason', () => {
    expect(templates['N13-ended']).toMatchObject({ on: 'ReportNotReleased', to: 'own-doctor', portal: ['caseNumber'] });
    const others = TEMPLATE_CODES.filter((code) => templateOf(code).on === 'ReportNotReleased');
    expect(others).toEqual(['N13-ended']);
    for (const language of LANGUAGES)
      expect(JSON.stringify(portalTexts[language]['N13-ended'])).not.toMatch(
        /blok|block|verlopen|lapse|ingetrok|withdr/i,
      );
  });

  it.each(LANGUAGES)('BR-35, BR-62: N10 and N11 (%s) explain and press nobody: no answer is no release', (language) => {
    const words = JSON.stringify([portalTexts[language]['N10-ready'], portalTexts[language]['N11-reminder']]);
    expect(words).toMatch(language === 'nl' ? /geen antwoord/ : /do not answer/);
    expect(words).toMatch(language === 'nl' ? /Ook zolang de arts daarop niet heeft/ : /also while the doctor has not/);
    expect(words).not.toMatch(/moet|verplicht|dringend|laatste kans|snel|must|urgent|last chance|advise you|raden u/i);
  });
});
