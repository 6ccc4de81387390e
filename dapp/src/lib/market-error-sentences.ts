import { formatTime } from "./format.ts";

type Sentence = string | ((args: readonly unknown[]) => string);

const time = (value: unknown): string => formatTime(value as bigint);
const text = (value: unknown): string => String(value);
const percent = (bp: unknown): string => `${Number(bp) / 100} %`;
const named = (names: readonly string[], value: unknown): string => names[Number(value)] ?? text(value);

const STATUSES = [
  ...["unknown", "waiting for the provider", "active", "declined", "not accepted in time", "cancelled", "completed"],
  ...["out of funds", "ended by the client", "ended by the provider", "breached"],
];
const PRIVACY = ["private", "for a private network", "for invited clients", "for the public network", "public"];
const KINDS = ["CPU", "GPU", "memory", "storage", "network", "container"];

/** What each error of the Node Marketplace means, and what to do about it. Amounts are in smallest units of the token. */
export const MARKET_SENTENCES: Readonly<Record<string, Sentence>> = {
  LeaseDisputes_BondAboveMax: ([bond, max]) =>
    `A dispute of this lease needs a bond of ${text(bond)}, more than the ${text(max)} that were accepted. Look at the bond again.`,
  LeaseDisputes_BondTooSmall: ([received, bond]) =>
    `A dispute of this lease needs a bond of ${text(bond)}, and only ${text(received)} came: the token keeps a part of what moves.`,
  LeaseDisputes_Deadline: ([deadline, now]) =>
    BigInt(text(now)) > BigInt(text(deadline))
      ? `The dispute could be decided until ${time(deadline)}; that time has passed. Anyone can expire it.`
      : `The dispute can be decided until ${time(deadline)}; it cannot be expired before.`,
  LeaseDisputes_NoDispute: ([lease]) => `Lease ${text(lease)} has no open dispute.`,
  LeaseDisputes_NotArbitrator: ([, arbitrator]) => `Only the arbitrator, ${text(arbitrator)}, can decide this.`,
  LeaseDisputes_NotOffered: ([lease, share]) =>
    `The other side of lease ${text(lease)} does not offer ${percent(share)} now. Look at its newest offer.`,
  LeaseDisputes_NotParty: ([, lease]) => `This wallet is not the side of lease ${text(lease)} that can do this.`,
  LeaseDisputes_ShareTooLarge: ([share]) => `A share of ${percent(share)} is more than there is; the most is 100 %.`,
  LeaseEscrow_AcceptTooLate: ([by, current]) =>
    `The lease could be accepted until epoch ${text(by)}; the network is in epoch ${text(current)}. The client has its deposit back once the lease is settled.`,
  LeaseEscrow_BondTooSmall: ([free, needed]) =>
    `The provider's free bond is ${text(free)}, and ${text(needed)} are needed. Deposit more bond, or withdraw less.`,
  LeaseEscrow_CredentialTooLong: ([length, max]) =>
    `The sealed credential has ${text(length)} bytes; at most ${text(max)} are allowed.`,
  LeaseEscrow_DepositTooLarge: ([amount, max]) =>
    `${text(amount)} are more than the rest of the term costs, ${text(max)}. Pay less, or extend the lease first.`,
  LeaseEscrow_DepositTooSmall: ([amount, min]) =>
    `${text(amount)} are less than the least deposit of ${text(min)}: the shortest term and the janitor's fee.`,
  LeaseEscrow_Disputed: ([lease]) =>
    `A dispute of lease ${text(lease)} is open, or its outcome is not settled yet. Settle the lease, then try again.`,
  LeaseEscrow_GraceOver: ([until, current]) =>
    `This could be done before epoch ${text(until)}; the network is in epoch ${text(current)}. Open a new lease instead.`,
  LeaseEscrow_NoDeliveryKey:
    "This wallet has no delivery key yet, so nobody could seal the credential for it. Make one, or send one with the lease.",
  LeaseEscrow_NodeInactive: ([node]) => `Node ${text(node)} is not active now, so it cannot serve a lease.`,
  LeaseEscrow_NotClient: ([, client]) => `Only the client of the lease, ${text(client)}, can do this.`,
  LeaseEscrow_NotOffered: ([listing, version]) =>
    `Version ${text(version)} of listing ${text(listing)} is not on offer any more. Open a new lease when this one ends.`,
  LeaseEscrow_NotOperator: ([, identity]) =>
    `This wallet is neither owner nor hot wallet of identity ${text(identity)}.`,
  LeaseEscrow_NotProvider: ([, node]) => `This wallet is neither owner nor hot wallet of node ${text(node)}.`,
  LeaseEscrow_NoticeGiven: ([end]) => `Notice was given before: the lease ends with epoch ${text(end)}.`,
  LeaseEscrow_OutOfFunds: ([until, current]) =>
    `The lease is paid for before epoch ${text(until)}, and the network is in epoch ${text(current)}. Top it up first; then it can be extended.`,
  LeaseEscrow_PriceAboveMax: ([price, max]) =>
    `The price is ${text(price)} for a unit and epoch now, above the ${text(max)} that were accepted. Look at the listing again.`,
  LeaseEscrow_TermOutOfBounds: ([epochs, min, max]) =>
    `A term of ${text(epochs)} epochs is outside what the listing allows: ${text(min)} to ${text(max)}.`,
  LeaseEscrow_TermOver: ([end, current]) =>
    `The term ended before epoch ${text(end)}; the network is in epoch ${text(current)}. Open a new lease instead.`,
  LeaseEscrow_TokenNotAllowed: ([token]) => `The DAO does not allow leases in the token ${text(token)}.`,
  LeaseEscrow_UnknownLease: ([lease]) => `There is no lease ${text(lease)}.`,
  LeaseEscrow_WrongDeliveryKeyLength: ([length, expected]) =>
    `The delivery key has ${text(length)} bytes; an ML-KEM-768 encapsulation key has ${text(expected)}.`,
  LeaseEscrow_WrongStatus: ([lease, status]) =>
    `Lease ${text(lease)} is ${named(STATUSES, status)}, so this cannot be done.`,
  LeaseEscrow_ZeroAmount: "The amount must be more than zero.",
  LeaseVouchers_InvalidSignature: ([lease]) =>
    `The client of lease ${text(lease)} did not sign this voucher. Ask it for a new one.`,
  LeaseVouchers_NotClosed: ([lease]) => `Lease ${text(lease)} is not closed, so vouchers can still draw on it.`,
  LeaseVouchers_NothingToRedeem: ([amount, redeemed, earned]) =>
    `The voucher says ${text(amount)}; ${text(redeemed)} of the ${text(earned)} that were earned so far are paid. There is nothing more to pay now.`,
  LeaseVouchers_OutsideWindow: ([until, current]) =>
    BigInt(text(current)) < BigInt(text(until))
      ? `Vouchers can be redeemed before epoch ${text(until)}; the rest returns to the client from then on.`
      : `Vouchers could be redeemed before epoch ${text(until)}; that time has passed.`,
  NodeListings_InvalidJurisdiction: ([code]) =>
    `The jurisdiction ${text(code)} is not two capital letters, as in DE. Leave it out, or use an ISO 3166-1 code.`,
  NodeListings_InvalidOffer: ([signer]) =>
    `The offer is not signed by ${text(signer)} for this client and these units, or that wallet does not act for the provider. Ask for a new one.`,
  NodeListings_NodeExited: ([node]) => `Node ${text(node)} has exited; that is final. List another node.`,
  NodeListings_NotAdmitted: ([listing, , privacy]) =>
    `Listing ${text(listing)} is ${named(PRIVACY, privacy)}, and this wallet is not admitted. Ask the provider to be added or for an offer.`,
  NodeListings_NotAttested: ([node, kind, offered, attested]) =>
    `Listings would take ${percent(offered)} of the ${named(KINDS, kind)} of node ${text(node)}, which attested ${percent(attested)}. Let the agent attest more and show that attestation, or offer less.`,
  NodeListings_NotEnoughUnits: ([, units, free]) =>
    `${text(units)} units were asked for, and ${text(free)} are free. Ask for at least one and at most as many.`,
  NodeListings_NotInReport: ([node, epoch]) =>
    `The attestation of node ${text(node)} is not in the accepted report of epoch ${text(epoch)}. Take another epoch.`,
  NodeListings_NotNewer: ([node, epoch, shown]) =>
    `For node ${text(node)} epoch ${text(shown)} was shown before; epoch ${text(epoch)} is not newer.`,
  NodeListings_NotOpen: ([listing, , isRetired]) =>
    isRetired ? `Listing ${text(listing)} is retired for good.` : `Listing ${text(listing)} is paused by its provider.`,
  NodeListings_NotOperator: ([, identity]) =>
    `This wallet is neither owner nor hot wallet of identity ${text(identity)}.`,
  NodeListings_OfferExpired: ([at]) => `The offer was valid until ${time(at)}. Ask for a new one.`,
  NodeListings_OfferUsed: ([, nonce]) => `Offer number ${text(nonce)} was taken or withdrawn before.`,
  NodeListings_OutOfBounds: ([field, value, min, max]) =>
    `${text(field)} is ${text(value)}; it must be between ${text(min)} and ${text(max)}.`,
  NodeListings_ShareExceeded: ([node, kind, share, max]) =>
    `${percent(share)} of the ${named(KINDS, kind)} of node ${text(node)} cannot be offered: ${percent(max)} are not offered yet.`,
  NodeListings_UnitsSold: ([, units, sold]) =>
    `${text(sold)} units are sold, so the listing cannot have ${text(units)}. Wait until leases end.`,
  NodeListings_UnknownListing: ([listing]) => `There is no listing ${text(listing)}.`,
  NodeListings_WrongVersion: ([listing, version, newest]) =>
    `Version ${text(version)} of listing ${text(listing)} was asked for, and the newest is ${text(newest)}. Look at its terms again.`,
  ReentrancyGuardReentrantCall:
    "The token or wallet called back into the contract while it was paying, which is refused. Nothing was done.",
  TokenBalances_AmountTooLarge: ([amount, max]) => `${text(amount)} are too much; the most is ${text(max)}.`,
  TokenBalances_NothingToWithdraw: ([, account]) => `${text(account)} has nothing to withdraw in this token.`,
};
