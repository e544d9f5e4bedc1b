/**
 * libs/<context>/src/<context>.problems.ts and libs/nest/src/common.problems.ts: which problems each operation can answer, as the sources tell.
 * The API document is made from these. Needs a build, for what the decorators of routes and commands declare. `node tools/problems.mjs` writes them.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { ROOT } from './checks/repository.mjs';
import { Operations } from './problems/operations.mjs';
import { fileOf } from './problems/walk.mjs';

const require = createRequire(import.meta.url);
const COMMON = 'libs/nest/src/common.problems.ts';
/** KINDS of problems by their class in libs/kernel/src/errors.ts. */
const KINDS = {
  Invalid: 'invalid',
  Forbidden: 'forbidden',
  NotFound: 'not-found',
  Refused: 'refused',
  Conflict: 'conflict',
  Unprocessable: 'unprocessable',
  Unavailable: 'unavailable',
};

/** documents gives the text of each generated file by its name. */
export async function documents() {
  const operations = new Operations();
  const { command, read } = operations.ofAll;
  const texts = new Map([[COMMON, common(command, read)]]);
  for (const controller of operations.sources.own.filter((one) =>
    /^libs\/\w+\/src\/\w+\.controller\.ts$/.test(fileOf(one)),
  )) {
    const [, context] = fileOf(controller).split('/');
    const routes = routesOf(operations.sources, controller, context);
    if (routes.length === 0) continue;
    const lines = routes.map(({ operation, kind, method, isPersonal, isPage }) => {
      const isRead = kind === 'answers';
      const problems = isRead
        ? operations.ofRead(method, isPage)
        : operations.ofCommand(method, `${context}.${operation}`, isPersonal);
      const common = isRead ? read : command;
      return `${operation.split('.').at(-1)}: ${literal(problems.filter((one) => !common.includes(one)))},`;
    });
    texts.set(`libs/${context}/src/${context}.problems.ts`, ofContext(context, lines));
  }
  const formatted = new Map();
  for (const [file, text] of texts) {
    const options = await resolveConfig(path.join(ROOT, file));
    formatted.set(file, await format(text, { ...options, parser: 'typescript' }));
  }
  return formatted;
}

function common(command, read) {
  return `import type { Problems } from './problems';

/** Generated from the sources by \`npm run docs\`; do not edit: what every command and every read can answer. */
export const COMMON_PROBLEMS: { readonly command: Problems; readonly read: Problems } = {
  command: ${literal(command)},
  read: ${literal(read)},
};
`;
}

function ofContext(context, lines) {
  return `import type { OperationProblems } from '@second-opinion/nest';

/** Generated from the sources by \`npm run docs\`; do not edit: what each operation can answer besides what every one can. */
export const ${context}Problems: OperationProblems = {
${lines.join('\n')}
};
`;
}

/** literal writes problems by kind. */
function literal(problems) {
  const byKind = Object.entries(KINDS).flatMap(([type, kind]) => {
    const codes = problems.filter((one) => one.startsWith(`${type} `)).map((one) => `'${one.split(' ')[1]}'`);
    return codes.length === 0 ? [] : [`${kind.includes('-') ? `'${kind}'` : kind}: [${codes.join(', ')}]`];
  });
  return `{ ${byKind.join(', ')} }`;
}

/** routesOf a controller, as its decorators declare them, with the methods behind them. */
function routesOf(sources, controller, context) {
  const built = require(path.join(ROOT, fileOf(controller).replace('/src/', '/dist/').replace(/\.ts$/, '.js')));
  const { fieldsOf } = require(path.join(ROOT, 'libs/nest/dist/fields'));
  const isPersonal = (type) =>
    [...fieldsOf(type).values()].some(({ personal, part }) => personal || (part && isPersonal(part)));
  return Object.entries(built).flatMap(([name, type]) => {
    if (Reflect.getMetadata('second-opinion:context', type) !== context) return [];
    const declared = sources.classNamed(fileOf(controller), name);
    return declared.members.flatMap((method) => {
      const at = method.name?.getText();
      const route = at && Reflect.getMetadata('second-opinion:route', type.prototype[at]);
      if (!route) return [];
      const [first] = Reflect.getMetadata('design:paramtypes', type.prototype, at);
      const isCommand = first?.name === route.operation;
      const isPage = method.parameters.some(({ type }) => /Query$/.test(type?.getText() ?? ''));
      return [{ ...route, method, isPersonal: !isCommand || isPersonal(first), isPage }];
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [file, text] of await documents()) fs.writeFileSync(path.join(ROOT, file), text);
