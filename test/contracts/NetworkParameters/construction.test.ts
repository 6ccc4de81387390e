import { expect } from "chai";
import { ORDERINGS } from "../../../scripts/deploy/parameter-rows.ts";
import { connection, deployedNetwork, testParameters } from "../support/deployed-network.ts";
import { deployTable, key, tableArguments, type TableOrdering, type TableRow } from "../support/parameter-table.ts";

const { ethers, networkHelpers } = connection;
const TIMELOCK = "0x00000000000000000000000000000000000000a1";

async function deployment(rows: TableRow[], orderings: TableOrdering[] = [], timelock = TIMELOCK) {
  const factory = await ethers.getContractFactory("NetworkParameters");
  return { factory, deploying: factory.deploy(...tableArguments(timelock, rows, orderings)) };
}

describe("NetworkParameters: construction", () => {
  it("lists every row in order with its limits", async () => {
    const { parameters } = await networkHelpers.loadFixture(deployedNetwork);
    const { rows } = await testParameters();
    const listed = (await parameters.all()) as unknown[][];
    expect(listed.length, "rows").to.equal(rows.length);
    for (const [i, { id, value, min, max, notice }] of rows.entries()) {
      const [rowId, current, pending, effectiveAt, ...limits] = listed[i];
      expect([rowId, current, pending], `value of ${id}`).to.deep.equal([key(id), value, value]);
      expect(effectiveAt, `moment of ${id}`).to.be.greaterThan(0n);
      expect(limits, `limits of ${id}`).to.deep.equal([min, max, BigInt(notice)]);
    }
  });

  it("emits one event per row", async () => {
    const { table } = await deployTable([
      { id: "first", value: 5n },
      { id: "second", value: 6n },
    ]);
    const now = BigInt(await networkHelpers.time.latest());
    const events = await table.queryFilter("ParameterSet");
    const args = events.map((event) => [...("args" in event ? event.args : [])] as unknown[]);
    expect(args, "events").to.deep.equal([
      [key("first"), 0n, 5n, now],
      [key("second"), 0n, 6n, now],
    ]);
  });

  it("lists every ordering", async () => {
    const { parameters } = await networkHelpers.loadFixture(deployedNetwork);
    const relations = ["below", "at most", "equal"];
    const expected = ORDERINGS.map(({ addends, relation, bound }) => {
      return [addends.map(key), BigInt(relations.indexOf(relation)), key(bound)];
    });
    expect(await parameters.orderings(), "orderings").to.deep.equal(expected);
  });

  it("refuses an empty id or one listed twice", async () => {
    for (const ids of [[""], ["twice", "twice"]]) {
      const { factory, deploying } = await deployment(ids.map((id) => ({ id, value: 5n })));
      await expect(deploying)
        .to.be.revertedWithCustomError(factory, "NetworkParameters_InvalidId")
        .withArgs(key(ids.at(-1)!));
    }
  });

  it("refuses a value outside its bounds", async () => {
    for (const value of [0n, 101n]) {
      const { factory, deploying } = await deployment([{ id: "a", value }]);
      await expect(deploying)
        .to.be.revertedWithCustomError(factory, "NetworkParameters_OutOfBounds")
        .withArgs(key("a"), value, 1, 100);
    }
  });

  it("refuses bounds that are reversed or too large", async () => {
    for (const limits of [
      { min: 6n, max: 4n },
      { min: 1n, max: 2n ** 96n },
    ]) {
      const { factory, deploying } = await deployment([{ id: "a", value: 5n, ...limits }]);
      await expect(deploying)
        .to.be.revertedWithCustomError(factory, "NetworkParameters_OutOfBounds")
        .withArgs(key("a"), limits.max, limits.min, 2n ** 96n - 1n);
    }
  });

  it("refuses an ordering of unknown parameters", async () => {
    const rows = [{ id: "a", value: 5n }];
    for (const ordering of [
      { addends: ["b"], relation: 0, bound: "a" },
      { addends: ["a"], relation: 0, bound: "b" },
    ] satisfies TableOrdering[]) {
      const { factory, deploying } = await deployment(rows, [ordering]);
      await expect(deploying)
        .to.be.revertedWithCustomError(factory, "NetworkParameters_UnknownParameter")
        .withArgs(key("b"));
    }
  });

  it("refuses values that break an ordering", async () => {
    const rows = [
      { id: "a", value: 5n },
      { id: "b", value: 4n },
      { id: "c", value: 9n },
    ];
    const { factory, deploying } = await deployment(rows, [{ addends: ["a", "b"], relation: 0, bound: "c" }]);
    await expect(deploying)
      .to.be.revertedWithCustomError(factory, "NetworkParameters_OrderingBroken")
      .withArgs(key("a"), key("c"));
  });

  it("refuses a missing timelock", async () => {
    const { factory, deploying } = await deployment([], [], ethers.ZeroAddress);
    await expect(deploying).to.be.revertedWithCustomError(factory, "Governed_ZeroAddress").withArgs("timelock");
  });
});
