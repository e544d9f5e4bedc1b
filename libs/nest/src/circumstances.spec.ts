import type { Seal } from '@second-opinion/kernel';
import { noteWritten, writtenIn } from './circumstances';

describe('what a command was written with', () => {
  it('is given for the seals that were made of it, of this command only', () => {
    const [mine, other] = [{}, {}];
    noteWritten(mine, ['seal-1' as Seal, 'seal-2' as Seal], ['Jan', '']);
    expect(writtenIn(mine, 'seal-1' as Seal)).toBe('Jan');
    expect(writtenIn(mine, 'seal-2' as Seal)).toBe('');
    expect(writtenIn(mine, 'seal-3' as Seal)).toBeUndefined();
    expect(writtenIn(other, 'seal-1' as Seal)).toBeUndefined();
  });
});
