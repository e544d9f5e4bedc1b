import { CONTEXTS as NAMES } from '@second-opinion/contracts';
import { contextsHere } from '@second-opinion/nest';
import { CONTEXTS } from './contexts';
import { PROJECTED } from './projected';

describe('the contexts of the product', () => {
  it('are those that everybody knows by name: the history follows the streams of these, and of no other', () => {
    const declared = contextsHere().map(({ name }) => name);
    expect([...declared].sort()).toEqual([...NAMES].sort());
    expect(Object.keys(PROJECTED).sort()).toEqual([...NAMES].sort());
    expect(CONTEXTS).toHaveLength(NAMES.length);
  });
  it('own the streams whose category begins with their name', () => {
    const strays = contextsHere().flatMap(({ name, events }) =>
      Object.keys(events).filter((category) => !category.startsWith(`${name}.`)),
    );
    expect(strays).toEqual([]);
  });
});
