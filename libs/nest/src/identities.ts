import { derivedId, type Actor, type ActorRole } from '@second-opinion/kernel';
import type { PersonLinks } from '@second-opinion/vault';
import { Identities, type VerifiedToken } from './ports';

/** LINKED roles are persons and doctors of ours: their logins are linked by a one-time code. All others are accounts. */
const LINKED: ReadonlySet<ActorRole> = new Set<ActorRole>(['employee', 'company-doctor', 'second-opinion-doctor']);

/**
 * LinkedIdentities finds who a login is by the links that redeemed invitations made: in the role of an employee the person, in that of a doctor the doctor. A login that should be linked and is not yet gets an
 * id that takes part in nothing; accounts get an id that derives from the login. The token's subject itself is never stored.
 */
export class LinkedIdentities extends Identities {
  constructor(private readonly links: PersonLinks) {
    super();
  }

  async actorOf({ issuer, subject, role, organisation }: VerifiedToken): Promise<Actor> {
    if (!LINKED.has(role)) return { id: derivedId('account', issuer, subject), role, organisation };
    const as = role === 'employee' ? 'person' : 'doctor';
    const [id, ...joined] = await this.links.idsOfLogin(issuer, subject, as);
    if (id === undefined) return { id: derivedId('unlinked', issuer, subject), role, organisation };
    return { id, role, organisation, ...(joined.length > 0 ? { joined } : {}) };
  }
}
