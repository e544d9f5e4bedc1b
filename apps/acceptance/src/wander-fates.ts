import { CONTRACT, doctors, type CasePlay, type User } from '@second-opinion/standalone/play';
import { SOUTH_CONTRACT, type NoticingWorld } from './wander-world';
import type { Dice } from './wander-dice';

type Doctor = (typeof doctors)[number];

/** Fate is what happens around cases and is no command about one of them: the registers, the agendas, the contracts. */
interface Fate {
  readonly weight: number;
  strike(play: CasePlay, dice: Dice): Promise<string>;
}

const REGISTERED_UNTIL = '2099-12-31';

/** registration of a doctor as back office writes it down; the whole entry each time. */
async function register(office: User, { name, ...doctor }: Doctor, change: object): Promise<string> {
  const entry = { ...doctor, contact: `${name}@artsen.example`, language: 'nl', registeredUntil: REGISTERED_UNTIL };
  const { status } = await office.post(`/intake/doctors/doctor-${name}/change-doctor-registration`, {
    ...entry,
    ...change,
  });
  return `${name} is registered ${JSON.stringify(change)} ${status}`;
}

const someDate = async (play: CasePlay, days: number): Promise<string> =>
  Temporal.PlainDate.from((await play.now()).slice(0, 10))
    .add({ days })
    .toString();

/** registration ends, in the past or soon, is none, or the doctor goes to work elsewhere (BR-15, BR-19). */
const registration: Fate = {
  weight: 3,
  strike: async (play, dice) => {
    const doctor = dice.one(doctors);
    const change = dice.weighted([
      { of: { registeredUntil: await someDate(play, dice.upTo(6, -2)) }, weight: 5 },
      { of: { registeredUntil: undefined }, weight: 1 },
      { of: { organisationId: dice.one(['ohs-north', 'ohs-south', 'provider']) }, weight: 1 },
      { of: { companyId: 'employer-1' }, weight: 0.5 },
      { of: { secondOpinionDoctor: !doctor.secondOpinionDoctor }, weight: 0.5 },
    ]);
    return register(play.backOffice, doctor, change.of);
  },
};

/** agenda: a doctor closes some or all of what is free or taken in the coming days. */
const agenda: Fate = {
  weight: 3,
  strike: async (play, dice) => {
    const doctorId = play.world.idOf(dice.one(['second-doctor', 'third-doctor']));
    const { body } = await play.backOffice.get(`/scheduling/agendas/${doctorId}?limit=100`);
    const today = (await play.now()).slice(0, 10);
    const days = (body.items as { date: string; slots: { slotId: string; status: string }[] }[]).filter(
      ({ date }) => date > today,
    );
    const all = dice.chance(0.5);
    let closed = 0;
    for (const { date, slots } of days)
      for (const { slotId } of slots.filter(({ status }) => status !== 'CLOSED')) {
        if (!all && dice.chance(0.6)) continue;
        const path = `/scheduling/agendas/${doctorId}/${date}/close-agenda-slot`;
        const { status } = await play.backOffice.post(path, { slotId, evenIfTaken: all || dice.chance(0.5) });
        if (status === 200) closed++;
      }
    return `${closed} slots of ${doctorId} are closed`;
  },
};

const CONTRACTS = [
  { contractId: CONTRACT, organisationId: 'ohs-north', employerId: 'employer-1', mailDomains: ['werkgever.example'] },
  { contractId: SOUTH_CONTRACT, organisationId: 'ohs-south', employerId: 'employer-2', mailDomains: ['zuid.example'] },
] as const;

async function agree(
  office: User,
  { contractId, ...entry }: (typeof CONTRACTS)[number],
  listed: readonly string[],
  employerAgreesToOthers: boolean,
): Promise<string> {
  const { status } = await office.post(`/intake/contracts/${contractId}/change-base-contract`, {
    ...{ ...entry, sector: 'GENERAL', organisationIds: [], employerAgreesToOthers },
    doctorIds: listed.map((one) => `doctor-${one}`),
  });
  return `${contractId} lists ${listed.join(', ') || 'nobody'}, agrees to others: ${employerAgreesToOthers} ${status}`;
}

/** contract: whom it lists, and whether the employer pays for others. */
const contract: Fate = {
  weight: 1,
  strike: (play, dice) => {
    const listed = dice.one([[], ['second-doctor'], ['third-doctor'], ['second-doctor', 'third-doctor']]);
    return agree(play.backOffice, dice.one(CONTRACTS), listed, dice.chance(0.4));
  },
};

const SCOPES = [
  { of: {}, weight: 4 },
  { of: { category: 'IDENTITY' }, weight: 1 },
  { of: { category: 'MEDICAL' }, weight: 1 },
  { of: { category: 'CONTACT' }, weight: 1 },
] as const;

/** forgetting: the privacy officer has the person forgotten, or what he told in this case, in the middle of it. */
const forgetting: Fate = {
  weight: 1,
  strike: async ({ caseId, personId, world }, dice) => {
    const { of } = dice.weighted(SCOPES);
    const ofCase = dice.chance(0.4) ? { caseId } : {};
    const scope = { ...of, ...ofCase, basis: dice.one(['EMPLOYEE_REQUEST', 'NEVER_SUBMITTED', 'RETENTION_ENDED']) };
    const officer = world.user('privacy-officer');
    const { status } = await officer.post(`/records/persons/${personId}/destroy-keys`, scope);
    const whole = !('category' in of) || of.category === 'IDENTITY';
    if (whole && !('caseId' in ofCase)) (world as NoticingWorld).forgotten.add(personId);
    return `of ${personId} is forgotten ${JSON.stringify(scope)} ${status}`;
  },
};

const FATES = [registration, agenda, contract, forgetting];

/** Fates strike while cases wander; what would bar a doctor for ever is put right in the end. */
export class Fates {
  private struck = false;

  constructor(
    private readonly play: CasePlay,
    private readonly dice: Dice,
    /** likely: how often anything happens. */
    private readonly likely: number,
  ) {}

  /** perhaps something happens around a case; tells what. */
  async perhaps(play: CasePlay): Promise<string | undefined> {
    if (!this.dice.chance(this.likely)) return undefined;
    this.struck = true;
    return this.dice.weighted(FATES).strike(play, this.dice);
  }

  /** mend the registers: everybody and every contract is as it was; tells whether there was anything to mend. */
  async mend(): Promise<boolean> {
    if (!this.struck) return false;
    this.struck = false;
    const { backOffice } = this.play;
    for (const doctor of doctors) await register(backOffice, doctor, {});
    for (const one of CONTRACTS) await agree(backOffice, one, ['second-doctor'], one.contractId !== CONTRACT);
    return true;
  }
}
