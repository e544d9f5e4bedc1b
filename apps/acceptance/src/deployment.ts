import type { World } from '@second-opinion/standalone/play';

/** Deployment is the real product as processes of its own, on fresh data, as the journeys see it: an address and nothing else. */
export interface Deployment {
  /** url of all paths: the one process, or the gateway before the services. */
  readonly url: string;
  readonly mailDir: string;
  /** env that its programs got, so that a proof can open what they stored. */
  readonly env: Readonly<Record<string, string>>;
  /** dataDir with the files, as far as there are any. */
  readonly dataDir: string;
  /** output: everything that any process ever wrote to stdout and stderr. */
  readonly output: string;
  /** world behind it, not yet loaded. */
  world(): World;
  /** launch all processes (again) on the same data and, after the first time, the same address. */
  launch(): Promise<void>;
  /** end all processes with this signal and wait until they are gone; gives the exit code (null: by the signal). */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** stop and remove what was stored. */
  stop(): Promise<void>;
}
