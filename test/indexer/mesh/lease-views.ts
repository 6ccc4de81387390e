import { expect } from "chai";
import type { Address } from "viem";

import { LEASE_STATUSES } from "../../../contracts/protocol/lease-status.ts";
import { ASSET_KINDS, type AssetKind } from "../../../contracts/protocol/asset-kind.ts";
import { PRIVACY_LEVELS } from "../../../contracts/protocol/privacy-level.ts";
import { regionOf } from "../../../contracts/protocol/region.ts";
import type { TestIndexer } from "../fixture/test-indexer.ts";
import { accountOf, type MeshChain } from "./mesh-chain.ts";
import { stablecoinOf } from "./mesh-leases.ts";

type Row = Record<string, string>;

const LEASE_FIELDS = `number listing { id } version client units rate status isMetered feeBp term acceptBy start end
  settledUntil fundedUntil graceUntil deposited balance janitorFee missedEpochs paidToProvider fees returnedToClient
  earned redeemed vouchersUntil bond bondPaid noticeEnd isNoticeByProvider isDisputed disputedUntil clientShareBp
  janitorPaid`;

/** Listings, versions and capacities of the index are those of the contract. */
export async function compareListings(mesh: MeshChain, indexer: TestIndexer): Promise<void> {
  const { listings, nodeCapacities, nodeResources, placed } = indexer.query<ListingsAnswer>(`{
    listings(orderBy: number) { number node { nodeIndex } operator { identityId } kind privacy units soldUnits freeUnits
      shareBp isPaused isRetired version token price bondEpochs graceEpochs minEpochs maxEpochs uptimeBp maxMissedRun
      acceptEpochs noticeEpochs isMetered terms { version price specs } specs }
    nodeCapacities(orderBy: id) { node { nodeIndex } offered attested epoch }
    nodeResources(first: 100) { node { nodeIndex } kind offeredBp attestedBp isCovered listings { kind node { nodeIndex } } }
    placed: listings(where: {jurisdiction_not: null}) { jurisdiction region tokenRule { token } token } }`);
  expect(listings.length, "listings").to.equal(await mesh.read<number>("NodeListings", "listingCount"));
  for (const listing of listings) {
    const { number, version, node, operator, kind, privacy, freeUnits, terms, specs, ...rest } =
      listing as never as Row & {
        node: { nodeIndex: number };
        operator: { identityId: number };
        terms: Row;
      };
    const onChain = await mesh.read<Record<string, unknown>>("NodeListings", "listingOf", [number]);
    const offered = await mesh.read<Record<string, unknown>>("NodeListings", "termsOf", [number, version]);
    expect(freeUnits, `free units of ${number}`).to.equal(Number(rest["units"]) - Number(rest["soldUnits"]));
    expect([terms["version"], terms["price"], terms["specs"]], "newest terms").to.deep.equal([
      version,
      rest["price"],
      specs,
    ]);
    const known = {
      ...{ nodeIndex: node.nodeIndex, identityId: operator.identityId, version },
      ...{ kind: ASSET_KINDS.indexOf(kind as never), privacy: PRIVACY_LEVELS.indexOf(privacy as never) },
    };
    expect(textOf({ ...rest, ...known }), `listing ${number}`).to.deep.equal(textOf({ ...offered, ...onChain }));
  }
  await compareCapacities(mesh, nodeCapacities);
  compareResources(nodeCapacities, nodeResources);
  expect(placed, "listings with a jurisdiction").not.to.deep.equal([]);
  for (const { jurisdiction, region, token, tokenRule } of placed) {
    expect(region, jurisdiction).to.equal(regionOf(jurisdiction) ?? null);
    expect(tokenRule?.token, "rule of its token").to.equal(token);
  }
}

/** Each resource says what the capacity of its node says of it, and has the listings of its kind. */
function compareResources(capacities: IndexedCapacity[], resources: IndexedResource[]): void {
  expect(resources.length, "resources").to.be.greaterThan(0);
  for (const { node, kind, offeredBp, attestedBp, isCovered, listings } of resources) {
    const capacity = capacities.find((one) => one.node.nodeIndex === node.nodeIndex)!;
    const at = ASSET_KINDS.indexOf(kind);
    expect([offeredBp, attestedBp], `${kind} of ${node.nodeIndex}`).to.deep.equal([
      capacity.offered[at],
      capacity.attested[at],
    ]);
    expect(isCovered).to.equal(offeredBp <= attestedBp);
    for (const listing of listings) expect(listing).to.deep.equal({ kind, node });
  }
}

interface ListingsAnswer {
  listings: Row[];
  nodeCapacities: IndexedCapacity[];
  nodeResources: IndexedResource[];
  placed: { jurisdiction: string; region: string | null; token: string; tokenRule: { token: string } | null }[];
}

interface IndexedResource {
  node: { nodeIndex: number };
  kind: AssetKind;
  offeredBp: number;
  attestedBp: number;
  isCovered: boolean;
  listings: { kind: AssetKind; node: { nodeIndex: number } }[];
}

interface IndexedCapacity {
  node: { nodeIndex: number };
  offered: number[];
  attested: number[];
  epoch: string | null;
}

async function compareCapacities(mesh: MeshChain, capacities: IndexedCapacity[]): Promise<void> {
  const packed = (shares: number[]) =>
    shares.reduce((sum, share, kind) => sum | (BigInt(share) << BigInt(16 * kind)), 0n);
  for (const { node, offered, attested, epoch } of capacities) {
    const onChain = await mesh.read<Record<string, bigint>>("NodeListings", "capacityOf", [node.nodeIndex]);
    const known = { offered: packed(offered), attested: packed(attested), epoch: BigInt(epoch ?? 0) };
    expect(known, `capacity of ${node.nodeIndex}`).to.deep.equal(onChain);
  }
}

/** Leases, bonds and what accounts can withdraw are those of the contracts, and what was paid in adds up. */
export async function compareLeases(mesh: MeshChain, indexer: TestIndexer): Promise<void> {
  const { leases } = indexer.query<{ leases: Row[] }>(`{ leases(orderBy: number) { ${LEASE_FIELDS} } }`);
  expect(BigInt(leases.length), "leases").to.equal(await mesh.read<bigint>("LeaseEscrow", "leaseCount"));
  for (const lease of leases) await compareLease(mesh, lease);
  await compareBonds(mesh, indexer);
  await compareCredits(mesh, indexer);
}

async function compareLease(mesh: MeshChain, lease: Row): Promise<void> {
  const id = BigInt(lease["number"]!);
  const [onChain, record] = await mesh.read<[Record<string, bigint | number>, Record<string, bigint | number>]>(
    "LeaseEscrow",
    "leaseOf",
    [id],
  );
  const label = `lease ${id}, ${lease["status"]}`;
  expect(LEASE_STATUSES[Number(onChain["status"])], label).to.equal(lease["status"]);
  for (const field of ["client", "version", "units", "feeBp", "isMetered", "balance", "janitorFee"]) {
    expect(String(lease[field]).toLowerCase(), `${field} of ${label}`).to.equal(String(onChain[field]).toLowerCase());
  }
  if (lease["start"] !== null) {
    for (const field of ["start", "end", "settledUntil"]) {
      expect(lease[field], `${field} of ${label}`).to.equal(String(onChain[field]));
    }
    const counted = [
      lease["missedEpochs"],
      lease["noticeEnd"] ?? "0",
      lease["disputedUntil"] ?? "0",
      lease["clientShareBp"],
    ];
    const stored = [record["missedEpochs"], record["noticeEnd"], record["disputedUntil"], record["clientShareBp"]];
    expect(counted.map(String), `record of ${label}`).to.deep.equal(stored.map(String));
  }
  if (lease["status"] === "Active") {
    const runway = await mesh.read<bigint[]>("LeaseEscrow", "runwayOf", [id]);
    expect([lease["fundedUntil"], lease["graceUntil"]], `runway of ${label}`).to.deep.equal(
      runway.slice(0, 2).map(String),
    );
  }
  const [, meter] = await mesh.read<[Address, Record<string, bigint>]>("LeaseEscrow", "meterOf", [id]);
  expect([lease["earned"], lease["redeemed"], lease["vouchersUntil"] ?? "0"], `meter of ${label}`).to.deep.equal(
    [meter["earned"], meter["redeemed"], meter["vouchersUntil"]].map(String),
  );
  const sum = (...fields: string[]) => fields.reduce((total, field) => total + BigInt(lease[field]!), 0n);
  const held = sum("balance", "janitorFee", "earned") - sum("redeemed");
  const paid = sum("paidToProvider", "fees", "returnedToClient", "janitorPaid");
  expect(sum("deposited", "bondPaid"), `money of ${label}`).to.equal(held + paid);
}

async function compareBonds(mesh: MeshChain, indexer: TestIndexer): Promise<void> {
  const { providerBonds } = indexer.query<{ providerBonds: Row[] }>(`{
    providerBonds { operator { identityId } token free locked deposited withdrawn paidToClients } }`);
  for (const bond of providerBonds) {
    const { identityId } = bond["operator"] as never as { identityId: number };
    const onChain = await mesh.read<Record<string, bigint>>("LeaseEscrow", "bondOf", [identityId, bond["token"]]);
    const [free, locked] = [BigInt(bond["free"]!), BigInt(bond["locked"]!)];
    expect({ free, locked }, `bond of ${identityId}`).to.deep.equal(onChain);
    const left = BigInt(bond["deposited"]!) - BigInt(bond["withdrawn"]!) - BigInt(bond["paidToClients"]!);
    expect(left, "what was deposited").to.equal(free + locked);
  }
}

async function compareCredits(mesh: MeshChain, indexer: TestIndexer): Promise<void> {
  const { tokenCredits } = indexer.query<{ tokenCredits: Row[] }>(`{
    tokenCredits(first: 1000) { contract token account amount withdrawn } }`);
  const accounts = [...Array.from({ length: 20 }, (_, i) => accountOf(i)), mesh.timelock];
  const token = stablecoinOf(mesh);
  for (const name of ["LeaseEscrow", "LeaseDisputes"] as const) {
    const contract = mesh.network.contracts[name];
    for (const account of accounts) {
      const isIts = (row: Row) =>
        row["contract"] === contract.toLowerCase() && row["account"] === account.toLowerCase();
      const known = BigInt(tokenCredits.find(isIts)?.["amount"] ?? 0);
      const onChain = await mesh.read<bigint>(name, "creditOf", [token, account]);
      expect(known, `credit of ${account} in ${name}`).to.equal(onChain);
    }
  }
}

/** Values as text, addresses in lower case. */
function textOf(fields: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value).toLowerCase()]));
}
