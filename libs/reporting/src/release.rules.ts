import { derivedId, endOfWorkingDay, Refused, type Circumstances } from '@second-opinion/kernel';
import { isOver, opened, startOfWorkingDay, type Acts } from './acts.rules';
import type { MedicalFile, Shared } from './file-state.rules';
import type { FileEvent } from './file.events';
import { latestShared } from './report.rules';
import { TERMS, TEXTS } from './reporting.terms';

/** A17, A18: nothing goes without an explicit consent that names the version in force at the moment of the release (BR-34, BR-35). */
export const acts: Acts<
  | 'GrantReleaseConsent'
  | 'WithdrawReleaseConsent'
  | 'BlockReport'
  | 'RemindOfRelease'
  | 'EndReleaseTerm'
  | 'ReleaseReport'
  | 'RecordReleaseReceipt'
  | 'RecordDeliveryFailure'
> = {
  GrantReleaseConsent: ({ version }, state, around) => {
    const { hash } = undelivered(state, latestShared(state, version));
    if (state.consent) return [];
    const releaseDueAt = startOfWorkingDay(TERMS.releaseWorkingDays, around);
    return [
      {
        type: 'ReleaseConsentGranted',
        data: { version, hash, releaseDueAt, calendarVersion: around.calendar.version },
        textVersion: TEXTS.releaseDecision,
      },
    ];
  },

  // BR-37: until the release; what was delivered stays delivered.
  WithdrawReleaseConsent: (_, state, around) => {
    const { version } = undelivered(state, decidable(state));
    if (!state.consent) throw new Refused('reporting.no-consent');
    return [
      { type: 'ReleaseConsentWithdrawn', data: { version }, textVersion: TEXTS.releaseDecision },
      ...toldAtOnce(state, 'BLOCKED', around),
    ];
  },

  BlockReport: (_, state, around) => {
    const { version } = undelivered(state, decidable(state));
    if (state.blocked) return [];
    return [
      { type: 'ReportBlocked', data: { version }, textVersion: TEXTS.releaseDecision },
      ...toldAtOnce(state, 'BLOCKED', around),
    ];
  },

  RemindOfRelease: ({ version, day }, state, { now }) => {
    const { shared, reminded } = state;
    if (shared?.version !== version || decided(state) || reminded.includes(day) || now >= shared.decisionDueAt)
      return [];
    return [{ type: 'ReleaseReminderDue', data: { version, day, decisionDueAt: shared.decisionDueAt } }];
  },

  // BR-38: the same event at the same moment, whatever the employee decided or did not decide.
  EndReleaseTerm: (_, state, { now }) => {
    const { shared, consent, released, told } = state;
    if (!shared || now < shared.decisionDueAt || consent || released?.version === shared.version) return [];
    const { version, decisionDueAt } = shared;
    const lapses = !decided(state) && state.lapsed !== version;
    return [
      ...(lapses ? [{ type: 'ReleaseDecisionLapsed' as const, data: { version } }] : []),
      ...(told || released
        ? []
        : [{ type: 'ReleaseTermEnded' as const, data: { outcome: outcomeOf(state), at: decisionDueAt } }]),
    ];
  },

  ReleaseReport: (_, state, around) => {
    const { now, commandId, calendar } = around;
    const { consent, shared } = state;
    if (!consent || consent.version !== shared?.version || isOver(state)) return [];
    if (now < consent.releaseDueAt) return [];
    return [
      {
        type: 'ReportReleased',
        data: {
          version: consent.version,
          hash: consent.hash,
          to: opened(state).opened.ownDoctorId,
          receipt: derivedId(commandId, 'receipt'),
          releasedAt: now,
          followUpDueAt: endOfWorkingDay(now, TERMS.followUpWorkingDays, calendar),
          followUpReminderAt: startOfWorkingDay(TERMS.followUpReminderDay, around),
          calendarVersion: calendar.version,
        },
      },
    ];
  },

  RecordReleaseReceipt: ({ version }, { unreceived }, { now }) => {
    const receipt = unreceived[version];
    return receipt === undefined ? [] : [{ type: 'ReleaseReceiptRecorded', data: { version, receipt, at: now } }];
  },

  // What failed before this release, or names another version, was the message of an earlier one.
  RecordDeliveryFailure: ({ recipientId, failedAt, version: told }, { released, unreceived, deliveryFailed }) => {
    if (released?.to !== recipientId || failedAt < released.releasedAt || deliveryFailed) return [];
    const { version } = released;
    if (told !== undefined && told !== version) return [];
    return unreceived[version] === undefined ? [] : [{ type: 'ReleaseDeliveryFailed', data: { version } }];
  },
};

/** toldAtOnce: a consent that is taken back after the term was the only reason why the own doctor was not told yet (BR-38). */
export function toldAtOnce(
  { consent, shared, told, released }: MedicalFile,
  outcome: 'BLOCKED' | 'WITHDRAWN',
  { now }: Pick<Circumstances, 'now'>,
): FileEvent[] {
  if (!consent || !shared || told || released || now < shared.decisionDueAt) return [];
  return [{ type: 'ReleaseTermEnded', data: { outcome, at: now } }];
}

function decidable(state: MedicalFile): Shared {
  const { shared } = opened(state);
  if (!shared) throw new Refused('reporting.not-shared');
  return latestShared(state, shared.version);
}

function undelivered({ released }: MedicalFile, shared: Shared): Shared {
  if (released?.version === shared.version) throw new Refused('reporting.already-released');
  return shared;
}

function decided(state: MedicalFile): boolean {
  const { consent, blocked, consentWithdrawn, released, shared } = state;
  const delivered = released !== undefined && released.version === shared?.version;
  return consent !== undefined || blocked || consentWithdrawn || isOver(state) || delivered;
}

function outcomeOf({ blocked, consentWithdrawn, withdrawnAt }: MedicalFile): 'BLOCKED' | 'LAPSED' | 'WITHDRAWN' {
  if (withdrawnAt !== undefined) return 'WITHDRAWN';
  return blocked || consentWithdrawn ? 'BLOCKED' : 'LAPSED';
}
