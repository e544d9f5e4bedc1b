import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PROJECT_TYPES } from '../eslint/boundaries.mjs';
import { files, projects, read } from './repository.mjs';

const CODE = ['*.ts', '*.mjs', '*.cjs', '.ci/*'];
const LONGEST = 300;

test('no file of code is longer than 300 lines (specs and contract suites may be)', () => {
  const long = files(...CODE).filter(
    (file) => !/\.(spec|contract)\.ts$|\.test\.mjs$/.test(file) && read(file).split('\n').length > LONGEST + 1,
  );
  assert.deepEqual(long, []);
});

test('no spec runs alone, and none is left out', () => {
  const focused =
    /\b(?:test|it|describe)(?:\.\w+)*\.(?:only|skip|todo|failing)\b|\b(?:fit|fdescribe|xit|xtest|xdescribe)\s*\(/;
  assert.match("describe.skip('x'", focused);
  assert.deepEqual(
    files('*.spec.ts', '*.contract.ts', '*.check.mjs').filter(
      (file) => file.endsWith('.ts') && focused.test(read(file)),
    ),
    [],
  );
});

/** unplayed names the policies of a source that a spec does not use (an import alone plays nothing). */
function unplayed(source, spec) {
  const policies = [...source.matchAll(/^export const (\w+): (?:Own|Topic)Policy\b/gm)].map(([, name]) => name);
  return policies.filter((name) => (spec.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0) < 2);
}

test('every policy is played in the any-order spec of its context: between contexts anything may overtake', () => {
  const two = 'export const whenXDoY: TopicPolicy<X> = {\nexport const whenZDoY: OwnPolicy<Z> = {';
  assert.deepEqual(unplayed(two, "import { whenXDoY } from './a';\nimport { whenZDoY } from './b'; tells(whenZDoY)"), [
    'whenXDoY',
  ]);
  const specs = files('libs/*/src/policies-any-order.spec.ts', 'libs/*/src/**/policies-any-order.spec.ts');
  const policies = files('*.policy.ts');
  assert.ok(policies.length > 20, 'where are the policies?');
  for (const file of policies) {
    const [, context] = file.split('/');
    const played = specs.filter((spec) => spec.startsWith(`libs/${context}/`)).map(read);
    assert.match(read(file), /^export const \w+: (?:Own|Topic)Policy\b/m, `${file} has no policy`);
    assert.deepEqual(unplayed(read(file), played.join('\n')), [], `${file} is not played in every order`);
  }
});

test('nothing of ours is mocked in tests', () => {
  assert.deepEqual(
    files('*.spec.ts').filter((file) =>
      /jest\.(?:mock|doMock|unstable_mockModule)\(\s*['"](?:\.|@second-opinion)/.test(read(file)),
    ),
    [],
  );
});

test('code is never exempted from a check without a reason', () => {
  const loose = /@ts-(?:ignore|nocheck)|eslint-disable(?!-next-line [\w@/-]+)/;
  assert.deepEqual(
    files('*.ts').filter((file) => loose.test(read(file))),
    [],
  );
});

/** isServiceOf a context: the program apps/<context> beside the library libs/<context>. */
const isServiceOf = (folder) =>
  folder.startsWith('apps/') && projects().some((other) => other.folder === folder.replace('apps/', 'libs/'));

test('every project carries one known scope and one known type', () => {
  for (const { folder, manifest } of projects()) {
    const name = folder.split('/').at(-1);
    const [scope, type, ...others] = [...(manifest.nx?.tags ?? [])].sort();
    const known = isServiceOf(folder) ? `${name}-service` : name;
    assert.equal(manifest.name, `@second-opinion/${known}`, folder);
    assert.equal(scope, `scope:${known}`, folder);
    assert.ok(PROJECT_TYPES.includes(type?.replace('type:', '')), `${folder}: ${type} is no known type`);
    assert.deepEqual(others, [], folder);
  }
});

test('every project is built, type-checked, tested and linted', () => {
  const build = JSON.parse(read('tsconfig.build.json')).references.map((reference) => reference.path);
  for (const { folder, manifest } of projects()) {
    assert.ok(build.includes(`./${folder}/tsconfig.lib.json`), `${folder} is missing in tsconfig.build.json`);
    // The program of one context is a main and nothing else: its tests are those of what it puts together, and the journeys.
    const thin = isServiceOf(folder) && files(`${folder}/src/*`).every((file) => file.endsWith('/src/main.ts'));
    for (const target of ['build', 'typecheck', ...(thin ? [] : ['test']), 'lint'])
      assert.ok(manifest.nx.targets[target], `${folder}: no ${target}`);
  }
});

test('a project refers to what it depends on, so that tsc builds in order', () => {
  for (const { folder, manifest } of projects()) {
    const needed = Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith('@second-opinion/'));
    const referred = JSON.parse(read(`${folder}/tsconfig.lib.json`)).references.map(({ path }) =>
      path.split('/').at(-2),
    );
    assert.deepEqual(needed.map((name) => name.split('/')[1]).sort(), referred.sort(), folder);
  }
});

test('only numbered, dated decisions stand in docs/adr', () => {
  const numbers = files('docs/adr/*.md').map((file) => {
    const text = read(file);
    for (const part of [
      'Status:',
      'Date: 20',
      '## Context',
      '## Decision',
      '## Consequences',
      '## Alternatives considered',
    ]) {
      assert.ok(text.includes(part), `${file} has no "${part}"`);
    }
    return Number(/\/(\d{4})-[a-z0-9-]+\.md$/.exec(file)?.[1]);
  });
  assert.deepEqual(
    numbers.sort((a, b) => a - b),
    numbers.map((_, index) => index + 1),
  );
});

test('the lock file is whole: every platform it promises is in it, each with its integrity', () => {
  const { packages } = JSON.parse(read('package-lock.json'));
  const have = new Set(Object.keys(packages).map((key) => key.split('node_modules/').at(-1)));
  const missing = Object.entries(packages).flatMap(([key, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !have.has(name))
      .map((name) => `${key} -> ${name}`),
  );
  assert.deepEqual(missing, []);
  const fetched = Object.entries(packages).filter(([key, entry]) => key.includes('node_modules/') && !entry.link);
  assert.deepEqual(
    fetched.filter(([, entry]) => !entry.integrity && !entry.inBundle).map(([key]) => key),
    [],
  );
});

test('what the manifests ask for is what the lock file holds, exactly', () => {
  const { packages } = JSON.parse(read('package-lock.json'));
  const root = JSON.parse(read('package.json'));
  for (const kind of ['dependencies', 'devDependencies']) {
    assert.deepEqual(packages[''][kind], root[kind], `package.json and package-lock.json differ in ${kind}`);
    for (const [name, range] of Object.entries(root[kind])) assert.match(range, /^(\d+\.\d+\.\d+|file:.+)$/, name);
  }
  for (const { folder, manifest } of projects()) {
    assert.deepEqual(
      packages[folder]?.dependencies ?? {},
      manifest.dependencies ?? {},
      `${folder} in package-lock.json`,
    );
  }
});
