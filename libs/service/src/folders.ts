import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Settings } from './settings';
import { SettingsError } from './settings-error';

const { R_OK, W_OK, X_OK } = constants;

/**
 * makeFolders makes the data folder, and that of mails where it is another, readable for their owner only, and looks at the file of the clock
 * where there is one; throws {@link SettingsError} when one cannot be used.
 */
export function makeFolders({ dataDir, mailDir, clockFile, deployment, env }: Settings): void {
  usable('DATA_DIR', dataDir, 'made, read or written', () => makeFolder(dataDir));
  if (env['MAIL_DIR'] !== undefined) usable('MAIL_DIR', mailDir, 'made, read or written', () => makeFolder(mailDir));
  // The clock is moved by a new file in the place of the old one.
  if (deployment !== 'production' && env['CLOCK_FILE'] !== undefined)
    usable('CLOCK_FILE', clockFile, 'read or written', () => {
      accessSync(path.dirname(clockFile), R_OK | W_OK | X_OK);
      try {
        readFileSync(clockFile);
      } catch (error) {
        if (codeOf(error) !== 'ENOENT') throw error;
      }
    });
}

function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  accessSync(folder, R_OK | W_OK | X_OK);
}

function usable(name: string, where: string, how: string, look: () => void): void {
  try {
    look();
  } catch (error) {
    throw new SettingsError(
      `${name} (${where}) cannot be ${how} (${codeOf(error)}): check the folder and its owner, or choose another.`,
    );
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}
