import type { OperationProblems } from '@second-opinion/nest';

/** Generated from the sources by `npm run docs`; do not edit: what each operation can answer besides what every one can. */
export const schedulingProblems: OperationProblems = {
  RegisterLocation: { refused: ['scheduling.location-exists', 'scheduling.location-not-neutral'] },
  CloseLocation: { refused: ['scheduling.in-the-past', 'scheduling.location-closed', 'scheduling.no-such-location'] },
  ListLocations: {
    invalid: ['invalid-cursor', 'invalid-request', 'seal-broken', 'seal-malformed', 'seal-misplaced'],
    unavailable: ['access-log-unavailable', 'key-missing'],
  },
  OpenAgendaDay: {
    forbidden: ['scheduling.not-your-agenda'],
    refused: [
      'scheduling.block-times',
      'scheduling.in-the-past',
      'scheduling.location-closed',
      'scheduling.no-slot-fits',
      'scheduling.no-such-location',
      'scheduling.no-such-time',
      'scheduling.slot-length',
      'scheduling.slots-overlap',
    ],
  },
  CloseAgendaSlot: {
    forbidden: ['scheduling.not-your-agenda'],
    refused: ['scheduling.in-the-past', 'scheduling.no-such-slot', 'scheduling.slot-taken'],
  },
  ListAgenda: {
    invalid: ['invalid-cursor', 'invalid-request', 'seal-broken', 'seal-malformed', 'seal-misplaced'],
    unavailable: ['access-log-unavailable', 'key-missing'],
  },
  ListAppointments: {
    invalid: ['invalid-cursor', 'invalid-request', 'seal-broken', 'seal-malformed', 'seal-misplaced'],
    unavailable: ['access-log-unavailable', 'key-missing'],
  },
  GetAppointment: {
    invalid: ['seal-broken', 'seal-malformed', 'seal-misplaced'],
    'not-found': ['not-found'],
    unavailable: ['access-log-unavailable', 'event-store.foreign-event', 'key-missing'],
  },
  ListFreeSlots: { 'not-found': ['not-found'], unavailable: ['event-store.foreign-event'] },
  RescheduleAppointment: {
    refused: [
      'scheduling.appointment-changed',
      'scheduling.appointment-has-begun',
      'scheduling.doctor-not-registered',
      'scheduling.no-appointment',
      'scheduling.slot-not-free',
      'scheduling.too-late-to-reschedule',
    ],
  },
  CancelAppointment: {
    refused: [
      'scheduling.appointment-has-begun',
      'scheduling.no-appointment',
      'scheduling.not-on-request',
      'scheduling.proof-not-seen',
    ],
  },
  EndWithoutAppointment: { refused: ['scheduling.employee-may-answer'] },
  RecordConsultation: {
    refused: [
      'scheduling.appointment-not-begun',
      'scheduling.consultation-too-long',
      'scheduling.doctor-not-registered',
      'scheduling.no-appointment',
    ],
  },
  RecordNoShow: {
    refused: ['scheduling.appointment-not-begun', 'scheduling.no-appointment', 'scheduling.too-early-for-no-show'],
  },
  RecordLateArrival: { refused: ['scheduling.appointment-not-begun', 'scheduling.no-appointment'] },
  AbortConsultation: {
    refused: ['scheduling.appointment-not-begun', 'scheduling.doctor-not-registered', 'scheduling.no-appointment'],
  },
  ListTasks: { invalid: ['invalid-cursor', 'invalid-request'] },
};
