import { networkParametersAbi } from "@pqmesh/contracts/generated/network-parameters-abi";
import { encodeBytes32String } from "ethers";
import { connection, namedSigners } from "./deployed-network.ts";
import { typedContract } from "./typed-contract.ts";

/** A row of a small table; the bounds are 1 and 100 and there is a notice of a minute unless said otherwise. */
export interface TableRow {
  id: string;
  value: bigint;
  min?: bigint;
  max?: bigint;
  notice?: number;
}

/** An ordering of a small table; the relation is that of the contract: 0 below, 1 at most, 2 equal. */
export interface TableOrdering {
  addends: string[];
  relation: 0 | 1 | 2;
  bound: string;
}

/** The bytes32 form of a parameter's name. */
export const key = encodeBytes32String;

/** Constructor arguments of a table whose timelock is `timelock`. */
export function tableArguments(timelock: string, rows: TableRow[], orderings: TableOrdering[] = []) {
  const fullRows = rows.map(({ id, value, min = 1n, max = 100n, notice = 60 }) => {
    return { id: key(id), value, pending: value, effectiveAt: 0, min, max, notice };
  });
  const keyed = orderings.map(({ addends, relation, bound }) => {
    return { addends: addends.map(key), relation, bound: key(bound) };
  });
  return [timelock, fullRows, keyed] as const;
}

/** Deploys a small table whose timelock is alice. */
export async function deployTable(rows: TableRow[], orderings: TableOrdering[] = []) {
  const { alice, mallory } = await namedSigners();
  const args = tableArguments(alice.address, rows, orderings);
  const contract = await connection.ethers.deployContract("NetworkParameters", [...args]);
  const table = typedContract(contract, networkParametersAbi);
  return { table, asTimelock: table.connect(alice), alice, mallory };
}
