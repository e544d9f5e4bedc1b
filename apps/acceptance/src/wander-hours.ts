import { doctors, type World } from '@second-opinion/standalone/play';

const OPEN_DAYS = 12;
/** FIRST: a reservation needs three working days' lead. */
const FIRST = 4;
const SCARCE_DAYS = 5;
const ROOMS = ['Spreekkamers Utrecht', 'Spreekkamers Groningen'] as const;

/** Hours of the second opinion doctors: enough for everybody, or one slot a day on a few days, for which cases compete. */
export class Hours {
  constructor(
    private readonly world: World,
    readonly scarce: boolean,
  ) {}

  /** open what is needed now; hours that are open already stay as they are. */
  async open(): Promise<void> {
    if (!this.scarce) return this.world.openAgendas(OPEN_DAYS);
    const office = this.world.user('back-office');
    const { now } = (await office.read('/demo/clock')) as { now: string };
    const today = Temporal.PlainDate.from(now.slice(0, 10));
    for (let day = FIRST; day < FIRST + SCARCE_DAYS; day++) {
      const date = today.add({ days: day });
      if (date.dayOfWeek > 5) continue;
      for (const { name } of doctors.filter(({ secondOpinionDoctor }) => secondOpinionDoctor))
        await this.openSlot(name, date.toString(), day);
    }
  }

  private async openSlot(doctor: string, date: string, day: number): Promise<void> {
    const locationId = await this.world.locationNamed(ROOMS[day % 2] ?? ROOMS[0]);
    const blocks = [{ from: `${date}T10:00`, until: `${date}T11:30` }];
    const body = { locationId, slotMinutes: 90, blocks };
    await this.world
      .user('back-office')
      .post(`/scheduling/agendas/${this.world.idOf(doctor)}/${date}/open-agenda-day`, body);
  }
}
