import { spawnSync } from 'node:child_process';
import { COMPILER } from './compiler';

describe('what V8 is told', () => {
  it('is known to the Node that runs the product: V8 would only say so on stderr', () => {
    const { status, stderr } = spawnSync(process.execPath, [COMPILER, '--eval', '0'], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { stdout } = spawnSync(process.execPath, ['--v8-options'], { encoding: 'utf8', maxBuffer: 10_000_000 });
    expect(stdout).toContain(COMPILER.split('=')[0]);
  });
});
