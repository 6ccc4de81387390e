import { expect } from "chai";

import type { Fixture } from "../fixture/build-fixture.ts";
import { buildFixture } from "../fixture/build-fixture.ts";
import { startLedgerChain } from "../fixture/ledger-chain.ts";
import { actWidely, QUESTIONS, seededRandom } from "../fixture/random-activity.ts";
import { testConfig } from "../fixture/test-indexer.ts";
import { hasGraphNode } from "../graph-node/graph-node.ts";
import { compareEverything } from "./compare-everything.ts";
import { startParityPair } from "./parity-pair.ts";

const DEEP = process.env["PQMESH_DEEP_TESTS"] === "1";
const HISTORIES = DEEP ? 50 : 3;
const REORGS = 2;
const DEEPEST_REORG = 12;
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
      for (const question of ["store", ...QUESTIONS]) await ledger.call("ask", 1n, question);
      await actWidely(ledger, random, 20 + random(10));
      const pair = await startParityPair({ chain: ledger.chain, ...testConfig(fixture, ledger) });
      try {
        await compareEverything(pair, { startBlock: ledger.startBlock, random });
        for (let i = 0; i < REORGS; i++) {
          const depth = 1 + random(DEEPEST_REORG);
          await ledger.chain.reorg(depth);
          await actWidely(ledger, random, 1 + random(4));
          await compareEverything(pair, { startBlock: ledger.startBlock, random });
        }
        expect(pair.indexer.status()?.reorgs, "reorgs that the engine undid").to.equal(REORGS);
      } finally {
        await pair.stop();
        await ledger.chain.stop();
      }
    });
  }
});

function seeds(): number[] {
  if (SEED !== undefined) return [Number(SEED)];
  const first = DEEP ? Math.floor(Date.now() / 1_000) : 1;
  return Array.from({ length: HISTORIES }, (_, i) => first + i);
}
