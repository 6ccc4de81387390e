import { NO_OFFER } from "@pqmesh/contracts/protocol/no-offer";
import { parseOffer } from "@pqmesh/contracts/protocol/market-statements";
import type { Command } from "commander";
import { type Address, type Hex, keccak256, zeroHash } from "viem";
import { naturalArgument, readTextFile } from "../arguments.ts";
import { ABIS, contractOf } from "../contracts.ts";
import { epochClock, type EpochClock, epochsText, epochText } from "../epoch-clock.ts";
import { percentText } from "../figures.ts";
import { readDeliveryPublicKey } from "../delivery-key-file.ts";
import { withExample } from "../help.ts";
import { listingArgument, type ListingView, readDescription, readListing, specsText } from "../listing-state.ts";
import { MAX_PRICE } from "../listing-terms.ts";
import { CliError, usageError } from "../output.ts";
import { permitBytes } from "../token-permit.ts";
import { tokenArgument, tokenFigure, tokenText } from "../tokens.ts";
import {
  openWalletSession,
  type Preview,
  runCall,
  type WalletOptions,
  type WalletSession,
  withWallet,
} from "../transaction.ts";

/** Adds `pqmesh lease open`. */
export function addLeaseOpenCommand(lease: Command): void {
  withExample(
    withWallet(lease.command("open")),
    "lease open 4 --epochs 1440 --wallet client.json --dry-run",
    "lease open 4 --epochs 1440 --units 2 --deposit 50 --max-price 0.02 --wallet client.json --yes",
    "lease open 9 --epochs 60 --offer offer.json --delivery-key delivery.json --wallet client.json --yes",
  )
    .description("lease units of a listing: pay in, and wait for the provider to accept")
    .argument("<listingId>", "number of the listing (listing list)")
    .requiredOption("--epochs <count>", "length of the term in epochs")
    .option("--units <count>", "units to lease", "1")
    .option("--deposit <amount>", "what to pay in now; default: all of the term, and the janitor's fee")
    .option("--max-price <amount>", "highest price of a unit and epoch; default: the price now")
    .option("--offer <file>", "offer that the operator signed for this wallet (listing offer sign)")
    .option("--delivery-key <file>", "key for which endpoint and credential are sealed; default: the one used before")
    .action(openLease);
}

interface OpenOptions extends WalletOptions {
  epochs: string;
  units: string;
  deposit?: string;
  maxPrice?: string;
  offer?: string;
  deliveryKey?: string;
}

/** What is asked for, in numbers. */
interface Wish {
  listing: ListingView;
  units: number;
  epochs: number;
  deposit: bigint;
  maxPrice: bigint;
  /** Rent of an epoch. */
  rate: bigint;
  janitorFee: bigint;
}

async function openLease(listingText: string, options: OpenOptions, command: Command): Promise<void> {
  const listingId = listingArgument(listingText);
  const session = await openWalletSession(options);
  const listing = await readListing(session, listingId);
  const wish = await readWish(session, listing, options);
  const offer = readOffer(session, wish, options);
  const [deliveryKey, description, clock] = await Promise.all([
    readDeliveryKey(session, options),
    readDescription(session, listing),
    epochClock(session),
  ]);
  const { token, version } = listing;
  const { units, epochs, deposit, maxPrice } = wish;
  const request = { listingId, version, units, epochs, deposit, maxPrice, deliveryKey };
  await runCall(
    session,
    {
      ...{ contract: "LeaseEscrow", abi: ABIS.LeaseEscrow, functionName: "open", args: [request, offer, "0x"] },
      ...{ takes: deposit, token },
      withPermit: (permit) => ({ functionName: "open", args: [request, offer, permitBytes(permit)] }),
      sentence: `Lease ${unitsText(units)} of listing ${listingId} for ${epochsText(clock, epochs)}, paying in ${tokenText(deposit, token)}.`,
      after: (id) => [
        `Lease ${String(id)} waits until ${epochText(clock, clock.epoch + BigInt(listing.terms.acceptEpochs))} for the provider.`,
        `It begins with the epoch after it was accepted. lease cancel ${String(id)} takes all back before.`,
      ],
      preview: () => preview(wish, { specs: specsText(listing.kind, description.specs), clock }),
    },
    { options, command },
  );
}

async function readWish(session: WalletSession, listing: ListingView, options: OpenOptions): Promise<Wish> {
  const { terms, token, listingId } = listing;
  const units = naturalArgument("--units", options.units);
  const epochs = naturalArgument("--epochs", options.epochs);
  const { janitorFee, minDeposit } = await session.client.readContract({
    ...contractOf(session, "LeaseEscrow"),
    ...{ functionName: "tokenRuleOf", args: [token.address] },
  });
  const free = listing.units - listing.soldUnits;
  if (units === 0 || units > free) {
    throw new CliError(`--units is ${units}, it must be from 1 to the ${free} that are free of listing ${listingId}`);
  }
  if (epochs < terms.minEpochs || epochs > terms.maxEpochs) {
    throw new CliError(`--epochs is ${epochs}, listing ${listingId} allows ${terms.minEpochs} to ${terms.maxEpochs}`);
  }
  const rate = terms.price * BigInt(units);
  const most = rate * BigInt(epochs) + janitorFee;
  const shortest = rate * BigInt(terms.minEpochs) + janitorFee;
  const least = shortest > minDeposit ? shortest : minDeposit;
  const deposit = options.deposit === undefined ? most : tokenArgument("--deposit", options.deposit, token);
  if (deposit < least || deposit > most) {
    const limits = `${tokenText(least, token)} to ${tokenText(most, token)}`;
    throw new CliError(`--deposit is ${tokenText(deposit, token)}, for this lease it must be from ${limits}`);
  }
  const maxPrice =
    options.maxPrice === undefined ? terms.price : tokenArgument("--max-price", options.maxPrice, token, MAX_PRICE);
  if (maxPrice < terms.price) {
    throw new CliError(
      `--max-price is ${tokenText(maxPrice, token)}, the price of listing ${listingId} is ${tokenText(terms.price, token)}`,
    );
  }
  return { listing, units, epochs, deposit, maxPrice, rate, janitorFee };
}

interface Offer {
  signer: Address;
  expiresAt: bigint;
  nonce: bigint;
  signature: Hex;
}

function readOffer({ account, network }: WalletSession, wish: Wish, options: OpenOptions): Offer {
  if (options.offer === undefined) return NO_OFFER;
  const { offer, chainId, contract, signer, signature } = parsed(options.offer, parseOffer);
  const { listing, units } = wish;
  const isHere = chainId === network.chainId && isSame(contract, network.contracts.NodeListings);
  const found = `${options.offer} is an offer`;
  if (!isHere) throw usageError(`${found} of another network: chain ${chainId}, contract ${contract}`);
  if (!isSame(offer.client, account.address)) throw usageError(`${found} for ${offer.client}, not for this wallet`);
  if (offer.listingId !== listing.listingId || offer.version !== listing.version) {
    const now = `the newest version of listing ${listing.listingId} is ${listing.version}`;
    throw usageError(`${found} of version ${offer.version} of listing ${offer.listingId}; ${now}`);
  }
  if (offer.units !== units) throw usageError(`${found} for ${offer.units} units, --units says ${units}`);
  return { signer, expiresAt: offer.expiresAt, nonce: offer.nonce, signature };
}

/** The key to send along: none when the chain has it already. @throws CliError when neither side has one. */
async function readDeliveryKey(session: WalletSession, { deliveryKey }: OpenOptions): Promise<Hex> {
  const known = await session.client.readContract({
    ...contractOf(session, "LeaseEscrow"),
    ...{ functionName: "deliveryKeyHashOf", args: [session.account.address] },
  });
  if (deliveryKey !== undefined) {
    const publicKey = await readDeliveryPublicKey(deliveryKey);
    return keccak256(publicKey) === known ? "0x" : publicKey;
  }
  if (known !== zeroHash) return "0x";
  throw usageError(
    "this wallet has no delivery key yet, so nobody could seal a credential for it; name a file with --delivery-key",
  );
}

function parsed<T>(file: string, parse: (text: string) => T): T {
  const text = readTextFile(file);
  try {
    return parse(text);
  } catch (cause) {
    throw usageError(`${file}: ${(cause as Error).message}`, cause);
  }
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function preview(wish: Wish, { specs, clock }: { specs: string; clock: EpochClock }): Preview {
  const { listing, units, epochs, rate, deposit, janitorFee } = wish;
  const { terms, token, kind, nodeIndex } = listing;
  const total = rate * BigInt(epochs);
  const paidEpochs = (deposit - janitorFee) / rate;
  const bond = rate * BigInt(terms.bondEpochs);
  const pay = terms.isMetered ? "what you sign in vouchers, at most the rent of proven epochs" : "each proven epoch";
  return {
    gets: [
      `${unitsText(units)} of ${kind} of node ${nodeIndex}: ${specs}.`,
      `In all ${tokenText(total, token)} for ${epochsText(clock, epochs)}: ${tokenText(rate, token)} for each epoch. You pay ${pay}.`,
      ...(paidEpochs < BigInt(epochs)
        ? [`Paid in are ${paidEpochs} epochs; top up before, or in the grace after.`]
        : []),
    ],
    unlocks: [
      "Every epoch that is not proven healthy returns to you, and so does all that is not settled when the lease ends.",
      `${tokenText(janitorFee, token)} pay a janitor only if nobody closes the lease in time; otherwise they return.`,
    ],
    risks: [
      "A proven epoch shows that the node was alive and reported, not that your workload ran: dispute what is wrong.",
      `The lease is breached with ${terms.maxMissedRun} missed epochs in a row or under ${percentText(terms.uptimeBp)} of the term: the rest returns, with ${tokenText(bond, token)} of the provider's bond.`,
      `Before ${terms.minEpochs} epochs you cannot end it; then it ends ${terms.noticeEpochs} epochs after notice.`,
    ],
    figures: {
      ...{ total: tokenFigure(total, token), deposit: tokenFigure(deposit, token), rate: tokenFigure(rate, token) },
      ...{ janitorFee: tokenFigure(janitorFee, token), bond: tokenFigure(bond, token), paidEpochs, units, epochs },
      ...{ nodeIndex, listingId: listing.listingId, version: listing.version },
    },
  };
}

function unitsText(units: number): string {
  return units === 1 ? "1 unit" : `${units} units`;
}
