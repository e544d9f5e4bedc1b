import { setTimeout as pause } from 'node:timers/promises';
import { CONTEXTS } from '@second-opinion/contracts';
import type { RecordedEvent } from '@second-opinion/kernel';
import { CasePlay, employeeNamed, type World } from '@second-opinion/standalone/play';
import { doubled, historyFaults, seriesFaults } from '../invariants';
import type { Program } from '../program';
import { Services } from '../services';
import { PATIENCE_MS } from '../start';
import { dropViews, eventsOf, rowsOf } from '../storage';

jest.setTimeout(PATIENCE_MS);

/** TAKEN_OVER_WITHIN_MS: a lease lasts 10 s and a member of a group as long; the rest is for a busy machine. */
const TAKEN_OVER_WITHIN_MS = 60_000;

/** Ready is what a process says about itself. */
interface Ready {
  readonly followers: readonly { readonly name: string; readonly state: string }[];
  readonly groups: readonly { readonly group: string; readonly connected: boolean; readonly stalled: boolean }[];
}

// Two processes of each service on the same engines: what one may do alone is done by one, the rest is shared.
describe('two replicas of every service', () => {
  let services: Services;
  let world: World;
  let first: CasePlay;
  let second: CasePlay;

  beforeAll(async () => {
    services = await Services.start({ replicas: 2 });
    world = services.world();
    await world.load();
    first = new CasePlay(world, employeeNamed('replicas-first', 'E. Erste'));
    second = new CasePlay(world, employeeNamed('replicas-second', 'T. Tweede'));
    await first.upToAppointment();
  });
  afterAll(() => services?.stop());

  const replicasOf = (context: string) => services.programs.filter(({ app }) => app === context);
  const ready = async ({ url }: Program) => (await (await fetch(`${url}/health/ready`)).json()) as Ready;
  const leading = async ({ url }: Program) => {
    const headers = { 'content-type': 'application/json' };
    const reply = await fetch(`${url}/demo/settle`, { method: 'POST', headers, body: '{}' });
    return ((await reply.json()) as { leading: Readonly<Record<string, boolean>> }).leading;
  };

  it('run each lease in one of them, and are both members of every group', async () => {
    for (const context of CONTEXTS) {
      const both = replicasOf(context);
      expect(both).toHaveLength(2);
      const [one = {}, other = {}] = [await leading(both[0] as Program), await leading(both[1] as Program)];
      expect(Object.keys(one)).toEqual(Object.keys(other));
      for (const name of Object.keys(one))
        expect({ name, by: [one[name], other[name]].filter(Boolean).length }).toEqual({ name, by: 1 });
      const groups = await Promise.all(both.map(async (program) => (await ready(program)).groups));
      expect(groups[0]?.map(({ group }) => group)).toEqual(groups[1]?.map(({ group }) => group));
      for (const each of groups.flat()) expect(each).toMatchObject({ connected: true, stalled: false });
    }
  });

  it('lose one of each in the middle of a case, and the others take over its work within seconds', async () => {
    await second.wish();
    await second.prepare();
    await second.choose();
    const leaders = new Map<string, Program>();
    for (const context of CONTEXTS)
      for (const program of replicasOf(context))
        if (Object.values(await leading(program)).some(Boolean)) leaders.set(context, program);
    // The request is on its way through all contexts when those who lead are gone.
    await second.does('intake', second.employee, 'confirm-request', { formVersion: 1 });
    await second.does('intake', second.ownDoctor, 'submit-second-opinion-request');
    await Promise.all([...leaders.values()].map((program) => program.end('SIGKILL')));
    const killed = performance.now();
    for (const context of CONTEXTS) {
      const [survivor] = replicasOf(context).filter(({ running }) => running);
      while (!Object.values(await leading(survivor as Program)).every(Boolean)) {
        if (performance.now() - killed > TAKEN_OVER_WITHIN_MS) throw new Error(`nobody took over in ${context}`);
        await pause(100);
      }
    }
    await second.accept();
    await second.sign();
    expect(await second.appointment()).toMatchObject({ status: 'CONFIRMED' });
  });

  it('play on with both again, and both cases come to their end', async () => {
    for (const program of services.programs) if (!program.running) await program.launch();
    await first.consult();
    await first.report();
    await first.does('reporting', first.employee, 'grant-release-consent', { version: 1 });
    await first.moveBy(4);
    await second.consult();
    await second.report();
    await second.does('reporting', second.employee, 'grant-release-consent', { version: 1 });
    await second.moveBy(4);
    for (const play of [first, second]) {
      const types = (await play.history()).map(({ type }) => type);
      expect(types).toEqual(expect.arrayContaining(['ReportReleased', 'InvoiceIssued']));
      const verification = await play.auditor.read(`/records/cases/${play.caseId}/verification`);
      expect(verification).toMatchObject({ whole: true });
    }
  });

  describe('stopped,', () => {
    let events: readonly RecordedEvent[];
    beforeAll(async () => {
      expect(await services.end('SIGTERM')).toBe(0);
      events = await eventsOf(services);
    });

    it('have acted upon each event once', () => {
      expect(doubled(events)).toEqual([]);
    });

    it('have noted each event of a case once, and left no gap in the number series', () => {
      expect(historyFaults(events)).toEqual([]);
      expect(seriesFaults(events)).toEqual([]);
      const places = events.flatMap(({ type, data }) =>
        type === 'InvoiceIssued' ? [(data as { place: number }).place] : [],
      );
      expect(places).toEqual(places.map((_, index) => index + 1));
      expect(places).toHaveLength(2);
    });

    it('have planned each mail once for an event, a recipient and a template', () => {
      const matters = events.flatMap(({ type, data }) => {
        if (type !== 'NotificationPlanned') return [];
        const { eventId, recipientId, template } = data as Record<string, string>;
        return [[eventId, recipientId, template].join(' ')];
      });
      expect(matters.length).toBeGreaterThan(20);
      expect(new Set(matters).size).toBe(matters.length);
    });

    it('have projected nothing twice: every view equals a rebuild, by both', async () => {
      const before = await rowsOf(services);
      expect(Object.values(before).flat().length).toBeGreaterThan(40);
      await dropViews(services);
      await services.launch();
      await first.settle();
      await services.end('SIGTERM');
      const after = await rowsOf(services);
      expect(Object.keys(after)).toEqual(Object.keys(before));
      for (const view of Object.keys(before)) expect({ view, rows: after[view] }).toEqual({ view, rows: before[view] });
    });
  });
});
