import { Module } from '@nestjs/common';
import { contextModule, deciderHandlers } from '@second-opinion/nest';
import * as agendaCommands from './agenda.commands';
import { agenda } from './agenda.decider';
import { agendaEvents } from './agenda.events';
import { agendaDays } from './agenda.view';
import * as appointmentCommands from './appointment.commands';
import { appointment } from './appointment.decider';
import { appointmentEvents } from './appointment.events';
import { appointments } from './appointment.view';
import { FindSlotHandler } from './find-slot.handler';
import { FreeSlots } from './free-slots.handler';
import { freeSlots } from './free-slots.view';
import * as locationCommands from './location.commands';
import { location } from './location.decider';
import { locationEvents } from './location.events';
import { locations } from './locations.view';
import { OpenAgendaDayHandler } from './open-agenda-day.handler';
import { RescheduleAppointmentHandler } from './reschedule-appointment.handler';
import { SchedulingController } from './scheduling.controller';
import { appointmentReminders, reservationTerm, searchTerm } from './scheduling.deadlines';
import { schedulingPublisher } from './scheduling.publisher';
import { schedulingTasks } from './scheduling-tasks.view';
import { ServeWaitingCasesHandler } from './serve-waiting-cases.handler';
import { waitingCases } from './waiting-cases.view';
import { whenCaseMovesNoteIt } from './when-case-moves-note-it.policy';
import { whenFileEndsFreeSlot } from './when-file-ends-free-slot.policy';
import { whenQuoteMovesNoteIt } from './when-quote-moves-note-it.policy';
import { whenSlotLetGoFreeIt } from './when-slot-let-go-free-it.policy';
import { whenSlotSoughtFindOne } from './when-slot-sought-find-one.policy';
import { whenSlotTakenTellAppointment } from './when-slot-taken-tell-appointment.policy';
import { whenSlotsComeFreeServeWaiting } from './when-slots-come-free-serve-waiting.policy';

@Module(
  contextModule({
    name: 'scheduling',
    controllers: [SchedulingController],
    events: {
      'scheduling.location': locationEvents,
      'scheduling.agenda': agendaEvents,
      'scheduling.appointment': appointmentEvents,
    },
    handlers: [
      ...deciderHandlers(location, locationCommands),
      ...deciderHandlers(agenda, agendaCommands, {
        OpenAgendaDay: OpenAgendaDayHandler,
        ServeWaitingCases: ServeWaitingCasesHandler,
      }),
      ...deciderHandlers(appointment, appointmentCommands, {
        FindSlot: FindSlotHandler,
        RescheduleAppointment: RescheduleAppointmentHandler,
      }),
    ],
    views: [locations, agendaDays, freeSlots, appointments, waitingCases, schedulingTasks],
    policies: [
      whenCaseMovesNoteIt,
      whenQuoteMovesNoteIt,
      whenFileEndsFreeSlot,
      whenSlotSoughtFindOne,
      whenSlotTakenTellAppointment,
      whenSlotLetGoFreeIt,
      whenSlotsComeFreeServeWaiting,
    ],
    publishers: [schedulingPublisher],
    deadlines: [reservationTerm, searchTerm, appointmentReminders],
    providers: [FreeSlots],
  }),
)
export class SchedulingModule {}
