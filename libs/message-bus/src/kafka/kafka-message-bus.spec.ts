import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { SqliteDatabase } from '@second-opinion/sqlite';
import { SqliteViewStore } from '@second-opinion/view-store/sqlite';
import { KafkaMessageBus } from './kafka-message-bus';

describe('KafkaMessageBus without brokers', () => {
  it('says in one sentence, after a bounded wait, that they did not answer', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const database = SqliteDatabase.open();
    const broker = `127.0.0.1:${port}`;
    await expect(
      KafkaMessageBus.connect({ brokers: [broker], clientId: 'alone', waitMs: 300 }, new SqliteViewStore(database)),
    ).rejects.toThrow(`Kafka at ${broker} did not answer within 0.3 s.`);
    database.close();
  });
});
