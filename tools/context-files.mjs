/** The files of a new context, as small as they can be and still show the shape. */

const PORTS = ['event-store', 'message-bus', 'view-store', 'document-store', 'access-log', 'vault'];
const NEEDS = ['kernel', 'contracts', 'access', 'nest', ...PORTS];

const json = (value) => JSON.stringify(value, undefined, 2);
const capital = (word) => word[0].toUpperCase() + word.slice(1);

export function contextFiles(name, aggregate) {
  const words = {
    name,
    Name: capital(name),
    aggregate,
    Aggregate: capital(aggregate),
    command: `Open${capital(aggregate)}`,
    event: `${capital(aggregate)}Opened`,
  };
  return { ...projectFiles(words), ...ruleFiles(words), ...rimFiles(words) };
}

function projectFiles({ name, Name, aggregate, command, event }) {
  const base = { extends: '../../tsconfig.base.json' };
  const source = (entry) => ({
    '@second-opinion/source': `./src/${entry}.ts`,
    types: `./dist/${entry}.d.ts`,
    default: `./dist/${entry}.js`,
  });
  return {
    'package.json': json({
      name: `@second-opinion/${name}`,
      version: '0.1.0',
      private: true,
      type: 'commonjs',
      exports: { '.': source('index'), './views': source(`${name}.views`) },
      dependencies: Object.fromEntries(NEEDS.map((need) => [`@second-opinion/${need}`, '0.1.0'])),
      nx: { tags: [`scope:${name}`, 'type:context'], targets: { build: {}, typecheck: {}, test: {}, lint: {} } },
    }),
    'tsconfig.json': json({
      ...base,
      files: [],
      references: [{ path: './tsconfig.lib.json' }, { path: './tsconfig.spec.json' }],
    }),
    'tsconfig.lib.json': json({
      ...base,
      compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/tsconfig.lib.tsbuildinfo' },
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.spec.ts', 'src/**/*.contract.ts'],
      references: NEEDS.map((need) => ({ path: `../../libs/${need}/tsconfig.lib.json` })),
    }),
    'tsconfig.spec.json': json({
      ...base,
      compilerOptions: { composite: false, declaration: false, noEmit: true, types: ['node', 'jest'] },
      include: ['src/**/*.ts'],
    }),
    'jest.config.cjs': "module.exports = { ...require('../../jest.preset.cjs') };\n",
    'README.md': `# ${Name}\n\nWhat it decides, in one sentence.\n\n| command | events | who listens |\n| --- | --- | --- |\n| \`${command}\` | \`${event}\` | nobody yet |\n\nStreams: \`${name}.${aggregate}-<id>\`. Topic: none yet.\n`,
  };
}

function ruleFiles({ name, aggregate, Aggregate, command, event }) {
  return {
    [`src/${aggregate}.events.ts`]: `import { events, field, type EventsOf } from '@second-opinion/contracts';

export const ${aggregate}Events = events({
  ${event}: { ${aggregate}Id: field.id(), openedAt: field.instant() },
});
export type ${Aggregate}Event = EventsOf<typeof ${aggregate}Events>;
`,
    [`src/${aggregate}.commands.ts`]: `import { Command } from '@second-opinion/kernel';
import { IsId } from '@second-opinion/nest/fields';

export class ${command} extends Command {
  @IsId() ${aggregate}Id!: string;
}
`,
    [`src/${name}.terms.ts`]: `/** RULES is stored with every event that is decided here; it goes up when a rule changes. */\nexport const RULES = '${name}-1';\n`,
    [`src/${aggregate}.decider.ts`]: `import { Refused, type Decider, type InstancesOf } from '@second-opinion/kernel';
import type * as commands from './${aggregate}.commands';
import type { ${Aggregate}Event } from './${aggregate}.events';
import { RULES } from './${name}.terms';

export type ${Aggregate} = { readonly status: 'none' | 'open' };

export const ${aggregate}: Decider<InstancesOf<typeof commands>, ${Aggregate}, ${Aggregate}Event> = {
  category: '${name}.${aggregate}',
  rulesVersion: RULES,
  initial: { status: 'none' },
  streamId: ({ ${aggregate}Id }) => String(${aggregate}Id),
  decide: {
    ${command}: ({ ${aggregate}Id }, state, { now }) => {
      if (state.status !== 'none') throw new Refused('${name}.${aggregate}-exists');
      return [{ type: '${event}', data: { ${aggregate}Id, openedAt: now } }];
    },
  },
  evolve: () => ({ status: 'open' }),
};
`,
    [`src/${aggregate}.decider.spec.ts`]: `import { given, testNow } from '@second-opinion/kernel/testing';
import { ${aggregate} } from './${aggregate}.decider';

const opened = { type: '${event}', data: { ${aggregate}Id: '1', openedAt: testNow } } as const;

it('is opened once', () => {
  given(${aggregate}).when('${command}', { ${aggregate}Id: '1' }).then(opened);
  given(${aggregate}).events(opened).when('${command}', { ${aggregate}Id: '1' }).refused('${name}.${aggregate}-exists');
});
`,
  };
}

function rimFiles({ name, Name, aggregate, command }) {
  return {
    'src/index.ts': `export { ${Name}Module } from './${name}.module';\n`,
    [`src/${name}.controller.ts`]: `import { CommandBus } from '@nestjs/cqrs';
import { Context, Creates, FromRequest } from '@second-opinion/nest';
import { ${command} } from './${aggregate}.commands';

@Context('${name}')
export class ${Name}Controller {
  constructor(private readonly bus: CommandBus) {}

  @Creates('${aggregate}s', ${command}, '${aggregate}Id')
  open(@FromRequest() command: ${command}) {
    return this.bus.execute(command);
  }
}
`,
    [`src/${name}.views.ts`]: `import type { Projected } from '@second-opinion/nest';

/** What ${name} projects: its views and deadlines. */
export const projected: Projected = {
  name: '${name}',
  views: [],
  deadlines: [],
};
`,
    [`src/${name}.problems.ts`]: `import type { OperationProblems } from '@second-opinion/nest';

/** Generated from the sources by \`npm run docs\`; do not edit: what each operation can answer besides what every one can. */
export const ${name}Problems: OperationProblems = {
  ${command}: { refused: ['${name}.${aggregate}-exists'] },
};
`,
    [`src/${name}.module.ts`]: `import { Module } from '@nestjs/common';
import { contextModule, deciderHandlers } from '@second-opinion/nest';
import * as commands from './${aggregate}.commands';
import { ${aggregate} } from './${aggregate}.decider';
import { ${aggregate}Events } from './${aggregate}.events';
import { ${Name}Controller } from './${name}.controller';
import { ${name}Problems } from './${name}.problems';
import { projected } from './${name}.views';

@Module(
  contextModule({
    ...projected,
    controllers: [${Name}Controller],
    problems: ${name}Problems,
    events: { '${name}.${aggregate}': ${aggregate}Events },
    handlers: [...deciderHandlers(${aggregate}, commands)],
    policies: [],
    publishers: [],
  }),
)
export class ${Name}Module {}
`,
  };
}
