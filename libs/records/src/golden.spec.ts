import path from 'node:path';
import { goldenShapes } from '@second-opinion/nest/testing';
import { erasure } from './erasure.decider';
import { erasureEvents } from './erasure.events';
import { historyEvents } from './history.events';
import { operationEvents } from './operation.events';

goldenShapes({
  folder: path.join(__dirname, '../golden'),
  events: { 'records.history': historyEvents, 'records.erasure': erasureEvents, 'records.operation': operationEvents },
  deciders: [erasure],
});
