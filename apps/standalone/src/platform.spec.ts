import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openPlatform } from './platform';
import { settingsFrom } from './settings';

describe('the files of a standalone deployment', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'platform-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const settings = () => settingsFrom({ DEPLOYMENT: 'test', DATA_DIR: folder }, folder);

  it('open again with the keys they were made with', async () => {
    (await openPlatform(settings(), [])).close();
    (await openPlatform(settings(), [])).close();
  });

  it('are not opened with new keys when their own are lost, and no new key is made', async () => {
    (await openPlatform(settings(), [])).close();
    rmSync(path.join(folder, 'keks', 'medical.kek'));
    await expect(openPlatform(settings(), [])).rejects.toMatchObject({
      code: 'kek-missing',
      facts: { category: 'MEDICAL' },
    });
    expect(readdirSync(path.join(folder, 'keks'))).not.toContain('medical.kek');
  });

  it('are for one process at a time', async () => {
    const first = await openPlatform(settings(), []);
    await expect(openPlatform(settings(), [])).rejects.toMatchObject({ code: 'storage-in-use' });
    first.close();
  });
});
