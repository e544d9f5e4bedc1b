import { getEventListeners } from 'node:events';
import { Ending } from './ending';

describe('Ending', () => {
  it('aborts with the other signal, also with one that has aborted before', () => {
    const other = new AbortController();
    const ending = new Ending(other.signal);
    expect(ending.signal.aborted).toBe(false);
    other.abort();
    expect(ending.signal.aborted).toBe(true);
    expect(new Ending(other.signal).signal.aborted).toBe(true);
  });

  it('aborts when it is ended, tells the other nothing, and listens to it no longer', () => {
    const other = new AbortController();
    const ending = new Ending(other.signal);
    ending.end();
    ending.end();
    expect(ending.signal.aborted).toBe(true);
    expect(other.signal.aborted).toBe(false);
    expect(getEventListeners(other.signal, 'abort')).toHaveLength(0);
  });
});
