import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { now } from './figures.mjs';
import { createFor, describe } from './requests.mjs';
import { Wire } from './wire.mjs';

/**
 * The load, in a process of its own: so many clients, each with its own token and connection, every other request a create, the others
 * commands on cases with a long history. As fast as they are answered, or at a given rate; then every answer is followed into the view,
 * and `created` tells which cases were made and when that was answered.
 */
process.on('message', (plan) => {
  run(plan).then(
    (result) => process.send(result),
    (error) => process.send({ error: String(error?.stack ?? error) }),
  );
});

async function run({ port, clients, kind, seconds, perSecond }) {
  const tally = { answered: 0, creates: 0, refused: {}, latencies: [], visible: [], created: [] };
  const began = performance.now();
  const until = began + seconds * 1000;
  const gap = perSecond ? (1000 * clients.length) / perSecond : 0;
  await Promise.all(
    clients.map((client, index) => drive({ port, client, index, kind, began, until, gap, of: clients.length }, tally)),
  );
  const elapsed = performance.now() - began;
  return { ...tally, seconds: elapsed / 1000 };
}

async function drive({ port, client, index, kind, began, until, gap, of }, tally) {
  const wire = await Wire.open(port);
  const eye = gap ? await Wire.open(port) : undefined;
  let next = began + (gap * index) / of;
  for (let turn = index; performance.now() < until; turn++) {
    if (gap) {
      const wait = next - performance.now();
      if (wait > 0) await pause(wait);
      next += gap;
    }
    const creates = turn % 2 === 0;
    const { path, headers, body } = creates
      ? create(client, kind, turn)
      : describe(client, client.cases[turn % client.cases.length]);
    const asked = performance.now();
    const answer = await wire.ask('POST', path, headers, body);
    const answered = performance.now();
    const answeredAt = now();
    tally.latencies.push(answered - asked);
    if (answer.status >= 300) {
      tally.refused[answer.status] = (tally.refused[answer.status] ?? 0) + 1;
      if (tally.refused[answer.status] === 1) tally.firstRefusal = answer.body;
      continue;
    }
    tally.answered++;
    if (creates) tally.creates++;
    if (!eye) continue;
    if (creates) tally.created.push({ id: JSON.parse(answer.body).id, answeredAt });
    await look(eye, client, answer, answered, tally);
  }
  wire.close();
  eye?.close();
}

function create(client, kind, turn) {
  return createFor(client, kind === 'known' ? client.persons[turn % client.persons.length] : undefined);
}

/** look waits until the view has what was answered, and counts from the answer to the sight of it. */
async function look(eye, { token }, answer, answered, tally) {
  const { id } = JSON.parse(answer.body);
  const path = `/intake/cases/${id}?after=${encodeURIComponent(answer.header('log-position'))}`;
  const seen = await eye.ask('GET', path, `authorization: Bearer ${token}\r\n`);
  if (seen.status === 200) tally.visible.push(performance.now() - answered);
  else tally.refused[`view ${seen.status}`] = (tally.refused[`view ${seen.status}`] ?? 0) + 1;
}
