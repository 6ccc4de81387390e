import { isoTime } from "./iso-time.ts";

type Arguments = readonly unknown[];

const time = (value: unknown): string => isoTime(value as bigint);
const percent = (bp: unknown): string => `${Number(bp) / 100} %`;
const text = (value: unknown): string => String(value);
const named = (names: readonly string[], value: unknown): string => names[Number(value)] ?? text(value);

/** Where a lease is, as `ILeases.LeaseStatus` counts. */
const STATUSES = [
  ...["unknown", "waiting for the provider", "active", "declined", "not accepted in time", "cancelled", "completed"],
  ...["out of funds", "ended by the client", "ended by the provider", "breached"],
];
const PRIVACY = ["private", "for a private network", "for invited clients", "for the public network", "public"];
const ADMITTED = [
  "only wallets of its operator may lease it",
  "the operator can add the wallet with listing members add",
  "the operator can sign an offer to the wallet with listing offer sign",
  "owners of registered identities may lease it",
];
const KINDS = ["CPU", "GPU", "memory", "storage", "network", "container"];

/** What the errors of the Node Marketplace mean. Amounts are in smallest units of the token. */
export const MARKET_REFUSALS: Readonly<Record<string, (args: Arguments) => string>> = {
  LeaseDisputes_BondAboveMax: ([bond, max]) =>
    `a dispute about this lease needs a bond of ${text(bond)} smallest units, above the most of ${text(max)} that you pay`,
  LeaseDisputes_BondTooSmall: ([received, bond]) =>
    `a dispute about this lease needs a bond of ${text(bond)} smallest units, ${text(received)} came: the token keeps a part`,
  LeaseDisputes_Deadline: ([deadline, now]) =>
    BigInt(text(now)) > BigInt(text(deadline))
      ? `the dispute could be decided until ${time(deadline)}; anyone can expire it now (lease dispute expire)`
      : `the dispute can be decided until ${time(deadline)}; it cannot be expired before`,
  LeaseDisputes_NoDispute: ([lease]) => `lease ${text(lease)} has no open dispute`,
  LeaseDisputes_NotArbitrator: ([, arbitrator]) => `only the arbitrator, ${text(arbitrator)}, can decide this`,
  LeaseDisputes_NotOffered: ([lease, share]) =>
    `the other side of lease ${text(lease)} does not offer ${percent(share)} now. Look at it with lease dispute show`,
  LeaseDisputes_NotParty: ([wallet, lease]) =>
    `wallet ${text(wallet)} is not the side of lease ${text(lease)} that can do this`,
  LeaseDisputes_ShareTooLarge: ([share, max]) => `a share of ${percent(share)} is above the most, ${percent(max)}`,
  LeaseEscrow_AcceptTooLate: ([by, current]) =>
    `the lease could be accepted until epoch ${text(by)}, it is epoch ${text(current)} now; lease settle returns the deposit`,
  LeaseEscrow_BondTooSmall: ([free, needed]) =>
    `the provider's free bond is ${text(free)} smallest units, ${text(needed)} are needed; see bond show`,
  LeaseEscrow_CredentialTooLong: ([length, max]) =>
    `the sealed credential has ${text(length)} bytes, at most ${text(max)} are allowed`,
  LeaseEscrow_DepositTooLarge: ([amount, max]) =>
    `${text(amount)} smallest units are more than the rest of the term costs, ${text(max)}; pay less, or extend the lease first`,
  LeaseEscrow_DepositTooSmall: ([amount, min]) =>
    `${text(amount)} smallest units are less than the least deposit of ${text(min)}: the shortest term and the janitor's fee`,
  LeaseEscrow_Disputed: ([lease]) =>
    `a dispute about lease ${text(lease)} is open, or its outcome is not settled yet (lease settle)`,
  LeaseEscrow_GraceOver: ([until, current]) =>
    `this could be done before epoch ${text(until)}, it is epoch ${text(current)} now; open a new lease instead`,
  LeaseEscrow_NoDeliveryKey: ([client]) =>
    `wallet ${text(client)} has no delivery key, so nobody can seal a credential for it; give one with --delivery-key`,
  LeaseEscrow_NodeInactive: ([node]) => `node ${text(node)} is not active now, so it cannot serve a lease`,
  LeaseEscrow_NotBound: ([caller, bound]) => `only the contract ${text(bound)} may do this, not ${text(caller)}`,
  LeaseEscrow_NotClient: ([, client]) => `only the client of the lease, ${text(client)}, can do this`,
  LeaseEscrow_NotEarned: ([redeemed, earned]) =>
    `${text(redeemed)} smallest units would be paid, the lease earned ${text(earned)}`,
  LeaseEscrow_NotOffered: ([listing, version]) =>
    `version ${text(version)} of listing ${text(listing)} is not on offer any more, so leases of it cannot be extended`,
  LeaseEscrow_NotOperator: ([wallet, identity]) =>
    `wallet ${text(wallet)} is neither owner nor hot wallet of identity ${text(identity)}`,
  LeaseEscrow_NotProvider: ([wallet, node]) =>
    `wallet ${text(wallet)} is neither owner nor hot wallet of the operator of node ${text(node)}`,
  LeaseEscrow_NotSelf: () => "this function is for the escrow itself",
  LeaseEscrow_NoticeGiven: ([end]) => `notice was given before: the lease ends before epoch ${text(end)}`,
  LeaseEscrow_OutOfFunds: ([until, current]) =>
    `the lease is paid for before epoch ${text(until)}, it is epoch ${text(current)} now; top it up first (lease top-up)`,
  LeaseEscrow_PriceAboveMax: ([price, max]) =>
    `the price of a unit and epoch is ${text(price)} smallest units, above the ${text(max)} of --max-price; look at the listing again`,
  LeaseEscrow_TermOutOfBounds: ([epochs, min, max]) =>
    `a term of ${text(epochs)} epochs is outside what the listing allows, ${text(min)} to ${text(max)}`,
  LeaseEscrow_TermOver: ([end, current]) =>
    `the term ended before epoch ${text(end)}, it is epoch ${text(current)} now; open a new lease instead`,
  LeaseEscrow_TokenNotAllowed: ([token]) => `the DAO does not allow leases in the token ${text(token)}`,
  LeaseEscrow_UnknownLease: ([lease]) => `lease ${text(lease)} does not exist`,
  LeaseEscrow_WrongDeliveryKeyLength: ([length, expected]) =>
    `the delivery key has ${text(length)} bytes, an ML-KEM-768 encapsulation key has ${text(expected)}`,
  LeaseEscrow_WrongStatus: ([lease, status]) =>
    `lease ${text(lease)} is ${named(STATUSES, status)}, which does not allow this`,
  LeaseEscrow_ZeroAmount: () => "the amount must be more than zero",
  LeaseVouchers_InvalidSignature: ([lease]) => `the client of lease ${text(lease)} did not sign this voucher`,
  LeaseVouchers_NotClosed: ([lease]) => `lease ${text(lease)} is not closed, so vouchers can still draw on it`,
  LeaseVouchers_NothingToRedeem: ([amount, redeemed, earned]) =>
    `the voucher says ${text(amount)} smallest units; ${text(redeemed)} of the ${text(earned)} earned so far are paid: nothing more can be paid now`,
  LeaseVouchers_OutsideWindow: ([until, current]) =>
    BigInt(text(current)) < BigInt(text(until))
      ? `vouchers can be redeemed before epoch ${text(until)}; the rest returns to the client from then on`
      : `vouchers could be redeemed before epoch ${text(until)}, it is epoch ${text(current)} now`,
  NodeListings_InvalidJurisdiction: ([code]) =>
    `the jurisdiction ${text(code)} is not two capital letters of ISO 3166-1, as in DE`,
  NodeListings_InvalidOffer: ([signer]) =>
    `the offer is not signed by ${text(signer)} for this client and these units, or that wallet does not act for the provider`,
  NodeListings_NodeExited: ([node]) => `node ${text(node)} has exited; that is final`,
  NodeListings_NotAdmitted: ([listing, client, privacy]) =>
    `listing ${text(listing)} is ${named(PRIVACY, privacy)} and does not admit ${text(client)}; ${named(ADMITTED, privacy)}`,
  NodeListings_NotAttested: ([node, kind, offered, attested]) =>
    `listings would take ${percent(offered)} of the ${named(KINDS, kind)} of node ${text(node)}, ${percent(attested)} are attested; show a newer attestation with listing capacity show`,
  NodeListings_NotEnoughUnits: ([, units, free]) => `${text(units)} units were asked for, ${text(free)} are free`,
  NodeListings_NotEscrow: ([, escrow]) => `only the escrow ${text(escrow)} may do this`,
  NodeListings_NotInReport: ([node, epoch]) =>
    `the attestation of node ${text(node)} is not in the accepted report of epoch ${text(epoch)}`,
  NodeListings_NotNewer: ([node, epoch, shown]) =>
    `for node ${text(node)} epoch ${text(shown)} was shown before, epoch ${text(epoch)} is not newer`,
  NodeListings_NotOpen: ([listing, , isRetired]) =>
    isRetired ? `listing ${text(listing)} is retired for good` : `listing ${text(listing)} is paused by its operator`,
  NodeListings_NotOperator: ([wallet, identity]) =>
    `wallet ${text(wallet)} is neither owner nor hot wallet of identity ${text(identity)}`,
  NodeListings_OfferExpired: ([at]) => `the offer was valid until ${time(at)}`,
  NodeListings_OfferUsed: ([, nonce]) => `offer ${text(nonce)} was taken or withdrawn before`,
  NodeListings_OutOfBounds: ([field, value, min, max]) =>
    `${text(field)} is ${text(value)}, it must be from ${text(min)} to ${text(max)}`,
  NodeListings_ShareExceeded: ([node, kind, share, max]) =>
    `${percent(share)} of the ${named(KINDS, kind)} of node ${text(node)} cannot be offered, ${percent(max)} are left`,
  NodeListings_UnitsSold: ([, units, sold]) =>
    `${text(sold)} units are sold, so the listing cannot have ${text(units)}; wait until leases end`,
  NodeListings_UnknownListing: ([listing]) => `listing ${text(listing)} does not exist`,
  NodeListings_WrongVersion: ([listing, version, newest]) =>
    `version ${text(version)} of listing ${text(listing)} was asked for, the newest is ${text(newest)}; look at its terms again`,
  TokenBalances_AmountTooLarge: ([amount, max]) => `${text(amount)} is too much, the most is ${text(max)}`,
  TokenBalances_NothingToWithdraw: ([, account]) => `${text(account)} has nothing to withdraw in this token`,
};
