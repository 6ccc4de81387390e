import { expect } from "chai";
import { toEventSelector } from "viem";

import type { AbiEvent } from "../../../../indexer/engine/abi/event-decoder.ts";
import { createEventDecoder } from "../../../../indexer/engine/abi/event-decoder.ts";

const MOVED: AbiEvent = {
  type: "event",
  name: "Moved",
  inputs: [
    { name: "a", type: "uint256", indexed: true },
    {
      name: "pairs",
      type: "tuple[]",
      components: [
        { name: "x", type: "address" },
        { name: "y", type: "int64" },
      ],
    },
    { name: "b", type: "uint256", indexed: false },
  ],
};
const SIGNATURE = "Moved(indexed uint256,(address,int64)[],uint256)";

describe("event decoder", () => {
  it("hashes the canonical signature", () => {
    expect(createEventDecoder(SIGNATURE, [MOVED]).topic0).to.equal(
      toEventSelector("Moved(uint256,(address,int64)[],uint256)"),
    );
  });

  it("accepts blanks and a signature without `indexed`", () => {
    expect(
      createEventDecoder(" Moved( uint256 , (address, int64)[] , uint256 ) ", [MOVED]).parameterNames,
    ).to.deep.equal(["a", "pairs", "b"]);
  });

  it("chooses among overloads by `indexed`", () => {
    const other: AbiEvent = {
      ...MOVED,
      inputs: MOVED.inputs.map((input) => ({ ...input, name: `${input.name}2`, indexed: input.name === "b" })),
    };
    expect(createEventDecoder(SIGNATURE, [other, MOVED]).parameterNames).to.deep.equal(["a", "pairs", "b"]);
    expect(() => createEventDecoder("Moved(uint256,(address,int64)[],uint256)", [other, MOVED])).to.throw(
      "no event with the signature",
    );
  });

  it("skips logs with another layout", () => {
    const decoder = createEventDecoder(SIGNATURE, [MOVED]);
    const topic = Buffer.alloc(32);
    expect(decoder.decode([topic], Buffer.alloc(128))).to.equal(undefined);
    expect(decoder.decode([topic, topic], Buffer.alloc(32))).to.equal(undefined);
  });
});
