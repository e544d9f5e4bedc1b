import { Command, type CaseId, type Cents, type LocalDate } from '@second-opinion/kernel';
import { IsCents, IsCode, IsCount, IsId, IsLocalDate, IsPart, IsRegister } from '@second-opinion/nest/fields';
import { VAT_TREATMENTS, type VatTreatment } from './billing.terms';

/** TARIFF_IDS: one tariff per route that is offered. */
export const TARIFF_IDS = ['EMPLOYEE_SECOND_OPINION'] as const;
export type TariffId = (typeof TARIFF_IDS)[number];
/** ROUTE_A is the tariff of the employee's second opinion. */
export const ROUTE_A: TariffId = 'EMPLOYEE_SECOND_OPINION';

/** SupplierData of us as the law wants it on an invoice: register data, public. */
export class SupplierData {
  @IsRegister(200, { example: 'Vrije Opdrachten B.V.' }) legalName!: string;
  @IsRegister(300, { example: 'Stationsplein 1, 3511 ED Utrecht' }) address!: string;
  @IsRegister(20, { example: '12345678' }) chamberOfCommerceNumber!: string;
  @IsRegister(20, { example: 'NL123456789B01' }) vatId!: string;
  @IsRegister(34, { example: 'NL91ABNA0417164300' }) iban!: string;
}

/** A new version of a tariff, in force from the beginning of a day. Quotes that were issued keep the version they name. */
export class PublishTariff extends Command {
  @IsCode(TARIFF_IDS) tariffId!: TariffId;
  @IsLocalDate() validFrom!: LocalDate;
  @IsCents({ example: 95000 }) netCents!: Cents;
  /** consultationNetCents: the part of the price that the cancellation terms speak of. */
  @IsCents({ example: 45000 }) consultationNetCents!: Cents;
  @IsCents({ example: 18000 }) hourlyNetCents!: Cents;
  /** vatTreatment, default 21% until a tax adviser decides otherwise (domain section 8). */
  @IsCode(VAT_TREATMENTS, { optional: true }) vatTreatment?: VatTreatment;
  @IsPart(SupplierData) supplier!: SupplierData;
}

// From here on: sent by handlers and deadlines only.

/** A case waits for a tariff, unless one is in force by now. */
export class AwaitTariff extends Command {
  @IsCode(TARIFF_IDS) tariffId!: TariffId;
  @IsId() caseId!: CaseId;
}

/** A version comes into force: what waited goes on. */
export class StartTariff extends Command {
  @IsCode(TARIFF_IDS) tariffId!: TariffId;
  @IsCount(100_000) version!: number;
}
