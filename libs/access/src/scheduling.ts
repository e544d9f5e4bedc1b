import type { ContextRules } from './rules';

const MOVES = ['employee', 'second-opinion-doctor', 'back-office'] as const;
const DOCTOR = ['second-opinion-doctor'] as const;

/** schedulingAccess says what every operation of scheduling does: item 12 for what belongs to a case, the role alone for agendas and houses, which belong to none. */
export const schedulingAccess: ContextRules = {
  operations: {
    RegisterLocation: { roles: ['back-office'], basis: 'back office arranges neutral locations (S2)' },
    CloseLocation: { roles: ['back-office'], basis: 'back office arranges neutral locations (S2)' },
    ListLocations: {
      roles: ['back-office', 'second-opinion-doctor', 'auditor'],
      basis: 'public data of houses, for who plans',
    },
    OpenAgendaDay: {
      roles: ['back-office', 'second-opinion-doctor'],
      basis: 'a doctor his own hours, back office plans',
    },
    CloseAgendaSlot: {
      roles: ['back-office', 'second-opinion-doctor'],
      basis: 'a doctor his own hours, back office plans',
    },
    ListAgenda: { roles: ['back-office', 'second-opinion-doctor'], basis: 'a doctor his own hours, back office plans' },
    ListTasks: {
      roles: ['back-office', 'second-opinion-doctor', 'employee', 'company-doctor'],
      basis: 'everybody his own tasks',
    },

    GetAppointment: { item: 12, right: 'M' },
    ListAppointments: { item: 12, right: 'M' },
    // Reading item 12 is necessary, not sufficient: these three may also change what they read (A10).
    ListFreeSlots: { item: 12, right: 'R', only: MOVES },
    RescheduleAppointment: { item: 12, right: 'R', only: MOVES },
    CancelAppointment: { item: 12, right: 'R', only: MOVES },
    EndWithoutAppointment: { item: 12, right: 'W', only: ['back-office'] },
    // A13: whether the consultation was held is the doctor's to say; the desk may say that nobody came.
    RecordConsultation: { item: 12, right: 'W', only: DOCTOR },
    RecordNoShow: { item: 12, right: 'R', only: ['second-opinion-doctor', 'back-office'] },
    RecordLateArrival: { item: 12, right: 'R', only: ['second-opinion-doctor', 'back-office'] },
    AbortConsultation: { item: 12, right: 'W', only: DOCTOR },
  },
  purposes: {},
};
