import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FolderMailTransport, FolderSmsTransport } from './folder-transports';
import { aMail, mailTransportContract } from './mail-transport.contract';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'mail-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

mailTransportContract('FolderMailTransport', async () => ({
  transport: new FolderMailTransport(path.join(folder, 'mail')),
  taken: async () =>
    readdirSync(path.join(folder, 'mail')).map((name) => readFileSync(path.join(folder, 'mail', name), 'utf8')),
  stop: async () => undefined,
}));

describe('folder of mails', () => {
  it('names each mail after its message: a repeat overwrites it', async () => {
    const transport = new FolderMailTransport(folder);
    await transport.send(aMail);
    await transport.send({ ...aMail, subject: 'Anders' });
    expect(readdirSync(folder)).toEqual(['message-1.eml']);
    expect(readFileSync(path.join(folder, 'message-1.eml'), 'utf8')).toContain('Subject: Anders');
    expect(statSync(path.join(folder, 'message-1.eml')).mode & 0o077).toBe(0);
  });
  it('leaves no half a mail: what a crash cut is overwritten by the repeat', async () => {
    writeFileSync(path.join(folder, '.message-1.eml.part'), 'half');
    await new FolderMailTransport(folder).send(aMail);
    expect(readdirSync(folder)).toEqual(['message-1.eml']);
  });
  it('bodies go after thirty days, when the folder is next looked through', async () => {
    let now = Date.now();
    const transport = new FolderMailTransport(folder, () => now);
    await transport.send(aMail);
    const then = new Date(now - 31 * 86_400_000);
    utimesSync(path.join(folder, 'message-1.eml'), then, then);
    now += 3_600_000;
    await transport.send({ ...aMail, messageId: 'message-2' });
    expect(readdirSync(folder)).toEqual(['message-2.eml']);
  });
  it('a folder that is not there is made, also when it went while mails are sent', async () => {
    const transport = new FolderMailTransport(path.join(folder, 'mail'));
    await transport.send(aMail);
    rmSync(path.join(folder, 'mail'), { recursive: true });
    expect(await transport.send(aMail)).toEqual({ kind: 'sent' });
    expect(statSync(path.join(folder, 'mail')).mode & 0o077).toBe(0);
  });
  it('a folder that cannot be written is a temporary failure', async () => {
    writeFileSync(path.join(folder, 'file'), '');
    expect(await new FolderMailTransport(path.join(folder, 'file')).send(aMail)).toEqual({ kind: 'temporary' });
  });
  it('writes nothing outside its folder', async () => {
    await expect(new FolderMailTransport(folder).send({ ...aMail, messageId: '../../x' })).rejects.toThrow(TypeError);
  });
});

describe('folder of short messages', () => {
  it('writes number and text', async () => {
    const sms = { messageId: 'message-1', to: '+31600000000', text: 'Afspraak – één' };
    expect(await new FolderSmsTransport(folder).send(sms)).toEqual({ kind: 'sent' });
    expect(readFileSync(path.join(folder, 'message-1.txt'), 'utf8')).toBe('To: +31600000000\n\nAfspraak – één\n');
  });
});
