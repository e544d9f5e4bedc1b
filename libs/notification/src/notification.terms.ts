/** Terms of notification: settings tagged [I] in the domain. A new value is a new version. */
export const NOTIFICATION_RULES = 'notification-2026.1';

export const TERMS = {
  /** [I] A temporary failure is tried again after these pauses; after the last one the delivery has failed. */
  retryMinutes: [1, 5, 15, 60, 120, 240, 480, 960],
  /** [I] Bodies are kept so long where we keep them at all (the folder of mails); what was said follows from the codes. */
  bodyDays: 30,
} as const;
