import { given } from '@second-opinion/kernel/testing';
import { location } from './location.decider';

const house = {
  locationId: 'location-1',
  name: 'Vergaderhuis Centrum',
  address: 'Stationsplein 1, 3511 ED Utrecht',
  region: '35',
  organisationId: 'house-owner',
  premises: 'NEUTRAL',
} as const;

describe('CloseLocation', () => {
  const at = { now: '2026-11-25T09:00:00.000Z' };
  const closed = (from: string) => ({ type: 'LocationClosed', data: { locationId: 'location-1', from } }) as const;
  const close = (from: string, ...before: readonly string[]) =>
    given(location)
      .events({ type: 'LocationRegistered', data: house }, ...before.map(closed))
      .when('CloseLocation', { locationId: 'location-1', from }, at);
  it('BR-29 from a day on, today at the earliest', () => {
    close('2027-03-01').then(closed('2027-03-01'));
    close('2026-11-25').then(closed('2026-11-25'));
    close('2026-11-24').refused('scheduling.in-the-past');
  });
  it('earlier than was said, never later; said twice is once', () => {
    close('2027-02-01', '2027-03-01').then(closed('2027-02-01'));
    close('2027-03-01', '2027-03-01').nothing();
    close('2027-04-01', '2027-03-01').refused('scheduling.location-closed', { from: '2027-03-01' });
  });
  it('only a house that there is', () => {
    given(location)
      .events()
      .when('CloseLocation', { locationId: 'location-1', from: '2027-03-01' }, at)
      .refused('scheduling.no-such-location');
    given(location).events().when('CloseHoursOfLocation', { locationId: 'location-1' }).nothing();
  });
});

describe('RegisterLocation', () => {
  it('registers a neutral house', () => {
    given(location)
      .events()
      .when('RegisterLocation', { ...house, room: '2.14' })
      .then({
        type: 'LocationRegistered',
        data: { ...house, room: '2.14' },
      });
  });
  it('BR-29 BR-30 never in a house of an employer', () => {
    given(location)
      .events()
      .when('RegisterLocation', { ...house, premises: 'EMPLOYER' })
      .refused('scheduling.location-not-neutral', { premises: 'EMPLOYER' });
  });
  it('once', () => {
    given(location)
      .events({ type: 'LocationRegistered', data: house })
      .when('RegisterLocation', house)
      .refused('scheduling.location-exists');
  });
});
