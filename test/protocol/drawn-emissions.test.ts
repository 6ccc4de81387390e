import { splitDrawn } from "@pqmesh/contracts/protocol/drawn-emissions";
import { expect } from "chai";

describe("what was drawn of the emissions", () => {
  it("waits in the rewards contract until it is claimed", () => {
    expect(splitDrawn({ released: 100n, held: 100n, recyclable: 0n })).to.deep.equal({ paid: 0n, unclaimed: 100n });
    expect(splitDrawn({ released: 100n, held: 30n, recyclable: 10n })).to.deep.equal({ paid: 70n, unclaimed: 20n });
  });

  it("is never more than was drawn, whatever somebody sent to the contract", () => {
    expect(splitDrawn({ released: 100n, held: 130n, recyclable: 10n })).to.deep.equal({ paid: 0n, unclaimed: 90n });
  });
});
