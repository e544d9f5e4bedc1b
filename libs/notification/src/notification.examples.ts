import type { Example } from '@second-opinion/kernel';

/** What the answers of notification look like, for the API document; all of it invented. */

const metadata = {
  messageId: '0b6b3f0e-5f3c-5a3d-8a43-5a0f3f6f1d11',
  template: 'N05',
  caseId: '7f2d1c6e-8f5b-5f0a-9a54-2c1e7d4b9a10',
  at: '2026-11-26T08:00:00.000Z',
  delivery: 'sent',
  channel: 'email',
};

/** A message as its recipient reads it. */
export const messageExample: Example = {
  ...metadata,
  title: 'Uw afspraak is bevestigd',
  lines: ['U bent uitgenodigd op 1 december 2026 om 9.00 uur.'],
};

/** The same for back office and auditor: that it was sent, and how that went. */
export const messageLogExample: Example = {
  ...metadata,
  recipientId: '2c4a9f58-6a0e-5a77-9d51-0f7a3a6f5e21',
  recipientRole: 'employee',
  textVersion: 'messages-2026.1',
  attempts: 1,
  deliveredAt: '2026-11-26T08:00:02.000Z',
};
