'use strict';
/** What an election would decide, decided over HTTP: for tests that take a server's leadership away and give it back. */

/**
 * elections gives the handler of `POST /elections/lead`, `/elections/resign` and `/elections/follow?leader=HOST:PORT`: the status to answer
 * with once the server has that role (204) or why it has not, and undefined for any other request.
 */
const elections = (role, log) => async (request) => {
  const { pathname, searchParams } = new URL(request.url, 'http://127.0.0.1');
  if (request.method !== 'POST' || !pathname.startsWith('/elections/')) return undefined;
  const [host, port] = (searchParams.get('leader') ?? '').split(':');
  if (pathname === '/elections/lead') role.lead();
  else if (pathname === '/elections/resign') role.resign();
  else if (pathname !== '/elections/follow') return 404;
  else if (!host || !(Number(port) > 0)) return 400;
  else role.follow({ host, port: Number(port) });
  // What was taken before is written and on its way to be answered: who resigns lets its queue run empty.
  await log.settled();
  return 204;
};

module.exports = { elections };
