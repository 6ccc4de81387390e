import { formatCount } from "./format.ts";
import type { LeaseTerms } from "./listing-view.ts";
import { readBp } from "./proposal-draft.ts";
import { plainAmount, readTokenAmount, type TokenUnit } from "./token-amount.ts";

/** Terms as they are typed; epochs as whole numbers, shares in percent. */
export interface TermsDraft {
  price: string;
  minEpochs: string;
  maxEpochs: string;
  uptime: string;
  maxMissedRun: string;
  acceptEpochs: string;
  noticeEpochs: string;
  graceEpochs: string;
  bondEpochs: string;
  isMetered: boolean;
}

/** Terms that were read, or the sentence that names the first field that is wrong. */
export type TermsReading = { terms: LeaseTerms } | { problem: string };

/** Longest term that the contract allows, epochs. */
const MAX_EPOCHS = 5_256_000;
const MAX_UINT16 = 65_535;
const MAX_PRICE = 2n ** 64n - 1n;

const FIELDS = [
  { key: "minEpochs", name: "Shortest term", min: 1, max: MAX_EPOCHS },
  { key: "maxEpochs", name: "Longest term", min: 1, max: MAX_EPOCHS },
  { key: "maxMissedRun", name: "Missed in a row", min: 1, max: MAX_UINT16 },
  { key: "acceptEpochs", name: "Time to accept", min: 1, max: MAX_UINT16 },
  { key: "noticeEpochs", name: "Notice", min: 0, max: MAX_UINT16 },
  { key: "graceEpochs", name: "Grace", min: 0, max: MAX_UINT16 },
  { key: "bondEpochs", name: "Bond", min: 0, max: MAX_UINT16 },
] as const;

/** Terms that a new listing begins with: a month at most, an hour at least, 99 % uptime. */
export function proposedTerms(lengthSeconds: number): TermsDraft {
  const epochs = (seconds: number): string => String(Math.max(1, Math.round(seconds / lengthSeconds)));
  return {
    ...{ price: "", minEpochs: epochs(3_600), maxEpochs: epochs(30 * 86_400), uptime: "99" },
    ...{ maxMissedRun: "10", acceptEpochs: epochs(600), noticeEpochs: epochs(3_600), graceEpochs: epochs(600) },
    ...{ bondEpochs: epochs(3_600), isMetered: false },
  };
}

/** Terms of a version as they would be typed. */
export function draftOf(terms: LeaseTerms, unit: TokenUnit): TermsDraft {
  const { minEpochs, maxEpochs, maxMissedRun, acceptEpochs, noticeEpochs, graceEpochs, bondEpochs } = terms;
  const numbers = { minEpochs, maxEpochs, maxMissedRun, acceptEpochs, noticeEpochs, graceEpochs, bondEpochs };
  const typed = Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, String(value)]));
  return {
    ...(typed as Record<keyof typeof numbers, string>),
    ...{ price: plainAmount(terms.price, unit), uptime: String(terms.uptimeBp / 100), isMetered: terms.isMetered },
  };
}

/** Reads terms within the limits of the contract. */
export function readTerms(draft: TermsDraft, unit: TokenUnit): TermsReading {
  const price = readTokenAmount(draft.price, unit);
  if ("problem" in price) return { problem: `Price: ${price.problem}` };
  if (price.amount === 0n || price.amount > MAX_PRICE) {
    return { problem: `Price must be above zero and at most ${plainAmount(MAX_PRICE, unit)} ${unit.symbol}.` };
  }
  const uptimeBp = readBp(draft.uptime);
  if (uptimeBp === undefined) return { problem: "Uptime must be 0 to 100 %, with at most two decimals." };
  const numbers = {} as Record<(typeof FIELDS)[number]["key"], number>;
  for (const { key, name, min, max } of FIELDS) {
    const value = /^\d{1,9}$/.test(draft[key]) ? Number(draft[key]) : -1;
    if (value < min || value > max) {
      return { problem: `${name} must be a whole number of epochs, ${min} to ${formatCount(max)}.` };
    }
    numbers[key] = value;
  }
  if (numbers.minEpochs > numbers.maxEpochs) {
    return { problem: "Shortest term must not be longer than the longest." };
  }
  return { terms: { token: unit.address, price: price.amount, uptimeBp, ...numbers, isMetered: draft.isMetered } };
}

/** Why units and share (percent, as typed) cannot be offered; `freeBp` is what the node attests and no listing takes. */
export function sizeProblem(units: string, share: string, freeBp: number): string | undefined {
  if (!/^\d{1,5}$/.test(units) || Number(units) < 1 || Number(units) > MAX_UINT16) {
    return `Units must be a whole number, 1 to ${formatCount(MAX_UINT16)}.`;
  }
  const shareBp = readBp(share);
  if (shareBp === undefined || shareBp === 0) return "Share must be above zero, with at most two decimals.";
  if (shareBp > freeBp) return `Share must be at most ${freeBp / 100} %: that is attested and not offered yet.`;
  return undefined;
}

/** Why a listing cannot get this size while units of it are sold: no unit may shrink under a lease. */
export function soldProblem(
  listing: { units: number; soldUnits: number; shareBp: number },
  units: number,
  shareBp: number,
): string | undefined {
  const { soldUnits } = listing;
  if (units < soldUnits) return `${formatCount(soldUnits)} units are sold; there cannot be fewer.`;
  const least = soldUnits === 0 ? 0 : Math.ceil((listing.shareBp * units) / listing.units);
  if (shareBp >= least) return undefined;
  return `Share must be at least ${least / 100} %: while units are sold, none may shrink.`;
}
