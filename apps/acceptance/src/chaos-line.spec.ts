import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { Line } from './chaos-line';

describe('a line that can be cut', () => {
  let server: Server;
  let line: Line;

  beforeAll(async () => {
    server = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    line = await Line.to((server.address() as AddressInfo).port);
  });
  afterAll(async () => {
    await line.close();
    await new Promise((resolve) => server.close(resolve));
  });

  const echo = async () => {
    const socket = connect(line.here, '127.0.0.1');
    socket.write('a');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return { socket, answer: answer.toString() };
  };

  it('carries both ways, breaks what goes through it, and takes new connections at once', async () => {
    const { socket, answer } = await echo();
    expect(answer).toBe('a');
    const broken = once(socket, 'error');
    expect(line.cut()).toBe(1);
    expect(((await broken) as [NodeJS.ErrnoException])[0].code).toBe('ECONNRESET');
    const again = await echo();
    expect(again.answer).toBe('a');
    again.socket.destroy();
  });
});
