import { Readable } from 'node:stream';
import { Injectable, StreamableFile } from '@nestjs/common';
import { MATRIX_VERSION } from '@second-opinion/access';
import { derivedId, DomainError, NotFound } from '@second-opinion/kernel';
import { Answer, Deciders, Denials, Reads, type Asking } from '@second-opinion/nest';
import { DocumentVault, type Access } from '@second-opinion/vault';
import { documentOf } from './dossier-state.rules';
import { dossierReading, downloadReading, purposeOf, type DossierRow } from './dossier.view';
import { OpenDossierDocument } from './file.commands';
import { medicalFile } from './file.decider';
import type { MedicalFile } from './file-state.rules';
import { OnReading } from './on-reading.handler';

/** A document is opened when the stream says so at that moment (BR-22), past the one door, the access record first (BR-66). */
@Injectable()
export class DocumentDownload {
  constructor(
    private readonly reads: Reads,
    private readonly deciders: Deciders,
    private readonly onReading: OnReading,
    private readonly documents: DocumentVault,
    private readonly denials: Denials,
  ) {}

  /** list of the documents; what authorisation and consents cover is taken from the stream, which a row may lag behind (BR-25). */
  async list(caseId: string, asking: Asking): Promise<Answer> {
    const { row, access } = await this.reads.row(dossierReading, caseId, asking);
    const { state } = await this.deciders.state<MedicalFile>(medicalFile, caseId);
    const { authorisation, sources, ended, withdrawnAt } = state;
    const consents = Object.entries(sources).filter(([, { consent }]) => consent);
    const now: DossierRow = {
      ...row,
      over: ended !== undefined || withdrawnAt !== undefined,
      scope: authorisation.scope,
      sources: consents.map(([sourceId]) => sourceId),
    };
    const facts = dossierReading.facts?.(now) ?? {};
    return new Answer(await this.reads.open(dossierReading.show(now, access.relation), { ...access, facts }));
  }

  async open(caseId: string, documentId: string, asking: Asking): Promise<StreamableFile> {
    const { access } = await this.reads.row(downloadReading, caseId, asking);
    const command = Object.assign(new OpenDossierDocument(), { caseId, documentId });
    // Another id for every request: an earlier opening is no reason to open it now.
    const commandId = derivedId(asking.requestId, 'open', documentId);
    try {
      await this.deciders.execute(medicalFile, this.onReading.attach(command, asking, access.relation, commandId));
    } catch (error) {
      await this.denied(caseId, asking, access, error);
      throw error;
    }
    const { state } = await this.deciders.state<MedicalFile>(medicalFile, caseId);
    const document = documentOf(state, documentId);
    const personId = state.opened?.employeeId;
    if (!document || personId === undefined) throw new NotFound();
    const { storedId, contentId } = document;
    const place = { personId, caseId, category: 'MEDICAL' as const, purpose: purposeOf(document), object: contentId };
    const opened = await this.documents.open(
      { ...place, storedId },
      { ...access, facts: { authorised: true, sharedByEmployee: document.shared } },
    );
    if (!('content' in opened)) throw new NotFound('forgotten' in opened ? 'document-forgotten' : 'not-found');
    return new StreamableFile(Readable.from(opened.content), {
      type: opened.mediaType,
      disposition: `attachment; filename="${documentId}"`,
    });
  }

  /** A refused opening is an entry in the access log too (BR-66). */
  private async denied(caseId: string, asking: Asking, { relation, operation }: Access, error: unknown): Promise<void> {
    const { state } = await this.deciders.state<MedicalFile>(medicalFile, caseId);
    const personId = state.opened?.employeeId;
    if (personId === undefined || !(error instanceof DomainError)) return;
    const decision = { allowed: false, basis: error.code, policyVersion: MATRIX_VERSION };
    const attempt = { asking, relation, operation, decision, asked: caseId, personId, caseId };
    await this.denials.record({ ...attempt, action: 'R' });
  }
}
