/** Signals of a program that runs engines: it ends in order when it is asked to, and also when the program that started it is gone. */
const PARENT_MS = 200;
const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

/** whenAskedToEnd calls `end` once, with the exit code that fits. */
export function whenAskedToEnd(end) {
  let asked = false;
  const once = (code) => {
    if (asked) return;
    asked = true;
    clearInterval(watch);
    end(code);
  };
  for (const [signal, number] of Object.entries(NUMBERS)) process.on(signal, () => once(128 + number));
  const parent = process.ppid;
  const watch = setInterval(() => process.ppid !== parent && once(128 + NUMBERS.SIGHUP), PARENT_MS);
  watch.unref();
}

/** tell says what is wrong: one sentence for what a person can put right, the whole story for the rest. */
export function tell(error, Missing) {
  process.stderr.write(`\n${error instanceof Missing ? error.message : error.stack}\n`);
}
