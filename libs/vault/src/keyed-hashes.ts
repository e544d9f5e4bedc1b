import { createHmac, hash } from 'node:crypto';
import type { Clock, Instant } from '@second-opinion/kernel';
import type { Keks } from './keks';
import type { KeyStore } from './key-store';
import { PageTokens } from './page-tokens';
import { PositionTokens } from './position-tokens';
import { Secrets } from './secrets';

/** DAYS_KEPT: a body key is destroyed this many days after the end of its month. */
export const DAYS_KEPT = 35;
const DAY_MS = 86_400_000;
const BODY = 'body.';

/**
 * VaultHashes are the keyed hashes that every command needs: synchronous, under secrets of the vault. The key of a body is that of the
 * month (UTC, business time); this and the next month's are at hand beforehand, and a month that is not there yet (the clock jumped) is
 * fetched while the newest one serves, which the hash names as its version.
 */
export class VaultHashes {
  private readonly months = new Map<string, Buffer>();
  private fetching: Promise<void> | undefined;
  /** atHand: the month whose key is there, and that of the next. */
  private atHand = '';

  private constructor(
    private readonly secrets: Secrets,
    private readonly clock: Clock,
    private readonly etagPrefix: string,
    private readonly positions: PositionTokens,
    private readonly pages: PageTokens,
    private readonly unknownKey: Buffer,
    private readonly destroys: boolean,
  ) {}

  /** open makes or loads the secrets; afterwards nothing waits. Of the services of a deployment one destroys the keys of bodies for all. */
  static async open(keys: KeyStore, keks: Keks, clock: Clock, { destroys = true } = {}): Promise<VaultHashes> {
    const secrets = new Secrets(keys, keks);
    const etagSecret = await secrets.get('etag');
    const hashes = new VaultHashes(
      secrets,
      clock,
      etagSecret.toString('hex'),
      new PositionTokens(etagSecret),
      new PageTokens(etagSecret),
      createHmac('sha256', etagSecret).update('unknown/name', 'utf8').digest(),
      destroys,
    );
    const now = clock.now();
    await hashes.destroyOldMacKeys(now);
    const months = await hashes.livingMonths();
    for (const month of months) if (!isOld(month, now)) await hashes.load(month);
    return hashes;
  }

  /**
   * bodyMac of the RFC 8785 form of a body: `<month>.<mac>` under this month's key, or under that of `version`; undefined when that one
   * is destroyed already (or unknown here).
   */
  bodyMac(canonical: string, version?: string): string | undefined {
    const month = version ?? this.newest();
    const secret = this.months.get(month);
    return secret && `${month}.${createHmac('sha256', secret).update(canonical, 'utf8').digest('base64url')}`;
  }

  /** etag of a stream at a revision: opaque, the same on every replica; with its quotes. */
  etag(stream: string, revision: number): string {
    // Half of the hash stays inside, so that nobody goes on from it: the secret in front is enough.
    return `"${hash('sha256', `${this.etagPrefix}/${revision}/${stream}`, 'base64url').slice(0, 22)}"`;
  }

  /** positionToken is a position in the log as the outside gets it: opaque, the same on every replica and every time. */
  positionToken(position: string): string {
    return this.positions.tokenOf(position);
  }

  /** positionOf reads such a token; undefined when it is none of ours. */
  positionOf(token: string): string | undefined {
    return this.positions.positionOf(token);
  }

  /** unknown names what somebody asked about and does not exist: the same every time, and it tells nobody what he wrote. */
  unknown(asked: string): string {
    return `unknown-${createHmac('sha256', this.unknownKey).update(asked, 'utf8').digest('base64url').slice(0, 22)}`;
  }

  /** pageToken hides where a page ended; each replica reads those of the others. */
  pageToken(place: string): string {
    return this.pages.tokenOf(place);
  }

  /** pageOf reads such a token; undefined when it is none of ours. */
  pageOf(token: string): string | undefined {
    return this.pages.placeOf(token);
  }

  /**
   * destroyOldMacKeys of months that ended more than 35 days before, or forgets them here where another service destroys them; call it daily.
   * Returns the months that were destroyed.
   */
  async destroyOldMacKeys(now: Instant): Promise<readonly string[]> {
    await this.prepare(monthOf(now));
    for (const month of this.months.keys()) if (isOld(month, now)) this.months.delete(month);
    if (!this.destroys) return [];
    const old = (await this.livingMonths()).filter((month) => isOld(month, now));
    for (const month of old) await this.secrets.destroy(BODY + month);
    return old;
  }

  private async livingMonths(): Promise<readonly string[]> {
    const names = await this.secrets.names();
    return names.filter((name) => name.startsWith(BODY)).map((name) => name.slice(BODY.length));
  }

  private newest(): string {
    const month = monthOf(this.clock.now());
    if (month === this.atHand) return month;
    if (!this.months.has(month) || !this.months.has(following(month))) this.fetch(month);
    else this.atHand = month;
    if (this.months.has(month)) return month;
    return [...this.months.keys()].sort().at(-1) ?? month;
  }

  // A failure leaves the newest key in use; the next command tries again.
  private fetch(month: string): void {
    this.fetching ??= this.prepare(month)
      .catch(() => undefined)
      .finally(() => (this.fetching = undefined));
  }

  private async prepare(month: string): Promise<void> {
    await this.load(month);
    await this.load(following(month));
  }

  private async load(month: string): Promise<void> {
    if (!this.months.has(month)) this.months.set(month, await this.secrets.get(BODY + month));
  }
}

function isOld(month: string, now: Instant): boolean {
  return Date.parse(now) >= endOf(month) + DAYS_KEPT * DAY_MS;
}

function monthOf(now: Instant): string {
  return now.slice(0, 7);
}

function following(month: string): string {
  return new Date(endOf(month)).toISOString().slice(0, 7);
}

function endOf(month: string): number {
  return Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 1);
}
