import { Injectable } from '@nestjs/common';
import { NotFound, type Seal } from '@second-opinion/kernel';
import { attachedTo, Deployment, writtenIn } from '@second-opinion/nest';
import { Vault } from '@second-opinion/vault';

/** Own is personal text that belongs to a person and to no case. */
export interface Own {
  readonly seal: Seal;
  readonly field: 'name' | 'birthDate' | 'contact';
}

/**
 * What the system itself must read once, to check it: what was sealed before through the one door, recorded like every other opening; what this
 * very request brings as it was written.
 */
@Injectable()
export class SystemDoor {
  constructor(
    private readonly vault: Vault,
    private readonly deployment: Deployment,
  ) {}

  /** mustLive throws `NotFound` when this was forgotten; nothing is opened to know that. */
  async mustLive(seal: Seal): Promise<void> {
    if (await this.vault.isForgotten(seal)) throw new NotFound('intake.no-such-person');
  }

  /** read gives the texts in order; what was sealed before and is forgotten cannot be checked and throws `NotFound`. */
  async read(command: object, personId: string, texts: readonly Own[]): Promise<string[]> {
    const written = texts.map(({ seal }) => writtenIn(command, seal));
    const shut = texts.filter((_, index) => written[index] === undefined);
    const opened = shut.length === 0 ? [] : await this.open(command, personId, shut);
    return written.map((text) => text ?? (opened.shift() as string));
  }

  private async open(command: object, personId: string, texts: readonly Own[]): Promise<string[]> {
    const { actor, requestId } = attachedTo(command);
    const opened = await this.vault.open(
      texts.map(({ seal, field }) => ({ seal, personId, caseId: '', purpose: `intake.${field}` })),
      {
        requestId,
        operation: `intake.${command.constructor.name}`,
        actorId: actor.id,
        actorRole: actor.role,
        actorOrganisation: actor.organisation,
        relation: 'system',
        application: this.deployment.application,
      },
    );
    return opened.map((one) => {
      if (!('text' in one)) throw new NotFound('intake.no-such-person');
      return one.text;
    });
  }
}
