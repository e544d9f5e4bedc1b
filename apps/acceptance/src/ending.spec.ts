import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { World } from '@second-opinion/standalone/play';
import { Program } from './program';
import { PATIENCE_MS } from './start';

jest.setTimeout(PATIENCE_MS);

const MAIN = path.join(__dirname, '../../standalone/dist/main.js');

describe('a process, whatever becomes of what it says', () => {
  let folder: string;
  let fd: number | undefined;
  let program: Program;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'second-opinion-ending-'))));
  afterEach(async () => {
    await program.end('SIGKILL');
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
    rmSync(folder, { recursive: true });
  });
  const launched = async (env: Readonly<Record<string, string>> = {}) => {
    program = new Program('standalone', { DEPLOYMENT: 'test', DATA_DIR: folder, LOG_LEVEL: 'info', ...env }, fd);
    await program.launch();
  };
  const ask = async (times: number) => {
    for (let n = 0; n < times; n++) expect((await fetch(`${program.url}/health/live`)).status).toBe(200);
  };
  const timed = async () => {
    const begun = performance.now();
    return { code: await program.end('SIGTERM'), ms: performance.now() - begun };
  };
  const lines = () =>
    program.output
      .split('\n')
      .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Record<string, unknown>] : []));

  it('serves and ends when its log cannot be written, and counts the lines that are lost', async () => {
    fd = openSync('/dev/full', 'w');
    await launched();
    await ask(100);
    const operator = new World(program.url, () => Promise.resolve('')).user('operator');
    const headers = { authorization: `Bearer ${await operator.bearer()}` };
    const numbers = await (await fetch(`${program.url}/metrics`, { headers })).text();
    expect(Number(/^second_opinion_log_lines_lost_total (\d+)$/m.exec(numbers)?.[1])).toBeGreaterThan(100);
    expect(await timed()).toEqual({ code: 0, ms: expect.any(Number) });
  });

  it('serves and ends when nobody reads the pipe that it writes its log into', async () => {
    const fifo = path.join(folder, 'log');
    spawnSync('mkfifo', [fifo]);
    fd = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
    await launched({ DRAIN_SECONDS: '60' });
    await ask(1_000);
    const { code, ms } = await timed();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(30_000);
  });

  it('has said all that it had to say when it ends', async () => {
    await launched();
    await Promise.all(Array.from({ length: 20 }, () => ask(25)));
    expect((await timed()).code).toBe(0);
    expect(lines().filter(({ msg }) => msg === 'answered')).toHaveLength(500);
  });

  it('says what it did not come to the end of within the time for a stop', async () => {
    await launched({ DRAIN_SECONDS: '1', LOG_LEVEL: 'silent' });
    const { hostname, port } = new URL(program.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    await new Promise<void>((resolve) => {
      socket.write(
        'POST /intake/wishes HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
        () => resolve(),
      );
    });
    await ask(1);
    expect((await timed()).code).toBe(1);
    socket.destroy();
    expect(lines()).toEqual([
      expect.objectContaining({
        level: 50,
        context: 'stop',
        unfinished: ['requests'],
        msg: expect.stringContaining('DRAIN_SECONDS'),
      }),
    ]);
  });

  it.each([
    ['an exception', 'uncaughtException', (bug: string) => bug],
    ['a rejection', 'unhandledRejection', (bug: string) => `void (async () => { ${bug} })()`],
  ])('says in a line of its log which bug ended it, without its message: %s', async (_, kind, form) => {
    const bug = form('throw Object.assign(new TypeError("Jan Jansen"), { code: "E_OF_OURS" })');
    const file = path.join(folder, 'bug.mjs');
    writeFileSync(file, `process.on('SIGUSR2', () => { ${bug} });`);
    await launched({ NODE_OPTIONS: `--import=${file}` });
    expect(await program.end('SIGUSR2')).toBe(1);
    expect(program.output).not.toContain('Jansen');
    expect(lines().at(-1)).toMatchObject({
      level: 60,
      kind,
      code: 'E_OF_OURS',
      error: expect.stringMatching(/^TypeError \| at /),
    });
  });
});

describe('a process that makes views again', () => {
  it('has said all that it had to say when it ends, also to whoever reads late', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'second-opinion-ending-'));
    const talking = path.join(folder, 'talking.mjs');
    const log = path.join(__dirname, '../../../libs/service/dist/log-lines.js');
    const said = Array.from({ length: 20_000 }, (_, n) => `line ${n} ${'.'.repeat(80)}\n`).join('');
    writeFileSync(
      talking,
      `import { STDERR } from ${JSON.stringify(log)};
       for (let n = 0; n < 20_000; n++) STDERR.write(\`line \${n} \${'.'.repeat(80)}\\n\`);`,
    );
    const env = { PATH: process.env['PATH'], DATA_DIR: folder, NODE_OPTIONS: `--import=${talking}` };
    const rebuilding = spawn(process.execPath, [MAIN, 'rebuild'], { env });
    const ended = once(rebuilding, 'close');
    const [told] = (await once(rebuilding.stdout, 'data')) as [Buffer];
    expect(told.toString()).toMatch(/The next start makes them again/);
    const read = await text(rebuilding.stderr);
    expect(await ended).toEqual([0, null]);
    rmSync(folder, { recursive: true });
    expect(read === said).toBe(true);
  });
});

describe('an argument that nobody knows', () => {
  it.each([[['rebild']], [['rebuild', '--service']], [['--port', '1']]])('starts nothing, and is named: %j', (args) => {
    const env = { PATH: process.env['PATH'], DATA_DIR: '/dev/null/none', PORT: '0' };
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { env, timeout: 60_000 });
    expect({ status, out: stdout.toString() }).toEqual({ status: 1, out: '' });
    expect(stderr.toString()).toMatch(/^\S+ is not known here: .*\n$/);
  });
});
