import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { CasePlay, type PlayedEmployee, type World } from '@second-opinion/standalone/play';

const FOLDER = path.join(__dirname, '../older');
const DAY = 86_400_000;

/** OlderData is what tools/older-data.mjs packed: the cases that a version of that day left in the middle, and its business time then. */
export interface OlderData {
  readonly now: string;
  readonly cases: readonly {
    readonly point: string;
    readonly caseId: string;
    readonly personId: string;
    readonly who: PlayedEmployee;
  }[];
}

/** olderVersions whose data is kept, by the day of the version. */
export const olderVersions = (): readonly string[] => readdirSync(FOLDER).sort();

/** olderData tells what is in the data of a version. */
export const olderData = (version: string): OlderData =>
  JSON.parse(readFileSync(path.join(FOLDER, version, 'cases.json'), 'utf8')) as OlderData;

/** unpack the data of a version, so many days of business time after it was left. */
export function unpack(version: string, dataDir: string, daysLater = 0): void {
  const from = path.join(FOLDER, version);
  const put = (name: string, bytes: Uint8Array) => writeFileSync(path.join(dataDir, name), bytes, { mode: 0o600 });
  for (const name of readdirSync(from).filter((file) => file.endsWith('.br')))
    put(name.slice(0, -'.br'.length), brotliDecompressSync(readFileSync(path.join(from, name))));
  mkdirSync(path.join(dataDir, 'keks'), { mode: 0o700 });
  for (const name of readdirSync(path.join(from, 'keks')))
    put(path.join('keks', name), readFileSync(path.join(from, 'keks', name)));
  const offset = Date.parse(olderData(version).now) + daysLater * DAY - Date.now();
  writeFileSync(path.join(dataDir, 'clock-offset'), String(offset));
}

/** olderPlays gives the cases of that version, to be played on by point. */
export function olderPlays(version: string, world: World): ReadonlyMap<string, CasePlay> {
  return new Map(
    olderData(version).cases.map(({ point, caseId, personId, who }) => [
      point,
      Object.assign(new CasePlay(world, who), { caseId, personId }),
    ]),
  );
}
