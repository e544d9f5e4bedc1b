import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { engineUrl } from './engine';

/** Cuttable is a line to the server that can be cut while both ends live. */
export interface Cuttable {
  readonly url: string;
  /** cut all connections at once; new ones are taken. */
  cut(): void;
  close(): Promise<void>;
}

/** cuttable opens such a line; its URL names the server by this line alone. */
export async function cuttable(): Promise<Cuttable> {
  const url = new URL(engineUrl());
  const sockets = new Set<Socket>();
  const held = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const line = createServer((near) => {
    const far = connect(Number(url.port), url.hostname);
    held(near);
    held(far);
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  line.listen(0, '127.0.0.1');
  await once(line, 'listening');
  const through = new URL(url);
  through.host = `127.0.0.1:${(line.address() as AddressInfo).port}`;
  through.searchParams.delete('replicaSet');
  through.searchParams.set('directConnection', 'true');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: through.href,
    cut,
    close: async () => {
      cut();
      line.close();
      await once(line, 'close');
    },
  };
}
