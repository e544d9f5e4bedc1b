import type { Login } from '@second-opinion/service';
import { User } from './client';

/** Key names a person of the demo world, for `npm run token -- <name>`. */
export type Name = keyof typeof people;

/**
 * people of the demo world, one per role and more where a case needs them. Names and addresses are invented; addresses end in `.example`
 * or `.invalid`, which no mail server delivers.
 */
export const people = {
  employee: { subject: 'employee', role: 'employee', organisation: 'none' },
  'own-doctor': { subject: 'own-doctor', role: 'company-doctor', organisation: 'ohs-north' },
  'other-own-doctor': { subject: 'other-own-doctor', role: 'company-doctor', organisation: 'ohs-south' },
  'second-doctor': { subject: 'second-doctor', role: 'second-opinion-doctor', organisation: 'provider' },
  'third-doctor': { subject: 'third-doctor', role: 'second-opinion-doctor', organisation: 'ohs-south' },
  'back-office': { subject: 'back-office', role: 'back-office', organisation: 'provider' },
  employer: { subject: 'employer', role: 'employer', organisation: 'employer-1' },
  court: { subject: 'court', role: 'court', organisation: 'court-1' },
  'privacy-officer': { subject: 'privacy-officer', role: 'privacy-officer', organisation: 'provider' },
  auditor: { subject: 'auditor', role: 'auditor', organisation: 'auditor-1' },
  partner: { subject: 'partner', role: 'partner', organisation: 'partner-1' },
  operator: { subject: 'operator', role: 'operator', organisation: 'provider' },
} as const satisfies Record<string, Login>;

/** doctors of the demo world: two own doctors, two second opinion doctors. */
export const doctors = [
  {
    name: 'own-doctor',
    registerName: 'N. de Vries',
    registrationNumber: '19012345601',
    organisationId: 'ohs-north',
    secondOpinionDoctor: false,
    region: '97',
  },
  {
    name: 'other-own-doctor',
    registerName: 'S. Jacobs',
    registrationNumber: '19012345602',
    organisationId: 'ohs-south',
    secondOpinionDoctor: false,
    region: '61',
  },
  {
    name: 'second-doctor',
    registerName: 'M. van Dijk',
    registrationNumber: '19012345603',
    organisationId: 'provider',
    secondOpinionDoctor: true,
    region: '35',
  },
  {
    name: 'third-doctor',
    registerName: 'R. Smit',
    registrationNumber: '19012345604',
    organisationId: 'ohs-south',
    secondOpinionDoctor: true,
    region: '61',
  },
] as const;

const organisations = [
  {
    organisationId: 'ohs-north',
    legalName: 'Arbodienst Noord B.V.',
    address: 'Noorderkade 1, 9711 AA Groningen',
    chamberOfCommerceNumber: '01000001',
    vatId: 'NL000000001B01',
    kind: 'OHS',
  },
  {
    organisationId: 'ohs-south',
    legalName: 'Arbodienst Zuid B.V.',
    address: 'Zuiderlaan 2, 6211 BB Maastricht',
    chamberOfCommerceNumber: '01000002',
    vatId: 'NL000000002B01',
    kind: 'OHS',
  },
  {
    organisationId: 'provider',
    legalName: 'Onafhankelijk Oordeel B.V.',
    address: 'Domplein 3, 3512 CC Utrecht',
    chamberOfCommerceNumber: '01000003',
    vatId: 'NL000000003B01',
    kind: 'PROVIDER',
  },
] as const;

const locations = [
  {
    name: 'Spreekkamers Utrecht',
    address: 'Domplein 10, 3512 CC Utrecht',
    room: 'Kamer 4',
    region: '35',
    organisationId: 'rooms-utrecht',
    premises: 'NEUTRAL',
  },
  {
    name: 'Spreekkamers Groningen',
    address: 'Grote Markt 5, 9712 HN Groningen',
    room: 'Kamer 2',
    region: '97',
    organisationId: 'rooms-groningen',
    premises: 'NEUTRAL',
  },
] as const;

/** CONTRACT is the base contract of the demo employer: it lists the second opinion doctor of the provider. */
export const CONTRACT = 'contract-1';

/** World is the demo world behind a server: who can do what, and what was registered. */
export class World {
  constructor(
    readonly base: string,
    private readonly mailOf: (address: string) => Promise<string>,
  ) {}

  /** user gives somebody of the demo world by name; or a login of one's own. */
  user(who: Name | Login): User {
    return new User(this.base, typeof who === 'string' ? people[who] : who);
  }

  /** idOf gives the id of a doctor. */
  idOf(doctor: string): string {
    return `doctor-${doctor}`;
  }

  /** address of a doctor. */
  addressOf(doctor: string): string {
    return `${doctor}@artsen.example`;
  }

  /** seed registers the world. Every step has a fixed Idempotency-Key, so that a second start finds what the first made. */
  async seed(): Promise<void> {
    const office = this.user('back-office');
    for (const organisation of organisations)
      await office.does('/intake/organisations', organisation, { key: `seed-${organisation.organisationId}` });
    for (const { name, ...doctor } of doctors) {
      const doctorId = this.idOf(name);
      const body = {
        ...doctor,
        doctorId,
        registeredUntil: '2031-12-31',
        contact: this.addressOf(name),
        language: 'nl',
      };
      await office.does('/intake/doctors', body, { key: `seed-${name}` });
    }
    await office.does(
      '/intake/contracts',
      {
        contractId: CONTRACT,
        organisationId: 'ohs-north',
        employerId: 'employer-1',
        sector: 'GENERAL',
        doctorIds: [this.idOf('second-doctor')],
        organisationIds: [],
        employerAgreesToOthers: false,
        mailDomains: ['werkgever.example'],
      },
      { key: `seed-${CONTRACT}` },
    );
    for (const location of locations)
      await office.does('/scheduling/locations', location, { key: `seed-${location.name.replace(' ', '-')}` });
    await this.publishTariff();
  }

  /** ready tells whether the world was loaded whole before: then its employee has his case. */
  async ready(): Promise<boolean> {
    const reply = await this.user('employee').get('/intake/cases');
    return reply.status === 200 && (reply.body as { items: unknown[] }).items.length > 0;
  }

  /** load seeds the world, links the doctors' logins and starts one case, so that there is something to look at for everybody. */
  async load(): Promise<void> {
    if (await this.ready()) return;
    await this.seed();
    for (const { name } of doctors) await this.link(name);
    await this.openAgendas();
    await this.startCase();
  }

  /** openAgendas opens hours of the second opinion doctors on the coming working days. */
  async openAgendas(days = 20): Promise<void> {
    const locationId = await this.locationNamed(locations[0].name);
    const first = await this.today();
    for (let day = 1; day <= days; day++) {
      const date = first.add({ days: day }).toString();
      if (first.add({ days: day }).dayOfWeek > 5) continue;
      for (const { name, secondOpinionDoctor } of doctors) {
        if (secondOpinionDoctor) await this.openDay(name, date, locationId);
      }
    }
  }

  private async publishTariff(): Promise<void> {
    const { vatId, legalName, address, chamberOfCommerceNumber } = organisations[2];
    const tariff = {
      validFrom: (await this.today()).toString(),
      netCents: 125_000,
      consultationNetCents: 60_000,
      hourlyNetCents: 18_000,
      supplier: { legalName, address, chamberOfCommerceNumber, vatId, iban: 'NL00BANK0123456789' },
    };
    await this.user('back-office').does('/billing/tariffs/EMPLOYEE_SECOND_OPINION/publish-tariff', tariff, {
      key: 'seed-tariff',
    });
  }

  /** today in Amsterdam, in business time. */
  private async today(): Promise<Temporal.PlainDate> {
    const { now } = (await this.user('back-office').read('/demo/clock')) as { now: string };
    return Temporal.Instant.from(now).toZonedDateTimeISO('Europe/Amsterdam').toPlainDate();
  }

  /** locationNamed gives the id of a registered location. */
  async locationNamed(name: string): Promise<string> {
    const { items } = (await this.user('back-office').read('/scheduling/locations')) as {
      items: { locationId: string; name: string }[];
    };
    const found = items.find((location) => location.name === name);
    if (!found) throw new Error(`there is no location ${name}`);
    return found.locationId;
  }

  private async openDay(doctor: Name, date: string, locationId: string): Promise<void> {
    const doctorId = this.idOf(doctor);
    const body = {
      locationId,
      slotMinutes: 90,
      blocks: [{ from: `${date}T09:00`, until: `${date}T13:30` }],
    };
    await this.user('back-office').does(`/scheduling/agendas/${doctorId}/${date}/open-agenda-day`, body, {
      key: `seed-${doctorId}-${date}`,
    });
  }

  private async startCase(): Promise<void> {
    const address = 'e.boer@prive.example';
    await this.user('own-doctor').does(
      '/intake/cases',
      wishOf({ name: 'E. de Boer', birthDate: '1979-08-21', address }),
      { key: 'seed-case' },
    );
    await this.user('employee').does(
      '/intake/persons/redeem-invitation',
      { code: await this.codeFor(address) },
      { key: 'seed-link-employee' },
    );
  }

  /** link redeems the invitation that was mailed to a doctor, as the doctor would. */
  async link(doctor: string, login: Name | Login = doctor as Name): Promise<void> {
    const code = codeIn(await this.mailOf(this.addressOf(doctor)));
    await this.user(login).does('/intake/doctors/redeem-doctor-invitation', { code }, { key: `seed-link-${doctor}` });
  }

  /** anotherOwnDoctor registers one more own doctor of the first service, links him, and gives his login. */
  async anotherOwnDoctor(subject: string, registrationNumber: string): Promise<Login> {
    const login = { subject, role: 'company-doctor', organisation: 'ohs-north' } as const;
    const doctor = { registerName: 'B. Mulder', registrationNumber, organisationId: 'ohs-north', region: '97' };
    const register = { doctorId: this.idOf(subject), secondOpinionDoctor: false, registeredUntil: '2031-12-31' };
    const body = { ...doctor, ...register, contact: this.addressOf(subject), language: 'nl' };
    await this.user('back-office').does('/intake/doctors', body, { key: `seed-${subject}` });
    await this.link(subject, login);
    return login;
  }

  /** codeFor reads the one-time code out of the mail to this address. */
  async codeFor(address: string): Promise<string> {
    return codeIn(await this.mailOf(address));
  }
}

/** wishOf gives the body of a wish of this employee. */
export function wishOf({ name, birthDate, address }: { name: string; birthDate: string; address: string }): object {
  const employee = { name, birthDate, contact: address, channel: 'email', language: 'nl', declaredPrivate: true };
  return { initiator: 'EMPLOYEE', contractId: CONTRACT, region: '97', employee };
}

function codeIn(mail: string): string {
  const found = /[?#&/]code=([A-Za-z0-9]{20,60})/.exec(mail.replace(/=\r?\n/g, '').replaceAll('=3D', '='));
  if (!found?.[1]) throw new Error('the mail holds no one-time code');
  return found[1];
}
