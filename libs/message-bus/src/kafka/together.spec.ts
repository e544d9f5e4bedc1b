import { together } from './together';

describe('together', () => {
  it('asks once for all who ask in one turn, and again for who asks later', async () => {
    const asked: string[] = [];
    const ask = together((about) => Promise.resolve(asked.push(about)));
    expect(await Promise.all([ask('a'), ask('b'), ask('a')])).toEqual([1, 2, 1]);
    expect(await ask('a')).toBe(3);
    expect(asked).toEqual(['a', 'b', 'a']);
  });

  it('never gives an answer that is older than who asks', async () => {
    let now = 0;
    const ask = together(() => Promise.resolve(now));
    const first = ask('a');
    now = 1;
    const second = ask('a');
    expect(await Promise.all([first, second])).toEqual([1, 1]);
  });

  it('fails for those who asked, and not for who asks later', async () => {
    let fails = true;
    const ask = together(() => (fails ? Promise.reject(new Error('away')) : Promise.resolve('there')));
    await expect(ask('a')).rejects.toThrow('away');
    fails = false;
    expect(await ask('a')).toBe('there');
  });
});
