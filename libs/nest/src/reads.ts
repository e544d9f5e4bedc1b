import { Injectable } from '@nestjs/common';
import { mayEnter, mayKnowOf, mayPerform, operationRule, relationOf } from '@second-opinion/access';
import {
  Clock,
  Forbidden,
  Invalid,
  NotFound,
  ToOpen,
  type Actor,
  type Position,
  type Reading,
  type Relation,
  type Shown,
  type TaskRow,
  type View,
} from '@second-opinion/kernel';
import { Vault, type Access, type Opened, type Opening } from '@second-opinion/vault';
import { ViewStore, type Query, type StoredRow } from '@second-opinion/view-store';
import type { Asking } from './asking';
import { ContextDefinition } from './context-definition';
import { Deciders } from './deciders';
import { Denials } from './denied';
import { Follower } from './follower';
import { tableOf } from './names';
import { Deployment, KeyedHashes } from './ports';

/** Answer is the body of a read with its ETag. */
export class Answer {
  constructor(
    readonly body: unknown,
    readonly etag?: string,
  ) {}
}

/** PageQuery is cursor paging as it stands in the query string. */
export interface PageQuery {
  readonly cursor?: unknown;
  readonly limit?: unknown;
}

/** LOOK_AHEAD rows at a time for something that may be seen. */
const LOOK_AHEAD = 50;

/** Visible is a row that the asker may see, and what he is to it. */
interface Visible<Row> {
  readonly row: Row;
  readonly relation: Relation;
}

/** idsOf lists the ids under which an actor takes part: his own, and those of registrations that were joined to his login. */
export function idsOf({ id, joined = [] }: Actor): readonly string[] {
  return [id, ...joined];
}

/**
 * Reads answers questions from views: finds what the asker is to the row, asks the access matrix, shows what that relation may see and
 * opens its personal text through the one door, the access record first.
 */
@Injectable()
export class Reads {
  constructor(
    private readonly views: ViewStore,
    private readonly vault: Vault,
    private readonly denials: Denials,
    private readonly deciders: Deciders,
    private readonly clock: Clock,
    private readonly deployment: Deployment,
    private readonly context: ContextDefinition,
    private readonly follower: Follower,
    private readonly hashes: KeyedHashes,
  ) {}

  /** one row by its key; 404 for whoever has no access, whether or not it exists. */
  async one<Row extends object>(reading: Reading<Row>, key: string, asking: Asking): Promise<Answer> {
    // Before the row: whatever stands up to here is in it, also what changes nothing of it.
    const place = reading.stream && (await this.follower.place());
    const { found, relation } = await this.admit(reading, key, asking);
    const body = await this.open(
      reading.show(found.row, relation),
      this.accessOf(reading, found.row, relation, asking),
    );
    return new Answer(body, await this.etag(reading, found, relation, place));
  }

  /** row gives a row that the asker may see by this reading, for a controller that needs more than its text (a download). */
  async row<Row extends object>(
    reading: Reading<Row>,
    key: string,
    asking: Asking,
  ): Promise<{ row: Row; access: Access }> {
    const { found, relation } = await this.admit(reading, key, asking);
    return { row: found.row, access: this.accessOf(reading, found.row, relation, asking) };
  }

  /**
   * list of the asker's rows; `where` undefined means that this role has none. A page holds what he may see and nothing else decides how long it
   * is, or whether there is a next one.
   */
  async list<Row extends object>(
    reading: Reading<Row>,
    query: Omit<Query, 'limit' | 'cursor'> | undefined,
    page: PageQuery,
    asking: Asking,
  ): Promise<Answer> {
    if (!query || !mayEnter(operationRule(reading.operation), asking.actor.role).allowed)
      throw new Forbidden('forbidden');
    const { limit, cursor } = this.paging(page);
    const visible: Visible<Row>[] = [];
    let from = cursor;
    do {
      const { rows, next } = await this.look(reading, { ...query, limit: limit - visible.length }, from, asking);
      visible.push(...rows);
      from = next;
    } while (from !== undefined && visible.length < limit);
    const items: unknown[] = [];
    for (const { row, relation } of visible)
      items.push(await this.open(reading.show(row, relation), this.accessOf(reading, row, relation, asking)));
    const next = await this.further(reading, query, from, asking);
    return new Answer({ items, ...this.nextOf(next) });
  }

  /** tasks of the asker, overdue first: what he must do, and what anybody of his role must do. */
  async tasks(view: View<TaskRow>, page: PageQuery, asking: Asking): Promise<Answer> {
    const assignees = [...idsOf(asking.actor), `role:${asking.actor.role}`];
    const { rows, next } = await this.views.find<TaskRow>(tableOf(view), {
      where: { assignee: assignees },
      orderBy: 'dueAt',
      ...this.paging(page),
    });
    const now = this.clock.now();
    const items = rows.map(({ row: { task, about, since, dueAt } }) => ({
      task,
      about,
      since,
      dueAt: dueAt.startsWith('9999') ? null : dueAt,
      overdue: dueAt < now,
    }));
    return new Answer({ items, ...this.nextOf(next) });
  }

  /** open replaces every place of personal text in an answer; what the matrix denies is left out. */
  async open(shown: Shown, access: Access): Promise<unknown> {
    const places: ToOpen[] = [];
    collect(shown, places);
    const opened = new Map<ToOpen, Opened>();
    if (places.length > 0) {
      const openings = places.map(({ seal, place }): Opening => ({ seal, ...place }));
      const texts = await this.vault.open(openings, access);
      places.forEach((place, index) => opened.set(place, texts[index] ?? { denied: true }));
    }
    return fill(shown, opened);
  }

  /** accessOf says who opens and on what facts, for the door. */
  private accessOf<Row extends object>(reading: Reading<Row>, row: Row, relation: Relation, asking: Asking): Access {
    const { actor, token } = asking;
    return {
      requestId: asking.requestId,
      operation: reading.operation,
      actorId: actor.id,
      actorRole: actor.role,
      actorOrganisation: actor.organisation,
      relation,
      ...(token.authenticationLevel === undefined ? {} : { authenticationLevel: token.authenticationLevel }),
      application: this.deployment.application,
      facts: reading.facts?.(row) ?? {},
    };
  }

  private decide<Row extends object>(reading: Reading<Row>, row: Row | undefined, relation: Relation, asking: Asking) {
    return mayPerform(
      operationRule(reading.operation),
      { relation, role: asking.actor.role },
      (row && reading.facts?.(row)) ?? {},
    );
  }

  /** admit whoever may see a row; who may not waits as long for nothing as for something. */
  private async admit<Row extends object>(
    reading: Reading<Row>,
    key: string,
    asking: Asking,
  ): Promise<{ found: StoredRow<Row>; relation: Relation }> {
    const found = await this.views.get<Row>(tableOf(reading.view), key);
    const participants = found ? reading.participants(found.row) : {};
    const relation = relationOf(asking.actor, participants);
    const decision = this.decide(reading, found?.row, relation, asking);
    if (decision.allowed && found) return { found, relation };
    // Whoever would see it learns nothing from there being none, nor who asks for himself.
    if (decision.allowed || (!found && key === asking.actor.id)) throw new NotFound();
    await this.denials.record({
      ...{
        asking,
        relation,
        decision,
        operation: reading.operation,
        asked: `${reading.view.name}/${key}`,
        action: 'R',
      },
      personId: participants.employee,
      caseId: found && reading.caseId(found.row),
    });
    throw found && mayKnowOf(relation) ? new Forbidden('forbidden') : new NotFound();
  }

  /** look at a page of rows, and leave what he may not see. */
  private async look<Row extends object>(
    reading: Reading<Row>,
    query: Query,
    cursor: string | undefined,
    asking: Asking,
  ): Promise<{ rows: Visible<Row>[]; next: string | undefined }> {
    const from = cursor === undefined ? {} : { cursor };
    const { rows, next } = await this.views.find<Row>(tableOf(reading.view), { ...query, ...from });
    const asked = rows.map(({ row }) => ({ row, relation: relationOf(asking.actor, reading.participants(row)) }));
    return { rows: asked.filter(({ row, relation }) => this.decide(reading, row, relation, asking).allowed), next };
  }

  /** further gives the cursor when something visible follows it: that more rows exist is told to whoever may see one of them. */
  private async further<Row extends object>(
    reading: Reading<Row>,
    query: Query,
    cursor: string | undefined,
    asking: Asking,
  ): Promise<string | undefined> {
    const rule = operationRule(reading.operation);
    // By role alone all rows are visible.
    if (rule && 'roles' in rule) return cursor;
    for (let from = cursor; from !== undefined;) {
      // Nearly always it is the very next one.
      const limit = from === cursor ? 1 : LOOK_AHEAD;
      const { rows, next } = await this.look(reading, { ...query, limit }, from, asking);
      if (rows.length > 0) return from;
      from = next;
    }
    return undefined;
  }

  private paging({ cursor, limit }: PageQuery): { limit: number; cursor?: string } {
    if (limit !== undefined && (typeof limit !== 'string' || !/^[1-9][0-9]{0,2}$/.test(limit)))
      throw new Invalid('invalid-request', { at: '/limit', rule: 'pattern' });
    const most = Math.min(Number(limit ?? 50), 200);
    if (cursor === undefined) return { limit: most };
    const place = typeof cursor === 'string' ? this.hashes.pageOf(cursor) : undefined;
    if (place === undefined) throw new Invalid('invalid-cursor');
    return { limit: most, cursor: place };
  }

  private nextOf(next: string | undefined): { next?: string } {
    return next === undefined ? {} : { next: this.hashes.pageToken(next) };
  }

  private async etag<Row extends object>(
    reading: Reading<Row>,
    found: StoredRow<Row>,
    relation: Relation,
    place: Position | undefined,
  ): Promise<string | undefined> {
    const stream = reading.stream?.(found.row);
    const decider = stream === undefined ? undefined : this.context.deciderOf(stream);
    if (stream === undefined || !decider) return undefined;
    return this.deciders.etag(decider, stream, relation, found.position, place);
  }
}

function collect(value: unknown, places: ToOpen[]): void {
  if (value instanceof ToOpen) places.push(value);
  else if (Array.isArray(value)) for (const item of value) collect(item, places);
  else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) collect(item, places);
}

const LEFT_OUT = Symbol('left out');

function fill(value: unknown, opened: ReadonlyMap<ToOpen, Opened>): unknown {
  if (value instanceof ToOpen) {
    const found = opened.get(value) ?? { denied: true };
    if ('text' in found) return found.text;
    return 'forgotten' in found ? { forgotten: true } : LEFT_OUT;
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, opened)).filter((item) => item !== LEFT_OUT);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, fill(inner, opened)] as const);
  return Object.fromEntries(entries.filter(([, inner]) => inner !== LEFT_OUT && inner !== undefined));
}
