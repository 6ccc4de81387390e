import {
  parseOffer,
  parseVoucher,
  type SignedOffer,
  type SignedVoucher,
} from "@pqmesh/contracts/protocol/market-statements";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Address } from "viem";
import { formatTime } from "./format.ts";
import type { ListingView } from "./listing-view.ts";

/** An offer file that was read, or the sentence that says why it cannot be used. */
export type OfferReading = { offer: SignedOffer } | { problem: string };

/** A voucher file that was read, or the sentence that says why it cannot be used. */
export type VoucherReading = { voucher: SignedVoucher } | { problem: string };

/** Reads an offer file for a listing and wallet; `now` is chain time. The contract alone checks the signature. */
export function readOffer(
  text: string,
  { config, listing, wallet, now }: { config: NetworkConfig; listing: ListingView; wallet: Address; now: number },
): OfferReading {
  let signed: SignedOffer;
  try {
    signed = parseOffer(text);
  } catch (error) {
    return { problem: `This is not an offer file: ${(error as Error).message}.` };
  }
  const { chainId, contract, offer } = signed;
  if (chainId !== config.chainId) return { problem: `The offer is for chain ${chainId}; this is ${config.chainId}.` };
  if (!isSame(contract, config.contracts.NodeListings))
    return { problem: `The offer is for the contract ${contract}.` };
  if (offer.listingId !== listing.id) return { problem: `The offer is for listing ${offer.listingId}.` };
  if (offer.version !== listing.version) {
    return {
      problem: `The offer is for version ${offer.version}; ${listing.version} is on offer now. Ask for a new one.`,
    };
  }
  if (!isSame(offer.client, wallet)) return { problem: `The offer is for the wallet ${offer.client}.` };
  if (offer.expiresAt < BigInt(Math.floor(now))) {
    return { problem: `The offer was valid until ${formatTime(offer.expiresAt)}. Ask for a new one.` };
  }
  return { offer: signed };
}

/** Reads a voucher file for a lease. The contract alone checks the signature. */
export function readVoucher(text: string, config: NetworkConfig, leaseId: number): VoucherReading {
  let voucher: SignedVoucher;
  try {
    voucher = parseVoucher(text);
  } catch (error) {
    return { problem: `This is not a voucher file: ${(error as Error).message}.` };
  }
  const { chainId, contract } = voucher;
  if (chainId !== config.chainId) return { problem: `The voucher is for chain ${chainId}; this is ${config.chainId}.` };
  if (!isSame(contract, config.contracts.LeaseVouchers)) {
    return { problem: `The voucher is for the contract ${contract}.` };
  }
  if (voucher.voucher.leaseId !== BigInt(leaseId)) {
    return { problem: `The voucher is for lease ${voucher.voucher.leaseId}.` };
  }
  return { voucher };
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
