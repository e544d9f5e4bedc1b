/** A service as a process of its own, until it listens. */
const START_MS = 120_000;

/** listening gives the address where it says that it listens; rejects with what it said when it ends or takes too long. */
export function listening(child) {
  let said = '';
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => child.kill('SIGKILL'), START_MS);
    const take = (piece) => {
      said += piece;
      const [, url] = /listens\s+(http:\S+)/.exec(said) ?? [];
      if (!url) return;
      clearTimeout(late);
      resolve(url);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('exit', (code, signal) => reject(new Error(`it ended (${code ?? signal}): ${said}`)));
  });
}
