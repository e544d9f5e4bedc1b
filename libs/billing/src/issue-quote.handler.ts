import { Injectable } from '@nestjs/common';
import { issue } from '@second-opinion/kernel';
import { attachedTo, Deciders, type CommandResult, type OutsideFacts } from '@second-opinion/nest';
import { IssueDueQuote, IssueQuote } from './quote.commands';
import { caseMoney } from './quote.decider';
import { AwaitTariff, ROUTE_A } from './tariff.commands';
import { tariff, tariffInForce, type Tariff } from './tariff.decider';

/**
 * Brings the tariff in force to a quote. The case first gets in line at the tariff, which only lets it when none is in force: so either
 * a tariff is found here, or whichever comes into force next releases the case.
 */
@Injectable()
export class IssueDueQuoteHandler implements OutsideFacts<IssueDueQuote> {
  constructor(private readonly deciders: Deciders) {}

  async execute(command: IssueDueQuote): Promise<CommandResult> {
    await this.deciders.also(tariff, issue(AwaitTariff, { tariffId: ROUTE_A, caseId: command.caseId }), command);
    return this.deciders.execute(caseMoney, await withTariff(this.deciders, command));
  }
}

/** The back office is told at once when there is no tariff. */
@Injectable()
export class IssueQuoteHandler implements OutsideFacts<IssueQuote> {
  constructor(private readonly deciders: Deciders) {}

  async execute(command: IssueQuote): Promise<CommandResult> {
    return this.deciders.execute(caseMoney, await withTariff(this.deciders, command));
  }
}

async function withTariff<C extends IssueDueQuote | IssueQuote>(deciders: Deciders, command: C): Promise<C> {
  const { state } = await deciders.state<Tariff>(tariff, ROUTE_A);
  const inForce = tariffInForce(state, attachedTo(command).now);
  if (inForce) command.tariff = inForce;
  return command;
}
