import { expect } from "chai";
import { type ListedNode, listNodes, readListing } from "../../../dapp/src/lib/node-listing.ts";

const node = (nodeIndex: number, changes: Partial<ListedNode> = {}): ListedNode => ({
  nodeIndex,
  identityId: 1 + (nodeIndex % 2),
  owner: `0x${nodeIndex.toString(16).padStart(2, "a").repeat(20)}`,
  stake: BigInt(100 - nodeIndex),
  unbonding: 0n,
  exited: false,
  trustScore: nodeIndex * 10,
  standing: { standing: nodeIndex === 2 ? "silent" : "live", sentence: "" },
  ...changes,
});
const NODES = [0, 1, 2, 3, 10].map((index) => node(index));
const listed = (query: string): number[] =>
  listNodes(NODES, readListing(new URLSearchParams(query))).map(({ nodeIndex }) => nodeIndex);

describe("listNodes", () => {
  it("finds a node by its whole index, not by its digits", () => {
    expect(listed("q=1")).to.deep.equal([1]);
  });

  it("finds nodes by operator, owner and DID", () => {
    expect(listed("q=operator 2")).to.deep.equal([1, 3]);
    expect(listed(`q=${NODES[3]!.owner.slice(2, 12)}`)).to.deep.equal([3]);
    expect(listed("q=did:pqmesh:31337:0xab:10")).to.deep.equal([10]);
  });

  it("filters by standing and orders both ways", () => {
    expect(listed("status=silent")).to.deep.equal([2]);
    expect(listed("sort=trust&order=desc")).to.deep.equal([10, 3, 2, 1, 0]);
    expect(listed("sort=stake")).to.deep.equal([10, 3, 2, 1, 0]);
  });

  it("keeps equal nodes in order of index", () => {
    expect(listed("sort=operator&order=desc")).to.deep.equal([1, 3, 0, 2, 10]);
  });

  it("ignores what it does not know", () => {
    const listing = readListing(new URLSearchParams("sort=beauty&status=happy&page=-3"));
    expect(listing).to.include({ sort: "node", status: "all", page: 1 });
  });
});
