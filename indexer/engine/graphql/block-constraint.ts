import { GraphQLError } from "graphql";

import type { BlockHeader } from "../rpc/chain-types.ts";
import type { IndexReader } from "./index-reader.ts";

/** The block that a root field is answered at. */
export interface QueryBlock {
  readonly number: number;
  /** Null when the query named a number, as in graph-node. */
  readonly header: BlockHeader | undefined;
  /** Set when the block lies in the past. */
  readonly at: number | undefined;
}

/** The `block` argument of a root field. */
export interface BlockArgument {
  readonly hash?: string | null;
  readonly number?: number | null;
  readonly number_gte?: number | null;
}

/**
 * Finds the block that a query asks for.
 * @throws GraphQLError when nothing is indexed yet, or the block is unknown, too new or too old
 */
export function locateBlock(reader: IndexReader, argument: BlockArgument | null | undefined): QueryBlock {
  const head = reader.head();
  if (head === undefined)
    throw new GraphQLError(
      "The subgraph has not started syncing yet. Wait for it to index a few blocks before querying it",
    );
  const latest = { number: head.number, header: head, at: undefined };
  const given = Object.entries(argument ?? {}).filter(([, value]) => value !== null && value !== undefined);
  if (argument === null || argument === undefined) return latest;
  if (given.length === 0) throw new GraphQLError("The `block` argument needs one of `hash`, `number` and `number_gte`");
  if (given.length > 1)
    throw new GraphQLError("The `block` argument takes only one of `hash`, `number` and `number_gte`");
  if (typeof argument?.number_gte === "number") {
    if (head.number < argument.number_gte) throw notYet("number_gte", head.number, argument.number_gte);
    return latest;
  }
  if (typeof argument?.hash === "string") {
    const wanted = argument.hash.toLowerCase();
    const header = reader.blockByHash(wanted.startsWith("0x") ? wanted : `0x${wanted}`);
    if (header === undefined)
      throw new GraphQLError("Failed to decode `block.hash` value: `no block with that hash found`");
    return past(reader, header.number, { head, header });
  }
  const number = argument?.number ?? head.number;
  if (number > head.number) throw notYet("number", head.number, number);
  return past(reader, number, { head, header: undefined });
}

function past(
  reader: IndexReader,
  number: number,
  known: { head: BlockHeader; header: BlockHeader | undefined },
): QueryBlock {
  const oldest = reader.historyFrom();
  if (number < oldest) {
    throw new GraphQLError(
      `Failed to decode \`block.number\` value: \`the subgraph only has data starting at block number ${oldest} and data for block number ${number} is therefore not available\``,
    );
  }
  return { number, header: known.header, at: number === known.head.number ? undefined : number };
}

function notYet(argument: string, head: number, wanted: number): GraphQLError {
  return new GraphQLError(
    `Failed to decode \`block.${argument}\` value: \`the subgraph has only indexed up to block number ${head} and data for block number ${wanted} is therefore not yet available\``,
  );
}
