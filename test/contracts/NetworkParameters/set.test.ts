import { expect } from "chai";
import { connection } from "../support/deployed-network.ts";
import { deployTable, key } from "../support/parameter-table.ts";

const { networkHelpers } = connection;
const NOTICE = 60;

/** `small` + `middle` < `large` <= `largest`, and two weights that add up to a fixed total of 10. */

const table = () =>
  deployTable(
    [
      { id: "small", value: 10n },
      { id: "middle", value: 20n },
      { id: "large", value: 40n, notice: 3 * NOTICE },
      { id: "largest", value: 50n, notice: 0 },
      { id: "left", value: 4n },
      { id: "right", value: 6n },
      { id: "total", value: 10n, min: 10n, max: 10n },
    ],
    [
      { addends: ["small", "middle"], relation: 0, bound: "large" },
      { addends: ["large"], relation: 1, bound: "largest" },
      { addends: ["left", "right"], relation: 2, bound: "total" },
    ],
  );

describe("NetworkParameters: set", () => {
  it("takes effect after the notice", async () => {
    const { table: parameters, asTimelock } = await networkHelpers.loadFixture(table);
    const sent = await asTimelock.set(key("small"), 12n);
    const effectiveAt = (await networkHelpers.time.latest()) + NOTICE;
    await expect(sent).to.emit(parameters, "ParameterSet").withArgs(key("small"), 10, 12, effectiveAt);
    await networkHelpers.time.increaseTo(effectiveAt - 1);
    expect(await parameters.get(key("small")), "value one second before").to.equal(10n);
    await networkHelpers.time.increaseTo(effectiveAt);
    expect(await parameters.get(key("small")), "value from then on").to.equal(12n);
  });

  it("replaces a pending change and restarts the notice", async () => {
    const { table: parameters, asTimelock } = await networkHelpers.loadFixture(table);
    await asTimelock.set(key("small"), 12n);
    await networkHelpers.time.increase(NOTICE - 10);
    await asTimelock.set(key("small"), 13n);
    await networkHelpers.time.increase(NOTICE - 10);
    expect(await parameters.get(key("small")), "value within the new notice").to.equal(10n);
    await networkHelpers.time.increase(10);
    expect(await parameters.get(key("small")), "value after the new notice").to.equal(13n);
  });

  it("starts the next change from the value in force", async () => {
    const { table: parameters, asTimelock } = await networkHelpers.loadFixture(table);
    await asTimelock.set(key("small"), 12n);
    await networkHelpers.time.increase(NOTICE);
    await expect(asTimelock.set(key("small"), 15n)).to.emit(parameters, "ParameterSet");
    expect(await parameters.get(key("small")), "value within the second notice").to.equal(12n);
  });

  it("tells from when on everything is settled", async () => {
    const { table: parameters, asTimelock } = await networkHelpers.loadFixture(table);
    expect(await parameters.settledAt(), "deployment").to.be.at.most(await networkHelpers.time.latest());
    await asTimelock.set(key("large"), 35n);
    const settledAt = BigInt(await networkHelpers.time.latest()) + BigInt(3 * NOTICE);
    expect(await parameters.settledAt(), "the end of the notice").to.equal(settledAt);
    await asTimelock.set(key("small"), 12n);
    expect(await parameters.settledAt(), "the later of two").to.equal(settledAt);
  });

  it("accepts both bounds themselves", async () => {
    const { table: parameters, asTimelock } = await networkHelpers.loadFixture(table);
    await asTimelock.set(key("largest"), 100n);
    expect(await parameters.get(key("largest")), "largest value").to.equal(100n);
    await asTimelock.set(key("small"), 1n);
    expect((await parameters.parameter(key("small"))).pending, "smallest value").to.equal(1n);
  });

  it("changes at once without a notice", async () => {
    const { table: parameters, asTimelock } = await networkHelpers.loadFixture(table);
    await asTimelock.set(key("largest"), 60n);
    expect(await parameters.get(key("largest")), "value").to.equal(60n);
  });

  it("obeys the timelock only", async () => {
    const { table: parameters, alice, mallory } = await networkHelpers.loadFixture(table);
    const asMallory = parameters.connect(mallory);
    for (const call of [
      () => asMallory.set(key("small"), 11n),
      () => asMallory.setMany([{ id: key("small"), value: 11n }]),
    ]) {
      await expect(call())
        .to.be.revertedWithCustomError(parameters, "Governed_NotTimelock")
        .withArgs(mallory.address, alice.address);
    }
  });

  it("refuses an unknown parameter", async () => {
    const { table: parameters, asTimelock } = await networkHelpers.loadFixture(table);
    for (const call of [
      () => asTimelock.set(key("other"), 1n),
      () => parameters.get(key("other")),
      () => parameters.parameter(key("other")),
    ]) {
      await expect(call())
        .to.be.revertedWithCustomError(parameters, "NetworkParameters_UnknownParameter")
        .withArgs(key("other"));
    }
  });

  it("refuses a value outside its bounds", async () => {
    const { table: parameters, asTimelock } = await networkHelpers.loadFixture(table);
    for (const value of [0n, 101n, 2n ** 96n + 10n]) {
      await expect(asTimelock.set(key("small"), value))
        .to.be.revertedWithCustomError(parameters, "NetworkParameters_OutOfBounds")
        .withArgs(key("small"), value, 1, 100);
    }
  });
});

describe("NetworkParameters: orderings", () => {
  it("refuses a sum that reaches its bound", async () => {
    const { table: parameters, asTimelock } = await networkHelpers.loadFixture(table);
    await expect(asTimelock.set(key("middle"), 30n))
      .to.be.revertedWithCustomError(parameters, "NetworkParameters_OrderingBroken")
      .withArgs(key("small"), key("large"));
    await asTimelock.set(key("middle"), 29n);
  });

  it("allows equality where the ordering does", async () => {
    const { table: parameters, asTimelock } = await networkHelpers.loadFixture(table);
    await asTimelock.set(key("largest"), 40n);
    await expect(asTimelock.set(key("largest"), 39n))
      .to.be.revertedWithCustomError(parameters, "NetworkParameters_OrderingBroken")
      .withArgs(key("large"), key("largest"));
  });

  it("judges pending values, not only those in force", async () => {
    const { table: parameters, asTimelock } = await networkHelpers.loadFixture(table);
    await expect(asTimelock.set(key("large"), 30n), "the bound alone")
      .to.be.revertedWithCustomError(parameters, "NetworkParameters_OrderingBroken")
      .withArgs(key("small"), key("large"));
    await asTimelock.set(key("middle"), 29n);
    await expect(asTimelock.set(key("small"), 11n), "on top of a pending value")
      .to.be.revertedWithCustomError(parameters, "NetworkParameters_OrderingBroken")
      .withArgs(key("small"), key("large"));
  });

  it("judges the moment between two notices", async () => {
    const { table: parameters, asTimelock } = await networkHelpers.loadFixture(table);
    const together = [
      { id: key("large"), value: 50n },
      { id: key("middle"), value: 35n },
    ];
    await expect(asTimelock.setMany(together), "the sum rises before its bound does")
      .to.be.revertedWithCustomError(parameters, "NetworkParameters_OrderingBroken")
      .withArgs(key("small"), key("large"));
    await asTimelock.set(key("large"), 50n);
    await networkHelpers.time.increase(2 * NOTICE + 10);
    await asTimelock.set(key("middle"), 35n);
  });

  it("allows both sides to move together", async () => {
    const { table: parameters, asTimelock } = await networkHelpers.loadFixture(table);
    await asTimelock.setMany([
      { id: key("middle"), value: 5n },
      { id: key("large"), value: 16n },
    ]);
    await networkHelpers.time.increase(3 * NOTICE);
    expect(await parameters.get(key("large")), "value").to.equal(16n);
  });
});

describe("NetworkParameters: setMany", () => {
  it("moves weights whose sum is fixed", async () => {
    const { table: parameters, asTimelock } = await networkHelpers.loadFixture(table);
    await asTimelock.setMany([
      { id: key("left"), value: 7n },
      { id: key("right"), value: 3n },
    ]);
    await networkHelpers.time.increase(NOTICE);
    expect([await parameters.get(key("left")), await parameters.get(key("right"))], "weights").to.deep.equal([7n, 3n]);
  });

  it("refuses one weight alone", async () => {
    const { table: parameters, asTimelock } = await networkHelpers.loadFixture(table);
    for (const value of [3n, 5n]) {
      await expect(asTimelock.set(key("left"), value))
        .to.be.revertedWithCustomError(parameters, "NetworkParameters_OrderingBroken")
        .withArgs(key("left"), key("total"));
    }
  });

  it("changes nothing when one of them is refused", async () => {
    const { table: parameters, asTimelock } = await networkHelpers.loadFixture(table);
    const changes = [
      { id: key("largest"), value: 60n },
      { id: key("small"), value: 0n },
    ];
    await expect(asTimelock.setMany(changes)).to.be.revertedWithCustomError(
      parameters,
      "NetworkParameters_OutOfBounds",
    );
    expect(await parameters.get(key("largest")), "value").to.equal(50n);
  });
});
