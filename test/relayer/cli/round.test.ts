import { admittedIdentitiesAbi } from "@pqmesh/contracts/generated/admitted-identities-abi";
import { quadraticRoundAbi } from "@pqmesh/contracts/generated/quadratic-round-abi";
import { expect } from "chai";
import { encodeFunctionData, type Hex } from "viem";
import { testAccount } from "../../helpers/anvil.ts";
import { type Outcome } from "./support/cli-network.ts";
import { type GovernedNetwork, startGovernedNetwork, VOTER_IDENTITY, WALLETS } from "./support/governed-network.ts";

const MESH = 10n ** 18n;
const DESCRIPTION = "Grants of the spring\nTwo that asked";
const [FIRST, SECOND] = [testAccount(30).address, testAccount(31).address];

interface ShownRound {
  state: string;
  kind: string;
  budget: string;
  options: { option: number; sentence: string; votes: string }[];
  voter: { spent: string; votes: string[] } | null;
  /** Identities whose votes can be taken out. */
  discardable: string[];
}

describe("pqmesh round", function () {
  this.timeout(180_000);

  let network: GovernedNetwork;
  let begin: number;
  const owner = testAccount(WALLETS.owner).address;
  const by = (wallet: string, words: string[]) => [...words, "--wallet", network.file(`${wallet}.json`)];
  const refusal = async (wallet: string, ...words: string[]): Promise<string> => {
    const { json, status } = await network.run(...by(wallet, words), "--yes");
    expect(status, words.join(" ")).to.be.oneOf([1, 2]);
    return json<{ error: string }>().error;
  };
  const asTreasury = async (data: Hex, contract: "QuadraticRound" | "AdmittedIdentities" = "QuadraticRound") => {
    await network.chain.send({ from: network.treasury, to: network.config.contracts[contract], data });
  };

  before(async () => {
    network = await startGovernedNetwork();
    const { parameters } = await network.ok<{ parameters: { value: string }[] }>("parameters", "voteAgeRamp");
    await network.ok(...by("voter", ["votes", "lock", "2500"]), "--yes");
    await network.pass(2 * Number(parameters[0]!.value) + 1);
    await network.ok(...by("nobody", ["votes", "sync", "1", `${VOTER_IDENTITY}`]), "--yes");
    begin = (await network.chain.head()).timestamp + 60;
    const season = { startsAt: begin, endsAt: begin + 40, credits: 20, minUnits: 10 ** 9 };
    const terms = {
      season: 1,
      kind: 0,
      winners: 0,
      minVotes: 1,
      token: network.config.contracts.MeshToken,
      budget: 90n * MESH,
    };
    const options = [FIRST, SECOND].map((target) => ({ target, most: 80n * MESH, data: "0x" as const }));
    await asTreasury(
      encodeFunctionData({
        abi: quadraticRoundAbi,
        functionName: "openSeason",
        args: [1, season],
      }),
    );
    await asTreasury(
      encodeFunctionData({ abi: quadraticRoundAbi, functionName: "openRound", args: [terms, options, DESCRIPTION] }),
    );
  });
  after(() => network.stop());

  it("says what the options would pay, before it begins", async () => {
    const { rounds } = await network.ok<{ rounds: ShownRound[] }>("round", "list");
    expect(rounds).to.have.length(1);
    expect(rounds[0]).to.deep.include({ state: "coming", kind: "grants", budget: "90 MESH" });
    expect(rounds[0]?.options[1]?.sentence).to.equal(`Pays at most 80 MESH from the treasury to ${SECOND}`);
    expect(await refusal("owner", "round", "vote", "1", "0=2")).to.include("round 1 is coming: votes count from");
    expect((await network.run("round", "show", "2")).json()).to.have.property(
      "error",
      'round 2 does not exist; "round list" prints all',
    );
  });

  it("spends the square of the votes, which can be changed", async () => {
    await network.chain.mineAt(begin + 1);
    const first = await network.ok<Outcome>(...by("owner", ["round", "vote", "1", "1=2", "0=4"]), "--yes");
    expect(first.after).to.deep.equal(["20 of 20 credits of season 1 are spent, 0 before."]);
    expect(first.preview?.gets?.[0]).to.include("4 votes for option 0 cost 16 credits: Pays at most 80 MESH");
    expect(await refusal("owner", "round", "vote", "1", "1=3")).to.include("that is 25 of 20");
    await network.ok(...by("owner", ["round", "vote", "1", "0=2", "1=4"]), "--yes");
    const shown = await network.ok<ShownRound>("round", "show", "1", "--voter", owner);
    expect(shown.options.map(({ votes }) => votes)).to.deep.equal(["2", "4"]);
    expect(shown.voter).to.deep.include({ spent: "20", votes: ["2", "4"] });
  });

  it("refuses wrong choices and who has no identity", async () => {
    expect(await refusal("owner", "round", "vote", "1", "0")).to.include("must be option=votes");
    expect(await refusal("owner", "round", "vote", "1", "2=1")).to.include("has options 0 to 1");
    expect(await refusal("owner", "round", "vote", "1", "1=1", "1=2")).to.include("option 1 is named twice");
    expect(await refusal("nobody", "round", "vote", "1", "0=1")).to.include("has no certified identity");
  });

  it("takes out the votes of who lost the certificate", async () => {
    const discard = ["round", "discard", "1", `${VOTER_IDENTITY}`];
    const discardable = async () => (await network.ok<ShownRound>("round", "show", "1")).discardable;
    expect(await refusal("nobody", ...discard)).to.include("has no votes in round 1");
    await network.ok(...by("voter", ["round", "vote", "1", "0=1"]), "--yes");
    expect(await discardable()).to.deep.equal([]);
    expect(await refusal("nobody", ...discard)).to.include("is certified, so its votes stay");
    const revoke = { abi: admittedIdentitiesAbi, functionName: "revoke", args: [VOTER_IDENTITY] } as const;
    await asTreasury(encodeFunctionData(revoke), "AdmittedIdentities");
    expect(await discardable()).to.deep.equal([`${VOTER_IDENTITY}`]);
    const { preview } = await network.ok<Outcome>(...by("nobody", discard), "--yes");
    expect(preview?.gets).to.deep.equal(["Option 0 loses 1 vote."]);
    expect(await discardable()).to.deep.equal([]);
  });

  it("becomes a proposal when it is over", async () => {
    const words = ["proposal", "create", "round", "1"];
    expect(await refusal("owner", ...words)).to.include("QuadraticRound_NotOver");
    await network.chain.mineAt(begin + 50);
    const { preview } = await network.ok<Outcome>(...by("owner", words));
    expect(preview?.gets?.filter((line) => /Pays/.test(line))).to.deep.equal([
      `1. Pays 30 MESH from the treasury to ${FIRST}`,
      `2. Pays 60 MESH from the treasury to ${SECOND}`,
    ]);
  });
});
