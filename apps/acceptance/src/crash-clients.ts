import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { CasePlay, User, World, type Name, type Reply, type RequestOptions } from '@second-opinion/standalone/play';
import { NoMail } from './crash-mails';
import type { Standalone } from './process';

type Login = CasePlay['who']['login'];

const AWAY = new Set([429, 502, 503, 504]);
/** NOT_YET: refused because what it waits for has not reached this context; a refusal stores nothing, so the same key may ask again. */
const NOT_YET = new Set([403, 404, 409]);
const WITHIN_MS = 60_000;

/** Patience of a user: how long one command is repeated, and how long the pause before each repetition is at least. */
export interface Patience {
  readonly withinMs: number;
  readonly pauseMs: number;
}

const EAGER: Patience = { withinMs: WITHIN_MS, pauseMs: 20 };

/** Acknowledged is a command that was answered as done: what it says about it may never be lost, and never be there twice. */
export interface Acknowledged {
  readonly path: string;
  readonly id: string;
  readonly happened: readonly string[];
}

/** Witness remembers what all clients were answered. */
export class Witness {
  private readonly done = new Map<string, Acknowledged>();
  readonly failures: string[] = [];
  /** putOff: answers with 5xx that were asked again. */
  readonly putOff: string[] = [];
  /** unanswered: how often a request met a server that was away or died over it. */
  unanswered = 0;

  /** acknowledged commands, each once however often it was answered. */
  get acknowledged(): readonly Acknowledged[] {
    return [...this.done.values()];
  }

  saw(path: string, commandKey: string, { status, body }: Reply): void {
    if (status >= 500) this.failures.push(`${path}: ${status} ${JSON.stringify(body)}`);
    if (status !== 200 && status !== 201) return;
    const { id, happened } = body as { id?: string; happened?: string[] };
    if (id !== undefined && happened !== undefined) this.done.set(`${path} ${commandKey}`, { path, id, happened });
  }
}

/** PatientUser repeats a command with its Idempotency-Key until the server has answered it, however often that dies meanwhile. */
export class PatientUser extends User {
  constructor(
    base: string,
    login: Login,
    private readonly witness: Witness,
    private readonly asLong: Patience,
  ) {
    super(base, login, 0);
  }

  override async get(path: string): Promise<Reply> {
    return this.patiently(path, () => super.get(path));
  }

  override async post(path: string, body: object = {}, options: RequestOptions = {}): Promise<Reply> {
    const key = options.key ?? randomUUID();
    const reply = await this.patiently(path, () => super.post(path, body, { ...options, key }));
    this.witness.saw(path, key, reply);
    return reply;
  }

  private async patiently(path: string, ask: () => Promise<Reply>): Promise<Reply> {
    const until = performance.now() + this.asLong.withinMs;
    for (;;) {
      const reply = await ask().catch((error: unknown) => {
        if (performance.now() > until) throw error;
        return undefined;
      });
      if (reply && (!again(reply.status) || performance.now() > until)) return reply;
      if (!reply) this.witness.unanswered++;
      else if (reply.status >= 500) this.witness.putOff.push(`${path}: ${reply.status}`);
      await pause(this.asLong.pauseMs + (path.length % 7) * 10);
    }
  }
}

const again = (status: number): boolean => AWAY.has(status) || NOT_YET.has(status);

/** ImpatientPlay plays without waiting for the rest to follow: under kills and load it never stands still. */
export class ImpatientPlay extends CasePlay {
  override settle(): Promise<void> {
    return Promise.resolve();
  }

  /** invitationCode: a mail that two kills cut off is repeated minutes later, so whoever waits in vain is invited again. */
  protected override async invitationCode(): Promise<string> {
    try {
      return await super.invitationCode();
    } catch (error) {
      if (!(error instanceof NoMail)) throw error;
      const { employeeId } = (await this.seenBy(this.ownDoctor)).body as { employeeId: string };
      await this.ownDoctor.does(`/intake/persons/${employeeId}/invite-person-again`);
      return super.invitationCode();
    }
  }

  /** moveTo: another case may have moved the clock further already. */
  override async moveTo(instant: string): Promise<void> {
    if (instant > (await this.now())) await super.moveTo(instant);
  }

  override async toEndOfAppointment(): Promise<void> {
    const confirmed = async () => (await this.appointment()).status === 'CONFIRMED';
    for (const until = performance.now() + WITHIN_MS; performance.now() < until && !(await confirmed());)
      await pause(50);
    await super.toEndOfAppointment();
  }
}

/** WatchedWorld is the demo world whose users are patient, and whose answers are remembered. */
export class WatchedWorld extends World {
  readonly witness = new Witness();

  constructor(
    base: string,
    mailOf: (address: string) => Promise<string>,
    private readonly patience = EAGER,
  ) {
    super(base, mailOf);
  }

  override user(who: Name | Login): User {
    const { login } = super.user(who);
    return new PatientUser(this.base, login, this.witness, this.patience);
  }
}

/** random numbers from a seed, so that a failure can be played again. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** killed kills the program so many times at random moments; it runs again afterwards. */
export async function killed(server: Standalone, random: () => number, times: number): Promise<void> {
  for (let kill = 0; kill < times; kill++) {
    await pause(50 + random() * 1_500);
    await server.end('SIGKILL');
    await server.launch();
  }
}
