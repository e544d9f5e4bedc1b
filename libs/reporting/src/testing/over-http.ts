import { INTAKE_TOPIC, SCHEDULING_TOPIC } from '@second-opinion/contracts';
import type { DocumentStore } from '@second-opinion/document-store';
import { Unavailable } from '@second-opinion/kernel';
import { testContext, type TestAnswer, type TestClient, type TestContext } from '@second-opinion/nest/testing';
import { ReportingModule } from '../index';

/** PDF is the smallest thing that is one. */
export const PDF = Buffer.from('%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n');

/** reportTexts are the five parts of a report (BR-50), plain as they are sent. */
export const reportTexts = {
  findings: 'Bevindingen: rugklachten',
  method: 'Gesprek en lichamelijk onderzoek',
  reasoning: 'Daarom',
  sources: 'Dossier, gesprek',
  conclusion: 'Conclusie: geen blijvende beperking',
};

/** OverHttp is one case of this context over HTTP: person-1, his own doctor doctor-1, second opinion doctor doctor-2. */
export class OverHttp {
  readonly caseId = 'case-1';
  readonly stream = `reporting.file-${this.caseId}`;
  readonly url = `/reporting/cases/${this.caseId}`;

  private constructor(readonly context: TestContext) {}

  static async begin(): Promise<OverHttp> {
    return new OverHttp(await testContext(ReportingModule));
  }

  get employee(): TestClient {
    return this.context.as('employee', 'person-1');
  }
  get ownDoctor(): TestClient {
    return this.context.as('company-doctor', 'doctor-1');
  }
  get doctor(): TestClient {
    return this.context.as('second-opinion-doctor', 'doctor-2');
  }

  get documents(): DocumentStore {
    const { documents } = this.context.platform;
    if (!documents) throw new TypeError('the test context has a document store');
    return documents;
  }

  async types(): Promise<string[]> {
    return (await this.context.events(this.stream)).map(({ type }) => type);
  }

  async submitted(): Promise<void> {
    const { caseId } = this;
    await this.context.publish(INTAKE_TOPIC, caseId, 'SecondOpinionRequestSubmitted', {
      caseId,
      caseNumber: 'SO-1A2B3C4D5E',
      subject: 'AbsenceGuidance',
      employeeId: 'person-1',
      ownDoctorId: 'doctor-1',
      ownOrganisationId: 'ohs-1',
      doctorId: 'doctor-2',
      contracted: true,
      employerAgreed: false,
      region: '35',
      submittedAt: '2026-11-25T09:00:00.000Z',
    });
    await this.context.settled();
  }

  async started(): Promise<void> {
    const { caseId } = this;
    await this.submitted();
    await this.context.publish(INTAKE_TOPIC, caseId, 'IndependenceConfirmed', {
      caseId,
      doctorId: 'doctor-2',
      round: 1,
    });
    await this.context.settled();
  }

  async shared(): Promise<void> {
    await this.started();
    await this.did(
      this.employee.post(`${this.url}/grant-transfer-authorisation`, {
        scope: 'SELECTED',
        kinds: ['FML', 'MEDICAL_LETTER'],
      }),
    );
    await this.consulted();
    await this.did(this.doctor.post(`${this.url}/finalise-report-for-review`, reportTexts));
    await this.did(this.doctor.post(`${this.url}/share-report`, { version: 1 }));
    await this.context.settled();
  }

  async consulted(): Promise<void> {
    const { caseId } = this;
    const held = { caseId, doctorId: 'doctor-2', locationId: 'location-1', durationMinutes: 75 };
    await this.context.publish(SCHEDULING_TOPIC, caseId, 'ConsultationHeld', {
      ...held,
      heldAt: '2026-11-25T09:00:00.000Z',
    });
    await this.context.settled();
  }

  /** did expects that it was done. */
  async did(answer: Promise<TestAnswer>): Promise<TestAnswer> {
    const { status, headers, body } = await answer;
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
    return { status, headers, body };
  }

  upload(client: TestClient, kind: string, headers: Record<string, string> = {}, body = PDF): Promise<TestAnswer> {
    return client.post(`${this.url}/documents`, body, {
      'content-type': 'application/pdf',
      'document-kind': kind,
      'document-name': encodeURIComponent('Brief – Zoë.pdf'),
      ...headers,
    });
  }

  /** advanceTo moves the clock, and lets everything that is due then happen. */
  async advanceTo(instant: string): Promise<void> {
    this.context.clock.advanceTo(instant);
    await this.context.settled();
  }

  /** unknown: the next append of an event of this type gets no answer, whether it came through or not. */
  unknown(type: string, through: boolean): void {
    const { events } = this.context.platform;
    const append = events.append.bind(events);
    events.append = async (stream, expected, batch) => {
      if (!batch.some((event) => event.type === type)) return append(stream, expected, batch);
      events.append = append;
      if (through) await append(stream, expected, batch);
      throw new Unavailable('event-store.unavailable');
    };
  }

  /** before the first append that holds an event of this type, something else happens: the narrowest race there is. */
  before(type: string, happens: () => Promise<unknown>): void {
    const { events } = this.context.platform;
    const append = events.append.bind(events);
    let done = false;
    events.append = async (stream, expected, batch) => {
      if (!done && batch.some((event) => event.type === type)) {
        done = true;
        await happens();
      }
      return append(stream, expected, batch);
    };
  }
}
