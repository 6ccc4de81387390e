import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import type { Report } from "@pqmesh/contracts/protocol/report";
import { summarise } from "@pqmesh/contracts/protocol/report-summary";
import { Contract, type ContractTransactionResponse, MaxUint256, type Wallet, ZeroAddress, ZeroHash } from "ethers";
import { attestShares, WHOLE_NODE } from "./attested-shares.ts";
import { skipReports } from "./claims.ts";
import {
  deployMesh,
  goToEpoch,
  type MeshDeployment,
  registerNodes,
  seatCommittee,
  seededBytes,
} from "./mesh-deployment.ts";
import { submitReport } from "./submit-report.ts";

/** First epoch that is reported. */
const FIRST_EPOCH = 30;
const DAY = 1_440;
const MONTH = 30 * DAY;
const ABSENCES = 20;
const SWEPT = 20;
/** Nodes whose capacity is shown. */
export const NODES = 6;
const PRICE = 1_000n;
const JANITOR_FEE = 100_000n;
/** Epochs until an epoch is final, with the windows of `deployMesh`. */
const HORIZON = 8;
/** Status of a lease, as the contract numbers it. */
const COMPLETED = 6n;
const NO_OFFER = [ZeroAddress, 0n, 0n, "0x"];
const VOUCHER = {
  Voucher: [
    { name: "leaseId", type: "uint256" },
    { name: "amount", type: "uint256" },
  ],
};

/** Gas of leases in a stablecoin that all accounts hold, without a permit. */
export interface LeaseFigures {
  open: number;
  oneDay: number;
  thirtyDays: number;
  /** Of each of twenty overdue leases, of four nodes, that one transaction closes. */
  swept: number;
  voucher: number;
}

async function gasOf(sending: Promise<ContractTransactionResponse>): Promise<number> {
  const receipt = await (await sending).wait();
  return Number(receipt?.gasUsed ?? 0n);
}

/** Deploys the contracts of leases on a mesh; clients and the timelock hold a stablecoin. */
export async function deployMarketplace(mesh: MeshDeployment) {
  const { connection, deployer, bridge, registry, parameters } = mesh;
  const { ethers } = connection;
  const timelock = deployer.address;
  const listings = await ethers.deployContract("NodeListings", [registry, bridge, parameters]);
  const settings = [bridge, registry, parameters, listings];
  const agreements = await ethers.deployContract("LeaseAgreements", [...settings, timelock]);
  const at = await ethers.deployContract("LeaseEscrow", [...settings, agreements, timelock]);
  const escrow = new Contract(at, leaseEscrowAbi, deployer);
  const disputes = await ethers.deployContract("LeaseDisputes", [escrow, registry, parameters, timelock]);
  const vouchers = await ethers.deployContract("LeaseVouchers", [escrow]);
  await listings.getFunction("bindEscrow")(escrow);
  await escrow.getFunction("bind")(disputes, vouchers);
  const dollar = await ethers.deployContract("TestStablecoin", [timelock]);
  await escrow.getFunction("setTokenRule")(dollar, [true, JANITOR_FEE, 1n]);
  const clients = (await ethers.getSigners()).slice(3, 13);
  for (const wallet of [deployer, ...clients]) {
    await dollar.getFunction("mint")(wallet.address, 10n ** 12n);
    await (dollar.connect(wallet) as Contract).getFunction("approve")(escrow, MaxUint256);
    await (escrow.connect(wallet) as Contract).getFunction("setDeliveryKey")(seededBytes("delivery key", 1_184));
  }
  await dollar.getFunction("mint")(escrow, 1n);
  await escrow.getFunction("depositBond")(1, dollar, 10n ** 10n, "0x");
  return { ...mesh, escrow, listings, vouchers, dollar, clients };
}

/** A marketplace on the real bridge. */
export type Marketplace = Awaited<ReturnType<typeof deployMarketplace>>;

/** Reports attestations in which every node claims all of its resources, and shows them to the listings. */
export async function showCapacity(market: Marketplace, members: Wallet[]): Promise<void> {
  const { bridge, listings, connection } = market;
  const { chainId } = await connection.ethers.provider.getNetwork();
  const domain = { chainId: Number(chainId), bridge: (await bridge.getAddress()) as `0x${string}` };
  const shares = new Map(Array.from({ length: NODES }, (_, node) => [node, WHOLE_NODE]));
  const { root, proofOf } = attestShares(domain, FIRST_EPOCH, shares);
  const { report } = await submitReport(market, {
    ...{ epoch: FIRST_EPOCH, members, signatures: members.length, root },
  });
  const summary = summarise(report as unknown as Report, (1n << BigInt(members.length)) - 1n);
  for (const node of shares.keys()) await listings.getFunction("showCapacity")(summary, ...proofOf(node));
}

/** Lists half of a node's resource in forty units; returns the number of the listing. */
async function list({ listings, dollar }: Marketplace, nodeIndex: number, isMetered = false): Promise<number> {
  const terms = {
    ...{ token: await dollar.getAddress(), price: PRICE, minEpochs: 1, maxEpochs: 2 * MONTH, uptimeBp: 9_900 },
    ...{ maxMissedRun: 60, bondEpochs: 60, acceptEpochs: 60, graceEpochs: 10, noticeEpochs: 60, isMetered },
  };
  const supply = [nodeIndex, 40, 5_000, isMetered ? 1 : 0, 4];
  await listings.getFunction("createListing")(supply, terms, [ZeroHash, "0x4445", ""]);
  return Number(await listings.getFunction("listingCount")());
}

/** A client opens a lease; returns the gas. */
function open({ escrow, clients }: Marketplace, client: number, listing: number, epochs: number): Promise<number> {
  const wallet = clients[client % clients.length];
  const request = [listing, 1, 1, epochs, PRICE * BigInt(epochs) + JANITOR_FEE, PRICE, "0x"];
  return gasOf((escrow.connect(wallet) as Contract).getFunction("open")(request, NO_OFFER, "0x"));
}

/** Opens a lease that the provider accepts; returns its number. */
async function rent(market: Marketplace, client: number, listing: number, epochs: number): Promise<bigint> {
  await open(market, client, listing, epochs);
  const leaseId = (await market.escrow.getFunction("leaseCount")()) as bigint;
  await market.escrow.getFunction("accept")(leaseId, "0x");
  return leaseId;
}

/** Moves to where every epoch before `until` is final, and reported with nothing wrong since the last report. */
export async function finalize(market: Marketplace, until: number): Promise<void> {
  await skipReports(market, until + HORIZON);
  await goToEpoch(market, until + HORIZON);
}

async function currentEpoch({ bridge }: Marketplace): Promise<number> {
  return Number(await bridge.getFunction("currentEpoch")());
}

/** Gas of a page of `epochs` that was settled once before, so that all balances are there. */
async function settlement(market: Marketplace, leaseId: bigint, until: number): Promise<number> {
  await finalize(market, until);
  return gasOf(market.escrow.getFunction("settle")(leaseId, BigInt(MONTH)));
}

async function measureVoucher(market: Marketplace): Promise<number> {
  const { escrow, vouchers, clients, connection } = market;
  const listing = await list(market, 1, true);
  const leaseId = await rent(market, 0, listing, DAY);
  const start = (await currentEpoch(market)) + 1;
  await settlement(market, leaseId, start + 100);
  const { chainId } = await connection.ethers.provider.getNetwork();
  const domain = { name: "PQMesh", version: "1", chainId, verifyingContract: await vouchers.getAddress() };
  const redeem = async (amount: bigint) => {
    const signature = await clients[0]?.signTypedData(domain, VOUCHER, { leaseId, amount });
    return gasOf(vouchers.getFunction("redeem")(leaseId, amount, signature));
  };
  await redeem(PRICE);
  await escrow.getFunction("settle")(leaseId, 1n);
  return redeem(50n * PRICE);
}

async function measureSweep(market: Marketplace): Promise<number> {
  const { escrow } = market;
  const listings: number[] = [];
  for (const node of [2, 3, 4, 5]) listings.push(await list(market, node));
  const leases: bigint[] = [];
  for (let i = 0; i < SWEPT; i++) leases.push(await rent(market, i, listings[i % listings.length] ?? 0, DAY));
  await finalize(market, (await currentEpoch(market)) + DAY + 2);
  const gas = await gasOf(escrow.getFunction("sweep")(leases, BigInt(MONTH)));
  for (const leaseId of leases) {
    const [lease] = (await escrow.getFunction("leaseOf")(leaseId)) as [{ status: bigint }];
    if (lease.status !== COMPLETED) throw new Error(`lease ${leaseId} was not closed by the sweep`);
  }
  return Math.round(gas / SWEPT);
}

/** The same figures under the names that they have in reports. */
export function leaseMetrics({ open, oneDay, thirtyDays, swept, voucher }: LeaseFigures): Record<string, number> {
  const settled = { settle_1_day: oneDay, settle_30_days: thirtyDays };
  return { open_lease: open, ...settled, sweep_per_lease_20: swept, redeem_voucher: voucher };
}

/** Gas of leases on the real bridge, for a node that was absent 20 times in a month, each time in another word. */
export async function measureLeases(): Promise<LeaseFigures> {
  const mesh = await deployMesh();
  await registerNodes(mesh, NODES);
  const members = await seatCommittee(mesh, 4);
  const report = (epoch: number, absent: number[]) =>
    submitReport(mesh, { epoch, members, signatures: members.length, absent });
  const market = await deployMarketplace(mesh);
  await showCapacity(market, members);
  const listing = await list(market, 0);
  await rent(market, 1, listing, DAY);
  const opened = await open(market, 1, listing, DAY);
  const leaseId = await rent(market, 0, listing, 2 * MONTH);
  const start = (await currentEpoch(market)) + 1;
  await skipReports(market, start + 50);
  await report(start + 50, [0]);
  await settlement(market, leaseId, start + 100);
  for (let i = 0; i < ABSENCES; i++) {
    const epoch = start + 612 + i * 2_048;
    await skipReports(market, epoch);
    await report(epoch, [0]);
  }
  const thirtyDays = await settlement(market, leaseId, start + 100 + MONTH);
  const oneDay = await settlement(market, leaseId, start + 100 + MONTH + DAY);
  const voucher = await measureVoucher(market);
  return { open: opened, oneDay, thirtyDays, swept: await measureSweep(market), voucher };
}
