import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { EngineProbe } from './engine-probe';
import { Deployment } from './ports';

/** SUSPECT: so many commands in a row that were answered 503 are a reason to ask. */
const SUSPECT = 3;
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * WriteWatch tells what answers and yet takes no writes: files on a full disk, or a log in which every append times out. While commands are
 * served it asks nothing. Once three in a row were answered 503 it writes something harmless of its own to each part, whenever it is asked,
 * until all have taken it: whoever is not ready gets no commands, so those could not tell.
 */
@Injectable()
export class WriteWatch implements OnModuleInit {
  private readonly probes: readonly EngineProbe[];
  private unserved = 0;

  constructor(
    { writes = [] }: Deployment,
    private readonly host: HttpAdapterHost,
  ) {
    this.probes = writes.map((part) => new EngineProbe(part));
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

  /** refusing: the parts that take no writes now; none is asked without a suspicion. */
  async refusing(): Promise<readonly string[]> {
    if (!this.suspects) return [];
    const asked = this.probes.map(async (probe) => ((await probe.answers()) ? [] : [probe.name]));
    const refusing = (await Promise.all(asked)).flat();
    if (refusing.length === 0) this.unserved = 0;
    return refusing;
  }

  private get suspects(): boolean {
    return this.unserved >= SUSPECT;
  }
}
