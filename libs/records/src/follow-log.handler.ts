import { Injectable } from '@nestjs/common';
import { CONTEXTS } from '@second-opinion/contracts';
import { EventStore, RevisionConflict } from '@second-opinion/event-store';
import type { RecordedEvent } from '@second-opinion/kernel';
import { Worker } from '@second-opinion/nest';
import { ViewStore } from '@second-opinion/view-store';
import { LRUCache } from 'lru-cache';
import { caseOf, EMPTY, entriesAfter, historyOf, tailAt, type Tail } from './history.rules';
import { Pace } from './pace';
import { Progress } from './progress';

/** HISTORY names the worker, its lease and its checkpoint. */
export const HISTORY = 'records.history';

/** Known is where a history stands; `noted` names events that may come again after a restart. */
interface Known {
  readonly tail: Tail;
  readonly noted: ReadonlySet<string>;
}

/** OWN leaves out what else stands in a store that several share: other programs, and deployments with a namespace. */
const OWN = CONTEXTS.map((context) => `${context}.`);
const NOTHING: ReadonlySet<string> = new Set();
const NEW: Known = { tail: EMPTY, noted: NOTHING };
/** ENTRIES_AT_ONCE keeps an append well below the largest that a store takes. */
const ENTRIES_AT_ONCE = 200;
const TRIES = 5;
/** OFTEN: the place in the log is kept at least once in so many batches without an event of a case. */
const OFTEN = 100;
/** GATHER_MS: what happens meanwhile is noted together, what belongs to one case in one append. */
const GATHER_MS = 200;
/** BATCH: so many events are noted in one go, so that nobody waits long for the processor. */
const BATCH = 256;
/** BUSY_MS between two keepings of the place while there is always something to note. */
const BUSY_MS = 1_000;

/**
 * Follows the log of all contexts and keeps the history of every case: each event noted exactly once, in order. All entries derive from the log,
 * so whoever does it twice (a crash before the checkpoint, a replica that lost its lease) writes the same and the store recognises it.
 */
@Injectable()
export class FollowLogHandler extends Worker {
  readonly name = HISTORY;
  private readonly histories = new LRUCache<string, Known>({ max: 5_000 });
  readonly progress: Progress;
  private readonly pace = new Pace();

  constructor(
    private readonly store: EventStore,
    private readonly checkpoints: ViewStore,
  ) {
    super();
    this.progress = new Progress((a, b) => store.comparePositions(a, b));
  }

  async run(signal: AbortSignal): Promise<void> {
    this.histories.clear();
    const from = await this.checkpoints.checkpoint(this.name);
    if (from !== undefined) this.progress.moved(from);
    let unsaved = 0;
    let saved = { ms: performance.now(), noted: false };
    const after = from === undefined ? {} : { after: from };
    for await (const batch of this.store.subscribe({ ...after, categories: OWN, batchSize: BATCH, signal })) {
      const noted = await this.note(batch.events);
      unsaved++;
      // Under load the place is kept now and then: what was noted since is recognised when it comes again.
      const due = saved.noted && !noted ? 0 : saved.noted || noted ? BUSY_MS : Infinity;
      if (performance.now() - saved.ms >= due || unsaved >= OFTEN) {
        await this.checkpoints.saveCheckpoint(this.name, batch.position);
        saved = { ms: performance.now(), noted: false };
        unsaved = 0;
      } else saved.noted ||= noted;
      this.progress.moved(batch.position);
      if (noted && batch.caughtUp) await this.pace.rest(GATHER_MS, signal);
    }
  }

  async settle(): Promise<void> {
    await this.pace.hurried(async () => this.progress.until(await this.store.end()));
  }

  /** followedUpTo tells, from what is stored, which events must have their entry. */
  async followedUpTo(): Promise<(event: RecordedEvent) => boolean> {
    const position = await this.checkpoints.checkpoint(this.name);
    return (event) => position !== undefined && this.store.comparePositions(event.position, position) <= 0;
  }

  private async note(events: readonly RecordedEvent[]): Promise<boolean> {
    const byCase = new Map<string, RecordedEvent[]>();
    for (const event of events) {
      const caseId = caseOf(event);
      if (caseId === undefined) continue;
      const those = byCase.get(caseId);
      if (those) those.push(event);
      else byCase.set(caseId, [event]);
    }
    await Promise.all([...byCase].map(([caseId, those]) => this.add(caseId, those)));
    return byCase.size > 0;
  }

  private async add(caseId: string, events: readonly RecordedEvent[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        // Where a stream begins, mostly its case begins too; a history that is there already says so.
        const begins = attempt === 1 && events.some(({ revision }) => revision === 0);
        const known = this.histories.get(caseId) ?? (begins ? NEW : await this.load(caseId));
        const fresh = known.noted.size === 0 ? events : events.filter((event) => !known.noted.has(event.id));
        let { tail } = known;
        for (let from = 0; from < fresh.length; from += ENTRIES_AT_ONCE) {
          const made = entriesAfter(tail, caseId, fresh.slice(from, from + ENTRIES_AT_ONCE));
          const expected = tail.revision === -1 ? 'no-stream' : tail.revision;
          await this.store.append(historyOf(caseId), expected, made.entries);
          tail = made.tail;
        }
        // Only what was in flight at a crash comes twice; once something new was noted, all that follows is new.
        this.histories.set(caseId, { tail, noted: fresh.length > 0 ? NOTHING : known.noted });
        return;
      } catch (error) {
        this.histories.delete(caseId);
        if (!(error instanceof RevisionConflict) || attempt >= TRIES) throw error;
      }
    }
  }

  private async load(caseId: string): Promise<Known> {
    const entries = await this.store.readStream(historyOf(caseId));
    const last = entries.at(-1);
    return {
      tail: last ? tailAt(last) : EMPTY,
      noted: new Set(entries.map((entry) => entry.metadata.causationId)),
    };
  }
}
