import { Invalid } from '@second-opinion/kernel';
import type { AccessLog, AccessRecord } from './access-log';

/** accessLogContract is what every access log must pass; `make` gives an empty one. */
export function accessLogContract(name: string, make: () => Promise<AccessLog>): void {
  describe(`${name} is an access log`, () => {
    let log: AccessLog;
    beforeEach(async () => {
      log = await make();
    });
    const ids = (records: readonly AccessRecord[]) => records.map(({ id }) => id);

    it('gives back exactly what was written, oldest first', async () => {
      const whole = accessRecord('1', {
        caseId: 'case-1',
        authenticationLevel: 'substantial',
        responsibleId: 'doctor-9',
        objects: ['document-1', 'versie-é-😀'],
        breakGlass: true,
        outcome: 'DENIED',
      });
      await log.write([whole, accessRecord('2')]);
      await log.write([accessRecord('3')]);
      const { records, next } = await log.read({ personId: 'person-1' });
      expect(records).toEqual([whole, accessRecord('2'), accessRecord('3')]);
      expect(next).toBeUndefined();
    });

    it('reads by person, by case, by both, and everything', async () => {
      await log.write([
        accessRecord('1', { personId: 'person-1', caseId: 'case-1' }),
        accessRecord('2', { personId: 'person-1', caseId: 'case-2' }),
        accessRecord('3', { personId: 'person-2', caseId: 'case-1' }),
        accessRecord('4', { personId: 'person-1' }),
      ]);
      expect(ids((await log.read({ personId: 'person-1' })).records)).toEqual(['1', '2', '4']);
      expect(ids((await log.read({ caseId: 'case-1' })).records)).toEqual(['1', '3']);
      expect(ids((await log.read({ personId: 'person-1', caseId: 'case-1' })).records)).toEqual(['1']);
      expect(ids((await log.read({})).records)).toEqual(['1', '2', '3', '4']);
      expect((await log.read({ personId: 'nobody' })).records).toEqual([]);
      expect((await log.read({ caseId: '' })).records).toEqual([]);
    });

    it('pages without missing or repeating, also while others write', async () => {
      await log.write(Array.from({ length: 7 }, (_, index) => accessRecord(`a${index}`)));
      const seen: string[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < 10; page++) {
        const answer = await log.read({ personId: 'person-1', limit: 3, ...(cursor ? { cursor } : {}) });
        seen.push(...ids(answer.records));
        await log.write([accessRecord(`other-${page}`, { personId: 'person-2' })]);
        cursor = answer.next;
        if (cursor === undefined) break;
      }
      expect(seen).toEqual(['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6']);
    });

    it('refuses a cursor that it did not give', async () => {
      for (const cursor of ['', 'x', '-1', "1' or '1'='1", '1e3', '9'.repeat(30)])
        await expect(log.read({ cursor })).rejects.toThrow(Invalid);
    });

    it('writes a repeated record once, and the rest of the call', async () => {
      await log.write([accessRecord('1')]);
      await log.write([accessRecord('1'), accessRecord('2')]);
      expect(ids((await log.read({})).records)).toEqual(['1', '2']);
    });

    it('writes nothing for an empty list', async () => {
      await log.write([]);
      expect((await log.read({})).records).toEqual([]);
    });

    it('keeps what many write at once, each call together', async () => {
      await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          log.write([accessRecord(`${index}-a`, { caseId: 'case-1' }), accessRecord(`${index}-b`)]),
        ),
      );
      const { records } = await log.read({ limit: 500 });
      expect(records).toHaveLength(100);
      expect(new Set(ids(records)).size).toBe(100);
      expect((await log.prove()).records).toBe(100);
    });

    it('proves that nothing was changed: the head moves with every record', async () => {
      const empty = await log.prove();
      await log.write([accessRecord('1')]);
      const one = await log.prove();
      await log.write([accessRecord('2')]);
      const two = await log.prove();
      expect([empty.records, one.records, two.records]).toEqual([0, 1, 2]);
      expect([empty.brokenAt, one.brokenAt, two.brokenAt]).toEqual([undefined, undefined, undefined]);
      expect(new Set([empty.head, one.head, two.head]).size).toBe(3);
    });
  });
}

/** accessRecord is a whole record with this id. */
export function accessRecord(id: string, more: Partial<AccessRecord> = {}): AccessRecord {
  return {
    id,
    at: '2026-11-24T09:00:00.000Z',
    action: 'R',
    operation: 'reporting.GetReport',
    outcome: 'SUCCESS',
    requestId: 'request-1',
    actorId: 'doctor-2',
    actorRole: 'second-opinion-doctor',
    actorOrganisation: 'organisation-1',
    relation: 'second-opinion-doctor',
    personId: 'person-1',
    category: 'MEDICAL',
    purpose: 'reporting.report',
    objects: ['version-1'],
    basis: 'A14 R i',
    policyVersion: 'matrix-a-2026.1',
    application: 'standalone',
    ...more,
  };
}
