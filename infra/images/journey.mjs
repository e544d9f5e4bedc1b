/** A journey through services that run anywhere: one whole case over HTTP, from wish to release and invoice. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = path.join(import.meta.dirname, '..', '..');
const MAIL_TRIES = 24;
const built = (file) => import(pathToFileURL(path.join(ROOT, file)).href);

/** openGateway puts the paths of standalone in front of services, by their addresses. */
export async function openGateway(urls) {
  const { Gateway } = await built('apps/acceptance/dist/gateway.js');
  return Gateway.open(() => new Map(Object.entries(urls).map(([context, url]) => [context, [url]])));
}

/** demoWorld behind an address, whose mails come into a folder, in their time. */
export async function demoWorld(url, mailDir) {
  const { newestMailTo, World } = (await built('apps/standalone/dist/play/index.js')).default;
  const mailOf = async (address) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await newestMailTo(mailDir, address, 'code=');
      } catch (error) {
        if (attempt === MAIL_TRIES) throw error;
      }
    }
  };
  return new World(url, mailOf);
}

/** playJourney plays a case to its end in a loaded world; throws at the first answer that is not as it should be. */
export async function playJourney(world) {
  const { CasePlay, employeeNamed } = (await built('apps/standalone/dist/play/index.js')).default;
  const play = new CasePlay(world, employeeNamed('journey', 'Anna Bakker'));
  await play.upToAppointment();
  await play.authorise();
  await play.consult();
  await play.report();
  await play.does('reporting', play.employee, 'grant-release-consent', { version: 1 });
  await play.moveBy(3);
  await play.settle();
  const motivation = 'Ik neem het rustiger schema over, met een evaluatie na zes weken.';
  await play.does('reporting', play.ownDoctor, 'record-follow-up', { adoption: 'PARTLY', motivation });
  await play.settle();
  const types = (await play.history()).map(({ type }) => type);
  for (const type of ['ReportReleased', 'InvoiceIssued', 'FollowUpRecorded', 'CaseClosed'])
    assert.ok(types.includes(type), `${type} is not in ${types.join(', ')}`);
  const { whole } = await play.auditor.read(`/records/cases/${play.caseId}/verification`);
  assert.equal(whole, true);
}
