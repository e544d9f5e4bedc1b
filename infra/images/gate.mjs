/** In front of a production deployment, which has neither tokens to give nor a clock to move: what demonstrations ask of it, and it lacks. */
import http from 'node:http';

const KEPT = ['authorization', 'content-type', 'idempotency-key', 'document-kind', 'document-name'];

/** Gate listens at `url` until it is closed. */
export class Gate {
  /**
   * open it: `token` gives that of a login ({subject, role, organisation}), `onward` answers all other requests ({url, method, headers, body})
   * with {status, headers, body}. Nothing can be settled here: whoever needs what follows asks until it is there.
   */
  static async open(token, onward) {
    const json = (value) => ({
      ...{ status: 200, headers: { 'content-type': 'application/json' } },
      body: JSON.stringify(value),
    });
    const answer = async ({ url, method, headers, body }) => {
      if (url === '/demo/clock') return json({ now: new Date().toISOString() });
      if (url === '/demo/settle') return json({});
      if (url === '/development-issuer/token') return json({ token: await token(JSON.parse(body)) });
      const own = Object.fromEntries(KEPT.filter((name) => headers[name]).map((name) => [name, headers[name]]));
      return onward({ url, method, headers: own, ...(body.length > 0 ? { body } : {}) });
    };
    const server = http.createServer(async (request, response) => {
      try {
        const { url, method, headers } = request;
        const reply = await answer({ url, method, headers, body: Buffer.concat(await request.toArray()) });
        response.writeHead(reply.status, { 'content-type': reply.headers['content-type'] ?? '' }).end(reply.body);
      } catch (error) {
        response.writeHead(502).end(error.message);
      }
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Gate(server);
  }

  constructor(server) {
    this.server = server;
    this.url = `http://127.0.0.1:${server.address().port}`;
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}
