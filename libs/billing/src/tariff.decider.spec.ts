import { fold } from '@second-opinion/kernel';
import { given, testNow } from '@second-opinion/kernel/testing';
import { tariff, tariffInForce } from './tariff.decider';
import type { TariffEvent } from './tariff.events';
import { supplier, tariffVersion } from './testing';

const publish = {
  tariffId: 'EMPLOYEE_SECOND_OPINION' as const,
  validFrom: '2026-11-25',
  netCents: 95_000,
  consultationNetCents: 45_000,
  hourlyNetCents: 18_000,
  supplier,
};
const published = (version: number, validFrom: string): TariffEvent => ({
  type: 'TariffPublished',
  data: { ...tariffVersion, version, validFrom },
});
const waits = (caseId: string): TariffEvent => ({ type: 'QuoteAwaitsTariff', data: { caseId } });

describe('a tariff', () => {
  it('is published for a day from today on; VAT is 21% until told otherwise', () => {
    given(tariff)
      .events()
      .when('PublishTariff', publish)
      .then({
        type: 'TariffPublished',
        data: {
          version: 1,
          validFrom: '2026-11-24T23:00:00.000Z',
          netCents: 95_000,
          consultationNetCents: 45_000,
          hourlyNetCents: 18_000,
          vatTreatment: 'STANDARD_21',
          supplier,
        },
      });
    given(tariff)
      .events()
      .when('PublishTariff', { ...publish, validFrom: '2026-11-24' })
      .refused('billing.tariff-in-the-past');
    given(tariff)
      .events()
      .when('PublishTariff', { ...publish, consultationNetCents: 95_001 })
      .refused('billing.consultation-dearer-than-all');
  });

  it('of those that have begun the last to begin is in force, of equals the newest', () => {
    const inForce = (now: string, ...events: TariffEvent[]) => tariffInForce(fold(tariff, events), now)?.version;
    const a = published(1, '2026-11-01T23:00:00.000Z');
    const b = published(2, '2026-12-31T23:00:00.000Z');
    const c = published(3, '2026-11-01T23:00:00.000Z');
    expect(inForce(testNow)).toBeUndefined();
    expect(inForce(testNow, b)).toBeUndefined();
    expect(inForce(testNow, a, b)).toBe(1);
    expect(inForce(testNow, a, b, c)).toBe(3);
    expect(inForce('2026-12-31T23:00:00.000Z', a, b, c)).toBe(2);
  });

  it('a case waits only while none is in force, and once', () => {
    const wait = { tariffId: publish.tariffId, caseId: 'case-1' };
    given(tariff).events().when('AwaitTariff', wait).then(waits('case-1'));
    given(tariff).events(waits('case-1')).when('AwaitTariff', wait).nothing();
    given(tariff).events(published(1, '2026-11-01T23:00:00.000Z')).when('AwaitTariff', wait).nothing();
    given(tariff).events(published(1, '2026-12-01T23:00:00.000Z')).when('AwaitTariff', wait).then(waits('case-1'));
  });

  it('what waits goes on when a version is published that is in force, or comes into force', () => {
    const release: TariffEvent = {
      type: 'AwaitingQuotesReleased',
      data: { version: 1, caseIds: ['case-1', 'case-2'] },
    };
    const [, released] = given(tariff).events(waits('case-1'), waits('case-2')).when('PublishTariff', publish).events();
    expect(released).toEqual(release);
    const later = published(1, '2026-12-01T23:00:00.000Z');
    const start = { tariffId: publish.tariffId, version: 1 };
    given(tariff).events(waits('case-1'), later).when('StartTariff', start).nothing();
    given(tariff)
      .events(waits('case-1'), waits('case-2'), later)
      .when('StartTariff', start, { now: '2026-12-01T23:00:00.000Z' })
      .then(release);
    given(tariff)
      .events(waits('case-1'), waits('case-2'), later, release)
      .when('StartTariff', start, { now: '2026-12-01T23:00:00.000Z' })
      .nothing();
  });

  it('many that wait are released in several events', () => {
    const many = Array.from({ length: 1_201 }, (_, index) => waits(`case-${index}`));
    const [, ...released] = given(tariff)
      .events(...many)
      .when('PublishTariff', publish)
      .events();
    expect(released.map((event) => 'caseIds' in event.data && event.data.caseIds.length)).toEqual([500, 500, 201]);
  });
});
