/** Plants a file with a violation in its proper place, lints it as that project does, and takes it away again whatever happens. */
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './repository.mjs';

const ESLINT = path.join(ROOT, 'node_modules/eslint/bin/eslint.js');
const planted = new Set();

/** refreshGraph lets Nx see the projects as they are; without it the boundary rule trusts an old picture, or none. */
export function refreshGraph() {
  execFileSync(process.execPath, [path.join(ROOT, 'node_modules/nx/dist/bin/nx.js'), 'show', 'projects'], {
    cwd: ROOT,
  });
}

/** lintPlanted gives, for each planted text, the rules that fired. `where` is a path in the project whose file name contains "planted". */
export async function lintPlanted(project, texts) {
  const names = Object.keys(texts);
  try {
    for (const name of names) plant(path.join(ROOT, project, name), texts[name]);
    const args = [ESLINT, '--format', 'json', ...names];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: path.join(ROOT, project),
      maxBuffer: 1 << 26,
    }).catch((error) => (error.code === 1 ? error : Promise.reject(error)));
    const results = new Map(JSON.parse(stdout).map(({ filePath, messages }) => [filePath, messages]));
    return Object.fromEntries(names.map((name) => [name, results.get(path.join(ROOT, project, name)) ?? []]));
  } finally {
    clear();
  }
}

function plant(file, text) {
  if (!path.basename(file).includes('planted')) throw new Error(`${file} could be a file of ours`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  planted.add(file);
}

function clear() {
  for (const file of planted) {
    fs.rmSync(file, { force: true });
    if (fs.readdirSync(path.dirname(file)).length === 0) fs.rmdirSync(path.dirname(file));
  }
  planted.clear();
}

process.on('exit', clear);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));
