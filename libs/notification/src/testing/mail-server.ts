import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** MailServer is a real SMTP server in the process; tests decide how it answers. */
export interface MailServer {
  readonly url: string;
  /** taken: the raw mails that it has, in the order they came. */
  readonly taken: string[];
  close(): Promise<void>;
}

/** reply makes the error with which an SMTP server answers a code. */
export function reply(code: number, text = 'no'): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

/** mailServer starts one. `afterText` is called once a mail is stored, before it is acknowledged. */
export async function mailServer(
  options: SMTPServerOptions & { afterText?: (callback: (error?: Error) => void, close: () => void) => void } = {},
): Promise<MailServer> {
  const taken: string[] = [];
  const { afterText = (callback) => callback(), ...rest } = options;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData: (stream, session, callback) =>
      void textOf(stream).then((text) => {
        taken.push(text);
        const sockets = [...(server as unknown as { connections: Set<Connection> }).connections];
        const mine = sockets.find((connection) => connection.id === session.id);
        afterText(callback, () => mine?._socket.destroy());
      }),
    ...rest,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

interface Connection {
  readonly id: string;
  readonly _socket: { destroy(): void };
}

async function textOf(stream: Readable): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
