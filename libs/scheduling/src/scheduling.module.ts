import { Module } from '@nestjs/common';
import { contextModule, deciderHandlers } from '@second-opinion/nest';
import * as agendaCommands from './agenda.commands';
import { agenda } from './agenda.decider';
import { agendaEvents } from './agenda.events';
import * as appointmentCommands from './appointment.commands';
import { appointment } from './appointment.decider';
import { appointmentEvents } from './appointment.events';
import { CheckRegistrationHandler } from './check-registration.handler';
import { CloseHoursOfLocationHandler } from './close-hours-of-location.handler';
import * as doctorCommands from './doctor.commands';
import { doctor } from './doctor.decider';
import { doctorEvents } from './doctor.events';
import { FindSlotHandler } from './find-slot.handler';
import { FreeSlots } from './free-slots.handler';
import * as locationCommands from './location.commands';
import { location } from './location.decider';
import { locationEvents } from './location.events';
import { NoteDoctorHandler } from './note-doctor.handler';
import { CloseSlotsOfLocationHandler, OpenAgendaDayHandler } from './open-agenda-day.handler';
import { RecordConsultationHandler } from './record-consultation.handler';
import { RescheduleAppointmentHandler } from './reschedule-appointment.handler';
import { SchedulingController } from './scheduling.controller';
import { schedulingProblems } from './scheduling.problems';
import { schedulingPublisher } from './scheduling.publisher';
import { ServeWaitingCasesHandler } from './serve-waiting-cases.handler';
import { whenCaseMovesNoteIt } from './when-case-moves-note-it.policy';
import { whenDoctorRegisteredNoteHim } from './when-doctor-registered-note-him.policy';
import { whenFileEndsFreeSlot } from './when-file-ends-free-slot.policy';
import { whenLocationClosesCloseItsSlots } from './when-location-closes-close-its-slots.policy';
import { whenQuoteMovesNoteIt } from './when-quote-moves-note-it.policy';
import { whenSlotLetGoFreeIt } from './when-slot-let-go-free-it.policy';
import { whenSlotPlannedCheckRegistration } from './when-slot-planned-check-registration.policy';
import { whenSlotSoughtFindOne } from './when-slot-sought-find-one.policy';
import { whenSlotTakenTellAppointment } from './when-slot-taken-tell-appointment.policy';
import { whenSlotsComeFreeServeWaiting } from './when-slots-come-free-serve-waiting.policy';
import { projected } from './scheduling.views';

@Module(
  contextModule({
    ...projected,
    controllers: [SchedulingController],
    problems: schedulingProblems,
    events: {
      'scheduling.doctor': doctorEvents,
      'scheduling.location': locationEvents,
      'scheduling.agenda': agendaEvents,
      'scheduling.appointment': appointmentEvents,
    },
    handlers: [
      ...deciderHandlers(doctor, doctorCommands, { NoteDoctor: NoteDoctorHandler }),
      ...deciderHandlers(location, locationCommands, { CloseHoursOfLocation: CloseHoursOfLocationHandler }),
      ...deciderHandlers(agenda, agendaCommands, {
        CloseSlotsOfLocation: CloseSlotsOfLocationHandler,
        OpenAgendaDay: OpenAgendaDayHandler,
        ServeWaitingCases: ServeWaitingCasesHandler,
      }),
      ...deciderHandlers(appointment, appointmentCommands, {
        AbortConsultation: RecordConsultationHandler,
        CheckRegistration: CheckRegistrationHandler,
        FindSlot: FindSlotHandler,
        RecordConsultation: RecordConsultationHandler,
        RescheduleAppointment: RescheduleAppointmentHandler,
      }),
    ],
    policies: [
      whenCaseMovesNoteIt,
      whenDoctorRegisteredNoteHim,
      whenQuoteMovesNoteIt,
      whenFileEndsFreeSlot,
      whenSlotSoughtFindOne,
      whenSlotTakenTellAppointment,
      whenSlotLetGoFreeIt,
      whenSlotPlannedCheckRegistration,
      whenSlotsComeFreeServeWaiting,
      whenLocationClosesCloseItsSlots,
    ],
    publishers: [schedulingPublisher],
    providers: [FreeSlots],
  }),
)
export class SchedulingModule {}
