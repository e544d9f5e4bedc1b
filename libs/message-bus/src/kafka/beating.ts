import { setTimeout as pause } from 'node:timers/promises';

/** BEAT_MS between two signs of life. */
export const BEAT_MS = 500;

/** beating keeps the membership while something takes long. */
export async function beating(work: Promise<unknown>, heartbeat: () => Promise<void>): Promise<void> {
  const finished = work.then(() => true);
  while (!(await Promise.race([finished, pause(BEAT_MS, false)]))) await heartbeat();
}
