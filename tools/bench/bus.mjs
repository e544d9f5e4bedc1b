import { createRequire } from 'node:module';

/** Kafka, through the product's adapter; nothing is parked here, so those rows stay in memory. */
const require = createRequire(import.meta.url);
const { NamespacedMessageBus } = require('../../libs/message-bus/dist/index.js');
const { KafkaMessageBus } = require('../../libs/message-bus/dist/kafka/index.js');
const { SqliteDatabase } = require('../../libs/sqlite/dist/index.js');
const { SqliteViewStore } = require('../../libs/view-store/dist/sqlite/index.js');
export const { INTAKE_TOPIC } = require('../../libs/contracts/dist/index.js');

/** openBus of a deployment: its `bus`, and how to close it. */
export async function openBus(brokers, namespace) {
  const database = SqliteDatabase.open();
  const options = { brokers: brokers.split(','), clientId: 'bench' };
  const kafka = await KafkaMessageBus.connect(options, new SqliteViewStore(database));
  return {
    bus: new NamespacedMessageBus(kafka, namespace),
    async close() {
      await kafka.close();
      await database.close();
    },
  };
}
