import { Injectable } from '@nestjs/common';
import { EventStore } from '@second-opinion/event-store';
import { eventHash, NotFound } from '@second-opinion/kernel';
import type { PageQuery } from '@second-opinion/nest';
import { FollowLogHandler } from './follow-log.handler';
import { historyOf, type Entry } from './history.rules';
import { cursorAt, limitOf, numberAt } from './paging.rules';
import { verify, type Verification } from './verification.rules';

/** Histories reads the histories themselves, not a view of them: what an auditor sees is what is stored. */
@Injectable()
export class Histories {
  constructor(
    private readonly store: EventStore,
    private readonly follower: FollowLogHandler,
  ) {}

  /** One page of a case's history; NotFound when it has none. */
  async page(caseId: string, page: PageQuery) {
    const from = numberAt(page);
    const limit = limitOf(page);
    const rest = await this.entries(caseId, from);
    if (rest.length === 0 && from === 0) throw new NotFound();
    const items = rest.slice(0, limit).map(shown);
    return { items, ...(rest.length > limit ? { next: cursorAt(from + limit) } : {}) };
  }

  /** Recomputes the history of a case against the events as they are stored now. */
  async verification(caseId: string): Promise<Verification> {
    const isFollowed = await this.follower.followedUpTo();
    const entries = await this.entries(caseId, 0);
    if (entries.length === 0) throw new NotFound();
    const names = [...new Set(entries.map((entry) => entry.data.stream))];
    const streams = new Map(
      await Promise.all(names.map(async (name) => [name, await this.store.readStream(name)] as const)),
    );
    const compare = (a: string, b: string) => this.store.comparePositions(a, b);
    return verify(caseId, { entries, streams, isFollowed, compare });
  }

  private async entries(caseId: string, from: number): Promise<readonly Entry[]> {
    return (await this.store.readStream(historyOf(caseId), from)) as readonly Entry[];
  }
}

function shown(entry: Entry) {
  const { caseId: _caseId, ...data } = entry.data;
  return { number: entry.revision + 1, ...data, entryHash: eventHash(entry) };
}
