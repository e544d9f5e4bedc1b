import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CONTEXTS } from '@second-opinion/contracts';
import { mongoRolesFor } from '@second-opinion/mongodb';
import { Keks } from '@second-opinion/vault';
import { openFiles } from './open-files';
import { DESTROYS_SECRETS, openPlatform } from './platform';
import { openPorts } from './ports';
import { settingsFrom } from './settings';

const WHOLE = { name: 'standalone', contexts: [], whole: true };

describe('the files of a standalone deployment', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'platform-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const settings = () => settingsFrom({ DEPLOYMENT: 'test', DATA_DIR: folder }, folder);

  const open = async () => openPlatform(settings(), WHOLE, await openFiles(settings(), WHOLE));

  it('open again with the keys they were made with', async () => {
    await (await open()).close();
    await (await open()).close();
  });

  it('begin with keys of their own also where something was asked of them before their first start', async () => {
    await (await openPorts(settings(), WHOLE)).close();
    expect(readdirSync(folder)).toContain('keys.db');
    await (await open()).close();
  });

  it('are not opened with new keys when their own are lost, and no new key is made', async () => {
    await (await open()).close();
    rmSync(path.join(folder, 'keks', 'medical.kek'));
    await expect(open()).rejects.toMatchObject({
      code: 'kek-missing',
      facts: { category: 'MEDICAL' },
    });
    expect(readdirSync(path.join(folder, 'keks'))).not.toContain('medical.kek');
  });

  it('are not opened with another key of the same version, whatever it is for, and are as they were then', async () => {
    await (await open()).close();
    for (const name of ['medical', 'secrets']) {
      const file = path.join(folder, 'keks', `${name}.kek`);
      renameSync(file, `${file}.kept`);
      Keks.load({ folder: path.join(folder, 'keks') });
      await expect(open()).rejects.toMatchObject({ code: 'kek-wrong', facts: { category: name.toUpperCase() } });
      renameSync(`${file}.kept`, file);
    }
    await (await open()).close();
  });

  it('are cleaned while they are open: what a cut off upload has left goes a day later', async () => {
    const opened = await open();
    const file = new DatabaseSync(path.join(folder, 'second-opinion.db'));
    try {
      file
        .prepare('insert into document_uploads (upload, started) values (?, ?)')
        .run('old', Date.now() - 25 * 3_600_000);
      await opened.clean();
      expect(file.prepare('select upload from document_uploads').all()).toEqual([]);
    } finally {
      file.close();
      await opened.close();
    }
  });

  it('are for one process at a time', async () => {
    const first = await open();
    await expect(open()).rejects.toMatchObject({ code: 'storage-in-use' });
    await first.close();
  });
});

describe('the service that destroys secrets for all', () => {
  it('is the one that has the right to in MongoDB', () => {
    const may = CONTEXTS.filter((service) =>
      mongoRolesFor(service).some(({ privileges }) =>
        privileges.some(({ resource, actions }) => resource.collection === 'secrets' && actions.includes('update')),
      ),
    );
    expect(may).toEqual([DESTROYS_SECRETS]);
  });
});
