import { Connection } from './connection';
import { checkServer } from './server-check';

describe('Connection', () => {
  it('tells who calls that the store is away while it refuses the user, at once and with why', async () => {
    const connection = Connection.to('esdb://127.0.0.1:1?tls=false');
    const refusal = Object.assign(new Error('16 UNAUTHENTICATED: '), { code: 16 });
    let calls = 0;
    const make = () => {
      calls++;
      return Promise.reject(refusal);
    };
    const unavailable = { kind: 'unavailable', code: 'event-store.unavailable', facts: {}, cause: refusal };
    await expect(connection.call(make)).rejects.toMatchObject(unavailable);
    await expect(connection.append(make)).rejects.toMatchObject(unavailable);
    expect(calls).toBe(2);
    await connection.close();
  });
});

describe('checkServer', () => {
  it('tells a file of a certificate that cannot be read from a connection string that is none', async () => {
    const url = 'esdb://user:secret@localhost:2113?tls=true&tlsCaFile=/nowhere/ca.crt';
    await expect(checkServer(url, 60_000)).rejects.toMatchObject({ code: 'event-store.file-unreadable' });
    await expect(checkServer('esdb://', 60_000)).rejects.toMatchObject({ code: 'event-store.bad-url' });
  });
});
