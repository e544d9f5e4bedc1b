import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { SqliteDatabase } from '@second-opinion/sqlite';
import { SqliteViewStore } from '@second-opinion/view-store/sqlite';
import { KafkaMessageBus } from './kafka-message-bus';

describe('KafkaMessageBus without brokers', () => {
  const opened: Socket[] = [];
  const server = createServer((socket) => void opened.push(socket.on('error', () => undefined).resume()));
  const end = () => {
    if (server.listening) server.close();
    for (const socket of opened.splice(0)) socket.destroy();
  };
  let broker: string;
  let database: SqliteDatabase;
  beforeEach(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    broker = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    database = SqliteDatabase.open();
  });
  afterEach(() => {
    end();
    database.close();
  });
  const connect = (over: object) =>
    KafkaMessageBus.connect({ brokers: [broker], clientId: 'alone', ...over }, new SqliteViewStore(database));

  it('says in one sentence, after a bounded wait, that they did not answer', async () => {
    end();
    await expect(connect({ waitMs: 300 })).rejects.toThrow(`Kafka at ${broker} did not answer within 0.3 s.`);
  });

  it.each([{}, { username: 'intake', password: 'secret' }])(
    'waits no longer for one that takes connections and says nothing, as a frozen one does (%o)',
    async (login) => {
      const begun = performance.now();
      await expect(connect({ waitMs: 1_000, ...login })).rejects.toThrow(
        `Kafka at ${broker} did not answer within 1 s.`,
      );
      expect(performance.now() - begun).toBeLessThan(2_500);
    },
  );
});
