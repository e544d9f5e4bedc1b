import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { EventSchemas } from '@second-opinion/contracts';
import Ajv2020 from 'ajv/dist/2020';
import type { AnyDecider } from '../deciders';

/** GoldenParts of one context: its folder of stored shapes, its declared events by category, and the deciders that fold them. */
export interface GoldenParts {
  readonly folder: string;
  readonly events: Readonly<Record<string, EventSchemas>>;
  readonly deciders: readonly AnyDecider[];
}

interface Golden {
  readonly type: string;
  readonly data: readonly object[];
}

/**
 * goldenShapes is the suite that every context runs: each event has files of every shape in which it was ever stored (`<Type>.json`, later forms
 * in `<Type>.2.json` and so on), today's declaration takes all of them, today's fold does not stumble over one, and no file is left of an event
 * that is declared no more.
 */
export function goldenShapes({ folder, events, deciders }: GoldenParts): void {
  const shapes = Object.entries(events).flatMap(([category, schemas]) =>
    Object.entries(schemas).map(([type, schema]) => ({ category, type, schema })),
  );
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
  const typeOf = (file: string) => file.replace(/(\.\d+)?\.json$/, '');
  const ajv = new Ajv2020({ strict: false });

  describe('every shape that was ever stored can still be read', () => {
    it.each(shapes)('$category $type', ({ category, type, schema }) => {
      const forms = found
        .filter((file) => typeOf(file) === path.join(category, type))
        .map((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Golden);
      expect(forms.length).toBeGreaterThan(0);
      for (const form of forms) expect(form).toMatchObject({ type, data: [expect.anything(), ...form.data.slice(1)] });
      const validate = ajv.compile(schema);
      const decider = deciders.find((one) => one.category === category);
      for (const data of forms.flatMap((form) => form.data)) {
        validate(data);
        expect(validate.errors ?? []).toEqual([]);
        expect(() => void decider?.evolve(decider.initial, { type, data })).not.toThrow();
      }
    });
    it('and there is none without its event', () => {
      const declared = new Set(shapes.map(({ category, type }) => path.join(category, type)));
      expect(found.filter((file) => !declared.has(typeOf(file)))).toEqual([]);
    });
  });
}
