import { expect } from "chai";
import { testAccount } from "../../helpers/anvil.ts";
import { makeReport, postReport } from "../../helpers/signed-report.ts";
import { addNodes, freshPublicKeys, seatCommittee } from "../../helpers/test-network.ts";
import { type CliNetwork, type Outcome, startCliNetwork, VAULT } from "./support/cli-network.ts";
import { pqmesh } from "./support/run-pqmesh.ts";

const OWNER = testAccount(0).address;
const EPOCH = 6n;
/** A word of 256 epochs of ten seconds, and the horizon of eight. */
const [WORD, HORIZON] = [2_560, 80];

interface Figure {
  wei: string;
  mesh: string;
}

interface Rewards {
  claimable: Figure;
  claimed: Figure;
  nodes: { nodeIndex: number; fromWord: string; nextWord: { days: number } }[];
  claims: { nodeIndex: number; receiver: string; toOperator: Figure; fromEpoch: string; untilEpoch: string }[];
}

describe("pqmesh rewards, emissions, vesting and parameters", function () {
  this.timeout(90_000);

  let network: CliNetwork;
  const wallet = (name: string): string[] => ["--wallet", network.file(name)];
  const refusal = async (...args: string[]): Promise<string> => {
    const { json, status } = await network.run(...args);
    expect(status, "exit code").to.equal(json<{ exitCode: number }>().exitCode).and.to.be.oneOf([1, 2]);
    return json<{ error: string }>().error;
  };
  const rewards = (): Promise<Rewards> => network.ok<Rewards>("rewards", "show", "--node", "0", "1");

  before(async () => {
    network = await startCliNetwork({ isHere: true });
    await network.keystore("stranger.json", "secp256k1", "wallet", testAccount(8).getHdKey().privateKey!);
    await addNodes(network, freshPublicKeys(2));
    const relayers = await seatCommittee(network, [{ accountIndex: 5, endpoint: "http://127.0.0.1:1" }]);
    await network.chain.mineAt(network.epochStart(EPOCH + 1n));
    for (let i = 0; i < 16; i++) await network.pass(1);
    await postReport(network, await makeReport(network, { epoch: EPOCH }), relayers);
  });
  after(() => network.stop());

  it("says when there is something to claim, before there is", async () => {
    const { claimable, claimed, nodes } = await rewards();
    expect([claimable.mesh, claimed.mesh]).to.deep.equal(["0", "0"]);
    expect(nodes.map(({ nodeIndex }) => nodeIndex)).to.deep.equal([0, 1]);
    expect(await refusal("rewards", "claim", "--node", "0", "1", ...wallet("stranger.json"))).to.match(
      /^nodes 0, 1 can claim nothing yet; look again at 20.*\(in 4\d min/,
    );
  });

  it("claims for another, to its beneficiary", async () => {
    await network.pass(WORD + HORIZON);
    const { claimable } = await network.ok<Rewards>("rewards", "show", "--node", "0");
    expect(Number(claimable.wei), "claimable").to.be.above(0);
    const args = ["rewards", "claim", "--node", "0", ...wallet("stranger.json")];
    const preview = await network.ok<Outcome>(...args, "--dry-run");
    expect(preview.preview?.figures.total).to.deep.equal(claimable);
    expect(preview.preview?.gets?.[0]).to.match(new RegExp(`^Node 0: .* to ${OWNER}\\.$`));
    const { events } = await network.ok<Outcome>(...args, "--yes");
    const paid = events.find(({ name }) => name === "RewardsClaimed")?.args;
    expect(paid).to.deep.include({ nodeIndex: 0, receiver: OWNER, toOperator: claimable.wei, fromWord: "0" });
    const { claimed, claims } = await rewards();
    expect(claimed, "so far").to.deep.equal(claimable);
    expect(claims).to.have.length(1);
    expect(claims[0]).to.deep.include({ nodeIndex: 0, receiver: OWNER, fromEpoch: "0", untilEpoch: "256" });
  });

  it("prints claims as CSV", async () => {
    const environment = { PQMESH_NETWORK: network.file("network.json") };
    const { stdout } = await pqmesh(["rewards", "show", "--of", OWNER, "--csv"], environment);
    const [header, row, ...more] = stdout.trimEnd().split("\r\n");
    expect(header).to.match(/^time,node,from_epoch,until_epoch,receiver,to_operator_mesh,to_operator_wei,/);
    expect(row).to.match(new RegExp(`^20[^,]+Z,0,0,256,${OWNER},[\\d.]+,\\d+,0,0,[\\d.]+,\\d+,0x[0-9a-f]{64}$`));
    expect(more, "one claim").to.deep.equal([]);
  });

  it("stakes rewards of an own node only", async () => {
    expect(await refusal("rewards", "claim-and-stake", ...wallet("owner.json"), "--yes")).to.include(
      "say which of 0, 1",
    );
    const other = ["rewards", "claim-and-stake", "--node", "1", "--yes"];
    expect(await refusal(...other, ...wallet("stranger.json"))).to.include("claim to the beneficiary instead");
    const before = await network.ok<{ bonded: string }>("stake", "show", "1");
    const { events, preview } = await network.ok<Outcome>(...other, ...wallet("owner.json"));
    const paid = events.find(({ name }) => name === "RewardsClaimed")?.args.toOperator as string;
    const after = await network.ok<{ bonded: string }>("stake", "show", "1");
    expect(BigInt(after.bonded) - BigInt(before.bonded), "bonded").to.equal(BigInt(paid));
    expect(preview?.unlocks?.[0]).to.include("after the unbonding period");
  });

  it("says whose rewards are meant", async () => {
    expect(await refusal("rewards", "show")).to.include("say which nodes");
    expect(await refusal("rewards", "claim", ...wallet("stranger.json"))).to.include("operates no node");
    expect(await refusal("rewards", "claim", "--node", "0", "1", "--words", "1", ...wallet("owner.json"))).to.include(
      "--words is for one node, these are 2",
    );
  });

  it("shows the curve of emissions and what is left", async () => {
    const shown = await network.ok<
      Record<"bucket" | "emitted" | "released" | "paid" | "unclaimed" | "recyclable" | "left", Figure> & {
        years: { total: Figure }[];
      }
    >(...["emissions", "show"]);
    expect(shown.bucket.mesh).to.equal("400000000");
    expect(shown.years).to.have.length(16);
    expect(shown.years.at(-1)?.total).to.deep.equal(shown.bucket);
    expect(BigInt(shown.emitted.wei) + BigInt(shown.left.wei)).to.equal(BigInt(shown.bucket.wei));
    const { claimed } = await rewards();
    const [paid, unclaimed, recyclable] = [shown.paid, shown.unclaimed, shown.recyclable].map(({ wei }) => BigInt(wei));
    expect(paid, "paid").to.equal(BigInt(claimed.wei));
    expect(Number(paid), "paid").to.be.above(0);
    expect(paid! + unclaimed! + recyclable!, "released").to.equal(BigInt(shown.released.wei));
  });

  it("releases what has vested to the owner of a vault", async () => {
    const { vaults } = await network.ok<{ vaults: { vault: string; releasable: Figure; total: Figure }[] }>(
      "vesting",
      "show",
    );
    expect(vaults.map(({ vault }) => vault)).to.deep.equal(["team", "investors"]);
    expect(vaults[0]?.total.wei).to.equal(String(VAULT.wei));
    const { after, events } = await network.ok<Outcome>(
      "vesting",
      "release",
      "--vault",
      "team",
      ...wallet("stranger.json"),
      "--yes",
    );
    expect(after[0]).to.include(`are with ${OWNER}`).and.include("stay locked");
    expect(events.map(({ name }) => name)).to.include("ERC20Released");
    await network.pass(Number(VAULT.lengthSeconds));
    await network.ok("vesting", "release", "--vault", "team", ...wallet("stranger.json"), "--yes");
    expect(await refusal("vesting", "release", "--vault", "team", ...wallet("stranger.json"))).to.equal(
      "the vault of the team has nothing to release: everything has vested",
    );
  });

  it("prints a parameter with its bounds and the orderings that name it", async () => {
    const { parameters, orderings } = await network.ok<{ parameters: object[]; orderings: string[] }>(
      ...["parameters", "unbondingPeriod"],
    );
    expect(parameters).to.have.length(1);
    expect(parameters[0]).to.deep.include({ name: "unbondingPeriod", value: "120", text: "2 min", next: null });
    expect(orderings).to.deep.equal([
      "finalityHorizon + disputePeriod + vetoPeriod + slashBuffer is below unbondingPeriod",
    ]);
    expect(await refusal("parameters", "unbonding")).to.include('there is no parameter "unbonding"');
  });
});
