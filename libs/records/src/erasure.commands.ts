import { CATEGORIES, Command, type CaseId, type Category, type PersonId } from '@second-opinion/kernel';
import { IsCode, IsId, Supplied } from '@second-opinion/nest/fields';
import { ERASURE_BASES, type ErasureBasis } from './erasure.events';
import type { CaseFacts } from './retention.rules';

/** A key that lives, as the vault names it; never the key itself. */
export interface NamedKey {
  readonly keyId: string;
  readonly caseId: string;
  readonly category: Category;
  readonly object?: string;
}

/** The privacy officer has a person forgotten, or less of him: one case, one category. */
export class DestroyKeys extends Command {
  @IsId() personId!: PersonId;
  @IsId({ optional: true }) caseId?: CaseId;
  @IsCode(CATEGORIES, { optional: true }) category?: Category;
  @IsCode(ERASURE_BASES) basis!: ErasureBasis;
  @Supplied() keys?: NamedKey[];
  @Supplied() cases?: CaseFacts[];
  /** ownCases of the person, this one among them, and the keys of who he is and how he is reached that belong to none or another of them. */
  @Supplied() ownCases?: CaseFacts[];
  @Supplied() personKeys?: NamedKey[];
}
