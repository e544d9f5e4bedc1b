/**
 * npm run generate:context -- <name> [aggregate]: a new context that compiles, lints and passes its first test, in the house's shape.
 * What it cannot know (who may do what) it leaves denied.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { contextFiles } from './context-files.mjs';
import { ROOT } from './checks/repository.mjs';

const [name, aggregate = name] = process.argv.slice(2);
const fail = (sentence) => {
  console.error(sentence);
  process.exit(1);
};

if (!/^[a-z]{3,30}$/.test(name ?? '') || !/^[a-z]{3,30}$/.test(aggregate)) {
  fail('Give a name of small letters, one word: npm run generate:context -- complaints complaint');
}
const folder = `libs/${name}`;
if (fs.existsSync(path.join(ROOT, folder))) fail(`${folder} exists.`);

for (const [file, text] of Object.entries(contextFiles(name, aggregate))) await write(`${folder}/${file}`, text);
await addToBuild();
await addAccess();
// npm notes the new workspace in the lock file and links it; nothing is fetched.
execFileSync('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund'], {
  cwd: ROOT,
  stdio: 'inherit',
});
console.log(`
${folder} is there. What is left is yours:
  - its rules in ${folder}/src/${aggregate}.decider.ts and who may what in libs/access/src/${name}.ts (all denied for now)
  - ${name} in CONTEXTS of libs/contracts/src/codes.ts: the history follows the contexts named there
  - ${name} in apps/standalone/src/contexts.ts and projected.ts, and its dependency in apps/standalone/package.json and tsconfig.lib.json
  - the integration events it publishes or listens to in libs/contracts
  - npm run docs

To undo it before it is committed:
  git restore package-lock.json tsconfig.build.json libs/access/src/rules.all.ts
  git clean -fdx ${folder} libs/access/src/${name}.ts
The next npm start then installs once more.`);

async function write(file, text) {
  const target = path.join(ROOT, file);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, await format(text, { ...(await resolveConfig(target)), filepath: target }));
}

async function addToBuild() {
  const build = JSON.parse(fs.readFileSync(path.join(ROOT, 'tsconfig.build.json'), 'utf8'));
  build.references.push({ path: `./${folder}/tsconfig.lib.json` });
  build.references.sort((a, b) => Number(a.path < b.path ? -1 : a.path > b.path));
  await write('tsconfig.build.json', JSON.stringify(build, undefined, 2));
}

async function addAccess() {
  const rules = 'libs/access/src/rules.all.ts';
  const text = fs.readFileSync(path.join(ROOT, rules), 'utf8');
  await write(
    `libs/access/src/${name}.ts`,
    `import type { ContextRules } from './rules';\n\n/** ${name}Access says what every operation of ${name} does to which item of the access matrix. */\nexport const ${name}Access: ContextRules = { operations: {}, purposes: {} };\n`,
  );
  const imported = `import { ${name}Access } from './${name}';\n${text}`;
  await write(rules, imported.replace(/(accessRules: Readonly<[^=]*= \{)/, `$1\n  ${name}: ${name}Access,`));
}
