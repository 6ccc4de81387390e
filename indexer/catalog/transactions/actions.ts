import { ASSET_KINDS } from "@pqmesh/contracts/protocol/asset-kind";
import { PRIVACY_LEVELS } from "@pqmesh/contracts/protocol/privacy-level";
import { z } from "zod";

const MAX_UINT256 = 2n ** 256n - 1n;
const MAX_LEASES = 100;
const MAX_WALLETS = 200;
const DELIVERY_KEY_BYTES = 1_184;
const MAX_SEALED_BYTES = 4_096;

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "must be an address: 0x and 40 hex digits")
  .transform((text) => text.toLowerCase() as `0x${string}`);

function bytes(least: number, most: number) {
  const length = least === most ? `${least}` : `${least} to ${most}`;
  return z
    .string()
    .max(2 + 2 * most, `must have ${length} bytes`)
    .regex(/^0x([0-9a-fA-F]{2})*$/, "must be 0x and an even number of hex digits")
    .refine((text) => text.length >= 2 + 2 * least, `must have ${length} bytes`)
    .transform((text) => text.toLowerCase() as `0x${string}`);
}

/** A whole number of up to 256 bits: decimal text, or a JSON number that is exact. */
function amount(least = 0n, most = MAX_UINT256) {
  const expected = `must be a whole number from ${least} to ${most}, large ones as decimal text`;
  const number = z.int(expected).min(0, expected);
  const text = z.string(expected).regex(/^(0|[1-9][0-9]{0,77})$/, expected);
  return z
    .union([number, text], { error: ({ input }) => (input === undefined ? "is missing" : expected) })
    .transform(BigInt)
    .refine((value) => value >= least && value <= most, expected);
}

const uint16 = z.int().min(0).max(65_535);
const uint32 = z.int().min(0).max(4_294_967_295);
const positive = z.int().min(1).max(4_294_967_295);
const units = z.int().min(1).max(65_535);
const shareBp = z.int().min(1).max(10_000);
const bp = z.int().min(0).max(10_000);
const lease = amount(1n);
const permit = bytes(0, 256).optional().describe("abi.encode(deadline, v, r, s) of an ERC-2612 permit");
const maxEpochs = amount(1n, 2n ** 64n - 1n).default(2n ** 64n - 1n);

const terms = z.strictObject({
  token: address,
  price: amount(1n, 2n ** 64n - 1n).describe("Smallest units for one unit and epoch"),
  bondEpochs: uint16,
  graceEpochs: uint16,
  minEpochs: positive,
  maxEpochs: z.int().min(1).max(5_256_000),
  uptimeBp: bp,
  maxMissedRun: units,
  acceptEpochs: units,
  noticeEpochs: uint16,
  isMetered: z.boolean(),
});

const description = z.strictObject({
  metadata: bytes(32, 32).optional().describe("SHA-256 of a longer document"),
  jurisdiction: z
    .string()
    .regex(/^[A-Z]{2}$/, "must be an ISO 3166-1 alpha-2 code in capitals, for example DE")
    .optional(),
  specs: z.record(z.string(), z.unknown()).describe("What one unit is; the fields depend on the kind"),
});

const offer = z.strictObject({
  signer: address,
  expiresAt: amount(0n, 2n ** 64n - 1n),
  nonce: amount(),
  signature: bytes(1, 4_096),
});

function shape<Fields extends z.core.$ZodShape>(fields: Fields) {
  return z.strictObject({ from: address.describe("Wallet that will sign"), ...fields });
}

const ofLease = shape({ lease });
const ofListing = { listing: positive };

/** What each action takes; nothing of it is signed here. */
export const BODIES = {
  "open-lease": shape({
    ...{ ...ofListing, version: units.optional().describe("The newest unless given"), units, epochs: positive },
    deposit: amount(1n, 2n ** 96n - 1n)
      .optional()
      .describe("The whole term and the janitor's fee unless given"),
    maxPrice: amount(1n, 2n ** 64n - 1n)
      .optional()
      .describe("The price of now unless given"),
    deliveryKey: bytes(DELIVERY_KEY_BYTES, DELIVERY_KEY_BYTES).optional().describe("ML-KEM-768 encapsulation key"),
    ...{ offer: offer.optional().describe("Of the operator, for P2P listings"), permit },
  }),
  "set-delivery-key": shape({ key: bytes(DELIVERY_KEY_BYTES, DELIVERY_KEY_BYTES) }),
  cancel: ofLease,
  "top-up": shape({ lease, amount: amount(1n, 2n ** 96n - 1n), permit }),
  extend: shape({ lease, epochs: positive }),
  notice: ofLease,
  accept: shape({ lease, sealed: bytes(0, MAX_SEALED_BYTES).default("0x") }),
  deliver: shape({ lease, sealed: bytes(1, MAX_SEALED_BYTES) }),
  decline: ofLease,
  settle: shape({ lease, maxEpochs }),
  sweep: shape({ leases: z.array(lease).min(1).max(MAX_LEASES), maxEpochs }),
  withdraw: shape({
    ...{ token: address, account: address.optional().describe("`from` unless given") },
    contract: z.enum(["LeaseEscrow", "LeaseDisputes"]).default("LeaseEscrow"),
  }),
  "redeem-voucher": shape({ lease, amount: amount(1n), signature: bytes(1, 4_096) }),
  "return-unredeemed": ofLease,
  "open-dispute": shape({ lease, evidence: bytes(32, 32), maxBond: amount(1n, 2n ** 96n - 1n).optional(), permit }),
  "offer-settlement": shape({ lease, clientShareBp: bp }),
  "accept-settlement": shape({ lease, clientShareBp: bp }),
  "withdraw-dispute": ofLease,
  "expire-dispute": ofLease,
  "rule-dispute": shape({ lease, clientShareBp: bp }),
  "create-listing": shape({
    ...{ node: uint32, units, shareBp, kind: z.enum(ASSET_KINDS), privacy: z.enum(PRIVACY_LEVELS), terms, description },
  }),
  "publish-version": shape({ ...ofListing, terms, description }),
  resize: shape({ ...ofListing, units, shareBp }),
  "set-privacy": shape({ ...ofListing, privacy: z.enum(PRIVACY_LEVELS) }),
  pause: shape({ ...ofListing, isPaused: z.boolean().default(true) }),
  retire: shape(ofListing),
  "set-members": shape({
    operator: positive,
    wallets: z.array(address).min(1).max(MAX_WALLETS),
    isMember: z.boolean(),
  }),
  "withdraw-offer": shape({ operator: positive, nonce: amount() }),
  "deposit-bond": shape({ operator: positive, token: address, amount: amount(1n, 2n ** 96n - 1n), permit }),
  "withdraw-bond": shape({ operator: positive, token: address, amount: amount(1n, 2n ** 128n - 1n) }),
} as const;

/** Name of something that a transaction can do. */
export type Action = keyof typeof BODIES;

/** What an action takes, checked. */
export type BodyOf<Name extends Action> = z.output<(typeof BODIES)[Name]>;

/** One line for each action. */
export const SUMMARIES: Readonly<Record<Action, string>> = {
  "open-lease": "Open a lease: pay the deposit and take the units",
  "set-delivery-key": "Name the key for which credentials are sealed",
  cancel: "Take back a lease that was not accepted yet",
  "top-up": "Pay rent in for a lease",
  extend: "Prolong the term of a lease",
  notice: "Give notice, as client or provider",
  accept: "Accept a lease, lock the bond and deliver the credential",
  deliver: "Deliver a credential, again if need be",
  decline: "Refuse a lease that was not accepted yet",
  settle: "Settle final epochs of a lease",
  sweep: "Janitor: settle and close overdue leases",
  withdraw: "Pay an account what it was credited",
  "redeem-voucher": "Draw on a voucher of the client",
  "return-unredeemed": "Return to the client what no voucher drew on in time",
  "open-dispute": "Open a dispute about a lease, with a bond",
  "offer-settlement": "Offer a share of the provider's earnings for the client",
  "accept-settlement": "Take the share that the other side offered last",
  "withdraw-dispute": "Give up a dispute",
  "expire-dispute": "End a dispute that nobody decided in time",
  "rule-dispute": "Decide a dispute, as the arbitrator",
  "create-listing": "Offer a share of a node's resource",
  "publish-version": "Publish new terms of a listing",
  resize: "Change units and share of a listing",
  "set-privacy": "Change who may lease",
  pause: "Stop opening leases of a listing, or allow it again",
  retire: "Retire a listing for good",
  "set-members": "Add wallets to an operator's private network, or remove them",
  "withdraw-offer": "Withdraw an offer before it is taken",
  "deposit-bond": "Add to the free bond of an operator",
  "withdraw-bond": "Credit free bond to the operator's beneficiary",
};
