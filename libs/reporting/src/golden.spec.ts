import path from 'node:path';
import { goldenShapes } from '@second-opinion/nest/testing';
import { doctor } from './doctor.decider';
import { doctorEvents } from './doctor.events';
import { medicalFile } from './file.decider';
import { fileEvents } from './file.events';

goldenShapes({
  folder: path.join(__dirname, '../golden'),
  events: { 'reporting.doctor': doctorEvents, 'reporting.file': fileEvents },
  deciders: [doctor, medicalFile],
});
