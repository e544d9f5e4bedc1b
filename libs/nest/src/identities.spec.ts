import type { ActorRole } from '@second-opinion/kernel';
import { LinkedIdentities } from './identities';
import { testContext, type TestContext } from './testing';

describe('who a login is', () => {
  let context: TestContext;
  beforeEach(async () => {
    context = await testContext([]);
  });
  afterEach(() => context.close());

  it('goes by the role: one login may be linked to a doctor and to persons', async () => {
    const { links } = context.platform;
    if (!links) throw new Error('the test platform has links');
    await links.linkLogin('issuer', 'subject', 'doctor-1', 'doctor');
    for (const id of ['person-1', 'person-2']) await links.linkLogin('issuer', 'subject', id, 'person');
    const identities = new LinkedIdentities(links);
    const actorAs = (role: ActorRole) =>
      identities.actorOf({ issuer: 'issuer', subject: 'subject', role, organisation: 'none' });
    expect(await actorAs('employee')).toEqual({
      id: 'person-1',
      role: 'employee',
      organisation: 'none',
      joined: ['person-2'],
    });
    for (const role of ['company-doctor', 'second-opinion-doctor'] as const)
      expect(await actorAs(role)).toEqual({ id: 'doctor-1', role, organisation: 'none' });
    const { id } = await actorAs('back-office');
    expect(['doctor-1', 'person-1', 'person-2']).not.toContain(id);
  });
});
