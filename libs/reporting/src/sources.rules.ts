import { derivedId, endOfWorkingDay, NotFound, Refused } from '@second-opinion/kernel';
import { mayAdd } from './dossier.rules';
import { assigned, isOver, opened, resumed, running, type Acts } from './acts.rules';
import { casePaused } from './case-clock-state.rules';
import { sourceOf, unread, type Source } from './dossier-state.rules';
import type { MedicalFile } from './file-state.rules';
import { TERMS, TEXTS } from './reporting.terms';

/** A14: treating doctors are asked with a consent for each of them (BR-26); meanwhile the clocks stand still. */
export const acts: Acts<
  | 'GrantSourceConsent'
  | 'WithdrawSourceConsent'
  | 'RequestTreatingDoctorInformation'
  | 'RecordThirdPartyInformation'
  | 'EndAnswerTerm'
> = {
  GrantSourceConsent: ({ source }, state, { commandId, now }) => {
    if (Object.keys(assigned(mayAdd(state)).sources).length >= TERMS.mostSources)
      throw new Refused('reporting.too-many-sources');
    return [
      {
        type: 'SourceConsentGranted',
        data: { sourceId: derivedId(commandId, 'source'), source, at: now },
        textVersion: TEXTS.sourceConsent,
      },
    ];
  },

  WithdrawSourceConsent: ({ sourceId }, state, around) => {
    const source = existing(opened(state), sourceId);
    const documents = unread(state, (document) => document.sourceId === sourceId);
    if (!source.consent && documents.length === 0) return [];
    return [
      {
        type: 'SourceConsentWithdrawn',
        data: { sourceId, at: around.now, documents },
        textVersion: TEXTS.sourceConsent,
      },
      ...(source.request === 'asked' && !isOver(state) ? resumed(state, 'THIRD_PARTY', sourceId, around) : []),
    ];
  },

  RequestTreatingDoctorInformation: ({ sourceId, question }, state, { now, calendar }) => {
    const source = existing(running(state), sourceId);
    mayAdd(state);
    if (!source.consent) throw new Refused('reporting.no-source-consent');
    if (source.request === 'asked') return [];
    return [
      {
        type: 'ThirdPartyInformationRequested',
        data: {
          sourceId,
          question,
          answerDueAt: endOfWorkingDay(now, TERMS.answerWorkingDays, calendar),
          calendarVersion: calendar.version,
        },
      },
      { type: 'ClockPaused', data: { clock: 'REPORT', reason: 'THIRD_PARTY', ref: sourceId } },
      ...casePaused(state, 'THIRD_PARTY', sourceId, now),
    ];
  },

  RecordThirdPartyInformation: ({ sourceId }, state, around) => {
    const source = existing(running(state), sourceId);
    if (!source.consent) throw new Refused('reporting.no-source-consent');
    if (source.request === 'received') return [];
    if (source.request === 'none') throw new Refused('reporting.not-asked');
    return [
      { type: 'ThirdPartyInformationReceived', data: { sourceId, at: around.now } },
      ...resumed(state, 'THIRD_PARTY', sourceId, around),
    ];
  },

  // No answer: go on, and state the gap in the report.
  EndAnswerTerm: ({ sourceId }, state, around) => {
    const source = sourceOf(state, sourceId);
    const over = source?.request === 'asked' && source.answerDueAt !== undefined && around.now >= source.answerDueAt;
    if (!over || state.ended !== undefined) return [];
    return [
      { type: 'ThirdPartyInformationNotReceived', data: { sourceId } },
      ...resumed(state, 'THIRD_PARTY', sourceId, around),
    ];
  },
};

function existing(state: MedicalFile, sourceId: string): Source {
  const source = sourceOf(state, sourceId);
  if (!source) throw new NotFound();
  return source;
}
