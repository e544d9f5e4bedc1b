import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { files, read, ROOT } from './repository.mjs';

const fences = /^```[^\n]*\n[\s\S]*?^```/gm;

test('the README fits in 120 lines', () => {
  assert.ok(read('README.md').split('\n').length <= 121);
});

test('a README of a context fits in 40 lines', () => {
  assert.deepEqual(
    files('libs/*/README.md').filter((file) => read(file).split('\n').length > 41),
    [],
  );
});

test('every link in a document leads somewhere', () => {
  const broken = files('*.md').flatMap((file) =>
    [
      ...read(file)
        .replaceAll(fences, '')
        .matchAll(/\]\(([^)\s]+)\)/g),
    ]
      .map(([, target]) => target)
      .filter((target) => !/^(https?|mailto):/.test(target) && !leads(file, target))
      .map((target) => `${file} -> ${target}`),
  );
  assert.deepEqual(broken, []);
});

function leads(file, target) {
  const [to, anchor] = target.split('#');
  const found = to ? path.join(path.dirname(file), decodeURI(to)) : file;
  if (!fs.existsSync(path.join(ROOT, found))) return false;
  return !anchor || !found.endsWith('.md') || headings(found).includes(anchor);
}

function headings(file) {
  const lines = read(file)
    .replaceAll(fences, '')
    .matchAll(/^#+ (.+)$/gm);
  return [...lines].map(([, text]) =>
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

test('a snippet in a document is what the code says', () => {
  const stale = [];
  for (const file of files('*.md')) {
    for (const [, source, snippet] of read(file).matchAll(/<!-- snippet: (\S+) -->\n+```\w*\n([\s\S]*?)\n```/g)) {
      const flat = (text) =>
        text
          .split('\n')
          .map((line) => line.trim())
          .filter(Boolean);
      const parts = snippet.split(/^\s*(?:\/\/ )?…\s*$/m).map((part) => flat(part).join('\n'));
      const code = fs.existsSync(path.join(ROOT, source)) ? flat(read(source)).join('\n') : '';
      if (!parts.every((part) => code.includes(part))) stale.push(`${file}: ${source}`);
    }
  }
  assert.deepEqual(stale, []);
});

test('paths that documents name exist', () => {
  const named = /`((?:libs|apps|tools|docs|\.ci)\/[\w./-]+)`/g;
  const missing = files('*.md').flatMap((file) =>
    [...read(file).replaceAll(fences, '').matchAll(named)]
      .map(([, target]) => target)
      .filter((target) => !fs.existsSync(path.join(ROOT, target)))
      .map((target) => `${file}: ${target}`),
  );
  assert.deepEqual(missing, []);
});

test('commands that documents name exist', () => {
  const { scripts } = JSON.parse(read('package.json'));
  const unknown = files('*.md').flatMap((file) =>
    [...read(file).matchAll(/npm run (?:-s |--silent )?([a-z][\w:-]*)/g)]
      .filter(([, name]) => !scripts[name])
      .map(([, name]) => `${file}: npm run ${name}`),
  );
  assert.deepEqual(unknown, []);
});

test('nothing names a folder or a registry of one machine', () => {
  const own = ['work', 'tmp', 'root', 'home', 'Users', 'private'];
  const named = (folders) => new RegExp(`(?:^|[\\s'"\`(=:])/(?:${folders.join('|')})/[\\w.-]`, 'm');
  const patterns = [
    new RegExp(['"resolved": "(?!file:)', '[^"]*registry[^"]*"'].join('')),
    new RegExp(['npm', 'config', 'set', 'registry'].join('\\s+')),
  ];
  const guilty = files()
    .filter((file) => !/\.(png|jpg|pdf|ico)$/.test(file) && file !== 'LICENSE')
    // Inside a container a temporary folder is the container's own.
    .filter((file) => {
      const inContainer = /^(?:Dockerfile|docker-compose\.yml|infra\/(?:gateway|kafka)\/)/.test(file);
      const folders = inContainer ? own.filter((name) => name !== 'tmp') : own;
      return [named(folders), ...patterns].some((pattern) => pattern.test(read(file)));
    });
  assert.deepEqual(guilty, []);
});
