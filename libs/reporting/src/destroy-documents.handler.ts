import { Injectable } from '@nestjs/common';
import { Deciders, type CommandResult } from '@second-opinion/nest';
import { DocumentVault, Vault } from '@second-opinion/vault';
import { documentOf } from './dossier-state.rules';
import type { DestroyContent, DestroyDocuments } from './file.commands';
import { medicalFile } from './file.decider';
import type { MedicalFile } from './file-state.rules';

/** What never became a document goes: without its key, whatever stands in the store is nothing. */
@Injectable()
export class DestroyContentHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly vault: Vault,
  ) {}

  async execute(command: DestroyContent): Promise<CommandResult> {
    const { caseId, contentId } = command;
    const { state } = await this.deciders.state<MedicalFile>(medicalFile, caseId);
    const personId = state.opened?.employeeId;
    if (personId !== undefined)
      await this.vault.destroyKeys({ personId, caseId, category: 'MEDICAL', object: contentId });
    return this.deciders.execute(medicalFile, command);
  }
}

/** The withdrawal has named what goes; here its keys and ciphertext go. All of it may be repeated after a crash. */
@Injectable()
export class DestroyDocumentsHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly vault: Vault,
    private readonly documents: DocumentVault,
  ) {}

  async execute(command: DestroyDocuments): Promise<CommandResult> {
    const { state } = await this.deciders.state<MedicalFile>(medicalFile, command.caseId);
    const personId = state.opened?.employeeId;
    for (const documentId of command.documents) {
      const document = documentOf(state, documentId);
      if (document?.status !== 'dropped' || personId === undefined) continue;
      const { contentId, storedId } = document;
      await this.vault.destroyKeys({ personId, caseId: command.caseId, category: 'MEDICAL', object: contentId });
      await this.documents.discard(storedId);
    }
    return this.deciders.execute(medicalFile, command);
  }
}
