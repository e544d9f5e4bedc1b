import type { Actor } from '@second-opinion/kernel';

// What somebody may ask for; what he is shown of it is the reading's business.

interface Asked {
  readonly where?: Readonly<Record<string, string | readonly string[]>>;
  readonly orderBy?: string;
  readonly descending?: boolean;
}

const ids = ({ id, joined = [] }: Actor): readonly string[] => [id, ...joined];

/** casesOf: those in which the asker takes part, the employee only where he pays (BR-40, BR-55). */
export function casesOf(actor: Actor): Asked | undefined {
  switch (actor.role) {
    case 'employee':
      return { where: { employeeId: ids(actor), payer: 'EMPLOYEE' } };
    case 'company-doctor':
      return { where: { ownDoctorId: ids(actor) } };
    case 'second-opinion-doctor':
      return { where: { doctorId: ids(actor) } };
    case 'back-office':
    case 'auditor':
      return {};
    default:
      return undefined;
  }
}

/** invoicesOf: likewise, and the own doctor only what he or his service pays (BR-55). */
export function invoicesOf(actor: Actor): Asked | undefined {
  const newestFirst = { orderBy: 'issuedOn', descending: true };
  switch (actor.role) {
    case 'employee':
      return { where: { employeeId: ids(actor), payer: 'EMPLOYEE' }, ...newestFirst };
    case 'company-doctor':
      return { where: { ownDoctorId: ids(actor), payer: 'EMPLOYER' }, ...newestFirst };
    case 'second-opinion-doctor':
      return { where: { doctorId: ids(actor) }, ...newestFirst };
    case 'back-office':
    case 'auditor':
      return newestFirst;
    default:
      return undefined;
  }
}
