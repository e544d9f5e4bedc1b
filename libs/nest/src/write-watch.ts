import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { EngineProbe, inTime } from './engine-probe';
import { Deployment } from './ports';

/** SUSPECT: so many commands in a row that were answered 503 are a reason to ask. */
const SUSPECT = 3;
/** WRITE_MS: longer than any write of a command waits before it is answered 503 (an append 15 s, an operation of MongoDB 20 s). */
const WRITE_MS = 30_000;
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * WriteWatch tells what answers and yet takes no writes: files on a full disk, or a log in which every append times out. While commands are
 * served it asks nothing. Once three in a row were answered 503 it writes something harmless of its own to each part, whenever it is asked,
 * until all have taken it: whoever is not ready gets no commands, so those could not tell. A part that is slow, as under more than it can bear,
 * takes writes: it refuses once a write has failed, or has waited longer than a command would, and no more once it has taken one.
 */
@Injectable()
export class WriteWatch implements OnModuleInit {
  private readonly probes: readonly EngineProbe[];
  private readonly refused = new Set<string>();
  private unserved = 0;
  private asking: Promise<void> | undefined;

  constructor(
    { writes = [] }: Deployment,
    private readonly host: HttpAdapterHost,
  ) {
    this.probes = writes.map((part) => new EngineProbe(part, WRITE_MS));
  }

  /** onModuleInit looks at every answer. */
  onModuleInit(): void {
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    server.addHook('onResponse', ({ method }, { statusCode }, done) => {
      this.answered(method, statusCode);
      done();
    });
  }

  /** parts that commands write to. */
  get parts(): readonly string[] {
    return this.probes.map(({ name }) => name);
  }

  /** answered a request. A refusal says nothing of writes; nor, once there is a suspicion, does an answer that may have been known before. */
  answered(method: string, status: number): void {
    if (READS.has(method) || this.suspects) return;
    if (status === 503) this.unserved++;
    else if (status < 400) this.unserved = 0;
  }

  /** refusing: the parts that take no writes now, as far as is known after eight seconds; none is asked without a suspicion. */
  async refusing(): Promise<readonly string[]> {
    if (!this.suspects) return [];
    await inTime((this.asking ??= this.ask().finally(() => (this.asking = undefined))));
    return [...this.refused];
  }

  private async ask(): Promise<void> {
    await Promise.all(
      this.probes.map(async (probe) => {
        if (await probe.answers()) this.refused.delete(probe.name);
        else this.refused.add(probe.name);
      }),
    );
    if (this.refused.size === 0) this.unserved = 0;
  }

  private get suspects(): boolean {
    return this.unserved >= SUSPECT;
  }
}
