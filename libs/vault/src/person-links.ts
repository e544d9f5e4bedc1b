import { createHmac } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Keks } from './keks';
import type { KeyStore } from './key-store';
import { Secrets } from './secrets';

/** CROCKFORD's base 32: no letter that could be taken for a digit. */
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 26;

/** Letters that Unicode does not decompose into a base letter and a mark. */
const UNDECOMPOSED: Readonly<Record<string, string>> = {
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
};

/** LoginOf says as what a login is linked: one and the same may be a person's and a doctor's. */
export type LoginOf = 'person' | 'doctor';

/**
 * PersonLinks finds ids of ours by keyed hashes: logins (issuer and subject), persons by name and birth date (a hint only: two people can
 * share both), invitations by their one-time code. Nothing of it can be computed without the vault's secrets; what a code may be used
 * for, and whether it was used, the invitee's stream decides. They go with the person's keys (`Vault.destroyKeys`); what he is
 * found by moves when his name or birth date is corrected.
 */
export class PersonLinks {
  private readonly secrets: Secrets;
  private readonly loaded = new Map<string, Promise<Buffer>>();
  /** logins: the hashes of those who ask often; who a hash is linked to is looked up every time. */
  private readonly logins = new LRUCache<string, string>({ max: 10_000 });

  constructor(
    private readonly keys: KeyStore,
    keks: Keks,
  ) {
    this.secrets = new Secrets(keys, keks);
  }

  /** linkLogin remembers that this login is that person or doctor; a login can be several registrations of one person. */
  async linkLogin(issuer: string, subject: string, id: string, as: LoginOf): Promise<void> {
    await this.keys.link(`login-${as}`, await this.hash('login', [issuer, subject]), id);
  }

  /**
   * idsOfLogin gives all ids that a login is linked to as this, the first one first. What was linked before the two were kept apart comes
   * last, unless it is known to be the other.
   */
  async idsOfLogin(issuer: string, subject: string, as: LoginOf): Promise<readonly string[]> {
    const login = JSON.stringify([issuer, subject]);
    let hash = this.logins.get(login);
    if (hash === undefined) this.logins.set(login, (hash = await this.hash('login', [issuer, subject])));
    const [own, either] = await Promise.all([this.keys.linked(`login-${as}`, hash), this.keys.linked('login', hash)]);
    if (either.length === 0) return own;
    const others = await this.keys.linked(as === 'person' ? 'login-doctor' : 'login-person', hash);
    return [...new Set([...own, ...either])].filter((id) => !others.includes(id));
  }

  /** rememberPerson puts a person into the blind index. */
  async rememberPerson(name: string, birthDate: string, personId: string): Promise<void> {
    await this.keys.link('blind-index', await this.blindIndex(name, birthDate), personId);
  }

  /** recogniseAs puts a person who was written down wrongly into the blind index under this name and birth date, and takes the old entry out. */
  async recogniseAs(name: string, birthDate: string, personId: string): Promise<void> {
    await this.keys.unlink(personId, 'blind-index');
    await this.rememberPerson(name, birthDate, personId);
  }

  /** alike gives the persons with this name and birth date, as the blind index compares them. */
  async alike(name: string, birthDate: string): Promise<readonly string[]> {
    return this.keys.linked('blind-index', await this.blindIndex(name, birthDate));
  }

  /** blindIndex is the keyed hash of normalised name and birth date. */
  blindIndex(name: string, birthDate: string): Promise<string> {
    return this.hash('blind-index', [normalised(name), birthDate.trim()]);
  }

  /** invitationCode of an invitation: 26 characters (130 bits), the same on every retry of the command that issues it. */
  async invitationCode(commandId: string): Promise<string> {
    const bytes = createHmac('sha256', await this.secret('invitation'))
      .update(`code/${commandId}`, 'utf8')
      .digest();
    let bits = BigInt(`0x${bytes.subarray(0, 17).toString('hex')}`) >> 6n;
    let code = '';
    for (let index = 0; index < CODE_LENGTH; index++, bits >>= 5n) code += CROCKFORD[Number(bits & 31n)] ?? '';
    return code;
  }

  /** rememberInvitation stores the hash of the code, never the code; `id` is what the code stands for. */
  async rememberInvitation(code: string, id: string): Promise<void> {
    await this.keys.link('invitation', await this.hash('invitation', [readCode(code)]), id);
  }

  /** invited gives what a code stands for; undefined when it is none of ours. Case, spaces and dashes do not matter. */
  async invited(code: string): Promise<string | undefined> {
    const [id] = await this.keys.linked('invitation', await this.hash('invitation', [readCode(code)]));
    return id;
  }

  private async hash(kind: 'login' | 'blind-index' | 'invitation', parts: readonly string[]): Promise<string> {
    const secret = await this.secret(kind);
    return createHmac('sha256', secret).update(JSON.stringify(parts), 'utf8').digest('base64url');
  }

  private secret(name: string): Promise<Buffer> {
    let loading = this.loaded.get(name);
    if (!loading) {
      loading = this.secrets.get(name);
      this.loaded.set(name, loading);
      loading.catch(() => this.loaded.delete(name));
    }
    return loading;
  }
}

/** normalised name: the same whatever its case, accents, ligatures, width, spaces, hyphens and apostrophes. */
export function normalised(name: string): string {
  const folded = name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
  const letters = [...folded].map((letter) => UNDECOMPOSED[letter] ?? letter).join('');
  return letters.replace(/[^\p{L}\p{N}]/gu, '') || name.normalize('NFKC').trim();
}

function readCode(code: string): string {
  return code.normalize('NFKC').toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
}
