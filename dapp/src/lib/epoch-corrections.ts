import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import type { ChainAccess } from "./chain-source.ts";
import type { IndexerClient } from "./indexer-client.ts";
import type { EpochCell } from "./network-view.ts";

/** How what a report said about an epoch of a node was overruled. */
export type Correction = "Voided" | "Admitted";

/** What became of an epoch of a node after its report. */
export interface EpochStory {
  correction?: Correction;
  /** Challenge that was made about it. */
  challenge?: number;
  /** What was wrong with the leaf, when somebody proved it; see IAttestationDisputes.Flaw. */
  flaw?: string;
}

/** Epoch of a node. */
export interface NodeEpoch {
  nodeIndex: number;
  epoch: number;
}

/** What a node's page says is wrong with a leaf. */
const FLAWS = [
  ...["Position", "Node", "Epoch", "Domain", "Inactive", "Absent"],
  ...["Beacon", "Sequence", "Measurement", "Signature"],
] as const;

const QUERY = `query EpochStory($node: String!, $epoch: BigInt!) {
  epochCorrections(where: { node: $node, epoch: $epoch }, orderBy: timestamp, orderDirection: desc) { kind }
  challenges(where: { node: $node, epoch: $epoch }) { number }
  invalidLeaves(where: { node: $node, epoch: $epoch }) { flaw }
}`;

/** Reads from the indexer what became of an epoch. */
export async function epochStoryFromIndexer(
  client: IndexerClient,
  { nodeIndex, epoch }: NodeEpoch,
): Promise<EpochStory> {
  const data = await client.query<{
    epochCorrections: { kind: Correction }[];
    challenges: { number: string }[];
    invalidLeaves: { flaw: string }[];
  }>(QUERY, { node: String(nodeIndex), epoch: String(epoch) });
  const [correction] = data.epochCorrections;
  const [challenge] = data.challenges;
  const [leaf] = data.invalidLeaves;
  return {
    ...(correction && { correction: correction.kind }),
    ...(challenge && { challenge: Number(challenge.number) }),
    ...(leaf && { flaw: leaf.flaw }),
  };
}

/** Reads from the chain what became of an epoch. */
export async function epochStoryFromChain(access: ChainAccess, { nodeIndex, epoch }: NodeEpoch): Promise<EpochStory> {
  const { client, config } = access;
  const disputes = { address: config.contracts.AttestationDisputes, abi: attestationDisputesAbi } as const;
  const [corrections, challenge, [leaf]] = await Promise.all([
    correctionsFromChain(access, nodeIndex),
    client.readContract({ ...disputes, functionName: "challengeAbout", args: [nodeIndex, BigInt(epoch)] }),
    client.getContractEvents({
      ...disputes,
      eventName: "LeafInvalid",
      args: { nodeIndex, epoch: BigInt(epoch) },
      fromBlock: BigInt(config.startBlock),
      strict: true,
    }),
  ]);
  const correction = corrections.get(epoch);
  return {
    ...(correction && { correction }),
    ...(challenge > 0n && { challenge: Number(challenge) }),
    ...(leaf && { flaw: FLAWS[leaf.args.flaw]! }),
  };
}

/** Every correction of a node's epochs, by epoch, out of the chain's logs. An epoch can be voided, or admitted, but once. */
export async function correctionsFromChain(
  { client, config }: ChainAccess,
  nodeIndex: number,
): Promise<Map<number, Correction>> {
  const query = {
    address: config.contracts.AttestationBridge,
    abi: attestationBridgeAbi,
    args: { nodeIndex },
    fromBlock: BigInt(config.startBlock),
    strict: true,
  } as const;
  const [voided, admitted] = await Promise.all([
    client.getContractEvents({ ...query, eventName: "EpochVoided" }),
    client.getContractEvents({ ...query, eventName: "EpochsAdmitted" }),
  ]);
  return new Map<number, Correction>([
    ...voided.map(({ args }): [number, Correction] => [Number(args.epoch), "Voided"]),
    ...admitted.flatMap(({ args }) => args.epochs.map((epoch): [number, Correction] => [Number(epoch), "Admitted"])),
  ]);
}

/** Cells with corrections applied. Nobody measured the quality of an epoch that a node proved by itself. */
export function correctCells(
  cells: ReadonlyMap<number, EpochCell>,
  corrections: ReadonlyMap<number, Correction>,
): Map<number, EpochCell> {
  const corrected = new Map(cells);
  for (const [epoch, correction] of corrections) {
    corrected.set(
      epoch,
      correction === "Voided" ? { epoch, status: "Absent" } : { epoch, status: "Attested", quality: 255 },
    );
  }
  return corrected;
}
