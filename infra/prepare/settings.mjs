/** Where the engines are and who may change them: from the environment, a secret from the file that NAME_FILE names. */
import fs from 'node:fs';

/** setting gives a value; throws a sentence when it is not set. */
export function setting(name, env = process.env) {
  const file = env[`${name}_FILE`];
  const value = file === undefined ? env[name] : fs.readFileSync(file, 'utf8').trim();
  if (!value) throw new Error(`${name} or ${name}_FILE must be set.`);
  return value;
}

/** UP is how long an engine may take to come up: what fails until then is tried again. */
export const UP = { withinMs: 180_000, pollMs: 1_000, trying: true };
