import { Param, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Clock, localDateOf } from '@second-opinion/kernel';
import {
  Acts,
  Answer,
  Answers,
  Asking,
  Context,
  Creates,
  FromRequest,
  Reads,
  type PageQuery,
} from '@second-opinion/nest';
import { CloseAgendaSlot, OpenAgendaDay } from './agenda.commands';
import { agendaReading } from './agenda.view';
import {
  AbortConsultation,
  CancelAppointment,
  EndWithoutAppointment,
  RecordConsultation,
  RecordLateArrival,
  RecordNoShow,
  RescheduleAppointment,
} from './appointment.commands';
import { appointmentReading, appointmentsReading, freeSlotsReading } from './appointment.view';
import { FreeSlots } from './free-slots.handler';
import { CloseLocation, RegisterLocation } from './location.commands';
import { locationsReading } from './locations.view';
import { schedulingTasks } from './scheduling-tasks.view';
import { agendasOf, appointmentsOf, freeFor, shownFreeSlots } from './scheduling.queries.rules';

@Context('scheduling')
export class SchedulingController {
  constructor(
    private readonly bus: CommandBus,
    private readonly reads: Reads,
    private readonly slots: FreeSlots,
    private readonly clock: Clock,
  ) {}

  @Creates('locations', RegisterLocation, 'locationId')
  registerLocation(@FromRequest() command: RegisterLocation) {
    return this.bus.execute(command);
  }

  @Acts('locations/:locationId', CloseLocation)
  closeLocation(@FromRequest() command: CloseLocation) {
    return this.bus.execute(command);
  }

  @Answers('locations', locationsReading)
  locations(@Query() page: PageQuery, @Asking() asking: Asking) {
    return this.reads.list(locationsReading, { orderBy: 'name' }, page, asking);
  }

  @Acts('agendas/:doctorId/:date', OpenAgendaDay)
  openDay(@FromRequest() command: OpenAgendaDay) {
    return this.bus.execute(command);
  }

  @Acts('agendas/:doctorId/:date', CloseAgendaSlot)
  closeSlot(@FromRequest() command: CloseAgendaSlot) {
    return this.bus.execute(command);
  }

  @Answers('agendas/:doctorId', agendaReading)
  agenda(@Param('doctorId') doctorId: string, @Query() page: PageQuery, @Asking() asking: Asking) {
    return this.reads.list(
      agendaReading,
      agendasOf(doctorId, localDateOf(this.clock.now()), asking.actor),
      page,
      asking,
    );
  }

  @Answers('appointments', appointmentsReading)
  appointments(@Query() page: PageQuery, @Asking() asking: Asking) {
    return this.reads.list(appointmentsReading, appointmentsOf(asking.actor), page, asking);
  }

  @Answers('appointments/:caseId', appointmentReading)
  appointment(@Param('caseId') caseId: string, @Asking() asking: Asking) {
    return this.reads.one(appointmentReading, caseId, asking);
  }

  @Answers('appointments/:caseId/slots', freeSlotsReading, { shape: 'list' })
  async freeSlots(@Param('caseId') caseId: string, @Asking() asking: Asking) {
    const { row } = await this.reads.row(freeSlotsReading, caseId, asking);
    const search = freeFor(row, this.clock.now());
    return new Answer({ items: search ? shownFreeSlots(await this.slots.for(search)) : [] });
  }

  @Acts('appointments/:caseId', RescheduleAppointment)
  reschedule(@FromRequest() command: RescheduleAppointment) {
    return this.bus.execute(command);
  }

  @Acts('appointments/:caseId', CancelAppointment)
  cancel(@FromRequest() command: CancelAppointment) {
    return this.bus.execute(command);
  }

  @Acts('appointments/:caseId', EndWithoutAppointment)
  endWithoutAppointment(@FromRequest() command: EndWithoutAppointment) {
    return this.bus.execute(command);
  }

  @Acts('appointments/:caseId', RecordConsultation)
  held(@FromRequest() command: RecordConsultation) {
    return this.bus.execute(command);
  }

  @Acts('appointments/:caseId', RecordNoShow)
  noShow(@FromRequest() command: RecordNoShow) {
    return this.bus.execute(command);
  }

  @Acts('appointments/:caseId', RecordLateArrival)
  late(@FromRequest() command: RecordLateArrival) {
    return this.bus.execute(command);
  }

  @Acts('appointments/:caseId', AbortConsultation)
  abort(@FromRequest() command: AbortConsultation) {
    return this.bus.execute(command);
  }

  @Answers('tasks', 'scheduling.ListTasks')
  tasks(@Query() page: PageQuery, @Asking() asking: Asking) {
    return this.reads.tasks(schedulingTasks, page, asking);
  }
}
