/** Files of secrets: made once, never overwritten, so that the step can be repeated. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/**
 * Secrets writes below one folder that only its owner can enter. The files in it may be read by whoever is given one of them: a container
 * runs as another user than the person who made them.
 */
export class Secrets {
  #made = [];

  constructor(folder) {
    this.folder = folder;
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    fs.chmodSync(folder, 0o700);
  }

  /** made lists what was not there before. */
  get made() {
    return this.#made;
  }

  at(name) {
    return path.join(this.folder, name);
  }

  has(name) {
    return fs.existsSync(this.at(name));
  }

  /** names in a folder; none where there is no folder. */
  names(folder) {
    return this.has(folder) ? fs.readdirSync(this.at(folder)) : [];
  }

  read(name) {
    return fs.readFileSync(this.at(name), 'utf8').trim();
  }

  /** once writes a file that is not there yet, whole or not at all, and gives what it holds. */
  once(name, make, mode = 0o644) {
    if (!this.has(name)) this.again(name, make(), mode);
    return this.read(name);
  }

  /** together writes a folder of files that is not there yet, or empty, whole or not at all. */
  together(folder, names, make, mode = 0o644) {
    const beside = `${folder}.${process.pid}`;
    fs.rmSync(this.at(beside), { recursive: true, force: true });
    fs.mkdirSync(this.at(beside), { recursive: true, mode: 0o755 });
    for (const name of names) this.#write(path.join(beside, name), make(), mode);
    fs.renameSync(this.at(beside), this.at(folder));
    this.#made.push(...names.map((name) => `${folder}/${name}`));
  }

  /** again writes a file in the place of what is there. */
  again(name, content, mode = 0o644) {
    fs.mkdirSync(path.dirname(this.at(name)), { recursive: true, mode: 0o755 });
    this.#write(name, content, mode);
    this.#made.push(name);
  }

  /** derived writes a file that is made of others, again each time. */
  derived(name, content) {
    fs.mkdirSync(path.dirname(this.at(name)), { recursive: true, mode: 0o755 });
    if (!this.has(name) || fs.readFileSync(this.at(name), 'utf8') !== content) this.#write(name, content, 0o644);
  }

  #write(name, content, mode) {
    const beside = `${this.at(name)}.${process.pid}`;
    fs.writeFileSync(beside, content, { mode });
    fs.chmodSync(beside, mode);
    fs.renameSync(beside, this.at(name));
  }
}

/** readable lets everybody read the files below a folder: a clone that was made under a strict umask is its owner's alone. */
export function readable(folder) {
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const at = path.join(entry.parentPath, entry.name);
    const { mode } = fs.statSync(at);
    const wanted = mode | (entry.isDirectory() ? 0o055 : 0o044);
    if (wanted !== mode) fs.chmodSync(at, wanted);
  }
}

/** password is a fresh one: letters and digits only, so that it needs no quoting anywhere. */
export const password = () => randomBytes(24).toString('base64url').replaceAll(/[-_]/g, '0');

/** kek is the content of a new file of a key-encryption key, as the vault reads it. */
export const kek = () => `${JSON.stringify({ current: 1, versions: { 1: randomBytes(32).toString('base64url') } })}\n`;
