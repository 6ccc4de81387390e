import type { LeaseView } from "../../../dapp/src/lib/lease-view.ts";
import type { LeaseTerms, ListingView } from "../../../dapp/src/lib/listing-view.ts";

/** A token with six decimals. */
export const DOLLAR = {
  address: "0x00000000000000000000000000000000000d0114",
  symbol: "TUSD",
  decimals: 6,
} as const;

/** Epochs of ten seconds since zero. */
export const TEN_SECONDS = { genesis: 0, lengthSeconds: 10 };

/** Terms: a cent for a unit and epoch. */
export const TERMS: LeaseTerms = {
  ...{ token: DOLLAR.address, price: 10_000n, bondEpochs: 60, graceEpochs: 3, minEpochs: 6, maxEpochs: 60_000 },
  ...{ uptimeBp: 9_900, maxMissedRun: 6, acceptEpochs: 6, noticeEpochs: 6, isMetered: false },
};

/** A listing that everybody can lease. */
export function listingOf(changes: Partial<ListingView> = {}): ListingView {
  return {
    ...{ id: 1, nodeIndex: 0, identityId: 1, version: 1, units: 10, soldUnits: 4, shareBp: 5_000, kind: "CPU" },
    ...{ privacy: "FullPublic", isPaused: false, isRetired: false, terms: TERMS, unit: DOLLAR },
    ...{ jurisdiction: "DE", specs: "{}" },
    ...changes,
  };
}

/** A lease of one unit for 100 epochs from epoch 100 on, paid up to epoch 150. */
export function leaseOf(changes: Partial<LeaseView> = {}): LeaseView {
  return {
    ...{ id: 1, client: "0x0000000000000000000000000000000000000c11", listingId: 1, version: 1, units: 1, feeBp: 200 },
    ...{ status: "Active", isMetered: false, balance: 500_000n, janitorFee: 500_000n, start: 100, end: 200 },
    ...{ settledUntil: 100, nodeIndex: 0, identityId: 1, kind: "CPU", terms: TERMS, rate: 10_000n, unit: DOLLAR },
    record: {
      ...{ missedEpochs: 0, missedRun: 0, leastRun: 0, noticeEnd: 0, isNoticeByProvider: false },
      ...{ disputedUntil: 0, clientShareBp: 0, isDisputed: false },
    },
    runway: { fundedUntil: 150, graceUntil: 153, end: 200 },
    ...changes,
  };
}
