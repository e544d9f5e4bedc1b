import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { medicalFile } from './file.decider';
import { fileEvents, type FileEvent } from './file.events';

const folder = join(__dirname, '../golden/reporting.file');
const stored = (type: string) =>
  JSON.parse(readFileSync(join(folder, `${type}.json`), 'utf8')) as { type: string; data: object[] };
const ajv = new Ajv2020({ strict: false });

describe('every shape that was ever stored can still be read', () => {
  it.each(Object.entries(fileEvents))('%s', (type, schema) => {
    const golden = stored(type);
    expect(golden.type).toBe(type);
    expect(golden.data.length).toBeGreaterThan(0);
    const validate = ajv.compile(schema);
    for (const data of golden.data) {
      validate(data);
      expect(validate.errors ?? []).toEqual([]);
      expect(() => medicalFile.evolve(medicalFile.initial, { type, data } as FileEvent)).not.toThrow();
    }
  });
  it('and there is none without its event', () => {
    const found = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));
    expect(found.sort()).toEqual(Object.keys(fileEvents).sort());
  });
});
