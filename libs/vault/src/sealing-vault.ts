import type { PurposeRule } from '@second-opinion/access';
import type { AccessLog } from '@second-opinion/access-log';
import type { Clock, Seal } from '@second-opinion/kernel';
import { DataKeys, nameOf, type Answer } from './data-keys';
import { Door, type Asked } from './door';
import type { Keks } from './keks';
import type { DestroyScope, KeyStore } from './key-store';
import type { DocumentVault } from './document-vault';
import { SealedDocuments, type CiphertextStore } from './sealed-documents';
import { NoScanner, type VirusScanner } from './virus-scanner';
import { headerOf, makeSeal, openSeal, type SealHeader } from './seals';
import { Vault, type Access, type LivingKey, type Opened, type Opening, type SealContext, type ToSeal } from './vault';

/** VaultParts are what a vault stands on. */
export interface VaultParts {
  readonly keys: KeyStore;
  readonly keks: Keks;
  readonly accessLog: AccessLog;
  readonly clock: Clock;
  /** rules of purposes; for tests. */
  readonly rules?: (purpose: string) => PurposeRule | undefined;
}

/** SealingVault is the vault: seals under data keys of a {@link KeyStore}, opened through the one {@link Door}. */
export class SealingVault extends Vault {
  private readonly dataKeys: DataKeys;
  private readonly door: Door;
  private readonly keys: KeyStore;

  constructor({ keys, keks, accessLog, clock, rules }: VaultParts) {
    super();
    this.keys = keys;
    this.dataKeys = new DataKeys(keys, keks);
    this.door = new Door(accessLog, clock, rules);
  }

  async seal(texts: readonly ToSeal[]): Promise<readonly Seal[]> {
    if (texts.length === 0) return [];
    const keys = await this.dataKeys.keysFor(texts);
    return texts.map((one) => {
      const found = keys.get(nameOf(one));
      if (!found) throw new TypeError('every scope has a key');
      return makeSeal(one.text, { ...one, keyId: found.keyId }, found.key);
    });
  }

  async open(openings: readonly Opening[], access: Access): Promise<readonly Opened[]> {
    if (openings.length === 0) return [];
    const headers = openings.map(({ seal }) => headerOf(seal));
    try {
      openings.forEach((place, index) => this.door.assertPlace(headers[index] as SealHeader, place));
      const keys = this.keysAskedOnce();
      const answers = await Promise.all(headers.map((header) => this.ask(header, access, keys)));
      await this.door.record(
        answers.map(({ asked }) => asked),
        access,
      );
      return openings.map(({ seal }, index) => openOne(seal, answers[index]?.key));
    } catch (error) {
      throw await this.door.failed(headers, access, error);
    }
  }

  async isForgotten(seal: Seal): Promise<boolean> {
    const header = headerOf(seal);
    return (await this.dataKeys.living(header, header.keyId)) === 'destroyed';
  }

  documents(store: CiphertextStore, scanner: VirusScanner = new NoScanner()): DocumentVault {
    const sealText = async (text: ToSeal) => (await this.seal([text]))[0] as Seal;
    return new SealedDocuments({ dataKeys: this.dataKeys, door: this.door, store, scanner, sealText });
  }

  contextOf(seal: Seal): SealContext & { readonly keyId: string } {
    return headerOf(seal);
  }

  async keysWithin(scope: DestroyScope): Promise<readonly LivingKey[]> {
    const keys = await this.keys.within(scope);
    return keys.map(({ keyId, personId, caseId, category, object }) => ({
      keyId,
      personId,
      caseId,
      category,
      ...(object === undefined ? {} : { object }),
    }));
  }

  async destroyKeys(scope: DestroyScope): Promise<readonly string[]> {
    this.dataKeys.evict(scope);
    try {
      if (isOwnIdentity(scope)) await this.keys.unlink(scope.personId);
      return await this.keys.destroy(scope);
    } finally {
      this.dataKeys.evict(scope);
    }
  }

  // Many seals of one call are under one key: it is looked for once.
  private keysAskedOnce(): (header: SealHeader) => Promise<Answer> {
    const asked = new Map<string, Promise<Answer>>();
    return (header) => {
      const name = `${nameOf(header)} ${header.keyId}`;
      const found = asked.get(name) ?? this.dataKeys.living(header, header.keyId);
      asked.set(name, found);
      return found;
    };
  }

  private async ask(
    context: SealHeader,
    access: Access,
    living: (header: SealHeader) => Promise<Answer>,
  ): Promise<{ key: Found; asked: Asked }> {
    const { allowed, basis, policyVersion } = this.door.decide(context, access);
    const key = allowed ? await living(context) : 'denied';
    if (key === 'denied') return { key, asked: { context, outcome: 'DENIED', basis, policyVersion } };
    if (key === 'destroyed') return { key, asked: { context, outcome: 'ERROR', basis: 'forgotten', policyVersion } };
    return { key, asked: { context, outcome: 'SUCCESS', basis, policyVersion } };
  }
}

type Found = Answer | 'denied';

function openOne(seal: Seal, key: Found | undefined): Opened {
  if (key === undefined || key === 'denied') return { denied: true };
  return key === 'destroyed' ? { forgotten: true } : { text: openSeal(seal, key.key) };
}

function isOwnIdentity({ caseId, category, object }: DestroyScope): boolean {
  return !caseId && (category === undefined || category === 'IDENTITY') && object === undefined;
}
