/** Where the engines are and who may change them: from the environment, a secret from the file that NAME_FILE names. */
import fs from 'node:fs';

/** setting gives a value; throws a sentence when it is not set, or when its file cannot be read or is empty. */
export function setting(name, env = process.env) {
  const file = env[`${name}_FILE`];
  const value = file ? contentOf(`${name}_FILE`, file).toString().trim() : env[name];
  if (value) return value;
  throw new Error(file ? `${name}_FILE (${file}) is empty.` : `${name} or ${name}_FILE must be set.`);
}

/** fileOf a setting that names one: where it is, and what it holds; throws a sentence when it cannot be read. */
export function fileOf(name, env = process.env) {
  const file = env[name];
  if (!file) throw new Error(`${name} must be set.`);
  return { file, content: contentOf(name, file) };
}

function contentOf(name, file) {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw new Error(`${name} (${file}) cannot be read (${error.code}): check the path and its owner.`);
  }
}

/** UP is how long an engine may take to come up: what fails until then is tried again. */
export const UP = { withinMs: 180_000, pollMs: 1_000, trying: true };
