import { expect } from "chai";

import type { Fixture } from "../fixture/build-fixture.ts";
import { buildFixture } from "../fixture/build-fixture.ts";
import { startLedgerChain } from "../fixture/ledger-chain.ts";
import type { LedgerChain } from "../fixture/ledger-chain.ts";
import { actWidely, seededRandom } from "../fixture/random-activity.ts";
import type { Random } from "../fixture/random-activity.ts";
import { hasGraphNode } from "../graph-node/graph-node.ts";
import { dumpAll } from "./entity-dump.ts";
import type { EntityDump } from "./entity-dump.ts";
import { startParityPair } from "./parity-pair.ts";
import type { ParityPair } from "./parity-pair.ts";
import { generateQuery } from "./query-generator.ts";

const DEEP = process.env["PQMESH_DEEP_TESTS"] === "1";
const HISTORIES = DEEP ? 50 : 3;
/** Queries at each of the three heads of a history. */
const QUERIES = 200;
const REORGS = 2;
const DEEPEST_REORG = 12;
/** Share of the queries that both engines must answer with data; the rest are refused by both. */
const ANSWERED = 0.85;
/** Set to repeat one history. */
const SEED = process.env["PQMESH_PARITY_SEED"];

if (!hasGraphNode()) console.warn("the engine is not compared with graph-node: npm has it for Linux on x64 only");

describe("the engine and graph-node", function () {
  this.timeout(120_000);
  let fixture: Fixture;

  before(async () => {
    fixture = await buildFixture();
  });

  for (const seed of hasGraphNode() ? seeds() : []) {
    it(`agree on entities and queries, seed ${seed}`, async () => {
      const random = seededRandom(seed);
      const ledger = await startLedgerChain(fixture);
      await ledger.chain.mine();
      await ledger.call("ask", 1n, "store");
      await actWidely(ledger, random, 20 + random(10));
      const pair = await startParityPair(fixture, ledger);
      try {
        await compareEverything(pair, ledger, random);
        for (let i = 0; i < REORGS; i++) {
          const depth = 1 + random(DEEPEST_REORG);
          await ledger.chain.reorg(depth);
          await actWidely(ledger, random, 1 + random(4));
          await compareEverything(pair, ledger, random);
        }
        expect(pair.indexer.status()?.reorgs, "reorgs that the engine undid").to.equal(REORGS);
      } finally {
        await pair.stop();
        await ledger.chain.stop();
      }
    });
  }
});

/** Every entity with every field, then random queries about now and the past. */
async function compareEverything(pair: ParityPair, ledger: LedgerChain, random: Random): Promise<void> {
  const head = await pair.reachHead();
  const dump = await dumpAll(pair.schema, (query) => pair.graphNode.query(query));
  const own = await dumpAll(pair.schema, pair.askEngine);
  for (const [type, entities] of dump) expect(own.get(type), type).to.deep.equal(entities);
  expect(countEntities(dump), "entities to compare").to.be.greaterThan(10);
  const blocks = { from: ledger.startBlock, to: head.number, hash: head.hash };
  let answered = 0;
  for (let i = 0; i < QUERIES; i++) {
    if (await pair.compare(generateQuery({ schema: pair.schema, dump, blocks, random }))) answered++;
  }
  expect(answered / QUERIES, "share of queries that were answered").to.be.greaterThan(ANSWERED);
}

function countEntities(dump: EntityDump): number {
  return [...dump.values()].reduce((sum, entities) => sum + entities.length, 0);
}

function seeds(): number[] {
  if (SEED !== undefined) return [Number(SEED)];
  const first = DEEP ? Math.floor(Date.now() / 1_000) : 1;
  return Array.from({ length: HISTORIES }, (_, i) => first + i);
}
