import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { Injectable, UnsupportedMediaTypeException } from '@nestjs/common';
import {
  canonicalJson,
  derivedId,
  DomainError,
  Invalid,
  Refused,
  type Command,
  type CommandClass,
  type Seal,
  type Sealed,
} from '@second-opinion/kernel';
import { askingOf, attach, attachedTo, Deciders, KeyedHashes, Rim, type CommandResult } from '@second-opinion/nest';
import { DocumentVault, MOST_DOCUMENT_BYTES, Vault, type SealContext } from '@second-opinion/vault';
import type { FastifyRequest } from 'fastify';
import { AddDossierDocument, AddOwnDocument, AddWorkSituation, ExpectDocument, type Stored } from './dossier.commands';
import { documentOf, type DossierDocument } from './dossier-state.rules';
import { medicalFile } from './file.decider';
import type { MedicalFile } from './file-state.rules';

type Adding = (AddDossierDocument | AddOwnDocument | AddWorkSituation) & Command;

/**
 * A12: a document arrives as a stream, its description in headers. Whether it may be stored is decided before the first byte is read and
 * again when all has arrived: what was withdrawn meanwhile is not stored (BR-22, BR-25).
 */
@Injectable()
export class DocumentUpload {
  constructor(
    private readonly rim: Rim,
    private readonly deciders: Deciders,
    private readonly hashes: KeyedHashes,
    private readonly vault: Vault,
    private readonly documents: DocumentVault,
  ) {}

  async add(request: FastifyRequest): Promise<CommandResult> {
    const content = request.body;
    if (!(content instanceof Readable)) throw new UnsupportedMediaTypeException();
    const { type, fields } = described(request);
    // The rim takes the description for the body; the content never passes it.
    request.body = fields;
    const command = (await this.rim.transform(request, { type: 'custom', metatype: type })) as Adding;
    const documentId = derivedId(attachedTo(command).commandId, 'document');
    const { state } = await this.deciders.state<MedicalFile>(medicalFile, command.caseId);
    const known = documentOf(state, documentId);
    const result = known
      ? await this.repeated(command, documentId, known, fields, content)
      : await this.fresh(command, documentId, fields, content, state);
    return { ...result, id: documentId };
  }

  /** A repeat is compared with the first by its bytes, and stores nothing. Nobody is told that it is here when its content is not. */
  private async repeated(
    command: Adding,
    documentId: string,
    known: DossierDocument,
    fields: object,
    content: Readable,
  ) {
    const { bytes, sha256 } = hashing(content);
    for await (const chunk of bytes) void chunk;
    this.compareBy(command, fields, sha256);
    command.stored = nothingYet(documentId);
    const result = await this.deciders.execute(medicalFile, command);
    if (known.status === 'open' && !(await this.isThere(command, known)))
      throw new Refused('reporting.document-forgotten');
    return result;
  }

  private async isThere(command: Adding, { contentId: object }: DossierDocument): Promise<boolean> {
    const { personId } = this.vault.contextOf(command.name as Seal);
    const keys = await this.vault.keysWithin({ personId, caseId: command.caseId, category: 'MEDICAL', object });
    return keys.length > 0;
  }

  private async fresh(command: Adding, documentId: string, fields: object, content: Readable, state: MedicalFile) {
    const contentId = `${documentId}.${randomUUID()}`;
    command.stored = { ...nothingYet(documentId), contentId };
    decideNow(command, { ...state, expected: { ...state.expected, [contentId]: attachedTo(command).now } });
    const { personId, purpose } = this.vault.contextOf(command.name as Seal);
    const context: SealContext = { personId, caseId: command.caseId, category: 'MEDICAL', purpose, object: contentId };
    const { bytes, sha256 } = hashing(content);
    await this.expect(command, contentId);
    const sealed = await this.store(bytes, context);
    command.stored = { documentId, contentId, ...sealed };
    this.compareBy(command, fields, sha256);
    const result = await this.decided(command, context, sealed.storedId);
    const kept = documentOf((await this.deciders.state<MedicalFile>(medicalFile, command.caseId)).state, documentId);
    if (kept?.contentId !== contentId) await this.forget(context, sealed.storedId);
    return result;
  }

  private async store(bytes: AsyncIterable<Uint8Array>, context: SealContext) {
    try {
      const { scanned: _scanned, ...sealed } = await this.documents.seal(bytes, context);
      return sealed;
    } catch (error) {
      await this.forget(context, undefined);
      throw error;
    }
  }

  /** What was refused goes at once; after any other failure it may have been added, so that only the upload term tells (architecture 9.1). */
  private async decided(command: Adding, context: SealContext, storedId: string): Promise<CommandResult> {
    try {
      return await this.deciders.execute(medicalFile, command);
    } catch (error) {
      if (isRefusal(error)) await this.forget(context, storedId);
      throw error;
    }
  }

  /** expect: should we fall over from here on, what was stored is found by this and goes. */
  private async expect(command: Adding, contentId: string): Promise<void> {
    const { ifMatch: _ifMatch, mac: _mac, commandId, ...around } = attachedTo(command);
    const expected = Object.assign(new ExpectDocument(), { caseId: command.caseId, contentId });
    attach(expected, { ...around, commandId: derivedId(contentId, 'expect'), causationId: commandId });
    await this.deciders.execute(medicalFile, expected);
  }

  /** forget what was stored for nothing: the key first, so that whatever stays is unreadable. */
  private async forget({ personId, caseId, category, object }: SealContext, storedId: string | undefined) {
    await this.vault.destroyKeys({ personId, caseId, category, object });
    if (storedId !== undefined) await this.documents.discard(storedId);
  }

  /** compareBy fields and bytes: the same key with another document is another request (422). */
  private compareBy(command: Adding, fields: object, sha256: () => string): void {
    const canonical = canonicalJson({ fields, sha256: sha256() });
    attach(command, { ...attachedTo(command), mac: (version) => this.hashes.bodyMac(canonical, version) });
  }
}

/** decideNow asks the rules before anything is stored; throws what they refuse. */
function decideNow(command: Adding, state: MedicalFile): void {
  const around = attachedTo(command);
  const decide = medicalFile.decide;
  if (command instanceof AddOwnDocument) decide.AddOwnDocument(sealed(command), state, around);
  else if (command instanceof AddWorkSituation) decide.AddWorkSituation(sealed(command), state, around);
  else decide.AddDossierDocument(sealed(command), state, around);
}

/** sealed: behind the rim the name of a command is a seal, which its class cannot say. */
function sealed<C extends Adding>(command: C): Sealed<C> {
  return command as unknown as Sealed<C>;
}

/** described: which command it is follows from who sends what; the name is percent-encoded UTF-8, since a header is ASCII. */
function described(request: FastifyRequest): { type: CommandClass; fields: Record<string, unknown> } {
  const { headers } = request;
  const kind = headers['document-kind'];
  const sourceId = headers['document-source'];
  const fields = { kind, name: nameOf(headers['document-name']) };
  switch (askingOf(request).actor.role) {
    case 'company-doctor':
      return { type: kind === 'WORK_SITUATION' ? AddWorkSituation : AddDossierDocument, fields };
    case 'second-opinion-doctor':
      return sourceId === undefined
        ? { type: AddOwnDocument, fields }
        : { type: AddDossierDocument, fields: { ...fields, sourceId } };
    default:
      return { type: AddOwnDocument, fields };
  }
}

function nameOf(header: string | string[] | undefined): string {
  if (typeof header !== 'string') throw new Invalid('document-name-missing');
  try {
    return decodeURIComponent(header).normalize('NFC');
  } catch (error) {
    throw new Invalid('document-name-invalid', {}, { cause: error });
  }
}

/** isRefusal: the rules have said no, so that nothing was added; a conflict and what is away say nothing of it. */
function isRefusal(error: unknown): boolean {
  return error instanceof DomainError && error.kind !== 'unavailable' && error.kind !== 'conflict';
}

function nothingYet(documentId: string): Stored {
  return { documentId, contentId: '', storedId: '', size: 0, mediaType: '', hash: '', salt: '' };
}

/** hashing lets bytes by and hashes them, to compare a repeat with the first; the hash leaves the process only under a key. */
function hashing(content: Readable): { bytes: AsyncIterable<Uint8Array>; sha256: () => string } {
  const hash = createHash('sha256');
  let size = 0;
  async function* bytes(): AsyncIterable<Uint8Array> {
    for await (const chunk of content as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MOST_DOCUMENT_BYTES) throw new Invalid('document-too-large', { maxBytes: MOST_DOCUMENT_BYTES });
      hash.update(chunk);
      yield chunk;
    }
  }
  return { bytes: bytes(), sha256: () => hash.copy().digest('hex') };
}
