/** ScanVerdict of a whole content. `not-scanned`: nobody looked. */
export type ScanVerdict = 'clean' | 'infected' | 'not-scanned';

/** Scan of one content, as it streams by. */
export interface Scan {
  write(bytes: Uint8Array): void | Promise<void>;
  /** finish gives the verdict; a scanner that cannot answer rejects, and the document is not stored. */
  finish(): Promise<ScanVerdict>;
  /** abandon: the upload has failed for another reason. */
  abandon(): void;
}

/** VirusScanner looks at every document before its last frame is stored; what it finds infected is never stored. */
export abstract class VirusScanner {
  abstract begin(): Scan;
}

/**
 * NoScanner looks at nothing and says so (`not-scanned`). It is for demonstration and tests; whoever takes documents from outside
 * provides a real scanner in its place.
 */
export class NoScanner extends VirusScanner {
  begin(): Scan {
    return { write: () => undefined, finish: async () => 'not-scanned', abandon: () => undefined };
  }
}
