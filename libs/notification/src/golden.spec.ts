import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import type { EventSchemas } from '@second-opinion/contracts';
import { tellingCase } from './case.decider';
import { caseEvents } from './case.events';
import { message } from './message.decider';
import { messageEvents } from './message.events';
import { recipient } from './recipient.decider';
import { recipientEvents } from './recipient.events';

const folder = join(__dirname, '../golden');
const declared: Record<string, EventSchemas> = {
  'notification.case': caseEvents,
  'notification.message': messageEvents,
  'notification.recipient': recipientEvents,
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
    const decider = [tellingCase, recipient, message].find((one) => one.category === category);
    for (const data of golden.data) {
      validate(data);
      expect(validate.errors ?? []).toEqual([]);
      expect(() => decider?.evolve(decider.initial as never, { type, data } as never)).not.toThrow();
    }
  });
  it('and there is none without its event', () => {
    const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
    expect(found.sort()).toEqual(files.map(([, , file]) => file).sort());
  });
});
