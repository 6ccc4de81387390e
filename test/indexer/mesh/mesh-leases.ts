import { randomBytes } from "node:crypto";
import { type LeaseOffer, offerTypedData, voucherTypedData } from "@pqmesh/contracts/protocol/market-statements";
import { type Address, bytesToHex, type Hex, keccak256, stringToHex, zeroAddress, zeroHash } from "viem";

import { testAccount } from "../../helpers/anvil.ts";
import type { MadeAttestation } from "../../helpers/attesting-node.ts";
import { accountOf, type MeshChain } from "./mesh-chain.ts";
import { BOB, CAROL, MALLORY, type MeshPeople, OPERATOR } from "./mesh-people.ts";
import { postMeshReport } from "./mesh-reports.ts";

/** One unit of the stablecoin, which has six decimals. */
export const DOLLAR = 1_000_000n;
/** Six shares of 100 %, in the form of an attestation. */
export const WHOLE_NODE = Array.from({ length: 6 }, (_, kind) => 10_000n << BigInt(16 * kind)).reduce((a, b) => a | b);
/** Position of each kind and privacy level that the history uses. */
const [CPU, GPU, STORAGE] = [0, 1, 3];
const [PRIVATE, PRIVATE_NETWORK, P2P, FULL_PUBLIC] = [0, 1, 2, 4];
const NO_OFFER = { signer: zeroAddress, expiresAt: 0n, nonce: 0n, signature: "0x" } as const;
const JANITOR_FEE = DOLLAR / 2n;
/** Account of the operator that signs offers, and of the client that signs vouchers. */
const [OPERATOR_INDEX, CAROL_INDEX] = [5, 9];
const EVERYTHING = 2n ** 256n - 1n;

/** Terms of a version: a dollar per unit and epoch unless a listing says otherwise. */
export function leaseTerms(mesh: MeshChain, changes: Record<string, bigint | number | boolean> = {}) {
  return {
    token: stablecoinOf(mesh),
    ...{ price: DOLLAR, bondEpochs: 5, graceEpochs: 3, minEpochs: 4, maxEpochs: 2_000, uptimeBp: 1_000 },
    ...{ maxMissedRun: 100, acceptEpochs: 2, noticeEpochs: 2, isMetered: false, ...changes },
  };
}

/** What a version says beside its terms. */
function describe(country: string, specs: string): { metadata: Hex; jurisdiction: Hex; specs: string } {
  return { metadata: zeroHash, jurisdiction: country === "" ? "0x0000" : stringToHex(country), specs };
}

/** Address of the token that leases are paid in. */
export function stablecoinOf(mesh: MeshChain): Address {
  return mesh.network.contracts.TestStablecoin!;
}

/** A token that leases are paid in, people who have it, and the provider's bond. */
export async function fundMarket(mesh: MeshChain): Promise<void> {
  const token = stablecoinOf(mesh);
  const minter = await mesh.read<Address>("TestStablecoin", "minter");
  await mesh.chain.rpc("anvil_setBalance", minter, "0xde0b6b3a7640000");
  await mesh.decide("LeaseEscrow", "setTokenRule", [token, [true, JANITOR_FEE, DOLLAR]]);
  await mesh.decide("LeaseEscrow", "setTokenRule", [mesh.network.contracts.MeshToken, [false, 1n, 1n]]);
  for (const from of [OPERATOR, BOB, CAROL, MALLORY]) {
    await mesh.call("TestStablecoin", "mint", [from, 1_000_000n * DOLLAR], { from: minter });
    for (const spender of ["LeaseEscrow", "LeaseDisputes"] as const) {
      await mesh.call("TestStablecoin", "approve", [mesh.network.contracts[spender], EVERYTHING], { from });
    }
  }
  await mesh.call("LeaseEscrow", "depositBond", [1, token, 10_000n * DOLLAR, "0x"], { from: OPERATOR });
  await mesh.call("LeaseEscrow", "withdrawBond", [1, token, 123n], { from: OPERATOR });
}

/** Listings of nodes 0 and 1 go through everything that can happen to them; listings 1, 2 and 4 are open in the end. */
async function listNodes(mesh: MeshChain): Promise<void> {
  const owner = { from: OPERATOR };
  const create = (supply: unknown[], terms: object, description: object) =>
    mesh.call("NodeListings", "createListing", [supply, terms, description], owner);
  const cpu = '{"architecture":"x86-64","threads":4}';
  await create([0, 20, 5_000, CPU, FULL_PUBLIC], leaseTerms(mesh), describe("DE", cpu));
  await create([0, 2, 10_000, GPU, P2P], leaseTerms(mesh, { isMetered: true }), describe("", ""));
  await create([1, 3, 2_000, STORAGE, PRIVATE_NETWORK], leaseTerms(mesh), describe("FR", "not JSON \u0000 ünïcödé"));
  await create([1, 5, 1_000, CPU, FULL_PUBLIC], leaseTerms(mesh, { maxMissedRun: 2 }), describe("DE", cpu));
  await mesh.call(
    "NodeListings",
    "publishVersion",
    [1, leaseTerms(mesh, { uptimeBp: 900 }), describe("DE", cpu)],
    owner,
  );
  await mesh.call("NodeListings", "resize", [3, 7, 3_000], owner);
  await mesh.call("NodeListings", "setPrivacy", [3, PRIVATE], owner);
  await mesh.call("NodeListings", "setPrivacy", [3, PRIVATE_NETWORK], owner);
  for (const isPaused of [true, false]) await mesh.call("NodeListings", "setPaused", [3, isPaused], owner);
  await mesh.call("NodeListings", "setMembers", [1, [BOB, CAROL], true], owner);
  await mesh.call("NodeListings", "withdrawOffer", [1, 77n], owner);
}

/** What a client asks for; the whole term is paid in advance. */
interface Wish {
  readonly listing: number;
  readonly version?: number;
  readonly units?: number;
  readonly epochs?: number;
  readonly paid?: number;
  readonly from?: Address;
}

/** Opens a lease; returns its number. */
async function open(mesh: MeshChain, wish: Wish, offer: object = NO_OFFER): Promise<bigint> {
  const { listing, version = 1, units = 1, epochs = 12, paid = epochs, from = CAROL } = wish;
  const deposit = BigInt(paid * units) * DOLLAR + JANITOR_FEE;
  const deliveryKey = bytesToHex(randomBytes(1_184));
  const request = { listingId: listing, version, units, epochs, deposit, maxPrice: DOLLAR, deliveryKey };
  await mesh.call("LeaseEscrow", "open", [request, offer, "0x"], { from });
  return mesh.read<bigint>("LeaseEscrow", "leaseCount");
}

/** The same for a P2P listing, whose operator signs an offer. */
async function openInvited(mesh: MeshChain, wish: Wish): Promise<bigint> {
  const { listing, units = 1, from = CAROL } = wish;
  const said: LeaseOffer = {
    ...{ listingId: listing, version: 1, client: from, units, expiresAt: 4_000_000_000n, nonce: 5n },
  };
  const domain = { chainId: mesh.network.chainId, contract: mesh.network.contracts.NodeListings };
  const signature = await testAccount(OPERATOR_INDEX).signTypedData(offerTypedData(domain, said));
  return open(mesh, wish, { signer: OPERATOR, expiresAt: said.expiresAt, nonce: said.nonce, signature });
}

/** The provider accepts a lease and delivers a credential. */
async function accept(mesh: MeshChain, leaseId: bigint): Promise<void> {
  await mesh.call("LeaseEscrow", "accept", [leaseId, bytesToHex(randomBytes(64))], { from: OPERATOR });
}

/** Leases of the history that go on until its end. */
export interface EarlyLeases {
  readonly steady: bigint;
  readonly breached: bigint;
  readonly metered: bigint;
  readonly ending: bigint;
  readonly forgotten: bigint;
}

/**
 * Epochs 9 to 14: capacity is shown, nodes are listed and leased. Node 0 is degraded in epoch 11, node 1 absent from
 * epoch 10 on.
 */
export async function leaseEarly(
  mesh: MeshChain,
  people: MeshPeople,
  attest: (node: number, epoch: number, changes: object) => Promise<MadeAttestation>,
): Promise<EarlyLeases> {
  await mesh.goToEpoch(9);
  const leaves = new Map<number, MadeAttestation>();
  for (const node of [0, 1, 2]) leaves.set(node, await attest(node, 7, { shares: WHOLE_NODE }));
  const { summary, tree } = await postMeshReport(mesh, people, { epoch: 7, leaves });
  for (const node of [0, 1]) {
    const { attestation, signature } = leaves.get(node)!;
    const args = [summary, attestation, keccak256(signature), tree.proof(node)];
    await mesh.call("NodeListings", "showCapacity", args, { from: MALLORY });
  }
  await fundMarket(mesh);
  await listNodes(mesh);
  const leases = await openLeases(mesh);
  for (const epoch of [10, 11, 12]) {
    await mesh.goToEpoch(epoch + 2);
    const present = new Map([[0, await attest(0, epoch, {})]]);
    await postMeshReport(mesh, people, { epoch, leaves: present, degraded: epoch === 11 ? [0] : [] });
  }
  await disputeEarly(mesh, leases);
  return leases;
}

async function openLeases(mesh: MeshChain): Promise<EarlyLeases> {
  const [client, owner] = [{ from: CAROL }, { from: OPERATOR }];
  const steady = await open(mesh, { listing: 1, version: 2, units: 3, paid: 6 });
  await accept(mesh, steady);
  await mesh.call("LeaseEscrow", "topUp", [steady, 5n * DOLLAR, "0x"], { from: BOB });
  await mesh.call("LeaseEscrow", "extend", [steady, 3], client);
  await mesh.call("LeaseEscrow", "deliver", [steady, "0x0102"], owner);
  const cancelled = await open(mesh, { listing: 1, version: 2 });
  await mesh.call("LeaseEscrow", "cancel", [cancelled], client);
  const declined = await open(mesh, { listing: 1, version: 2 });
  await mesh.call("LeaseEscrow", "decline", [declined], owner);
  const forgotten = await open(mesh, { listing: 1, version: 2 });
  const breached = await open(mesh, { listing: 4, units: 2 });
  await accept(mesh, breached);
  const metered = await openInvited(mesh, { listing: 2, units: 2 });
  await accept(mesh, metered);
  const ending = await open(mesh, { listing: 3, from: BOB });
  await accept(mesh, ending);
  await mesh.call("LeaseEscrow", "giveNotice", [ending], { from: BOB });
  await mesh.call("NodeListings", "retire", [3], owner);
  await mesh.call("NodeListings", "setMembers", [1, [BOB], false], owner);
  return { steady, breached, metered, ending, forgotten };
}

/** One dispute is agreed on, one is left to itself, one is taken back. */
async function disputeEarly(mesh: MeshChain, { steady, metered, ending }: EarlyLeases): Promise<void> {
  const dispute = (leaseId: bigint, from: Address) =>
    mesh.call("LeaseDisputes", "open", [leaseId, keccak256("0x07"), 1_000n * DOLLAR, "0x"], { from });
  await dispute(steady, CAROL);
  await mesh.call("LeaseDisputes", "offerSettlement", [steady, 4_000], { from: CAROL });
  await mesh.call("LeaseDisputes", "offerSettlement", [steady, 2_500], { from: OPERATOR });
  await mesh.call("LeaseDisputes", "acceptSettlement", [steady, 2_500], { from: CAROL });
  await dispute(metered, CAROL);
  await dispute(ending, BOB);
  await mesh.call("LeaseDisputes", "withdrawDispute", [ending], { from: BOB });
}

/** Much later: leases are settled in pages, swept, paid by voucher and withdrawn. */
export async function leaseLate(mesh: MeshChain, leases: EarlyLeases): Promise<void> {
  const { steady, breached, metered, ending, forgotten } = leases;
  const anyone = { from: MALLORY };
  const token = stablecoinOf(mesh);
  await mesh.call("LeaseEscrow", "sweep", [[metered, 99n], 100n], anyone);
  await mesh.call("LeaseDisputes", "expire", [metered], anyone);
  await mesh.call("LeaseEscrow", "settle", [steady, 2n], anyone);
  await mesh.call("LeaseEscrow", "settle", [metered, 3n], anyone);
  await redeem(mesh, metered, DOLLAR * 2n);
  // A page ends where a dispute began, so that two of them reach the end.
  for (const id of [metered, metered, steady, steady]) await mesh.call("LeaseEscrow", "settle", [id, 1_000n], anyone);
  await redeem(mesh, metered, DOLLAR * 3n);
  for (const late of [[breached, ending, forgotten, steady], [ending]]) {
    await mesh.call("LeaseEscrow", "sweep", [late, 1_000n], anyone);
  }
  await mesh.goToEpoch((await mesh.currentEpoch()) + 7);
  await mesh.call("LeaseVouchers", "returnUnredeemed", [metered], anyone);
  for (const account of [BOB, mesh.timelock]) await mesh.call("LeaseEscrow", "withdraw", [token, account], anyone);
  await mesh.call("LeaseDisputes", "withdraw", [token, CAROL], anyone);
}

/** The provider draws on a voucher of CAROL. */
async function redeem(mesh: MeshChain, leaseId: bigint, amount: bigint): Promise<void> {
  const domain = { chainId: mesh.network.chainId, contract: mesh.network.contracts.LeaseVouchers };
  const signature = await testAccount(CAROL_INDEX).signTypedData(voucherTypedData(domain, { leaseId, amount }));
  await mesh.call("LeaseVouchers", "redeem", [leaseId, amount, signature], { from: accountOf(6) });
}
