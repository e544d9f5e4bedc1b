import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createServer, type Server } from 'node:tls';
import { Certificates, certificateSources } from './certificates';
import { settingsFrom } from './settings';

/** der of one value: tag, length, content (X.690). */
const der = (tag: number, ...parts: readonly Buffer[]) => {
  const content = Buffer.concat(parts);
  const long = content.length > 0xff ? [0x82, content.length >> 8, content.length & 0xff] : [0x81, content.length];
  return Buffer.concat([Buffer.from([tag, ...(content.length < 0x80 ? [content.length] : long)]), content]);
};
const BEGIN = '2020-01-01T00:00:00Z';
const ED25519 = der(0x30, der(0x06, Buffer.from([0x2b, 0x65, 0x70])));

/** signedByItself makes a certificate (RFC 5280) that is valid between these times, with its key. */
const signedByItself = (end: string, begin = BEGIN) => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const at = (time: string) => der(0x18, Buffer.from(time.replace(/[-:T]|\.\d+/g, '')));
  const name = der(0x30, der(0x31, der(0x30, der(0x06, Buffer.from([0x55, 4, 3])), der(0x0c, Buffer.from('check')))));
  const told = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    ...[der(0x02, Buffer.from([1])), ED25519, name, der(0x30, at(begin), at(end)), name],
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = der(0x03, Buffer.from([0]), sign(null, told, privateKey));
  const text = der(0x30, told, ED25519, signature).toString('base64');
  const cert = `-----BEGIN CERTIFICATE-----\n${text.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
  return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
};
const until = (end: string) => ({ begin: Date.parse(BEGIN) / 1000, end: Date.parse(end) / 1000 });

const SOONER = '2031-02-03T04:05:06Z';
const LATER = '2041-02-03T04:05:06Z';

describe('where certificates are found', () => {
  const sources = (env: Record<string, string>) => {
    const { files, servers } = certificateSources(settingsFrom({ DEPLOYMENT: 'test', ...env }, '/'));
    return { files: Object.fromEntries(files), servers: Object.fromEntries(servers) };
  };

  it('in the files that the settings name, and at the engines and the identity provider that are reached with TLS', () => {
    expect(
      sources({
        EVENTSTOREDB_URL:
          'esdb://services:secret@events-1:2114,events-2?tls=true&tlsCaFile=/a/ca.crt&userCertFile=/a/own.crt',
        MONGODB_URL:
          'mongodb://intake:secret@[::1]:27018,mongo/?replicaSet=rs0&tls=true&tlsCAFile=%2Fb%2Fca.crt&tlsCertificateKeyFile=/b/own.pem',
        KAFKA_BROKERS: 'kafka-1:9093,kafka-2:9094',
        KAFKA_SSL: 'true',
        OIDC_ISSUER: 'https://identity.example/realm',
        NODE_EXTRA_CA_CERTS: '/c/ca.crt',
      }),
    ).toEqual({
      files: {
        'eventstoredb-authority': '/a/ca.crt',
        'eventstoredb-client': '/a/own.crt',
        'mongodb-authority': '/b/ca.crt',
        'mongodb-client': '/b/own.pem',
        authorities: '/c/ca.crt',
      },
      servers: {
        'eventstoredb-server': [
          { host: 'events-1', port: 2114 },
          { host: 'events-2', port: 2113 },
        ],
        'mongodb-server': [
          { host: '::1', port: 27018 },
          { host: 'mongo', port: 27017 },
        ],
        'kafka-server': [
          { host: 'kafka-1', port: 9093 },
          { host: 'kafka-2', port: 9094 },
        ],
        'identity-provider-server': [{ host: 'identity.example', port: 443 }],
      },
    });
  });

  it('nowhere where nothing is encrypted', () => {
    const plain = {
      EVENTSTOREDB_URL: 'esdb://localhost?tls=false',
      MONGODB_URL: 'mongodb://localhost/?replicaSet=rs0',
    };
    expect(sources({ ...plain, KAFKA_BROKERS: 'localhost:9092' })).toEqual({ files: {}, servers: {} });
  });
});

describe('when certificates end', () => {
  let folder: string;
  let server: Server;
  let port: number;
  let certificates: Certificates | undefined;

  const watch = async (files: Record<string, string>, servers: Record<string, readonly number[]>) => {
    const at = Object.entries(servers).map(
      ([role, ports]) => [role, ports.map((one) => ({ host: '127.0.0.1', port: one }))] as const,
    );
    certificates = new Certificates({ files: new Map(Object.entries(files)), servers: new Map(at) });
    await certificates.look();
    return Object.fromEntries(certificates.validities());
  };

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'certificates-'));
    server = createServer(signedByItself(SOONER)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterEach(async () => {
    certificates?.stop();
    server.close();
    rmSync(folder, { recursive: true });
  });

  it('is told of the first one in a file, beside keys, and of what a server presents, whoever vouches for it', async () => {
    const file = path.join(folder, 'ca.crt');
    const [sooner, later] = [signedByItself(SOONER), signedByItself(LATER)];
    writeFileSync(file, later.key + later.cert + sooner.cert);
    expect(await watch({ authorities: file }, { 'kafka-server': [port] })).toEqual({
      authorities: until(SOONER),
      'kafka-server': until(SOONER),
    });
  });

  it('is told of a renewed one at the next look, and keeps what it was while one cannot be read', async () => {
    const file = path.join(folder, 'ca.crt');
    writeFileSync(file, signedByItself(SOONER).cert);
    expect(await watch({ authorities: file }, { 'kafka-server': [port] })).toMatchObject({
      authorities: until(SOONER),
    });
    writeFileSync(file, signedByItself(LATER).cert);
    server.setSecureContext(signedByItself(LATER));
    await certificates?.look();
    const renewed = { authorities: until(LATER), 'kafka-server': until(LATER) };
    expect(Object.fromEntries(certificates?.validities() ?? [])).toEqual(renewed);
    rmSync(file);
    server.close();
    await certificates?.look();
    expect(Object.fromEntries(certificates?.validities() ?? [])).toEqual(renewed);
  });

  it('is told of the issuer beside a certificate for a day when that must be renewed first, though it ends later', async () => {
    const file = path.join(folder, 'own.pem');
    const ofDay = signedByItself('2031-02-01T04:05:06Z', '2031-01-31T04:05:06Z');
    writeFileSync(file, ofDay.key + ofDay.cert + signedByItself(SOONER).cert);
    expect(await watch({ client: file }, {})).toEqual({ client: until(SOONER) });
  });

  describe('while something cannot be read', () => {
    const MINUTE = 60_000;
    const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));
    /** looked: what was read is known, and the next look stands. */
    const looked = async () => {
      while (jest.getTimerCount() === 0) await turn();
      return Object.fromEntries(certificates?.validities() ?? []);
    };
    beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }));
    afterEach(() => void jest.useRealTimers());

    it('is told of it soon after it comes, then every hour', async () => {
      const file = path.join(folder, 'late.crt');
      const servers = new Map([['kafka-server', [{ host: '127.0.0.1', port }]]]);
      certificates = new Certificates({ files: new Map([['authorities', file]]), servers });
      expect(await looked()).toEqual({ 'kafka-server': until(SOONER) });
      writeFileSync(file, signedByItself(SOONER).cert);
      jest.advanceTimersByTime(MINUTE);
      expect(await looked()).toEqual({ authorities: until(SOONER), 'kafka-server': until(SOONER) });
      writeFileSync(file, signedByItself(LATER).cert);
      jest.advanceTimersByTime(59 * MINUTE);
      expect(await looked()).toMatchObject({ authorities: until(SOONER) });
      jest.advanceTimersByTime(MINUTE);
      expect(await looked()).toMatchObject({ authorities: until(LATER) });
    });

    it('is told of one of several servers that comes later, too', async () => {
      const later = createServer(signedByItself(LATER)).listen(0, '127.0.0.1');
      await once(later, 'listening');
      const away = (later.address() as AddressInfo).port;
      later.close();
      server.setSecureContext(signedByItself(LATER));
      const both = [port, away].map((one) => ({ host: '127.0.0.1', port: one }));
      certificates = new Certificates({ files: new Map(), servers: new Map([['kafka-server', both]]) });
      expect(await looked()).toEqual({ 'kafka-server': until(LATER) });
      const come = createServer(signedByItself(SOONER)).listen(away, '127.0.0.1');
      await once(come, 'listening');
      jest.advanceTimersByTime(MINUTE);
      expect(await looked()).toEqual({ 'kafka-server': until(SOONER) });
      come.close();
    });
  });

  it('is not told of what is not there, and holds nothing up', async () => {
    const empty = path.join(folder, 'empty.crt');
    writeFileSync(empty, 'no certificate');
    server.close();
    const none = { authorities: path.join(folder, 'gone.crt'), 'mongodb-authority': empty };
    expect(await watch(none, { 'kafka-server': [port] })).toEqual({});
  });
});
