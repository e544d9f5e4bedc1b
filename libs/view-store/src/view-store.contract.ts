import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { Invalid } from '@second-opinion/kernel';
import type { Lease, Query, StoredRow, ViewStore } from './view-store';

/** ViewsUnderTest: a store, how to come back to the same rows after a restart, and the real time that leases go by. */
export interface ViewsUnderTest {
  readonly views: ViewStore;
  /** another store on the same storage, as another replica has it. */
  another(): Promise<ViewStore>;
  /** restart closes the stores and opens one again on the same storage. */
  restart(): Promise<ViewStore>;
  /** pass lets so many milliseconds of real time go by for leases (an injected clock, or a wait). */
  pass(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

interface Task {
  readonly task: string;
  readonly assignee: string | null;
  readonly dueAt?: string | null;
  readonly urgent?: boolean;
  readonly level?: number | string | boolean;
  readonly tags?: readonly string[];
}

/** viewStoreContract proves the promises of {@link ViewStore}; every adapter passes it. */
export function viewStoreContract(name: string, make: () => Promise<ViewsUnderTest>): void {
  describe(`${name} keeps the promises of the view store`, () => {
    let under: ViewsUnderTest;
    let views: ViewStore;
    let view: string;
    const indexes = [['assignee', 'dueAt'], ['dueAt'], ['urgent'], ['level']];

    beforeEach(async () => {
      under = await make();
      views = under.views;
      view = `contract.tasks-${randomUUID()}.v1`;
      await views.declare({ name: view, indexes });
    });
    afterEach(() => under.close());

    const task = (over: Partial<Task> = {}): Task => ({ task: 'HonourRequest', assignee: 'doctor-1', ...over });
    const put = (key: string, row: object | null, position: string, lease?: Lease) =>
      views.apply(view, [{ key, row, position }], position, lease);
    const fill = (rows: Record<string, Task>) =>
      views.apply(
        view,
        Object.entries(rows).map(([key, row]) => ({ key, row, position: '1' })),
        '1',
      );
    const found = async (query: Query) => (await views.find(view, query)).rows.map((row) => row.key);
    const allRows = async (of = view) => {
      const rows: StoredRow<Task>[] = [];
      for await (const row of views.all<Task>(of)) rows.push(row);
      return rows;
    };
    const walk = async (query: Query, between?: (page: number) => Promise<unknown>) => {
      const keys: string[] = [];
      let cursor: string | undefined;
      for (let page = 0; ; page++) {
        const { rows, next } = await views.find(view, { ...query, ...(cursor === undefined ? {} : { cursor }) });
        keys.push(...rows.map((row) => row.key));
        if (next === undefined) return keys;
        cursor = next;
        await between?.(page);
      }
    };

    describe('rows', () => {
      it('gives nothing where nothing is', async () => {
        expect(await views.get(view, 'none')).toBeUndefined();
        expect(await views.getMany(view, [])).toEqual(new Map());
        expect(await views.find(view, {})).toEqual({ rows: [] });
        expect(await views.count(view)).toBe(0);
        expect(await allRows()).toEqual([]);
        expect(await views.checkpoint(view)).toBeUndefined();
      });

      it('sets rows and the position together, and gives them back as they were, also after a restart', async () => {
        const row = task({ tags: ['é', '👩🏽‍⚕️', 'O\'Brien "x" $.a'], level: Number.MAX_SAFE_INTEGER, dueAt: null });
        await put('case-1', row, '7');
        views = await under.restart();
        await views.declare({ name: view, indexes });
        expect(await views.get(view, 'case-1')).toEqual({ key: 'case-1', row, position: '7' });
        expect(await views.checkpoint(view)).toBe('7');
      });

      it('takes a row that begins for new, and changes it from then on like any other', async () => {
        const change = (key: string, level: number, position: string) => ({ key, row: task({ level }), position });
        await views.apply(view, [{ ...change('a', 1, '1'), begins: true }, change('b', 1, '2')], '2');
        expect(await views.getMany(view, ['a', 'b'])).toHaveProperty('size', 2);
        await views.apply(view, [change('a', 2, '3'), { ...change('c', 2, '4'), begins: true }], '4');
        views = await under.restart();
        await views.declare({ name: view, indexes });
        expect(await found({ where: { level: 2 } })).toEqual(['a', 'c']);
        await views.apply(view, [change('c', 3, '5')], '5');
        expect(await views.get(view, 'c')).toMatchObject({ row: { level: 3 }, position: '5' });
        expect(await views.count(view)).toBe(3);
      });

      it('gets many at once, leaving out what is not there', async () => {
        await fill({ a: task(), 'b "ö"': task(), c: task() });
        const many = await views.getMany(view, ['a', 'b "ö"', 'a', 'none']);
        expect([...many.keys()].sort()).toEqual(['a', 'b "ö"']);
      });

      it('removes a row with null', async () => {
        await put('a', task(), '1');
        await put('a', null, '2');
        expect(await views.get(view, 'a')).toBeUndefined();
        expect(await views.count(view)).toBe(0);
      });

      it('takes the last of several changes of one row in a batch', async () => {
        const change = (level: number, position: string) => ({ key: 'a', row: task({ level }), position });
        await views.apply(view, [change(1, '1'), change(2, '2'), change(3, '3')], '3');
        expect(await views.get(view, 'a')).toMatchObject({ row: { level: 3 }, position: '3' });
      });

      it('never lets an older position overwrite a newer one', async () => {
        await put('a', task({ level: 10 }), '10');
        expect(await put('a', task({ level: 9 }), '9')).toBe(false);
        expect(await put('b', task(), '9')).toBe(false);
        expect(await put('a', task({ level: 11 }), '10')).toBe(false);
        await views.apply(view, [{ key: 'a', row: task({ level: 8 }), position: '8' }], '12');
        expect(await views.get(view, 'a')).toMatchObject({ row: { level: 10 }, position: '10' });
        await views.apply(view, [{ key: 'a', row: null, position: '8' }], '13');
        expect(await views.get(view, 'a')).toMatchObject({ row: { level: 10 } });
        expect(await views.get(view, 'b')).toBeUndefined();
      });

      it('compares positions as numbers, however long', async () => {
        await put('a', task({ level: 1 }), '99');
        expect(await put('a', task({ level: 2 }), '100')).toBe(true);
        expect(await put('a', task({ level: 3 }), '9007199254740993')).toBe(true);
        expect(await put('a', task({ level: 4 }), '9007199254740992')).toBe(false);
        expect(await views.get(view, 'a')).toMatchObject({ row: { level: 3 }, position: '9007199254740993' });
        expect(await views.checkpoint(view)).toBe('9007199254740993');
      });

      it('moves the position also when no row changes', async () => {
        expect(await views.apply(view, [], '5')).toBe(true);
        expect(await views.checkpoint(view)).toBe('5');
      });

      it('patches rows without moving any position, and the next event wins', async () => {
        await put('a', task({ level: 1 }), '5');
        expect(await views.patch(view, [{ key: 'a', row: task({ level: 2 }) }])).toBe(true);
        expect(await views.get(view, 'a')).toMatchObject({ row: { level: 2 }, position: '5' });
        expect(await views.checkpoint(view)).toBe('5');
        await put('a', task({ level: 3 }), '6');
        expect(await views.get(view, 'a')).toMatchObject({ row: { level: 3 }, position: '6' });
        await views.patch(view, [{ key: 'a', row: null }]);
        expect(await views.get(view, 'a')).toBeUndefined();
      });

      it('streams all rows by key', async () => {
        const keys = Array.from({ length: 1_203 }, (_, index) => `k${String(index).padStart(5, '0')}`);
        await fill(Object.fromEntries(keys.toReversed().map((key) => [key, task()])));
        expect((await allRows()).map((row) => row.key)).toEqual(keys);
      });

      it('drops a view with its position, and leaves the others', async () => {
        const other = `${view}.other`;
        await views.declare({ name: other, indexes: [] });
        await put('a', task(), '1');
        await views.apply(other, [{ key: 'a', row: task(), position: '1' }], '1');
        await views.drop(view);
        await views.declare({ name: view, indexes });
        expect(await views.count(view)).toBe(0);
        expect(await views.checkpoint(view)).toBeUndefined();
        expect(await allRows(other)).toHaveLength(1);
      });

      it('keeps rows when it is declared again with other indexes, and can be asked by them', async () => {
        await put('a', task({ task: 'Accept' }), '1');
        await views.declare({ name: view, indexes: [['task']] });
        expect(await found({ where: { task: 'Accept' } })).toEqual(['a']);
        await expect(views.find(view, { where: { level: 1 } })).rejects.toThrow('index');
      });

      it('refuses questions on fields without a declared index, and views that were not declared', async () => {
        await expect(views.find(view, { where: { task: 'x' } })).rejects.toThrow('index');
        await expect(views.find(view, { orderBy: 'task' })).rejects.toThrow('index');
        await expect(views.count(view, { task: 'x' })).rejects.toThrow('index');
        await expect(views.countBy(view, 'task')).rejects.toThrow('index');
        await expect(views.countBy(view, 'dueAt', { task: 'x' })).rejects.toThrow('index');
        await expect(views.get('contract.unknown.v1', 'a')).rejects.toThrow('declared');
      });
    });

    describe('questions', () => {
      beforeEach(() =>
        fill({
          a: task({ assignee: 'doctor-1', dueAt: '2026-01-03', level: 2, urgent: true }),
          b: task({ assignee: 'doctor-2', dueAt: '2026-01-01', level: 10, urgent: false }),
          c: task({ assignee: 'doctor-1', dueAt: '2026-01-02', level: 2 }),
          d: task({ assignee: null, dueAt: null, level: -1 }),
          e: task({ assignee: '2', dueAt: '2026-01-02' }),
        }),
      );

      it.each<[string, Query, string[]]>([
        ['all, by key', {}, ['a', 'b', 'c', 'd', 'e']],
        ['by key, descending', { descending: true }, ['e', 'd', 'c', 'b', 'a']],
        ['one value', { where: { assignee: 'doctor-1' } }, ['a', 'c']],
        ['one value of another type', { where: { assignee: 2 } }, []],
        ['a number', { where: { level: 2 } }, ['a', 'c']],
        ['true', { where: { urgent: true } }, ['a']],
        ['false', { where: { urgent: false } }, ['b']],
        ['null, or not there', { where: { urgent: null } }, ['c', 'd', 'e']],
        ['any of a list', { where: { assignee: ['doctor-2', '2', 'nobody'] } }, ['b', 'e']],
        ['any of a list with null', { where: { assignee: ['doctor-2', null] } }, ['b', 'd']],
        ['any of an empty list', { where: { assignee: [] } }, []],
        ['two fields', { where: { assignee: 'doctor-1', dueAt: '2026-01-02' } }, ['c']],
        ['ordered, equal ones by key', { orderBy: 'dueAt' }, ['d', 'b', 'c', 'e', 'a']],
        ['ordered, descending', { orderBy: 'dueAt', descending: true }, ['a', 'e', 'c', 'b', 'd']],
        ['numbers as numbers', { orderBy: 'level' }, ['e', 'd', 'a', 'c', 'b']],
        ['narrowed and ordered', { where: { assignee: 'doctor-1' }, orderBy: 'dueAt' }, ['c', 'a']],
      ])('answers %s', async (_, query, expected) => {
        expect(await found(query)).toEqual(expected);
        expect(await views.count(view, query.where)).toBe(expected.length);
        expect(await walk({ ...query, limit: 1 })).toEqual(expected);
        expect(await walk({ ...query, limit: 2 })).toEqual(expected);
      });

      it('counts by the values of a field', async () => {
        const by = async (...question: [field: string, where?: Query['where']]) =>
          Object.fromEntries(
            [...(await views.countBy(view, ...question))].map(([value, rows]) => [String(value), rows]),
          );
        expect(await by('assignee')).toEqual({ 'doctor-1': 2, 'doctor-2': 1, null: 1, 2: 1 });
        expect(await by('assignee', { level: 2 })).toEqual({ 'doctor-1': 2 });
        expect(await by('dueAt', { assignee: ['doctor-1', '2'] })).toEqual({ '2026-01-02': 2, '2026-01-03': 1 });
        expect(await by('urgent')).toEqual({ 1: 1, 0: 1, null: 3 });
        expect(await by('level', { assignee: 'nobody' })).toEqual({});
      });

      it('orders values of all types: nothing, numbers, text by its bytes', async () => {
        const levels = [-1.5, 0, true, 2, 10, '', '$row', '10', 'A', 'Z', 'a', 'é', '\ufffd', '👩🏽‍⚕️'];
        const rows = levels.map((level, index) => ({ key: `level-${index}`, row: task({ level }), position: '2' }));
        await views.apply(view, rows.toReversed(), '2');
        const expected = ['e', ...rows.map(({ key }) => key)];
        // What the other rows hold lies in between: -1 and twice 2.
        expected.splice(2, 0, 'd');
        expected.splice(expected.indexOf('level-3'), 0, 'a', 'c');
        expected.splice(expected.indexOf('level-4'), 0, 'b');
        expect(await walk({ orderBy: 'level', limit: 1 })).toEqual(expected);
        expect(await walk({ orderBy: 'level', limit: 4 })).toEqual(expected);
        expect(await walk({ orderBy: 'level', limit: 1, descending: true })).toEqual(expected.toReversed());
        for (const [index, level] of levels.entries())
          expect(await found({ where: { level } })).toContain(`level-${index}`);
        expect(await found({ where: { level: ['10', '$row'] } })).toEqual(['level-6', 'level-7']);
      });

      it('takes any field name and any value for what it is', async () => {
        const other = `${view}.odd`;
        const odd = { 'a.b': '$c', $where: { $set: [1, { 'x.y': null }] }, $c: 'a.b', _id: 7, '': 0, constructor: 'x' };
        const row = JSON.parse(`{"__proto__": {"admin": true}, ${JSON.stringify(odd).slice(1)}`) as object;
        await views.declare({ name: other, indexes: [['a.b', '$c'], ['_id']] });
        await views.apply(other, [{ key: '$key.é', row, position: '1' }], '1');
        expect(JSON.stringify((await views.get(other, '$key.é'))?.row)).toBe(JSON.stringify(row));
        const questions: NonNullable<Query['where']>[] = [
          { 'a.b': '$c' },
          { $c: 'a.b', 'a.b': ['x', '$c'] },
          { _id: 7 },
        ];
        for (const where of questions)
          expect((await views.find(other, { where })).rows.map(({ key }) => key)).toEqual(['$key.é']);
        expect(await views.count(other, { 'a.b': 'a.b' })).toBe(0);
      });

      it('gives the last page no cursor', async () => {
        expect((await views.find(view, { limit: 5 })).next).toBeUndefined();
        expect((await views.find(view, { limit: 4 })).next).toEqual(expect.any(String));
      });

      it('refuses a cursor that is damaged, of another question or of another view', async () => {
        const query: Query = { orderBy: 'dueAt', limit: 1 };
        const { next: cursor } = await views.find(view, query);
        if (cursor === undefined) throw new Error('there are more rows');
        const refused = async (question: Query, of = view) => {
          const error: unknown = await views.find(of, question).catch((caught: unknown) => caught);
          expect(error).toBeInstanceOf(Invalid);
          expect(error).toMatchObject({ code: 'invalid-cursor' });
        };
        await views.declare({ name: `${view}.other`, indexes });
        for (const damaged of ['', 'x', cursor.slice(0, -4), Buffer.from('[1,2]').toString('base64url')])
          await refused({ ...query, cursor: damaged });
        await refused({ ...query, cursor, descending: true });
        await refused({ limit: 1, cursor });
        await refused({ ...query, cursor, where: { level: 2 } });
        await refused({ ...query, cursor }, `${view}.other`);
        await expect(views.find(view, { ...query, limit: 3, cursor })).resolves.toMatchObject({ rows: [{}, {}, {}] });
      });

      it('bounds a page to 50 unless asked, and to 500 at most', async () => {
        const rows = Array.from({ length: 600 }, (_, index) => ({ key: `k${index}`, row: task(), position: '2' }));
        await views.apply(view, rows, '2');
        expect((await views.find(view, {})).rows).toHaveLength(50);
        expect((await views.find(view, { limit: 10_000 })).rows).toHaveLength(500);
        expect((await views.find(view, { limit: 0 })).rows).toHaveLength(1);
      });
    });

    describe('paging while rows change', () => {
      const name = (number: number) => `k${String(number).padStart(3, '0')}`;
      const dueAt = (number: number) => `2026-01-${String(1 + Math.floor(number / 10)).padStart(2, '0')}`;
      const rows = () => Object.fromEntries(Array.from({ length: 60 }, (_, n) => [name(n), task({ dueAt: dueAt(n) })]));

      it.each([false, true])('gives what was there all the time exactly once (descending: %p)', async (descending) => {
        await fill(rows());
        let position = 1;
        const keys = await walk({ orderBy: 'dueAt', descending, limit: 7 }, (page) => {
          const at = String(++position);
          return views.apply(
            view,
            [
              { key: `new-early-${page}`, row: task({ dueAt: '2025-01-01' }), position: at },
              { key: `new-late-${page}`, row: task({ dueAt: '2027-01-01' }), position: at },
              { key: name(3), row: null, position: at },
            ],
            at,
          );
        });
        const stayed = keys.filter((key) => key.startsWith('k') && key !== name(3));
        const expected = Object.keys(rows()).filter((key) => key !== name(3));
        expect(stayed).toEqual(descending ? expected.toReversed() : expected);
      });
    });

    describe('checkpoints of subscriptions without rows', () => {
      it('are kept by name, also after a restart, and never move backwards', async () => {
        const checkpoint = `contract.policy.${randomUUID()}`;
        expect(await views.checkpoint(checkpoint)).toBeUndefined();
        expect(await views.saveCheckpoint(checkpoint, '100')).toBe(true);
        expect(await views.saveCheckpoint(checkpoint, '99')).toBe(true);
        views = await under.restart();
        expect(await views.checkpoint(checkpoint)).toBe('100');
      });
    });

    describe('two writers at once', () => {
      let other: ViewStore;
      beforeEach(async () => {
        other = await under.another();
        await other.declare({ name: view, indexes });
      });

      it('apply each position once, and the newest stays', async () => {
        const last = 30;
        const outcomes = await Promise.all(
          [views, other].map(async (store) => {
            const applied: number[] = [];
            for (let at = 1; at <= last; at++) {
              const row = task({ level: at });
              const position = String(at);
              const changes = [
                { key: 'a', row, position },
                { key: `new-${at}`, row, position },
              ];
              if (await store.apply(view, changes, position)) applied.push(at);
            }
            return applied;
          }),
        );
        const applied = outcomes.flat();
        expect(new Set(applied).size).toBe(applied.length);
        expect(applied).toContain(last);
        expect(await views.get(view, 'a')).toMatchObject({ row: { level: last }, position: String(last) });
        expect(await views.checkpoint(view)).toBe(String(last));
        expect((await allRows()).map(({ key }) => key)).toEqual(['a', ...applied.map((at) => `new-${at}`)].sort());
      });

      it('may make the same new row and the same checkpoint at the same moment', async () => {
        const checkpoint = `contract.race.${randomUUID()}`;
        for (let round = 0; round < 10; round++) {
          const key = `race-${round}`;
          await Promise.all(
            [views, other, views, other].flatMap((store, index) => [
              store.patch(view, [{ key, row: task({ level: index }) }]),
              store.patch(view, [
                { key: `${key}-a`, row: task() },
                { key: `${key}-b`, row: task() },
              ]),
              store.saveCheckpoint(`${checkpoint}.${round}`, String(index)),
            ]),
          );
          expect(await views.checkpoint(`${checkpoint}.${round}`)).toBe('3');
        }
        expect(await views.count(view)).toBe(30);
      });

      it('see what the other has written', async () => {
        await put('a', task({ level: 1 }), '1');
        expect(await other.get(view, 'a')).toMatchObject({ row: { level: 1 } });
        await other.apply(view, [{ key: 'a', row: null, position: '2' }], '2');
        expect(await views.get(view, 'a')).toBeUndefined();
        expect(await views.checkpoint(view)).toBe('2');
      });

      it('lose nothing and write nothing more, when the lease goes to the other one halfway', async () => {
        const lease = `contract.lease.${randomUUID()}`;
        let at = 0;
        const hold = async (store: ViewStore, mine: Lease) => {
          for (;;) {
            const row = await store.get<Task>(view, 'sum');
            const position = String(at + 1);
            // A double, or a write that came after a takeover, would count twice.
            const next = { key: 'sum', row: task({ level: Number(row?.row.level ?? 0) + 1 }), position };
            if (!(await store.apply(view, [next, { key: `new-${position}`, row: task(), position }], position, mine)))
              return;
            at++;
          }
        };
        let store = views;
        let held = (await store.acquire(lease, 'holder-0', 300)) as Lease;
        let holding = hold(store, held);
        for (let round = 1; round <= 4; round++) {
          for (const some = at + 3; at < some;) await turn();
          await under.pass(301);
          store = store === views ? other : views;
          held = (await store.acquire(lease, `holder-${round}`, 300)) as Lease;
          const then = await store.checkpoint(view);
          await holding;
          expect(await store.checkpoint(view)).toBe(then);
          at = Number(then ?? 0);
          holding = hold(store, held);
        }
        await store.release(held);
        await holding;
        const last = Number((await views.checkpoint(view)) ?? 0);
        expect((await views.get<Task>(view, 'sum'))?.row.level).toBe(last);
        expect(await views.count(view)).toBe(last + 1);
      });
    });

    describe('leases', () => {
      let lease: string;
      beforeEach(() => (lease = `contract.lease.${randomUUID()}`));

      it('belong to one holder at a time', async () => {
        expect(await views.acquire(lease, 'one', 1_000)).toEqual({ name: lease, holder: 'one', token: 1 });
        expect(await views.acquire(lease, 'two', 1_000)).toBeUndefined();
        expect(await views.acquire(`${lease}.other`, 'two', 1_000)).toMatchObject({ holder: 'two' });
      });

      it('are renewed by their holder, with the same token', async () => {
        const first = await views.acquire(lease, 'one', 1_000);
        await under.pass(800);
        expect(await views.acquire(lease, 'one', 1_000)).toEqual(first);
        await under.pass(800);
        expect(await views.acquire(lease, 'two', 1_000)).toBeUndefined();
      });

      it('go to another one with a greater token once they have run out, also after a restart', async () => {
        await views.acquire(lease, 'one', 1_000);
        await under.pass(1_001);
        views = await under.restart();
        expect(await views.acquire(lease, 'two', 1_000)).toMatchObject({ holder: 'two', token: 2 });
        expect(await views.acquire(lease, 'one', 1_000)).toBeUndefined();
      });

      it('can be released for another one at once', async () => {
        const first = (await views.acquire(lease, 'one', 60_000)) as Lease;
        await views.release(first);
        const second = (await views.acquire(lease, 'two', 60_000)) as Lease;
        expect(second.token).toBeGreaterThan(first.token);
        await views.release(first);
        expect(await views.acquire(lease, 'three', 60_000)).toBeUndefined();
      });

      it('let exactly one of many have it, when it is new and when it has run out', async () => {
        const other = await under.another();
        for (let token = 1; token <= 3; token++) {
          const outcomes = await Promise.all(
            Array.from({ length: 8 }, (_, index) =>
              (index % 2 ? other : views).acquire(lease, `holder-${token}-${index}`, token === 3 ? 60_000 : 200),
            ),
          );
          expect(outcomes.filter((outcome) => outcome !== undefined)).toEqual([expect.objectContaining({ token })]);
          await under.pass(201);
        }
      });

      it('fence the writes of an earlier holder: nothing changes and it says so', async () => {
        const early = (await views.acquire(lease, 'one', 1_000)) as Lease;
        expect(await put('a', task({ level: 1 }), '1', early)).toBe(true);
        await under.pass(1_001);
        const late = (await views.acquire(lease, 'two', 1_000)) as Lease;
        expect(await put('a', task({ level: 2 }), '2', early)).toBe(false);
        expect(await views.patch(view, [{ key: 'a', row: null }], early)).toBe(false);
        expect(await views.saveCheckpoint('contract.fenced', '2', early)).toBe(false);
        expect(await views.get(view, 'a')).toMatchObject({ row: { level: 1 }, position: '1' });
        expect(await views.checkpoint(view)).toBe('1');
        expect(await views.checkpoint('contract.fenced')).toBeUndefined();
        expect(await put('a', task({ level: 3 }), '3', late)).toBe(true);
      });

      it('fence also after a release', async () => {
        const held = (await views.acquire(lease, 'one', 60_000)) as Lease;
        await views.release(held);
        expect(await put('a', task(), '1', held)).toBe(false);
      });
    });
  });
}
