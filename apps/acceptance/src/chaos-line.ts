import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** Line is a TCP connection of ours to a server of somebody else's, which can be cut: what went through it breaks, new ones are taken at once. */
export class Line {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly port: number,
  ) {}

  /** to opens a line to this port of this machine. */
  static async to(port: number): Promise<Line> {
    const server = createServer({ noDelay: true }, (near) => line.through(near));
    const line = new Line(server, port);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  /** here is the port to use instead. */
  get here(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** cut everything that goes through now; gives how many connections that were. */
  cut(): number {
    const all = [...this.sockets];
    for (const socket of all) socket.resetAndDestroy();
    return all.length / 2;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private through(near: Socket): void {
    const far = connect({ port: this.port, host: '127.0.0.1', noDelay: true });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
  }
}
