import { Buffer } from 'node:buffer';
import net from 'node:net';

const END_OF_HEAD = '\r\n\r\n';

/**
 * Wire is one kept-alive HTTP connection that asks one thing at a time. It is written by hand because the load shares the machine
 * with what it measures: a general client costs as much as the server.
 */
export class Wire {
  #socket;
  #waiting;
  #got = [];
  #size = 0;

  static async open(port, host = '127.0.0.1') {
    const wire = new Wire();
    await new Promise((resolve, reject) => {
      wire.#socket = net.connect({ port, host, noDelay: true }, resolve);
      wire.#socket.once('error', reject);
    });
    wire.#socket.removeAllListeners('error');
    wire.#socket.on('data', (chunk) => wire.#take(chunk));
    wire.#socket.on('error', () => undefined);
    wire.#socket.on('close', () => wire.#waiting?.reject(new Error('the server closed the connection')));
    return wire;
  }

  /** ask sends a request and gives status, a reader of headers, and the body as text. */
  ask(method, path, headers, body) {
    const length =
      body === undefined ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
    this.#socket.write(`${method} ${path} HTTP/1.1\r\nhost: bench\r\n${headers}${length}\r\n${body ?? ''}`);
    return new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
  }

  close() {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #take(chunk) {
    this.#got.push(chunk);
    this.#size += chunk.length;
    const all = this.#got.length === 1 ? chunk : Buffer.concat(this.#got, this.#size);
    const end = all.indexOf(END_OF_HEAD);
    if (end === -1) return;
    const head = all.latin1Slice(0, end);
    const length = Number(headerOf(head, 'content-length') ?? 0);
    if (all.length < end + 4 + length) {
      this.#got = [all];
      return;
    }
    this.#got = [];
    this.#size = 0;
    const { resolve } = this.#waiting;
    this.#waiting = undefined;
    resolve({
      status: Number(head.slice(9, 12)),
      header: (name) => headerOf(head, name),
      body: all.utf8Slice(end + 4, end + 4 + length),
    });
  }
}

function headerOf(head, name) {
  const at = head.toLowerCase().indexOf(`\r\n${name}:`);
  if (at === -1) return undefined;
  const from = at + name.length + 3;
  const to = head.indexOf('\r\n', from);
  return head.slice(from, to === -1 ? undefined : to).trim();
}
