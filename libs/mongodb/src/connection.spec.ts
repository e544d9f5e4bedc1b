import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { MongoConnection } from './connection';

const failure = (url: string, options = {}) =>
  MongoConnection.open(url, { waitMs: 0, selectionMs: 300, ...options }).catch((error: unknown) => error);

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('MongoConnection without a server', () => {
  it.each(['', 'http://127.0.0.1', 'mongodb://', 'mongodb://a:b@:1', 'mongodb://127.0.0.1/?nonsense=1'])(
    'refuses %p as no connection string, without repeating it',
    async (url) => {
      const error = await failure(url);
      expect(error).toMatchObject({ kind: 'unavailable', code: 'mongodb-url-invalid' });
      expect((error as Error).cause).toBeUndefined();
    },
  );

  it('says at once that the file of a certificate cannot be read, without its path', async () => {
    const url = 'mongodb://user:secret@127.0.0.1:1/?replicaSet=rs0&tls=true&tlsCAFile=/nowhere/ca.crt';
    const error = await failure(url, { waitMs: 60_000 });
    expect(error).toMatchObject({ kind: 'unavailable', code: 'mongodb-file-unreadable', facts: { why: 'ENOENT' } });
    expect((error as Error).cause).toBeUndefined();
  });

  it('waits for a server that is not there, only so long, and tells each time that it waits', async () => {
    const told: string[] = [];
    const url = `mongodb://user:secret@127.0.0.1:${await freePort()}/?replicaSet=rs0`;
    const error = await failure(url, { waitMs: 1_500, waiting: (code: string) => told.push(code) });
    expect(error).toMatchObject({ kind: 'unavailable', code: 'mongodb-unreachable' });
    expect(new Set(told)).toEqual(new Set(['mongodb-unreachable']));
    expect(told.length).toBeGreaterThan(1);
    expect(JSON.stringify(error)).not.toContain('secret');
  });
});
