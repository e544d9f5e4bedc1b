import { Refused } from '@second-opinion/kernel';
import { binaryOf, bytesOf, inserted, retried } from '@second-opinion/mongodb';
import type { Binary, Collection } from 'mongodb';

interface SecretDocument {
  readonly _id: string;
  readonly wrapped?: Binary;
  readonly destroyed?: true;
}

/** SecretDocuments keeps named secrets; a destroyed one stays as its name alone, so that it is never made anew. */
export class SecretDocuments {
  private readonly making = new Map<string, Promise<Uint8Array>>();

  constructor(private readonly secrets: Collection<SecretDocument>) {}

  /** secret: see the port. When two processes make it at once, both get the one that was first. */
  secret(name: string, make: () => Uint8Array): Promise<Uint8Array> {
    let making = this.making.get(name);
    if (!making) {
      making = this.findOrMake(name, make).finally(() => this.making.delete(name));
      this.making.set(name, making);
    }
    return making;
  }

  async rewrap(name: string, from: Uint8Array, to: Uint8Array): Promise<void> {
    await retried(() =>
      this.secrets.updateOne({ _id: name, wrapped: binaryOf(from) }, { $set: { wrapped: binaryOf(to) } }),
    );
  }

  async destroy(name: string): Promise<void> {
    await retried(() =>
      this.secrets.updateOne({ _id: name }, { $set: { destroyed: true }, $unset: { wrapped: true } }, { upsert: true }),
    );
  }

  async names(): Promise<readonly string[]> {
    const living = await retried(() =>
      this.secrets.find({ wrapped: { $exists: true } }, { projection: { _id: 1 }, sort: { _id: 1 } }).toArray(),
    );
    return living.map(({ _id }) => _id);
  }

  private async findOrMake(name: string, make: () => Uint8Array): Promise<Uint8Array> {
    const found = await this.find(name);
    if (found) return found;
    const wrapped = binaryOf(make());
    await inserted(() => this.secrets.insertOne({ _id: name, wrapped }));
    const kept = await this.find(name);
    if (!kept) throw new Refused('vault.secret-destroyed', { name });
    return kept;
  }

  private async find(name: string): Promise<Uint8Array | undefined> {
    const found = await retried(() => this.secrets.findOne({ _id: name }));
    if (found?.destroyed) throw new Refused('vault.secret-destroyed', { name });
    return found?.wrapped && bytesOf(found.wrapped);
  }
}
