import { CasePlay, employeeNamed, wishOf, type PlayedEmployee } from '@second-opinion/standalone/play';
import type { Dice } from './wander-dice';
import { SOUTH_CONTRACT, type NoticingWorld } from './wander-world';

/** AGAIN: how somebody who has a case comes to have another one. */
const AGAIN = [
  { how: 'KNOWN', weight: 4 },
  { how: 'REGISTERED_ANEW', weight: 2 },
  { how: 'ELSEWHERE', weight: 3 },
  { how: 'ALIKE', weight: 1 },
] as const;
/** How a further case begins: the doctor names the person he knows, or registers him anew; at another service; or under a login of his own. */
export type How = (typeof AGAIN)[number]['how'];

/** FurtherPlay is one more case of somebody who has one already. */
export class FurtherPlay extends CasePlay {
  private constructor(
    private readonly first: CasePlay,
    readonly how: How,
    who: PlayedEmployee,
  ) {
    super(first.world, who, first.doubt, how === 'ELSEWHERE' ? 'other-own-doctor' : first.ownDoctor.login);
  }

  /** after a case of the same human being. */
  static after(first: CasePlay, dice: Dice): FurtherPlay {
    const { who, personId } = first;
    const isForgotten = worldOf(first).forgotten.has(personId);
    const { how } = dice.weighted(AGAIN.filter((one) => one.how !== 'KNOWN' || !isForgotten));
    const alike = employeeNamed(`${who.login.subject}-alike`, who.name, who.birthDate);
    return new FurtherPlay(first, how, how === 'ALIKE' ? alike : who);
  }

  /** wish: where he is known no invitation is needed; where he is registered anew his login joins the registrations. */
  override async wish(): Promise<void> {
    if (this.how === 'KNOWN' && this.first.personId !== '') return this.wishOfKnown(this.first.personId);
    await this.moveTo(new Date(Date.parse(await this.now()) + 120_000).toISOString());
    const elsewhere = this.how === 'ELSEWHERE' ? { contractId: SOUTH_CONTRACT } : {};
    const { id } = (await this.ownDoctor.does('/intake/cases', { ...wishOf(this.who), ...elsewhere })) as {
      id: string;
    };
    this.caseId = id;
    await this.settle();
    const code = await this.world.codeFor(this.who.address);
    const redeemed = (await this.employee.does('/intake/persons/redeem-invitation', { code })) as { id: string };
    this.personId = redeemed.id;
    await this.settle();
  }

  private async wishOfKnown(personId: string): Promise<void> {
    const { employee: _new, ...wish } = wishOf(this.who) as { employee: object };
    const { id } = (await this.ownDoctor.does('/intake/cases', { ...wish, personId })) as { id: string };
    this.caseId = id;
    this.personId = personId;
    await this.settle();
  }
}

/** worldOf a play, in which what goes wrong is noticed. */
export const worldOf = (play: CasePlay): NoticingWorld => play.world as NoticingWorld;
