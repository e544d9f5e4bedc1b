import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventSchemas } from '@second-opinion/contracts';
import Schema from 'typebox/value';
import { outOfScopeAsk } from './ask/ask.decider';
import { askEvents } from './ask/ask.events';
import { secondOpinionCase } from './case/case.decider';
import { caseEvents } from './case/case.events';
import { person } from './person/person.decider';
import { personEvents } from './person/person.events';
import { baseContract } from './register/contract.decider';
import { doctor } from './register/doctor.decider';
import { organisation } from './register/organisation.decider';
import { contractEvents, doctorEvents, organisationEvents } from './register/register.events';

const folder = join(__dirname, '../golden');
const declared: Record<string, EventSchemas> = {
  'intake.case': caseEvents,
  'intake.person': personEvents,
  'intake.doctor': doctorEvents,
  'intake.organisation': organisationEvents,
  'intake.contract': contractEvents,
  'intake.ask': askEvents,
};
const deciders = [secondOpinionCase, person, doctor, organisation, baseContract, outOfScopeAsk];
const shapes = Object.entries(declared).flatMap(([category, schemas]) =>
  Object.entries(schemas).map(([type, schema]) => [category, type, schema] as const),
);

it.each(shapes)(
  '%s %s: today’s declaration and fold take every shape that was ever stored',
  (category, type, schema) => {
    const file = join(folder, category, `${type}.json`);
    expect(existsSync(file)).toBe(true);
    const golden = JSON.parse(readFileSync(file, 'utf8')) as { type: string; data: object[] };
    expect(golden.type).toBe(type);
    expect(golden.data.length).toBeGreaterThan(0);
    const decider = deciders.find((one) => one.category === category);
    for (const data of golden.data) {
      expect([...Schema.Errors(schema, data)]).toEqual([]);
      expect(() => decider?.evolve(decider.initial as never, { type, data } as never)).not.toThrow();
    }
  },
);

it('no event that was ever stored is declared no more', () => {
  const stored = readdirSync(folder).flatMap((category) =>
    readdirSync(join(folder, category)).map((file) => `${category} ${file.replace('.json', '')}`),
  );
  expect(stored.sort()).toEqual(shapes.map(([category, type]) => `${category} ${type}`).sort());
});
