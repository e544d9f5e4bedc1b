import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventStore } from '@second-opinion/event-store';
import type { Position, RecordedEvent } from '@second-opinion/kernel';
import { Worker } from '@second-opinion/nest';
import { Vault } from '@second-opinion/vault';
import type { ErasureDecided, ErasureEvent } from './erasure.events';
import { Progress } from './progress';

type Decided = ErasureDecided['data'];
const BATCH = 500;

/**
 * Carries out what was decided. At every start it goes through all decisions again from the first: after a crash between decision and
 * destruction, or with a key store restored from a backup, what is to be forgotten is forgotten again.
 */
@Injectable()
export class ErasuresHandler extends Worker implements OnModuleInit {
  readonly name = 'records.erasures';
  readonly progress: Progress;

  constructor(
    private readonly store: EventStore,
    private readonly vault: Vault,
  ) {
    super();
    this.progress = new Progress((a, b) => store.comparePositions(a, b));
  }

  /** Before anything is served or listens: what a restored key store has brought back is not open for a moment. */
  async onModuleInit(): Promise<void> {
    let after: Position | undefined;
    for (;;) {
      const from = after === undefined ? {} : { after };
      const batch = await this.store.readAll({ categories: ['records.erasure'], limit: BATCH, ...from });
      for (const event of batch.events as readonly RecordedEvent<ErasureEvent>[])
        if (event.type === 'ErasureDecided' && (await this.lives(event.data as Decided)))
          await this.carryOut(event.data as Decided);
      if (batch.caughtUp) return;
      after = batch.position;
    }
  }

  async run(signal: AbortSignal): Promise<void> {
    for await (const batch of this.store.subscribe({ categories: ['records.erasure'], signal })) {
      for (const event of batch.events as readonly RecordedEvent<ErasureEvent>[])
        if (event.type === 'ErasureDecided') await this.carryOut(event.data as Decided);
      this.progress.moved(batch.position);
    }
  }

  async settle(): Promise<void> {
    await this.progress.until(await this.store.end());
  }

  private async lives({ personId, caseId, categories }: Decided): Promise<boolean> {
    const living = await this.vault.keysWithin({ personId, ...(caseId === undefined ? {} : { caseId }) });
    return living.some(({ category }) => categories.includes(category));
  }

  /** May be done as often as one likes: destroyed stays destroyed. */
  async carryOut({ personId, caseId, categories }: Decided): Promise<void> {
    for (const category of categories)
      await this.vault.destroyKeys({ personId, category, ...(caseId === undefined ? {} : { caseId }) });
  }
}
