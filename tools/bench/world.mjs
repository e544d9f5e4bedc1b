import { createRequire } from 'node:module';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { createFor, describe } from './requests.mjs';
import { Wire } from './wire.mjs';

const { World, CONTRACT, people, newestMailTo } = createRequire(import.meta.url)(
  '../../apps/standalone/dist/play/index.js',
);
const PERSONS_PER_CLIENT = 8;
const CASES_PER_CLIENT = 4;
const TEXTS_PER_CASE = 9;
const MAIL_TURNS = 12;
const AWAY_TURNS = 10;
const AWAY_MS = 1_000;

/** loadWorld registers the demo world, and for each client a token, persons that are known, and cases of at least ten events. */
export async function loadWorld(server, dataDir, clientCount, say) {
  const world = new World(server.url, (address) => mailTo(dataDir, address));
  await world.load();
  say(
    `registering ${clientCount * PERSONS_PER_CLIENT} persons, and ${clientCount * CASES_PER_CLIENT} cases of ten events each`,
  );
  const clients = [];
  for (let number = 0; number < clientCount; number++) clients.push(await clientOf(server));
  await Promise.all(clients.map((client) => fill(server, client)));
  await settle(server);
  return clients;
}

/** mailTo waits longer than a person would: the machine may be busy with other things. */
export async function mailTo(dataDir, address) {
  for (let turn = 1; ; turn++) {
    try {
      return await newestMailTo(path.join(dataDir, 'mail'), address, 'code=');
    } catch (error) {
      if (turn === MAIL_TURNS) throw error;
    }
  }
}

/** settle waits until all that follows from what happened has happened, mails included. */
export async function settle(server) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${server.url}/demo/settle`, { method: 'POST', headers, body: '{}' });
  const body = await answer.text();
  if (!answer.ok) throw new Error(`settle: ${answer.status} ${body}`);
}

async function clientOf(server) {
  const wire = await Wire.open(server.port);
  const { body } = await wire.ask('POST', '/development-issuer/token', '', JSON.stringify(people['own-doctor']));
  wire.close();
  return { token: JSON.parse(body).token, contractId: CONTRACT, persons: [], cases: [] };
}

async function fill(server, client) {
  const wire = await Wire.open(server.port);
  const ask = async ({ path: at, headers, body }) => {
    for (let turn = 1; ; turn++) {
      const answer = await wire.ask('POST', at, headers, body);
      if (answer.status < 300) return { ...JSON.parse(answer.body), position: answer.header('log-position') };
      // Nothing is measured yet: what is away for a moment is asked again, under the same key.
      if (answer.status !== 503 || turn === AWAY_TURNS) throw new Error(`${at}: ${answer.status} ${answer.body}`);
      await pause(AWAY_MS);
    }
  };
  for (let number = 0; number < PERSONS_PER_CLIENT; number++) {
    const { id, position } = await ask(createFor(client));
    const seen = await wire.ask(
      'GET',
      `/intake/cases/${id}?after=${position}`,
      `authorization: Bearer ${client.token}\r\n`,
    );
    client.persons.push(personIdIn(seen.body, id));
    if (number >= CASES_PER_CLIENT) continue;
    for (let text = 0; text < TEXTS_PER_CASE; text++) await ask(describe(client, id));
    client.cases.push(id);
  }
  wire.close();
}

const { personIdFor } = createRequire(import.meta.url)('../../libs/intake/dist/case/case.commands.js');

function personIdIn(body, caseId) {
  return JSON.parse(body).personId ?? personIdFor(caseId);
}

/** endOf a log, as its file says. */
export function endOf(log) {
  const database = new DatabaseSync(log, { readOnly: true });
  const { last } = database.prepare('select max(position) as last from events').get();
  database.close();
  return last ?? 0;
}
