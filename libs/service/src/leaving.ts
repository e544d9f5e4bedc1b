import { failureOf, placeOf } from '@second-opinion/kernel';
import { ERROR, FATAL, jsonLine, STDERR } from './log-lines';

/** leave ends the process once its lines are written, as far as somebody takes them: within a second. */
export async function leave(code: number): Promise<void> {
  // process.exit would wait for a thread that stands still in a write, as on a terminal that is held.
  if (await STDERR.drained()) {
    STDERR.last();
    process.kill(process.pid, 'SIGKILL');
  }
  process.exit(code);
}

/** giveUp says in one line, whatever LOG_LEVEL is, what a stop did not come to the end of, and leaves with 1. */
export function giveUp(fields: object, why: string): void {
  STDERR.write(jsonLine(ERROR, { context: 'stop', ...fields }, why));
  void leave(1);
}

/** bugOf an error, for the log: class, code and places in the program, never its message. */
export function bugOf(error: unknown): object {
  return { ...failureOf(error), error: placeOf(error) };
}

/** endOnBugs: what nobody catches is one line, whatever LOG_LEVEL is, and the end with 1; what was under way is as after a crash. */
export function endOnBugs(): void {
  process.on('uncaughtException', (error, kind) => {
    STDERR.write(
      jsonLine(FATAL, { context: 'process', kind, ...bugOf(error) }, 'an error that nobody caught ends this'),
    );
    void leave(1);
  });
}
