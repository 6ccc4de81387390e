import { expect } from "chai";
import { MaxUint256 } from "ethers";
import { connection, MIN_STAKE, passEpochs } from "../support/deployed-network.ts";
import { networkWithNode } from "../support/registered-node.ts";

const { networkHelpers } = connection;

/** Node 0 was active, inactive and active again, four times. */
async function networkWithIntervals() {
  const network = await networkWithNode();
  const { staking, alice } = network;
  await staking.connect(alice).stake(0, MIN_STAKE);
  for (let id = 0; id < 4; id++) {
    await passEpochs(network, 4);
    await staking.connect(alice).requestUnbond(0, MaxUint256);
    await passEpochs(network, 4);
    await staking.connect(alice).cancelUnbond(0, id);
  }
  return network;
}

describe("NodeRegistry: intervalsWithin", () => {
  it("returns exactly the intervals that share an epoch with the range", async () => {
    const { registry } = await networkHelpers.loadFixture(networkWithIntervals);
    const all = [...((await registry.intervalsOf(0)) as [bigint, bigint][])].map(([from, until]) => [from, until]);
    expect(all.length, "intervals").to.equal(5);
    const end = Number(all[4][0]) + 3;
    for (let from = 0; from < end; from++) {
      for (let until = from; until <= end; until++) {
        const within = (await registry.intervalsWithin(0, from, until)) as [bigint, bigint][];
        const expected = all.filter(([start, stop]) => start < BigInt(until) && stop > BigInt(from));
        expect(
          [...within].map(([start, stop]) => [start, stop]),
          `${from} to ${until}`,
        ).to.deep.equal(expected);
      }
    }
  });

  it("names the newest interval and who is paid", async () => {
    const { registry, alice } = await networkHelpers.loadFixture(networkWithIntervals);
    const newest = [...((await registry.intervalsOf(0)) as [bigint, bigint][])].at(-1);
    const { beneficiary } = (await registry.operatorOf(await registry.identityOf(alice.address))) as {
      beneficiary: string;
    };
    expect(await registry.tenureOf(0)).to.deep.equal([beneficiary, ...(newest ?? [])]);
  });

  it("returns none before a node was ever active", async () => {
    const { registry } = await networkHelpers.loadFixture(networkWithNode);
    expect(await registry.intervalsWithin(0, 0, 1_000)).to.deep.equal([]);
  });
});
