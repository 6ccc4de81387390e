import { expect } from "chai";

import type { Random } from "../fixture/random-activity.ts";
import { dumpAll } from "./entity-dump.ts";
import type { DumpedEntity, EntityDump } from "./entity-dump.ts";
import type { ParityPair } from "./parity-pair.ts";
import { generateQuery } from "./query-generator.ts";

/** Queries at each head of a history. */
const QUERIES = 200;
/** Share of the queries that both engines must answer with data; the rest are refused by both. */
const ANSWERED = 0.85;
/** Newest blocks that queries ask about: fewer than the engine can go back. */
const PAST_BLOCKS = 60;

/** Compares every entity with every field, then random queries about now and the past; returns the entities. */
export async function compareEverything(
  pair: ParityPair,
  { startBlock, random, queries = QUERIES }: { startBlock: number; random: Random; queries?: number },
): Promise<EntityDump> {
  const head = await pair.reachHead();
  const dump = await dumpAll(pair.schema, (query) => pair.graphNode.query(query));
  const own = await dumpAll(pair.schema, pair.askEngine);
  for (const [type, entities] of dump) compareEntities(type, own.get(type) ?? [], entities);
  expect(countEntities(dump), "entities to compare").to.be.greaterThan(10);
  const blocks = { from: Math.max(startBlock, head.number - PAST_BLOCKS), to: head.number, hash: head.hash };
  let answered = 0;
  for (let i = 0; i < queries; i++) {
    if (await pair.compare(generateQuery({ schema: pair.schema, dump, blocks, random }))) answered++;
  }
  expect(answered / queries, "share of queries that were answered").to.be.greaterThan(ANSWERED);
  return dump;
}

/** Entity by entity and field by field, so that a difference is named. */
function compareEntities(type: string, own: readonly DumpedEntity[], wanted: readonly DumpedEntity[]): void {
  const idsOf = (entities: readonly DumpedEntity[]): unknown[] => entities.map(({ id }) => id);
  expect(idsOf(own), `ids of ${type}`).to.deep.equal(idsOf(wanted));
  for (const [i, entity] of wanted.entries()) {
    for (const [field, value] of Object.entries(entity)) {
      expect(own[i]?.[field], `${type} ${String(entity["id"])}.${field}`).to.deep.equal(value);
    }
    expect(own[i], `${type} ${String(entity["id"])}`).to.deep.equal(entity);
  }
}

function countEntities(dump: EntityDump): number {
  return [...dump.values()].reduce((sum, entities) => sum + entities.length, 0);
}
