import { createServer, type AddressInfo } from 'node:net';
import { aMail, mailTransportContract } from './mail-transport.contract';
import { SmtpMailTransport } from './smtp-mail-transport';
import { mailServer, reply, type MailServer } from './testing';

const impatient = { connectMs: 2_000, silenceMs: 300 };
let server: MailServer | undefined;
afterEach(async () => server?.close());
const sendTo = (to: MailServer) => new SmtpMailTransport(to.url, impatient).send(aMail);

mailTransportContract('SmtpMailTransport', async () => {
  const started = await mailServer();
  return {
    transport: new SmtpMailTransport(started.url),
    taken: async () => started.taken,
    stop: () => started.close(),
  };
});

describe('answers of a mail server', () => {
  it('greylisting (451 on the recipient) is temporary', async () => {
    server = await mailServer({ onRcptTo: (_to, _session, callback) => callback(reply(451)) });
    expect(await sendTo(server)).toEqual({ kind: 'temporary', reply: 451 });
    expect(server.taken).toEqual([]);
  });
  it('an unknown recipient (550) is permanent', async () => {
    server = await mailServer({ onRcptTo: (_to, _session, callback) => callback(reply(550)) });
    expect(await sendTo(server)).toEqual({ kind: 'permanent', reply: 550 });
  });
  it('a text that is refused after it was handed over: 4xx temporary, 5xx permanent', async () => {
    server = await mailServer({ afterText: (callback) => callback(reply(452)) });
    expect(await sendTo(server)).toEqual({ kind: 'temporary', reply: 452 });
    await server.close();
    server = await mailServer({ afterText: (callback) => callback(reply(554)) });
    expect(await sendTo(server)).toEqual({ kind: 'permanent', reply: 554 });
  });
  it('our own sender refused (550) is not the recipient’s fault: temporary', async () => {
    server = await mailServer({ onMailFrom: (_from, _session, callback) => callback(reply(550)) });
    expect(await sendTo(server)).toEqual({ kind: 'temporary', reply: 550 });
  });
  it('a login that fails is temporary: the settings are wrong, not the mail', async () => {
    server = await mailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, callback) => callback(reply(535)),
    });
    const transport = new SmtpMailTransport(server.url.replace('smtp://', 'smtp://user:secret@'), impatient);
    expect(await transport.send(aMail)).toEqual({ kind: 'temporary', reply: 535 });
  });
  it('a line that breaks before the text is temporary', async () => {
    server = await mailServer({ onConnect: (_session, callback) => callback(reply(421)) });
    expect((await sendTo(server)).kind).toBe('temporary');
  });
  it('a line that breaks after the text leaves the outcome unknown: the server may well have it', async () => {
    server = await mailServer({ afterText: (_callback, close) => close() });
    expect(await sendTo(server)).toEqual({ kind: 'unknown' });
    expect(server.taken).toHaveLength(1);
  });
  it('so does a server that takes the text and then says nothing', async () => {
    server = await mailServer({ afterText: () => undefined, closeTimeout: 1 });
    expect(await sendTo(server)).toEqual({ kind: 'unknown' });
  });
  it('a server that is away or silent from the start is temporary', async () => {
    server = undefined;
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const url = `smtp://127.0.0.1:${port}`;
    expect(await new SmtpMailTransport(url, { connectMs: 200, silenceMs: 200 }).send(aMail)).toEqual({
      kind: 'temporary',
    });
    await new Promise<void>((resolve) => void silent.close(() => resolve()));
    expect(await new SmtpMailTransport(url, impatient).send(aMail)).toEqual({ kind: 'temporary' });
  });
});
