import { User, World, type Name, type Reply, type RequestOptions } from '@second-opinion/standalone/play';

type Login = User['login'];

/** SOUTH_CONTRACT: another employer, under the contract of another service. */
export const SOUTH_CONTRACT = 'contract-south';

/** NoticingUser asks once and notices every answer that no server should give: its own failure, or a refusal without a problem. */
class NoticingUser extends User {
  constructor(
    base: string,
    login: Login,
    private readonly wrong: string[],
  ) {
    super(base, login, 0);
  }

  override async get(path: string): Promise<Reply> {
    return this.noticed(`GET ${path}`, await super.get(path));
  }

  override async post(path: string, body: object = {}, options: RequestOptions = {}): Promise<Reply> {
    return this.noticed(`POST ${path} ${JSON.stringify(body)}`, await super.post(path, body, options));
  }

  private noticed(what: string, reply: Reply): Reply {
    const { status, headers, body } = reply;
    if (status < 400) return reply;
    const problem =
      headers.get('content-type')?.startsWith('application/problem+json') && typeof body.code === 'string';
    if (status >= 500 || !problem) this.wrong.push(`${this.login.subject} ${what}: ${status} ${JSON.stringify(body)}`);
    return reply;
  }
}

/** NoticingWorld is the demo world, in which no answer that is wrong in itself goes unnoticed. */
export class NoticingWorld extends World {
  /** forgotten: persons whose login means nobody any more. */
  readonly forgotten = new Set<string>();
  /** wrong answers, since they were last taken. */
  private readonly wrong: string[] = [];

  override user(who: Name | Login): User {
    return new NoticingUser(this.base, super.user(who).login, this.wrong);
  }

  /** takeWrong gives the wrong answers since the last time. */
  takeWrong(): readonly string[] {
    return this.wrong.splice(0);
  }

  /** seed also another employer, whose contract with another service lists a doctor and leaves the rest to agreement. */
  override async seed(): Promise<void> {
    await super.seed();
    await this.user('back-office').does('/intake/contracts', {
      contractId: SOUTH_CONTRACT,
      organisationId: 'ohs-south',
      employerId: 'employer-2',
      sector: 'GENERAL',
      doctorIds: [this.idOf('second-doctor')],
      organisationIds: [],
      employerAgreesToOthers: true,
      mailDomains: ['zuid.example'],
    });
  }
}
