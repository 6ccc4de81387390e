import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import type { StatementDomain } from "@pqmesh/contracts/protocol/eip712";
import { id, Wallet } from "ethers";
import type { Address } from "viem";
import { connection, namedSigners } from "../../support/deployed-network.ts";
import { typedContract } from "../../support/typed-contract.ts";

const { ethers, networkHelpers } = connection;

/** Seconds of an epoch: long enough that the time a test takes never ends one. */
export const EPOCH_SECONDS = 600;
/** Epochs in which an epoch can be reported after its end. */
export const REPORT_WINDOW = 2;
/** Report, commit, challenge and response windows. */
export const HORIZON = 2 + 3 + 4 + 5;
/** Blocks that lie between a beacon and the newest block at least. */
export const REORG_DEPTH = 12;
/** Epoch in which an interval without an end ends. */
export const FOREVER = 2n ** 64n - 1n;

/** A bridge between a registry and a committee that do what a test tells them. */
export interface BridgeFixture extends Awaited<ReturnType<typeof deployBridge>> {
  /** Keys of the committee, by seat. */
  members: Wallet[];
}

/** Keys of a committee in ascending address order, the same in every run. */
export function committeeKeys(seats: number): Wallet[] {
  const keys = Array.from({ length: seats }, (_, seat) => new Wallet(id(`committee member ${seat}`)));
  return keys.sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
}

/** Settings of the bridge under test, on doubles that share its schedule. */
export async function bridgeSettings() {
  const { council } = await namedSigners();
  const epochGenesis = await networkHelpers.time.latest();
  const schedule = [epochGenesis, EPOCH_SECONDS];
  const registry = await ethers.deployContract("NodeRegistryDouble", schedule);
  const committee = await ethers.deployContract("RelayerCommitteeDouble", schedule);
  return {
    registry,
    committee,
    parameters: registry,
    timelock: council.address,
    epochGenesis,
    epochLength: EPOCH_SECONDS,
    reportWindow: REPORT_WINDOW,
    commitWindow: 3,
    challengeWindow: 4,
    responseWindow: 5,
  };
}

async function deployBridge() {
  await networkHelpers.mine(REORG_DEPTH + 1);
  const signers = await namedSigners();
  const { registry, committee, ...rest } = await bridgeSettings();
  const deployed = await ethers.deployContract("AttestationBridge", [{ registry, committee, ...rest }]);
  const bridge = typedContract(deployed, attestationBridgeAbi);
  const { chainId } = await ethers.provider.getNetwork();
  const domain: StatementDomain = { chainId: Number(chainId), bridge: (await deployed.getAddress()) as Address };
  await registry.setNodeCount(1024);
  return { ...signers, bridge, registry, committee, domain, genesis: rest.epochGenesis, timelock: signers.council };
}

/** A bridge with two shards of 512 nodes, node 0 active in every epoch and operated by alice. */
async function bridgeWithCommittee(seats: number): Promise<BridgeFixture> {
  const deployed = await deployBridge();
  const members = committeeKeys(seats);
  await deployed.committee.seat(
    0,
    members.map(({ address }) => address),
  );
  await deployed.registry.setIntervals(0, [{ from: 0, until: FOREVER }]);
  await deployed.registry.setOperator(0, deployed.alice.address);
  return { ...deployed, members };
}

/** A bridge with a committee of one. */
export function bridgeOfOne(): Promise<BridgeFixture> {
  return bridgeWithCommittee(1);
}

/** A bridge with a committee of four. */
export function bridgeOfFour(): Promise<BridgeFixture> {
  return bridgeWithCommittee(4);
}

/** A bridge with a committee of ten. */
export function bridgeOfTen(): Promise<BridgeFixture> {
  return bridgeWithCommittee(10);
}

/** Moves the chain to the first second of an epoch, so that the next transaction is in its second second. */
export async function goToEpoch({ genesis }: BridgeFixture, epoch: number): Promise<void> {
  await networkHelpers.time.increaseTo(genesis + epoch * EPOCH_SECONDS);
}
