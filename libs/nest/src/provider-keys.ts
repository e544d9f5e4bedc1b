import { createRemoteJWKSet, customFetch, errors, type FetchImplementation, type JWTVerifyGetKey } from 'jose';

/** KeysUnavailable: whether a token is good cannot be told now, since the identity provider gives no keys. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

/** FRESH_MS after which the keys are asked for again, as jose does by itself. */
const FRESH_MS = 10 * 60_000;
/** KEPT_MS: so long the last keys hold while no others can be had. Tokens end long before, so this only ends what a stolen key could sign. */
const KEPT_MS = 24 * 3_600_000;
/** COOLDOWN_MS between two questions: made up key ids do not reach the provider, and a new key is found as soon. */
const COOLDOWN_MS = 10_000;
/** FIRST_MS between two questions while there are no keys at all. */
const FIRST_MS = 1_000;
const ANSWER_MS = 5_000;

/** ProviderKeysOptions: what stands in for the world in tests, and who is told. */
export interface ProviderKeysOptions {
  /** now gives milliseconds that never go back (default: since the start of the process). */
  readonly now?: () => number;
  readonly fetch?: FetchImplementation;
  /** told that the keys cannot be had any more (why), or that they can again (undefined). */
  readonly told?: (why: unknown) => void;
}

/**
 * ProviderKeys are the public keys of an identity provider, asked for at their address. While it is away the last ones hold, a day at
 * most; a key that is not among them is asked for at most every ten seconds. Kept in memory only: whoever could write a stored copy could
 * sign tokens.
 */
export class ProviderKeys {
  private readonly remote: ReturnType<typeof createRemoteJWKSet>;
  private readonly now: () => number;
  private came = -Infinity;
  private asked = -Infinity;
  private isAway = false;
  private since = -Infinity;
  private asking: Promise<void> = Promise.resolve();

  constructor(
    url: string,
    private readonly options: ProviderKeysOptions = {},
  ) {
    this.now = options.now ?? (() => performance.now());
    // When to ask again is decided here: left to itself jose throws away what it has, and asks at every token while nobody answers.
    this.remote = createRemoteJWKSet(new URL(url), {
      ...{ cacheMaxAge: Infinity, cooldownDuration: Infinity, timeoutDuration: ANSWER_MS },
      ...(options.fetch ? { [customFetch]: options.fetch } : {}),
    });
  }

  /** find the key of a token. Throws {@link KeysUnavailable}, or what jose throws when there is no such key. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    await this.refresh();
    if (this.age > KEPT_MS) throw new KeysUnavailable();
    try {
      return await this.remote(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.ask();
      // Perhaps a key that came while nobody answered.
      if (this.isAway) throw new KeysUnavailable();
      return this.remote(header, token);
    }
  };

  /** awaySeconds: how long they have been asked for in vain; 0 where the last question was answered. While they are, this asks again, so that it ends also where nobody comes with a token. */
  awaySeconds(): number {
    if (!this.isAway) return 0;
    void this.ask();
    return Math.floor((this.now() - this.since) / 1_000);
  }

  private get age(): number {
    return this.now() - this.came;
  }

  /** refresh waits for new keys where those here are old; while the provider is known to be away it is asked beside the requests. */
  private async refresh(): Promise<void> {
    if (this.age < FRESH_MS) return;
    const asking = this.ask();
    if (!this.isAway || this.age > KEPT_MS) await asking;
  }

  private ask(): Promise<void> {
    const pause = this.came === -Infinity ? FIRST_MS : COOLDOWN_MS;
    if (this.now() - this.asked >= pause) {
      this.asked = this.now();
      this.asking = this.reload();
    }
    return this.asking;
  }

  private async reload(): Promise<void> {
    const wasAway = this.isAway;
    try {
      await this.remote.reload();
      this.came = this.now();
      this.isAway = false;
      if (wasAway) this.options.told?.(undefined);
    } catch (error) {
      this.isAway = true;
      if (!wasAway) this.since = this.now();
      if (!wasAway) this.options.told?.(error ?? new KeysUnavailable());
    }
  }
}
