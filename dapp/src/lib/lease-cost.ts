import type { EpochSchedule } from "./epoch-schedule.ts";
import { formatBp, formatCount, formatDuration } from "./format.ts";
import { bondFor, type LeaseTerms } from "./listing-view.ts";
import { formatToken, formatTokenExact, type TokenUnit } from "./token-amount.ts";

/** What a client chose. */
export interface LeaseChoice {
  units: number;
  /** Term in epochs. */
  epochs: number;
  /** Epochs that are paid in advance. */
  paidEpochs: number;
}

/** What holds for the token of a listing, smallest units. */
export interface DepositRule {
  janitorFee: bigint;
  minDeposit: bigint;
}

/** What a choice costs, smallest units of the token. */
export interface LeaseCost {
  /** Rent of an epoch. */
  rate: bigint;
  /** Rent of the whole term. */
  total: bigint;
  /** Rent that is paid now. */
  rent: bigint;
  janitorFee: bigint;
  /** What leaves the wallet: rent and fee. */
  deposit: bigint;
  /** Provider's bond for the lease. */
  bond: bigint;
}

/** Seconds of the term that is proposed at first, when the version allows it. */
const PROPOSED_SECONDS = 86_400;

/** A choice that is valid as it is: one unit, a day or the nearest term that is allowed, all of it paid. */
export function proposedChoice(terms: LeaseTerms, { lengthSeconds }: EpochSchedule, rule?: DepositRule): LeaseChoice {
  const least = epochsOfDeposit(terms, rule);
  const day = Math.round(PROPOSED_SECONDS / lengthSeconds);
  const epochs = Math.min(terms.maxEpochs, Math.max(terms.minEpochs, least, day));
  return { units: 1, epochs, paidEpochs: epochs };
}

/** What a choice costs. */
export function costOf(terms: LeaseTerms, { units, epochs, paidEpochs }: LeaseChoice, rule: DepositRule): LeaseCost {
  const rate = terms.price * BigInt(units);
  const rent = rate * BigInt(paidEpochs);
  const { janitorFee } = rule;
  const bond = bondFor(terms, units);
  return { rate, total: rate * BigInt(epochs), rent, janitorFee, deposit: rent + janitorFee, bond };
}

/** Why a choice cannot be leased; undefined when it can. */
export function choiceProblem(
  { units, epochs, paidEpochs }: LeaseChoice,
  { terms, free, rule, unit }: { terms: LeaseTerms; free: number; rule: DepositRule; unit: TokenUnit },
): string | undefined {
  if (free < 1) return "All units are leased.";
  if (!Number.isInteger(units) || units < 1 || units > free) return `Units must be 1 to ${formatCount(free)}.`;
  if (!Number.isInteger(epochs) || epochs < terms.minEpochs || epochs > terms.maxEpochs) {
    return `The term must be ${formatCount(terms.minEpochs)} to ${formatCount(terms.maxEpochs)} epochs.`;
  }
  if (!Number.isInteger(paidEpochs) || paidEpochs < terms.minEpochs || paidEpochs > epochs) {
    return `Pay ${formatCount(terms.minEpochs)} to ${formatCount(epochs)} epochs in advance.`;
  }
  const { deposit } = costOf(terms, { units, epochs, paidEpochs }, rule);
  if (deposit < rule.minDeposit) {
    return `The deposit must be at least ${formatTokenExact(rule.minDeposit, unit)}. Pay more epochs in advance.`;
  }
  return undefined;
}

/** The refund rule in one sentence. */
export const REFUND_SENTENCE =
  "Every epoch in which the committee did not report the node as attested and healthy returns to you, and so does all that is not used; nobody has to agree.";

/** What happens on a breach, in one sentence. */
export function breachSentence(terms: LeaseTerms, choice: LeaseChoice, unit: TokenUnit): string {
  const { uptimeBp, maxMissedRun, bondEpochs } = terms;
  const run = maxMissedRun === 1 ? "one epoch" : `${formatCount(maxMissedRun)} epochs in a row`;
  const allowed = missedAllowed(terms, choice.epochs);
  const share = uptimeBp === 0 ? "" : `, or more than ${formatCount(allowed)} in all (under ${formatBp(uptimeBp, 2)})`;
  const bond =
    bondEpochs === 0 ? "" : ` with ${formatToken(bondFor(terms, choice.units), unit)} of the provider's bond`;
  return `If the node misses ${run}${share}, the lease ends at once and the rest returns to you${bond}.`;
}

/** Epochs of a term that may be missed. */
export function missedAllowed({ uptimeBp }: Pick<LeaseTerms, "uptimeBp">, epochs: number): number {
  return Math.floor(((10_000 - uptimeBp) * epochs) / 10_000);
}

/** Terms in words, one line each. */
export function termsInWords(terms: LeaseTerms, unit: TokenUnit, { lengthSeconds }: EpochSchedule): TermLine[] {
  const time = (epochs: number): string => {
    return `${formatCount(epochs)} epoch${epochs === 1 ? "" : "s"} (${formatDuration(epochs * lengthSeconds)})`;
  };
  return [
    { name: "Price", value: `${formatTokenExact(terms.price, unit)} per unit and epoch` },
    { name: "Term", value: `${time(terms.minEpochs)} to ${time(terms.maxEpochs)}` },
    { name: "Uptime", value: terms.uptimeBp === 0 ? "no share promised" : `at least ${formatBp(terms.uptimeBp, 2)}` },
    { name: "Breach", value: `after ${time(terms.maxMissedRun)} missed in a row` },
    {
      name: "Provider's bond",
      value:
        terms.bondEpochs === 0
          ? "none"
          : `${time(terms.bondEpochs)} of rent: ${formatToken(bondFor(terms, 1), unit)} a unit`,
    },
    { name: "Accepts within", value: time(terms.acceptEpochs) },
    { name: "Notice", value: terms.noticeEpochs === 0 ? "none" : time(terms.noticeEpochs) },
    { name: "Grace without funds", value: terms.graceEpochs === 0 ? "none" : time(terms.graceEpochs) },
    { name: "Paid by", value: terms.isMetered ? "your vouchers, at most proven epochs" : "proven epochs" },
  ];
}

/** A term and what it says. */
export interface TermLine {
  name: string;
  value: string;
}

/** Epochs that must be paid so that the deposit reaches the least of the token. */
function epochsOfDeposit({ price }: LeaseTerms, rule: DepositRule | undefined): number {
  if (!rule || price === 0n || rule.minDeposit <= rule.janitorFee) return 0;
  const rent = rule.minDeposit - rule.janitorFee;
  return Number((rent + price - 1n) / price);
}

/** Rent of one unit for a day, smallest units of the token. */
export function pricePerDay({ price }: Pick<LeaseTerms, "price">, { lengthSeconds }: EpochSchedule): bigint {
  return (price * 86_400n) / BigInt(lengthSeconds);
}
