import type { Participants } from '@second-opinion/kernel';
import type { FileEvent } from './file.events';

/** PartRow is who takes part in a case, as every view of the file needs it. */
export interface PartRow {
  readonly caseId: string;
  readonly employeeId?: string;
  readonly ownDoctorId?: string;
  readonly candidateId?: string;
  readonly doctorId?: string;
}

/** partChange tells who takes part after an event; undefined when it changes nothing. A field named with undefined goes. */
export function partChange(
  row: PartRow,
  event: FileEvent,
): { readonly [K in keyof PartRow]?: PartRow[K] | undefined } | undefined {
  switch (event.type) {
    case 'MedicalFileOpened':
      return { employeeId: event.data.employeeId, ownDoctorId: event.data.ownDoctorId };
    case 'AssignmentNoted':
      return { candidateId: event.data.doctorId };
    case 'AssignmentDeclineNoted': {
      const { doctorId } = event.data;
      return {
        candidateId: row.candidateId === doctorId ? undefined : row.candidateId,
        doctorId: row.doctorId === doctorId ? undefined : row.doctorId,
      };
    }
    case 'IndependenceNoted':
      return { candidateId: undefined, doctorId: event.data.doctorId };
    default:
      return undefined;
  }
}

/** partsOf names those who take part, for access. */
export function partsOf({ employeeId, ownDoctorId, candidateId, doctorId }: PartRow): Participants {
  return {
    ...(employeeId === undefined ? {} : { employee: employeeId }),
    ...(ownDoctorId === undefined ? {} : { 'own-doctor': ownDoctorId }),
    ...(candidateId === undefined ? {} : { 'candidate-doctor': candidateId }),
    ...(doctorId === undefined ? {} : { 'second-opinion-doctor': doctorId }),
  };
}

/** changed gives the row with the change; fields that the change names with undefined are gone. */
export function changed<Row extends object>(
  row: Row,
  change: { readonly [K in keyof Row]?: Row[K] | undefined } | undefined,
): Row {
  if (!change) return row;
  const all = Object.entries({ ...row, ...change }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(all) as unknown as Row;
}

/** caseOf gives the case of a stream. */
export function caseOf(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1);
}
