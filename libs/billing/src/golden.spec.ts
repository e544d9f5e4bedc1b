import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import type { EventSchemas } from '@second-opinion/contracts';
import { debtor } from './organisation.decider';
import { organisationEvents } from './organisation.events';
import { caseMoney } from './quote.decider';
import { quoteEvents } from './quote.events';
import { numberSeries } from './series.decider';
import { seriesEvents } from './series.events';
import { tariff } from './tariff.decider';
import { tariffEvents } from './tariff.events';

const folder = join(__dirname, '../golden');
const declared: Record<string, EventSchemas> = {
  'billing.quote': quoteEvents,
  'billing.series': seriesEvents,
  'billing.tariff': tariffEvents,
  'billing.organisation': organisationEvents,
};
const files = Object.entries(declared).flatMap(([category, schemas]) =>
  Object.keys(schemas).map((type) => [category, type, join(category, `${type}.json`)] as const),
);
const stored = (file: string) =>
  JSON.parse(readFileSync(join(folder, file), 'utf8')) as { type: string; data: object[] };
const ajv = new Ajv2020({ strict: false });

describe('every shape that was ever stored can still be read', () => {
  it.each(files)('%s %s', (category, type, file) => {
    const golden = stored(file);
    expect(golden.type).toBe(type);
    const validate = ajv.compile(declared[category]?.[type] ?? false);
    const decider = [caseMoney, numberSeries, tariff, debtor].find((one) => one.category === category);
    expect(golden.data.length).toBeGreaterThan(0);
    for (const data of golden.data) {
      validate(data);
      expect(validate.errors ?? []).toEqual([]);
      expect(() => decider?.evolve(decider.initial as never, { type, data } as never)).not.toThrow();
    }
  });
  it('and there is none without its event', () => {
    const known = files.map(([, , file]) => file).sort();
    const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
    expect(found.sort()).toEqual(known);
  });
});
