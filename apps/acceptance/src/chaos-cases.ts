import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { employeeNamed, endOf, wishOf, type CasePlay } from '@second-opinion/standalone/play';
import { OffsetClock } from '@second-opinion/nest';
import { ImpatientPlay, WatchedWorld } from './crash-clients';
import { folderMails, newestTo, type Mails } from './crash-mails';
import type { Services } from './services';

/** PATIENCE_MS: so long a client repeats a command, and waits for a mail, before it gives up; it never should. */
const PATIENCE_MS = 600_000;
const PAUSE_MS = 250;
const AT_ONCE = 4;
const BESIDE = 2;
const TICK_MS = 5_000;
const TICK_BY_MS = 600_000;
const MOTIVATION = 'De werknemer heeft dezelfde vraag aan een ander gesteld.';

/** PlayedCases are clients at work: whole cases in waves, all of one wave to the same appointment day, and short ones beside them. */
export class PlayedCases {
  readonly world: WatchedWorld;
  readonly mails: Mails = folderMails();
  /** gaveUp names what a client did not get done within its patience; it should stay empty. */
  readonly gaveUp: string[] = [];
  private readonly clock: OffsetClock;
  private over = false;

  constructor(private readonly services: Services) {
    const mails = () => this.mails.all(services.dataDir);
    const mailOf = (address: string) => newestTo(mails, address, 'code=', PATIENCE_MS);
    this.world = new WatchedWorld(services.url, mailOf, { withinMs: PATIENCE_MS, pauseMs: PAUSE_MS });
    // All processes read the same clock file.
    this.clock = new OffsetClock(path.join(services.dataDir, 'clock-offset'));
  }

  /** play until `stop`; resolves when what was begun is done. */
  async play(): Promise<void> {
    const beside = Array.from({ length: BESIDE }, (_, index) =>
      this.trying(`beside ${index}`, () => this.short(index)),
    );
    await Promise.all([this.trying('waves', () => this.waves()), ...beside, this.trying('time', () => this.time())]);
  }

  /** stop lets the clients finish what they have begun. */
  stop(): void {
    this.over = true;
  }

  /** later moves business time on. */
  later(ms: number): void {
    this.clock.advanceTo(new Date(Date.parse(this.clock.now()) + ms).toISOString());
  }

  /** refuseFirst ends the case that every demo world begins with. */
  async refuseFirst(): Promise<void> {
    const { items } = (await this.world.user('employee').read('/intake/cases')) as { items: { caseId: string }[] };
    for (const { caseId } of items) await this.refuse(caseId);
  }

  private async waves(): Promise<void> {
    for (let wave = 1; !this.over; wave++) {
      await this.world.openAgendas(30);
      const plays = Array.from({ length: AT_ONCE }, (_, index) => {
        const name = `chaos-${wave}-${index}`;
        return new ImpatientPlay(this.world, employeeNamed(name, `Naam ${name}`));
      });
      const begun = await Promise.all(plays.map((play) => this.trying(play.who.name, () => this.begin(play))));
      const ends = begun.filter((end) => end !== undefined).sort();
      const last = ends.at(-1);
      if (last !== undefined && last > this.clock.now()) this.clock.advanceTo(last);
      const going = plays.filter((_, index) => begun[index] !== undefined);
      await Promise.all(going.map((play, index) => this.trying(play.who.name, () => this.finish(play, wave + index))));
    }
  }

  /** begin plays a case up to its confirmed appointment; gives when that ends. */
  private async begin(play: CasePlay): Promise<string> {
    await play.upToAppointment();
    await play.authorise();
    for (const until = performance.now() + PATIENCE_MS; ; await pause(200)) {
      const appointment = await play.appointment();
      if (appointment.status === 'CONFIRMED') return endOf(appointment);
      if (performance.now() > until) throw new Error('the appointment is not confirmed');
    }
  }

  /** finish plays it to the shared report; then it is released, blocked or left to its term, in turn. */
  private async finish(play: CasePlay, way: number): Promise<void> {
    await play.does('scheduling', play.world.user('second-doctor'), 'record-consultation', { durationMinutes: 75 });
    await play.report();
    if (way % 3 === 0) await play.does('reporting', play.employee, 'grant-release-consent', { version: 1 });
    if (way % 3 === 1) await play.does('reporting', play.employee, 'block-report');
  }

  /** short cases: an own doctor records a wish and refuses it. */
  private async short(lane: number): Promise<void> {
    const doctor = this.world.user('own-doctor');
    for (let number = 1; !this.over; number++) {
      const who = employeeNamed(`short-${lane}-${number}`, `Kort ${lane} ${number}`);
      const { id } = (await doctor.does('/intake/cases', wishOf(who))) as { id: string };
      await doctor.does(`/intake/cases/${id}/explain-non-suspension`, {});
      await this.refuse(id);
      await pause(300);
    }
  }

  private async refuse(caseId: string): Promise<void> {
    const body = { ground: 'IMPROPER_USE', motivation: MOTIVATION };
    await this.world.user('own-doctor').does(`/intake/cases/${caseId}/refuse-request`, body);
  }

  /** time goes by a little faster than it does, so that what is repeated after some minutes is. */
  private async time(): Promise<void> {
    while (!this.over) {
      await pause(TICK_MS);
      this.later(TICK_BY_MS);
    }
  }

  private async trying<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.gaveUp.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }
}
