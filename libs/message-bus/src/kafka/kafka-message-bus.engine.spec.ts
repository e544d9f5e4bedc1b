import { SqliteDatabase } from '@second-opinion/sqlite';
import { SqliteViewStore } from '@second-opinion/view-store/sqlite';
import { messageBusContract, type BusUnderTest } from '../message-bus.contract';
import { KafkaMessageBus } from './kafka-message-bus';
import { declareTopics } from './topics';

const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
const settings = { brokers, clientId: 'message-bus-suite' };
const pace = { maxWaitMs: 50, sessionTimeoutMs: 6_000, pollMs: 200 };

jest.setTimeout(60_000);

async function onKafka(): Promise<BusUnderTest> {
  const database = SqliteDatabase.open();
  const views = new SqliteViewStore(database);
  const open = () => KafkaMessageBus.connect({ ...settings, pace, waitMs: 10_000 }, views);
  let bus = await open();
  return {
    bus,
    declare: async (topic) => void (await declareTopics(settings, [topic], { partitions: 3 })),
    restart: async () => {
      await bus.close();
      return (bus = await open());
    },
    close: async () => {
      await bus.close();
      database.close();
    },
  };
}

messageBusContract('KafkaMessageBus', onKafka);
