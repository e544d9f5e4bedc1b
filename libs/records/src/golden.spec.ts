import path from 'node:path';
import { goldenShapes } from '@second-opinion/nest/testing';
import { erasure } from './erasure.decider';
import { erasureEvents } from './erasure.events';
import { historyEvents } from './history.events';

goldenShapes({
  folder: path.join(__dirname, '../golden'),
  events: { 'records.history': historyEvents, 'records.erasure': erasureEvents },
  deciders: [erasure],
});
