import { placeOf } from './errors';

describe('the place of an error', () => {
  it('is its class and the program, with nothing that its message says, however it is written', () => {
    const place = placeOf(new TypeError('Jan Jansen\n    at Dorpsstraat 1'));
    expect(place).toMatch(/^TypeError \| at .*errors\.spec/);
    expect(place).not.toMatch(/Jansen|Dorpsstraat/);
  });

  it('is nothing but a type for what is no error', () => {
    expect(placeOf('Jan Jansen')).toBe('string');
  });
});
