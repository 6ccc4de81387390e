import { networkParametersAbi } from "@pqmesh/contracts/generated/network-parameters-abi";
import { type Hex, hexToString } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import type { IndexerClient } from "./indexer-client.ts";
import { searchBack } from "./search-back.ts";

/** Newest changes that are shown. */
const MOST = 500;

/** A change of a governed number after its deployment. */
export interface ParameterChange {
  /** Different for every change. */
  key: string;
  name: string;
  /** In force when it was decided, and from `effectiveAt` (Unix seconds) on. */
  before: bigint;
  after: bigint;
  effectiveAt: number;
  /** The proposal that decided it; undefined when none did, or only the chain was asked. */
  proposal?: { id: bigint; title: string };
  transaction: Hex;
}

const CHANGES = `query ParameterChanges {
  parameterChanges(first: ${MOST}, orderBy: timestamp, orderDirection: desc, where: { operation_not: null }) {
    id parameter { id } previousValue newValue effectiveAt transaction operation { proposal { id title } }
  }
}`;

interface RawChange {
  id: string;
  parameter: { id: string };
  previousValue: string;
  newValue: string;
  effectiveAt: string;
  transaction: Hex;
  operation: { proposal: { id: string; title: string } | null };
}

/** Reads changes from the indexer, newest first. */
export async function changesFromIndexer(client: IndexerClient): Promise<ParameterChange[]> {
  const { parameterChanges } = await client.query<{ parameterChanges: RawChange[] }>(CHANGES);
  return parameterChanges.map(({ id, parameter, previousValue, newValue, effectiveAt, transaction, operation }) => ({
    ...{ key: id, name: parameter.id, before: BigInt(previousValue), after: BigInt(newValue) },
    ...{ effectiveAt: Number(effectiveAt), transaction },
    ...(operation.proposal && { proposal: { ...operation.proposal, id: BigInt(operation.proposal.id) } }),
  }));
}

/** Reads changes from logs, newest first. The deployment sets every number at once, which is no change. */
export async function changesFromChain({ client, config }: ChainAccess): Promise<ParameterChange[]> {
  const table = { address: config.contracts.NetworkParameters, abi: networkParametersAbi } as const;
  const [rows, logs] = await Promise.all([
    client.readContract({ ...table, functionName: "all" }),
    searchBack(client, config.startBlock, {
      count: MOST,
      read: (range) => client.getContractEvents({ ...table, eventName: "ParameterSet", ...range, strict: true }),
    }),
  ]);
  const oldest = logs.at(-1)?.transactionHash;
  const isDeployment = logs.filter(({ transactionHash }) => transactionHash === oldest).length === rows.length;
  return logs
    .filter(({ transactionHash }) => !isDeployment || transactionHash !== oldest)
    .map(({ args, transactionHash, logIndex }) => ({
      ...{
        key: `${transactionHash}-${logIndex}`,
        name: hexToString(args.id, { size: 32 }),
        before: args.previousValue,
      },
      ...{ after: args.newValue, effectiveAt: Number(args.effectiveAt), transaction: transactionHash },
    }));
}
