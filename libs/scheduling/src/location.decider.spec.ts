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
