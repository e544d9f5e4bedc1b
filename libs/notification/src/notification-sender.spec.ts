import { roomAt } from './notification-sender';

describe('how many messages leave at a look', () => {
  it.each([
    [0, 50],
    [0.5, 50],
    [0.75, 25],
    [0.9, 10],
    [1, 10],
  ])('when the program was busy for %d of the time: %i, and never none', (utilization, room) => {
    expect(roomAt(utilization)).toBe(room);
  });
});
