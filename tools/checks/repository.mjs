/** What the checks look at: the files of the repository (committed, or about to be) and its projects. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

export const ROOT = path.join(import.meta.dirname, '..', '..');

/** files gives every file that is or would be committed, by path from the root. */
export function files(...patterns) {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...patterns];
  const names = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 }).split('\0');
  return [...new Set(names)].filter(
    (name) => name && fs.existsSync(path.join(ROOT, name)) && fs.statSync(path.join(ROOT, name)).isFile(),
  );
}

export const read = (file) => fs.readFileSync(path.join(ROOT, file), 'utf8');

/** projects gives each library and application with its folder and manifest. */
export function projects() {
  return files('libs/*/package.json', 'apps/*/package.json').map((file) => ({
    folder: path.dirname(file),
    manifest: JSON.parse(read(file)),
  }));
}
