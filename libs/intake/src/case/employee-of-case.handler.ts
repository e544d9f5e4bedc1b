import { Injectable } from '@nestjs/common';
import { NotFound } from '@second-opinion/kernel';
import { Answer, Reads, tableOf, type Asking } from '@second-opinion/nest';
import { ViewStore } from '@second-opinion/view-store';
import { identityOf, persons, type PersonRow } from '../person/person.view';
import { employeeReading } from './case-readings.view';

/** Who the employee of a case is: name and contact stand with the person, who may read them is decided by the case. */
@Injectable()
export class EmployeeOfCase {
  constructor(
    private readonly reads: Reads,
    private readonly views: ViewStore,
  ) {}

  async answer(caseId: string, asking: Asking): Promise<Answer> {
    const { row, access } = await this.reads.row(employeeReading, caseId, asking);
    const stored = await this.views.get<PersonRow>(tableOf(persons), row.employeeId);
    if (!stored) throw new NotFound();
    return new Answer(await this.reads.open(identityOf(stored.row), access));
  }
}
