/** Where the engines are and who may change them: from the environment, a secret from the file that NAME_FILE names. */
import fs from 'node:fs';

/** setting gives a value; throws a sentence when it is not set. */
export function setting(name, env = process.env) {
  const file = env[`${name}_FILE`];
  const value = file === undefined ? env[name] : fs.readFileSync(file, 'utf8').trim();
  if (!value) throw new Error(`${name} or ${name}_FILE must be set.`);
  return value;
}

/** until tries again for as long as it may take: by default an engine to come up. */
export async function until(what, work, { withinMs = 180_000, pauseMs = 1_000 } = {}) {
  const end = Date.now() + withinMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > end) throw new Error(`${what} was not there within ${withinMs / 1000} s`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
