import path from 'node:path';
import { goldenShapes } from '@second-opinion/nest/testing';
import { agenda } from './agenda.decider';
import { agendaEvents } from './agenda.events';
import { appointment } from './appointment.decider';
import { appointmentEvents } from './appointment.events';
import { doctor } from './doctor.decider';
import { doctorEvents } from './doctor.events';
import { location } from './location.decider';
import { locationEvents } from './location.events';

goldenShapes({
  folder: path.join(__dirname, '../golden'),
  events: {
    'scheduling.doctor': doctorEvents,
    'scheduling.location': locationEvents,
    'scheduling.agenda': agendaEvents,
    'scheduling.appointment': appointmentEvents,
  },
  deciders: [doctor, location, agenda, appointment],
});
