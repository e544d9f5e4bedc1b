import path from 'node:path';
import { goldenShapes } from '@second-opinion/nest/testing';
import { agenda } from './agenda.decider';
import { agendaEvents } from './agenda.events';
import { appointment } from './appointment.decider';
import { appointmentEvents } from './appointment.events';
import { location } from './location.decider';
import { locationEvents } from './location.events';

goldenShapes({
  folder: path.join(__dirname, '../golden'),
  events: {
    'scheduling.location': locationEvents,
    'scheduling.agenda': agendaEvents,
    'scheduling.appointment': appointmentEvents,
  },
  deciders: [location, agenda, appointment],
});
