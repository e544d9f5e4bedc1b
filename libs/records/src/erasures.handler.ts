import { Injectable } from '@nestjs/common';
import { EventStore } from '@second-opinion/event-store';
import type { RecordedEvent } from '@second-opinion/kernel';
import { Worker } from '@second-opinion/nest';
import { Vault } from '@second-opinion/vault';
import type { ErasureDecided, ErasureEvent } from './erasure.events';
import { Progress } from './progress';

/**
 * Carries out what was decided. At every start it goes through all decisions again from the first: after a crash between decision and
 * destruction, or with a key store restored from a backup, what is to be forgotten is forgotten again.
 */
@Injectable()
export class ErasuresHandler extends Worker {
  readonly name = 'records.erasures';
  private readonly progress: Progress;

  constructor(
    private readonly store: EventStore,
    private readonly vault: Vault,
  ) {
    super();
    this.progress = new Progress((a, b) => store.comparePositions(a, b));
  }

  async run(signal: AbortSignal): Promise<void> {
    for await (const batch of this.store.subscribe({ categories: ['records.erasure'], signal })) {
      for (const event of batch.events as readonly RecordedEvent<ErasureEvent>[])
        if (event.type === 'ErasureDecided') await this.carryOut(event.data as ErasureDecided['data']);
      this.progress.moved(batch.position);
    }
  }

  async settle(): Promise<void> {
    await this.progress.until(await this.store.end());
  }

  /** May be done as often as one likes: destroyed stays destroyed. */
  async carryOut({ personId, caseId, categories }: ErasureDecided['data']): Promise<void> {
    for (const category of categories)
      await this.vault.destroyKeys({ personId, category, ...(caseId === undefined ? {} : { caseId }) });
  }
}
