import { expect } from "chai";

import { waitUntil } from "../../../helpers/wait-until.ts";
import { buildFixture } from "../../fixture/build-fixture.ts";
import type { Fixture } from "../../fixture/build-fixture.ts";
import { accountAddress, startLedgerChain } from "../../fixture/ledger-chain.ts";
import type { LedgerChain } from "../../fixture/ledger-chain.ts";
import { dumpEntities, startTestIndexer } from "../../fixture/test-indexer.ts";
import type { TestIndexer } from "../../fixture/test-indexer.ts";

const REASONS: Record<string, string> = {
  abort: "Mapping aborted at src/ledger.ts, line",
  divide: "attempted to divide BigInt `1` by zero",
  critical: "Critical error logged in mapping with log message: it is critical",
  missing: "Entity Card[unfinished]: missing value for non-nullable field `holder`",
  call: "contract calls are not supported",
  balance: "ethereum.getBalance is not supported",
  code: "ethereum.hasCode is not supported",
  ens: "ens.nameByHash is not supported: there is no ENS data",
  remainder: "attempted to calculate the remainder of `-7` with a divisor of zero",
  quotient: "attempted to divide BigDecimal `1.5` by zero",
  power: "BigInt is too big, total bits at least 455177 (max 435412)",
  integer: "BigInt is too big, total bits",
  exponent: "big decimal exponent `6145` is outside the `-6143` to `6144` range",
  decimal: "string is not a BigDecimal: '1,5'",
  json: "Failed to parse JSON from byte array: ",
  yaml: "Failed to parse YAML from byte array: ",
  timestamp: "a Timestamp before 1970 must be a whole second, but is -1 microseconds",
  float: "JSON `0x10` cannot be parsed as f64",
  template: "Failed to create data source from name `Nobody`: no template with this name. Available names: Child.",
  address: "Failed to create data source from template `Child`: `0x12` is not an address",
  entity: "the schema has no entity type `Nobody`",
  field: "Attempted to set undefined fields [colour] for the entity type `Result`",
  trap: "wasm trap: Maximum call stack size exceeded",
  index: "Mapping aborted at ~lib/array.ts",
};

describe("mapping failures", function () {
  this.timeout(180_000);
  let fixture: Fixture;
  let ledger: LedgerChain;
  let indexer: TestIndexer;

  before(async () => {
    fixture = await buildFixture();
    ledger = await startLedgerChain(fixture);
    await ledger.call("move", accountAddress(0x1001), 1n, 5n, "", 0);
  });

  afterEach(() => indexer.stop());
  after(() => ledger.chain.stop());

  for (const [reason, message] of Object.entries(REASONS)) {
    it(`stop in front of the block (${reason})`, async () => {
      indexer = startTestIndexer(fixture, ledger);
      await indexer.reachHead();
      const { number } = await ledger.chain.head();
      await ledger.call("fail", 1n, reason);
      await ledger.call("move", accountAddress(0x1001), 2n, 5n, "", 0);
      await waitUntil("it stops", () => indexer.status()?.state === "failed");
      expect(indexer.status()?.problem)
        .to.contain(`handler handleFailing failed at block ${number + 1}: `)
        .and.to.contain(message);
      expect(indexer.query(`{ _meta { hasIndexingErrors block { number } } results { id } }`)).to.deep.equal({
        _meta: { hasIndexingErrors: true, block: { number } },
        results: [],
      });
      await ledger.chain.reorg(2);
      await indexer.reachHead();
      expect(indexer.query(`{ _meta { hasIndexingErrors } }`)).to.deep.equal({ _meta: { hasIndexingErrors: false } });
    });
  }

  it("stop when an immutable entity would change", async () => {
    indexer = startTestIndexer(fixture, ledger);
    await ledger.call("fail", 1n, "immutable");
    await ledger.call("fail", 2n, "immutable");
    await waitUntil("it stops", () => indexer.status()?.state === "failed");
    expect(indexer.status()?.problem).to.contain("entity Deposit[0xee] is immutable");
    await ledger.chain.reorg(2);
    await indexer.reachHead();
  });

  it("forget the data sources that the block created", async () => {
    indexer = startTestIndexer(fixture, ledger);
    await indexer.reachHead();
    await ledger.call("fail", 1n, "immutable");
    await ledger.callTogether([
      ["spawn", 1n],
      ["fail", 2n, "immutable"],
    ]);
    await waitUntil("it stops", () => indexer.status()?.state === "failed");
    await ledger.chain.reorg(1);
    await ledger.call("spawn", 1n);
    await indexer.reachHead();
    const fresh = startTestIndexer(fixture, ledger);
    await fresh.reachHead();
    await fresh.stop();
    expect(dumpEntities(indexer.config.database)).to.deep.equal(dumpEntities(fresh.config.database));
    await ledger.chain.reorg(3);
    await indexer.reachHead();
  });

  it("are tried again by the next start", async () => {
    indexer = startTestIndexer(fixture, ledger);
    await ledger.call("fail", 1n, "abort");
    await waitUntil("it stops", () => indexer.status()?.state === "failed");
    await indexer.stop();
    indexer = startTestIndexer(fixture, ledger, { database: indexer.config.database });
    await waitUntil("it stops again", () => indexer.status()?.state === "failed");
    await ledger.chain.reorg(1);
    await indexer.reachHead();
  });

  it("skip the handler with the feature nonFatalErrors", async () => {
    indexer = startTestIndexer(fixture, ledger, { build: (build) => ({ ...build, nonFatalErrors: true }) });
    await indexer.reachHead();
    await ledger.callTogether([
      ["fail", 1n, "abort"],
      ["move", accountAddress(0x1001), 3n, 5n, "", 0],
    ]);
    await indexer.reachHead();
    const denied = indexer.ask(`{ account(id: "${accountAddress(0x1001)}") { balance } _meta { hasIndexingErrors } }`);
    expect(denied).to.deep.equal({
      errors: [{ message: "indexing_error" }],
      data: { _meta: { hasIndexingErrors: true } },
    });
    const allowed = indexer.ask(
      `{ account(id: "${accountAddress(0x1001)}", subgraphError: allow) { balance } results(subgraphError: allow) { id } }`,
    );
    expect(allowed).to.deep.equal({
      errors: [{ message: "indexing_error" }],
      data: { account: { balance: "10" }, results: [] },
    });
    await ledger.chain.reorg(1);
    await indexer.reachHead();
    expect(indexer.ask(`{ results { id } }`)).to.deep.equal({ data: { results: [] } });
  });
});
