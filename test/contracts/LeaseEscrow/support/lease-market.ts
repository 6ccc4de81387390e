import { leaseDisputesAbi } from "@pqmesh/contracts/generated/lease-disputes-abi";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { leaseVouchersAbi } from "@pqmesh/contracts/generated/lease-vouchers-abi";
import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import { hexlify, id, MaxUint256, randomBytes, ZeroAddress, ZeroHash, type Signer } from "ethers";
import { hashReport } from "@pqmesh/contracts/protocol/report";
import { summarise } from "@pqmesh/contracts/protocol/report-summary";
import { type Address, encodeAbiParameters, keccak256, parseAbiParameters, zeroHash } from "viem";
import { attestShares, WHOLE_NODE } from "../../../../scripts/bench/attested-shares.ts";
import { attestationKey } from "../../support/attestation-key.ts";
import { connection, MIN_STAKE, networkWithEpochs, passEpochs } from "../../support/deployed-network.ts";
import { typedContract } from "../../support/typed-contract.ts";

const { ethers, networkHelpers } = connection;

/** Seconds of an epoch: long enough that the time a test takes never ends one. */
const EPOCH_SECONDS = 600;
/** Epochs until an epoch is final. */
export const HORIZON = 4;
/** One unit of the stablecoin, which has six decimals. */
export const DOLLAR = 1_000_000n;
export const JANITOR_FEE = DOLLAR / 2n;
/** Marks of the double of the bridge. */
export const MARK = { absent: 0, degraded: 1, unreported: 2 } as const;
export const NO_OFFER = [ZeroAddress, 0n, 0n, "0x"] as const;

/** An ML-KEM-768 encapsulation key, as far as contracts look at it. */
export const DELIVERY_KEY = hexlify(randomBytes(1_184));
/** What a version says beside its terms. */
export const DESCRIPTION = [id("document"), "0x4445", '{"cores":1}'] as const;

/** What each version offers unless a test says otherwise: a dollar per unit and epoch. */
const TERMS = {
  price: DOLLAR,
  bondEpochs: 5n,
  graceEpochs: 3n,
  minEpochs: 4n,
  maxEpochs: 2_000n,
  uptimeBp: 9_000n,
  maxMissedRun: 3n,
  acceptEpochs: 2n,
  noticeEpochs: 2n,
  isMetered: false,
};

/** Where a lease is, as the contract numbers it. */
export const STATUS = {
  pending: 1n,
  active: 2n,
  declined: 3n,
  notAccepted: 4n,
  cancelled: 5n,
  completed: 6n,
  outOfFunds: 7n,
  endedByClient: 8n,
  endedByProvider: 9n,
  breached: 10n,
} as const;

/** Levels of privacy, as the contract numbers them. */
export const PRIVACY = { private: 0n, privateNetwork: 1n, p2p: 2n, publicNetwork: 3n, fullPublic: 4n } as const;

/**
 * A marketplace on a real registry and token, whose bridge says of epochs what a test marks. Alice's node 0 is active,
 * bob is her hot wallet and carol her beneficiary; she has a bond and listing 1 of ten units; mallory is the client.
 */
export async function leaseMarket() {
  const network = await networkWithEpochs(EPOCH_SECONDS);
  const { registry, staking, parameters, stablecoin, alice, bob, carol, mallory, faucet, timelockSigner } = network;
  await registry.connect(alice).registerOperator(bob.address, carol.address, id("root key"));
  await registry.connect(alice).registerNode(attestationKey("leased"), ZeroHash);
  await staking.connect(alice).stake(0, MIN_STAKE);
  await passEpochs(network, 3);
  const marks = await ethers.deployContract("EpochMarksDouble", [await registry.getAddress(), HORIZON]);
  const timelock = timelockSigner.address;
  const [nodes, table] = [await registry.getAddress(), await parameters.getAddress()];
  const listings = typedContract(await ethers.deployContract("NodeListings", [nodes, marks, table]), nodeListingsAbi);
  const settings = [await marks.getAddress(), nodes, table, await listings.getAddress()];
  const agreements = await ethers.deployContract("LeaseAgreements", [...settings, timelock]);
  const deployed = await ethers.deployContract("LeaseEscrow", [...settings, agreements, timelock]);
  const escrow = typedContract(deployed, leaseEscrowAbi);
  const at = await escrow.getAddress();
  const disputing = await ethers.deployContract("LeaseDisputes", [at, nodes, table, timelock]);
  const disputes = typedContract(disputing, leaseDisputesAbi);
  const vouchers = typedContract(await ethers.deployContract("LeaseVouchers", [at]), leaseVouchersAbi);
  await listings.bindEscrow(at);
  await escrow.bind(await disputes.getAddress(), await vouchers.getAddress());
  const token = await stablecoin.getAddress();
  await escrow.connect(timelockSigner).setTokenRule(token, [true, JANITOR_FEE, DOLLAR]);
  for (const wallet of [alice, mallory, ...network.others.slice(0, 4)]) {
    await stablecoin.connect(faucet).mint(wallet.address, 1_000_000n * DOLLAR);
    for (const spender of [at, await disputes.getAddress()]) {
      await stablecoin.connect(wallet).approve(spender, MaxUint256);
    }
    await escrow.connect(wallet).setDeliveryKey(DELIVERY_KEY);
  }
  await escrow.connect(alice).depositBond(1, token, 10_000n * DOLLAR, "0x");
  const market = { ...network, marks, escrow, listings, leaseDisputes: disputes, vouchers, stable: token };
  await showCapacity(market, { epoch: 1 });
  await list(market);
  return market;
}

/** A marketplace of one test. */
export type LeaseMarket = Awaited<ReturnType<typeof leaseMarket>>;

type Terms = Partial<Record<keyof typeof TERMS, bigint | boolean>>;

interface Supply {
  privacy?: bigint;
  units?: bigint;
  shareBp?: bigint;
  terms?: Terms;
}

/** Alice lists ten units of her node's CPU, if no other number; returns the number of the listing. */
export async function list(
  { listings, stable, alice }: Pick<LeaseMarket, "listings" | "stable" | "alice">,
  { privacy = PRIVACY.fullPublic, units = 10n, shareBp = 1_000n, terms = {} }: Supply = {},
): Promise<number> {
  const supply = [0, units, shareBp, 0, privacy] as const;
  await listings.connect(alice).createListing(supply, termsOf(stable, terms), DESCRIPTION);
  return Number((await listings.listingCount()) as bigint);
}

/** Terms as the contract takes them. */
export function termsOf(token: string, changes: Terms = {}) {
  return { token, ...TERMS, ...changes };
}

interface Wish {
  by?: Signer;
  listing?: number;
  units?: bigint;
  epochs?: bigint;
  /** Epochs that are paid in advance; all by default. */
  paid?: bigint;
}

/** Mallory, or another client, opens a lease; returns its number. */
export async function open(market: LeaseMarket, wish: Wish = {}): Promise<bigint> {
  const { by = market.mallory, listing = 1, units = 1n, epochs = 20n, paid = epochs } = wish;
  const deposit = paid * units * DOLLAR + JANITOR_FEE;
  const { version } = (await market.listings.listingOf(listing)) as { version: bigint };
  await market.escrow.connect(by).open([listing, version, units, epochs, deposit, DOLLAR, "0x"], NO_OFFER, "0x");
  return (await market.escrow.leaseCount()) as bigint;
}

/** The same, accepted by bob: the lease starts with the next epoch. */
export async function rent(market: LeaseMarket, wish: Wish = {}): Promise<{ leaseId: bigint; start: number }> {
  const leaseId = await open(market, wish);
  await market.escrow.connect(market.bob).accept(leaseId, "0x");
  return { leaseId, start: Number((await leaseOf(market, leaseId)).start) };
}

/** A lease as it is stored. */
export async function leaseOf({ escrow }: LeaseMarket, leaseId: bigint) {
  const [lease] = (await escrow.leaseOf(leaseId)) as [Record<string, bigint>];
  const names = ["listingId", "version", "units", "feeBp", "status", "balance", "janitorFee"] as const;
  const later = ["start", "end", "settledUntil"] as const;
  return Object.fromEntries([...names, ...later].map((name) => [name, lease[name] ?? 0n])) as Record<
    (typeof names)[number] | (typeof later)[number],
    bigint
  >;
}

/** A report of an epoch with an attestation in which node 0 claims shares, as `showCapacity` takes both. */
export async function sharesProof({ marks }: Pick<LeaseMarket, "marks">, claim: { epoch: number; shares?: bigint }) {
  const { epoch, shares = WHOLE_NODE } = claim;
  const domain = { chainId: 31_337, bridge: (await marks.getAddress()) as Address };
  const { root, proofOf } = attestShares(domain, epoch, new Map([[0, shares]]));
  const subject = { epoch: BigInt(epoch), shard: 0, round: 0, committeeVersion: 1 };
  const report = {
    ...subject,
    beaconBlock: 1n,
    beacon: zeroHash,
    root,
    absent: "0x",
    degraded: "0x",
    quality: "0x",
  } as const;
  const words = [hashReport(domain, report), 1n, zeroHash] as const;
  const commitment = keccak256(encodeAbiParameters(parseAbiParameters("bytes32, uint256, bytes32"), words));
  return { commitment, proof: [summarise(report, 1n), ...proofOf(0)] as const };
}

/** Shows that node 0 claims shares in an epoch; all of everything by default. */
export async function showCapacity(market: LeaseMarket, claim: { epoch: number; shares?: bigint }): Promise<void> {
  const { commitment, proof } = await sharesProof(market, claim);
  await market.marks.getFunction("setCommitment")(0, claim.epoch, commitment);
  await market.listings.connect(market.mallory).showCapacity(...proof);
}

/** Moves to the first second of an epoch. */
export async function goToEpoch({ registry }: LeaseMarket, epoch: number): Promise<void> {
  await networkHelpers.time.increaseTo((await registry.epochStart(epoch)) as bigint);
}

/** What accounts can withdraw: the client, the provider's beneficiary, the treasury. */
export async function creditsOf({ escrow, stable, mallory, carol, timelockSigner }: LeaseMarket) {
  const of = async (account: string) => (await escrow.creditOf(stable, account)) as bigint;
  return {
    client: await of(mallory.address),
    provider: await of(carol.address),
    fee: await of(timelockSigner.address),
  };
}
