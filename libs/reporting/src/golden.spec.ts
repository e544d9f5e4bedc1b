import path from 'node:path';
import { goldenShapes } from '@second-opinion/nest/testing';
import { medicalFile } from './file.decider';
import { fileEvents } from './file.events';

goldenShapes({
  folder: path.join(__dirname, '../golden'),
  events: { 'reporting.file': fileEvents },
  deciders: [medicalFile],
});
