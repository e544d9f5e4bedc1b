import { Injectable } from '@nestjs/common';
import { derivedId, issue, type IssuedCommand } from '@second-opinion/kernel';
import { attach, attachedTo, Deciders, type CommandResult, type OutsideFacts } from '@second-opinion/nest';
import { invoiceDraft, creditNoteDraft } from './drafts.rules';
import { AwaitDebtor } from './organisation.commands';
import { debtor, type Debtor } from './organisation.decider';
import { caseMoney } from './quote.decider';
import type { CaseMoney } from './quote-state.rules';
import { IssueInvoice, NumberCreditNote } from './series.commands';
import { numberSeries } from './series.decider';

/**
 * Numbers an invoice that a case decided is due. The append's commandId derives from case and charge, not from what asked for it, so
 * that the series holds at most one of each however often and by whomever it is asked.
 */
@Injectable()
export class IssueInvoiceHandler implements OutsideFacts<IssueInvoice> {
  constructor(private readonly deciders: Deciders) {}

  async execute(command: IssueInvoice): Promise<CommandResult> {
    const { caseId, charge, series } = command;
    const { state: money } = await this.deciders.state<CaseMoney>(caseMoney, caseId);
    const organisationId = money.submission?.ownOrganisationId ?? '';
    const byOrganisation = money.charges[charge]?.due.payer === 'EMPLOYER';
    if (byOrganisation) {
      const wait: IssuedCommand = issue(AwaitDebtor, { organisationId, series, caseId, charge });
      await this.deciders.also(debtor, wait, command);
    }
    const { state } = byOrganisation
      ? await this.deciders.state<Debtor>(debtor, organisationId)
      : { state: debtor.initial };
    const draft = invoiceDraft(caseId, charge, money, state.organisation);
    if (draft) command.draft = draft;
    return this.deciders.execute(numberSeries, once(command, derivedId('billing.invoice', caseId, charge)));
  }
}

/** Numbers a credit note, to the same parties as its invoice (BR-57). */
@Injectable()
export class NumberCreditNoteHandler implements OutsideFacts<NumberCreditNote> {
  constructor(private readonly deciders: Deciders) {}

  async execute(command: NumberCreditNote): Promise<CommandResult> {
    const { caseId, creditId } = command;
    const { state } = await this.deciders.state<CaseMoney>(caseMoney, caseId);
    const draft = creditNoteDraft(caseId, creditId, state);
    if (draft) command.draft = draft;
    return this.deciders.execute(numberSeries, once(command, derivedId('billing.credit-note', creditId)));
  }
}

function once<C extends IssueInvoice | NumberCreditNote>(command: C, commandId: string): C {
  return attach(command, { ...attachedTo(command), commandId });
}
