import type { Login } from '@second-opinion/service';
import { UnexpectedAnswer, type Reply, type RequestOptions, type User } from './client';
import { wishOf, type Name, type World } from './world';

/** Employee of one played case: invented, with a mail address of his own. */
export interface PlayedEmployee {
  readonly login: Login;
  readonly name: string;
  readonly birthDate: string;
  readonly address: string;
}

/** employeeNamed makes an employee whose login, name and address are told apart from all others. */
export function employeeNamed(subject: string, name: string, birthDate = '1984-03-12'): PlayedEmployee {
  return {
    login: { subject, role: 'employee', organisation: 'none' },
    name,
    birthDate,
    address: `${subject}@prive.example`,
  };
}

/** AID is a decision aid filled in for somebody who doubts the medical advice itself: outcome SECOND_OPINION. */
export const AID = {
  requester: 'EMPLOYEE',
  subject: 'AbsenceGuidance',
  firstAdviceExists: true,
  doubtMedical: true,
  preEmployment: false,
  aimNeedsLegalStatus: false,
  disputeType: 'NONE',
  stagnation: false,
  conflict: false,
  conductComplaint: false,
  nonMedical: false,
  sameQuestionBefore: false,
  obstructionSuspected: false,
  uwvDecision: false,
} as const;

/** Report is what the second opinion doctor writes (BR-50). */
export const REPORT = {
  findings: 'Bevindingen: de klachten zijn bij onderzoek aanwezig en verklaarbaar.',
  method: 'Werkwijze: gesprek, lichamelijk onderzoek en bestudering van de stukken.',
  reasoning: 'Overwegingen: opbouw van uren is mogelijk, het tempo van het eerste advies is te hoog.',
  sources: 'Bronnen: richtlijn van de beroepsgroep, brief van de behandelaar.',
  conclusion: 'Conclusie: opbouw met twee uur per week in plaats van vier.',
} as const;

/** Played contexts and where their cases stand. */
const COLLECTION = { intake: 'cases', scheduling: 'appointments', reporting: 'cases', billing: 'cases' } as const;
type Played = keyof typeof COLLECTION;

/** CasePlay plays one case, step by step, each by whom it belongs to, over HTTP only. */
export class CasePlay {
  caseId = '';
  personId = '';
  readonly employee: User;
  readonly ownDoctor: User;
  readonly backOffice: User;
  readonly auditor: User;
  /** positions at which each context acknowledged the last command, to read what one has written. */
  private readonly positions = new Map<string, string>();

  constructor(
    readonly world: World,
    readonly who: PlayedEmployee,
    readonly doubt = 'Ik twijfel of het opbouwschema past bij mijn klachten.',
    ownDoctor: Name | Login = 'own-doctor',
  ) {
    this.employee = world.user(who.login);
    this.ownDoctor = world.user(ownDoctor);
    this.backOffice = world.user('back-office');
    this.auditor = world.user('auditor');
  }

  /** settle waits until all that follows from what happened has happened. */
  async settle(): Promise<void> {
    await this.backOffice.does('/demo/settle');
  }

  /** moveTo moves business time forward. */
  async moveTo(instant: string): Promise<void> {
    await this.backOffice.does('/demo/clock', { to: instant });
  }

  async now(): Promise<string> {
    const { now } = (await this.backOffice.read('/demo/clock')) as { now: string };
    return now;
  }

  /** moveBy moves business time forward by so many days. */
  async moveBy(days: number): Promise<void> {
    await this.moveTo(new Date(Date.parse(await this.now()) + days * 86_400_000).toISOString());
  }

  /** on the case, somebody tries a command; the answer may be a refusal. */
  async on(
    context: Played,
    user: User,
    command: string,
    body: object = {},
    options: RequestOptions = {},
  ): Promise<Reply> {
    const reply = await user.post(`/${context}/${COLLECTION[context]}/${this.caseId}/${command}`, body, options);
    const position = reply.headers.get('log-position');
    if (position !== null) this.positions.set(context, position);
    return reply;
  }

  /** does runs a command that must succeed. */
  async does(context: Played, user: User, command: string, body: object = {}): Promise<{ happened: string[] }> {
    const reply = await this.on(context, user, command, body);
    if (reply.status !== 200) throw new UnexpectedAnswer(`${command} in ${context}`, reply);
    return reply.body as { happened: string[] };
  }

  /** wish: the own doctor records it; the employee gets an invitation and links his login. */
  async wish(): Promise<void> {
    const { id } = (await this.ownDoctor.does('/intake/cases', wishOf(this.who))) as { id: string };
    this.caseId = id;
    await this.settle();
    const code = await this.invitationCode();
    const { id: personId } = (await this.employee.does('/intake/persons/redeem-invitation', { code })) as {
      id: string;
    };
    this.personId = personId;
    await this.settle();
  }

  /** invitationCode that the employee finds in his mail. */
  protected invitationCode(): Promise<string> {
    return this.world.codeFor(this.who.address);
  }

  /** prepare: non-suspension, decision aid, description; with an aid of one's own when the outcome should differ. */
  async prepare(aid: object = AID): Promise<void> {
    await this.does('intake', this.ownDoctor, 'explain-non-suspension');
    await this.does('intake', this.ownDoctor, 'complete-decision-aid', aid);
    await this.does('intake', this.ownDoctor, 'describe-request', {
      subject: 'AbsenceGuidance',
      firstAdviceOn: '2026-10-01',
      doubt: this.doubt,
      questions: 'Is een rustiger opbouw medisch beter?',
    });
  }

  /** choose: honoured, doctors proposed, the employee chooses. */
  async choose(first: Name = 'second-doctor', second?: Name): Promise<void> {
    await this.does('intake', this.ownDoctor, 'honour-request');
    const proposed = [first, ...(second ? [second] : [])].map((name) => this.world.idOf(name));
    await this.does('intake', this.ownDoctor, 'propose-doctors', { doctorIds: proposed });
    await this.does('intake', this.employee, 'choose-second-opinion-doctor', {
      first: this.world.idOf(first),
      ...(second ? { second: this.world.idOf(second) } : {}),
    });
  }

  /** submit: the employee confirms the form he has read, the own doctor submits. */
  async submit(formVersion = 1): Promise<void> {
    await this.does('intake', this.employee, 'confirm-request', { formVersion });
    await this.does('intake', this.ownDoctor, 'submit-second-opinion-request');
    await this.settle();
  }

  /** accept: the second opinion doctor accepts, sees the name and declares that he was never involved. */
  async accept(doctor: Name = 'second-doctor'): Promise<void> {
    await this.does('intake', this.world.user(doctor), 'accept-assignment');
    await this.does('intake', this.world.user(doctor), 'confirm-independence');
    await this.settle();
  }

  /** sign the quote, as own doctor. */
  async sign(): Promise<void> {
    await this.does('billing', this.ownDoctor, 'sign-quote');
    await this.settle();
  }

  /** authorise: the employee lets his own doctor hand over his file. */
  async authorise(): Promise<void> {
    await this.does('reporting', this.employee, 'grant-transfer-authorisation', { scope: 'FULL' });
  }

  /** upToSubmission plays from the wish to the complete request. */
  async upToSubmission(first: Name = 'second-doctor', second?: Name): Promise<void> {
    await this.wish();
    await this.prepare();
    await this.choose(first, second);
    await this.submit();
  }

  /** upToAppointment plays on to the confirmed appointment. */
  async upToAppointment(doctor: Name = 'second-doctor'): Promise<void> {
    await this.upToSubmission(doctor);
    await this.accept(doctor);
    await this.sign();
  }

  /** appointment as the employee sees it. */
  appointment(): Promise<{ startsAt: string; endsAt: string; zone: string; status: string }> {
    return this.employee.read(`/scheduling/appointments/${this.caseId}`) as Promise<{
      startsAt: string;
      endsAt: string;
      zone: string;
      status: string;
    }>;
  }

  /** consult moves time to the end of the appointment, unless it is past, and records that it was held. */
  async consult(doctor: Name = 'second-doctor'): Promise<void> {
    await this.toEndOfAppointment();
    await this.does('scheduling', this.world.user(doctor), 'record-consultation', { durationMinutes: 75 });
    await this.settle();
  }

  async toEndOfAppointment(): Promise<void> {
    const end = endOf(await this.appointment());
    if ((await this.now()) < end) await this.moveTo(end);
  }

  /** report: written and shared with the employee, first and only. */
  async report(doctor: Name = 'second-doctor'): Promise<void> {
    await this.does('reporting', this.world.user(doctor), 'finalise-report-for-review', REPORT);
    await this.does('reporting', this.world.user(doctor), 'share-report', {});
    await this.settle();
  }

  /** correct: a new version with the facts put right, shared again. */
  async correct(doctor: Name = 'second-doctor'): Promise<void> {
    await this.does('reporting', this.world.user(doctor), 'correct-report', {
      ...REPORT,
      findings: `${REPORT.findings} (gecorrigeerd)`,
    });
    await this.does('reporting', this.world.user(doctor), 'share-report', {});
    await this.settle();
  }

  /** upload a document as plain text; its name travels in a header, sealed on arrival. */
  upload(user: User, kind: string, text: string, name = 'brief.txt'): Promise<Reply> {
    return user.post(
      `/reporting/cases/${this.caseId}/documents`,
      {},
      {
        raw: text,
        headers: { 'content-type': 'text/plain', 'document-kind': kind, 'document-name': encodeURIComponent(name) },
      },
    );
  }

  /** case as somebody sees it, with everything in it that intake has acknowledged. */
  seenBy(user: User): Promise<Reply> {
    const position = this.positions.get('intake');
    return user.get(`/intake/cases/${this.caseId}${position === undefined ? '' : `?after=${position}`}`);
  }

  /** history as the auditor sees it. */
  async history(): Promise<readonly { type: string; stream: string; at: string; actorRole: string }[]> {
    const items: { type: string; stream: string; at: string; actorRole: string }[] = [];
    for (let cursor = ''; ;) {
      const page = (await this.auditor.read(`/records/cases/${this.caseId}/history?limit=200${cursor}`)) as {
        items: typeof items;
        next?: string;
      };
      items.push(...page.items);
      if (page.next === undefined) return items;
      cursor = `&cursor=${encodeURIComponent(page.next)}`;
    }
  }
}

/** endOf an appointment, as an instant: it says its end in local time. */
export function endOf({ endsAt, zone }: { readonly endsAt: string; readonly zone: string }): string {
  const end = Temporal.PlainDateTime.from(endsAt).toZonedDateTime(zone).toInstant();
  return end.toString({ smallestUnit: 'millisecond' });
}
