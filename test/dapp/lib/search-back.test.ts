import { expect } from "chai";
import { searchBack } from "../../../dapp/src/lib/search-back.ts";

describe("searchBack", () => {
  it("goes back chunk by chunk until there is enough, never before the start", async () => {
    const asked: [bigint, bigint][] = [];
    const search = (count: number) =>
      searchBack({ getBlockNumber: () => Promise.resolve(4_500n) }, 100, {
        count,
        read: ({ fromBlock, toBlock }) => {
          asked.push([fromBlock, toBlock]);
          return Promise.resolve([fromBlock, toBlock]);
        },
      });
    expect(await search(3)).to.deep.equal([4_500n, 2_501n, 2_500n]);
    expect(asked).to.deep.equal([
      [2_501n, 4_500n],
      [501n, 2_500n],
    ]);
    expect(await search(9)).to.deep.equal([4_500n, 2_501n, 2_500n, 501n, 500n, 100n]);
  });
});
