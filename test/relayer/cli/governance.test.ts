import { readFileSync } from "node:fs";
import { expect } from "chai";
import { concat, encodeAbiParameters, keccak256, parseAbiParameters, toFunctionSelector } from "viem";
import { testAccount } from "../../helpers/anvil.ts";
import { type Outcome } from "./support/cli-network.ts";
import { type GovernedNetwork, startGovernedNetwork, VOTER_IDENTITY, WALLETS } from "./support/governed-network.ts";
import { runHere } from "./support/run-here.ts";

const MESH = 10n ** 18n;
const OWNER = testAccount(WALLETS.owner).address;
const VOTER = testAccount(WALLETS.voter).address;
const HOLDER = testAccount(WALLETS.holder).address;
const NOBODY = testAccount(WALLETS.nobody).address;

interface Shown {
  proposalId: string;
  title: string;
  state: string;
  description: string;
  calls: { sentence: string }[];
  identityHouse: { for: { text: string }; against: { text: string }; quorum: { text: string } | null };
  tokenHouse: { for: { mesh: string }; against: { mesh: string }; isRejected: boolean };
  voteStart: { unixSeconds: string };
  voteEnd: { unixSeconds: string };
  next: string;
  executableAt: { unixSeconds: string } | null;
  operation: { operationId: string; approval: string; unapprovedFrom: { unixSeconds: string } | null };
  voter: { hasVoted: boolean; units: { text: string }; why: string[] } | null;
}

interface Weight {
  identity: string;
  units: { text: string };
  unitsAfterSync: { text: string };
  why: string[];
}

describe("pqmesh proposal and votes", function () {
  this.timeout(180_000);

  let network: GovernedNetwork;
  const by = (wallet: string, words: string[]) => [...words, "--wallet", network.file(`${wallet}.json`)];
  const send = (wallet: string, ...words: string[]): Promise<Outcome> => network.ok(...by(wallet, words), "--yes");
  const dry = (wallet: string, ...words: string[]): Promise<Outcome> => network.ok(...by(wallet, words));
  const refusal = async (wallet: string, ...words: string[]): Promise<string> => {
    const { json, status } = await network.run(...by(wallet, words), "--yes");
    expect(status, words.join(" ")).to.be.oneOf([1, 2]);
    return json<{ error: string }>().error;
  };
  const weight = (account: string): Promise<Weight> => network.ok<Weight>("votes", "show", account);
  const time = async (): Promise<number> => (await network.chain.head()).timestamp;
  const goTo = async (seconds: string): Promise<void> => network.chain.mineAt(Number(seconds) + 1);
  const show = (id: string, ...words: string[]): Promise<Shown> => network.ok<Shown>("proposal", "show", id, ...words);
  const create = async (...words: string[]): Promise<string> => {
    const { after } = await send("owner", "proposal", "create", ...words);
    return /It is proposal ([0-9]+);/.exec(after[0]!)![1]!;
  };
  /** Waits until what was staked and locked counts, and syncs it. */
  const age = async (account: string): Promise<void> => {
    const { parameters } = await network.ok<{ parameters: { value: string }[] }>("parameters", "voteAgeRamp");
    await network.pass(2 * Number(parameters[0]!.value) + 1);
    await send("nobody", "votes", "sync", "--account", account);
  };

  before(async () => {
    network = await startGovernedNetwork();
  });
  after(() => network.stop());

  describe("votes", () => {
    it("says why an account weighs nothing", async () => {
      const nobody = await weight(NOBODY);
      expect(nobody).to.deep.include({ identity: "0" });
      expect(nobody.why[0]).to.include(
        "it is no operator in good standing, and no voter whose certificate or admission is good",
      );
      expect(nobody.why[1]).to.match(/^Token house: 0 MESH now.*nobody, because it has named no delegate/);
      expect(await refusal("nobody", "votes", "sync", "--account", NOBODY)).to.include("has no identity");
    });

    it("counts stake when it is old enough and synced: the root of it", async () => {
      await age(OWNER);
      const owner = await weight(OWNER);
      expect(owner.units.text, "the root of 40,000").to.equal("200 units");
      expect(owner.why[0]).to.include("200 units now, the root of the stake and locked MESH of identity 1");
    });

    it("locks MESH of a voter with a permit, and counts it later", async () => {
      const preview = await dry("voter", "votes", "lock", "2500");
      expect(preview.preview?.risks?.[0]).to.include("does not vote in the token house");
      const { permit, events } = await send("voter", "votes", "lock", "2500");
      expect(permit).to.deep.include({ wei: `${2_500n * MESH}`, signed: true });
      expect(events.map(({ name }) => name)).to.include("Locked");
      await age(VOTER);
      expect(await weight(VOTER)).to.deep.include({ identity: `${VOTER_IDENTITY}` });
      expect((await weight(VOTER)).units.text).to.equal("50 units");
      expect(await refusal("nobody", "votes", "lock", "1")).to.match(/identity|holds/);
      expect(await refusal("voter", "votes", "unlock", "2501")).to.include("2500 are locked");
    });

    it("delegates to certified identities only", async () => {
      expect(await refusal("voter", "votes", "delegate", NOBODY)).to.include("QuadraticVotes_DelegateNotCertified");
      await send("voter", "votes", "delegate", OWNER);
      expect((await weight(OWNER)).units.text).to.equal("250 units");
      expect((await weight(VOTER)).why[1]).to.include(`are delegated to ${OWNER}`);
      await send("voter", "votes", "delegate", "self");
      expect(await refusal("voter", "votes", "delegate", "self")).to.include("already");
    });
  });

  describe("a proposal that passes", () => {
    let id: string;

    it("is decoded, run and bonded before it is sent", async () => {
      const words = ["parameter", "reportFee", "2 MESH", "--description", "# Dearer reports\n\nThey cost more."];
      const { preview, approval, dryRun } = await dry("owner", "proposal", "create", ...words);
      expect(dryRun).to.equal(true);
      expect(approval, "bond").to.deep.include({ transaction: null });
      expect(preview?.gets?.[0]).to.include("reportFee) from 1 MESH to 2 MESH");
      expect(preview?.gets?.at(-1)).to.include("it would succeed");
      expect(await network.ok("proposal", "list")).to.deep.equal({ proposals: [], operations: [] });
      id = await create(...words);
      const shown = await show(id.slice(0, 6));
      expect(shown).to.deep.include({ proposalId: id, title: "Dearer reports", state: "pending", executableAt: null });
      expect(shown.description).to.match(new RegExp(`They cost more.\\n\\n#proposer=${OWNER}$`));
    });

    it("refuses who may not propose, and values out of bounds", async () => {
      const words = ["proposal", "create", "parameter", "reportFee"];
      expect(await refusal("nobody", ...words, "3 MESH", "--description", "x")).to.include("a proposer needs");
      expect(await refusal("owner", ...words, "3 d", "--description", "x")).to.include("value");
      expect(await refusal("owner", ...words, "999999999 MESH", "--description", "x")).to.include(
        "reportFee must be from",
      );
      expect(await refusal("owner", ...words, "3 MESH")).to.include("the description is empty");
      const failing = ["proposal", "create", "payment", NOBODY, "999999999999", "--description", "x"];
      expect(await refusal("owner", ...failing))
        .to.include("call 1 would fail")
        .and.include("ERC20InsufficientBalance");
    });

    it("is voted on in both houses, once, by who has weight", async () => {
      expect(await refusal("owner", "proposal", "vote", id, "for")).to.include("is pending; voting begins at");
      await goTo((await show(id)).voteStart.unixSeconds);
      const vote = await dry("owner", "proposal", "vote", id, "for");
      expect(vote.preview?.gets?.[0]).to.match(/^Identity house: 200 units at the snapshot of/);
      await send("owner", "proposal", "vote", id, "for", "--reason", "Relayers need it");
      await send("voter", "proposal", "vote", id, "against");
      await send("holder", "proposal", "vote", id, "for");
      expect(await refusal("owner", "proposal", "vote", id, "against")).to.include("a vote cannot be changed");
      expect(await refusal("nobody", "proposal", "vote", id, "for")).to.include("has no weight in this vote");
      const shown = await show(id, "--voter", HOLDER);
      expect(shown.identityHouse.for.text).to.equal("200 units");
      expect(shown.identityHouse.against.text).to.equal("50 units");
      expect(shown.tokenHouse.for.mesh).to.equal("20000");
      expect(shown.voter?.hasVoted).to.equal(true);
      expect(shown.voter?.why[0]).to.include("no certified identity");
    });

    it("is queued, simulated, executed, and gives its bond back", async () => {
      expect(await refusal("nobody", "proposal", "queue", id)).to.include("is active; voting ends at");
      await goTo((await show(id)).voteEnd.unixSeconds);
      await send("nobody", "proposal", "queue", id);
      const queued = await show(id);
      expect(queued.state).to.equal("queued");
      const { run } = await network.ok<{ run: { succeeds: boolean; block: { timestamp: string } } }>(
        "proposal",
        "simulate",
        id,
      );
      expect(run.succeeds).to.equal(true);
      await goTo(queued.executableAt!.unixSeconds);
      await send("nobody", "proposal", "execute", id);
      expect((await show(id)).state).to.equal("executed");
      await network.pass(60);
      const { parameters } = await network.ok<{ parameters: { text: string }[] }>("parameters", "reportFee");
      expect(parameters[0]?.text).to.equal("2 MESH");
      const { events } = await send("nobody", "proposal", "release-bond", id);
      expect(events.map(({ name }) => name)).to.include("BondReleased");
      expect(await refusal("nobody", "proposal", "release-bond", id)).to.include("has no bond");
    });
  });

  describe("other proposals", () => {
    it("takes a proposal back before voting, by its proposer only", async () => {
      const id = await create("payment", NOBODY, "5", "--description", "Not this one");
      expect(await refusal("voter", "proposal", "cancel", id)).to.include("only the proposer");
      await send("owner", "proposal", "cancel", id);
      expect((await show(id)).state).to.equal("cancelled");
      const { stdout } = await runHere(["proposal", "list"], network.file("network.json"));
      expect(stdout).to.match(
        new RegExp(`^${id.slice(0, 10)}  cancelled  Not this one\\n[0-9]+  executed   Dearer reports`),
      );
    });

    it("takes back one whose description is no text that can be read without loss", async () => {
      const { MeshGovernor } = network.config.contracts;
      const written = "0xefbbbf4e6f2074657874ff";
      const calls = [[NOBODY], [1n], ["0x"]] as const;
      const id = keccak256(
        encodeAbiParameters(parseAbiParameters("address[], uint256[], bytes[], bytes32"), [
          ...calls,
          keccak256(written),
        ]),
      );
      const { parameters } = await network.ok<{ parameters: { value: string }[] }>("parameters", "proposalBond");
      await network.call("MeshToken", "approve", [MeshGovernor, BigInt(parameters[0]!.value)]);
      const selector = toFunctionSelector("propose(address[],uint256[],bytes[],string)");
      const body = encodeAbiParameters(parseAbiParameters("address[], uint256[], bytes[], bytes"), [...calls, written]);
      await network.chain.send({ from: OWNER, to: MeshGovernor, data: concat([selector, body]) });
      await send("owner", "proposal", "cancel", `${BigInt(id)}`);
      expect((await show(`${BigInt(id)}`)).state).to.equal("cancelled");
    });

    it("waits for the approver when it moves the treasury", async () => {
      const id = await create("payment", NOBODY, "4", "--description", "Audit");
      await goTo((await show(id)).voteStart.unixSeconds);
      await send("owner", "proposal", "vote", id, "for");
      await goTo((await show(id)).voteEnd.unixSeconds);
      expect(await refusal("approver", "proposal", "approve", id)).to.include("is not queued with the timelock");
      const { after } = await send("nobody", "proposal", "queue", id);
      expect(after[0]).to.include("needs the approver (proposal approve), because call 1 is critical (ExecutionOp)");
      const queued = await show(id);
      expect(queued.operation).to.deep.include({ approval: "waiting", unapprovedFrom: null });
      expect(queued.next).to.equal("it waits for the approver (proposal approve)");
      await goTo(queued.executableAt!.unixSeconds);
      expect(await refusal("nobody", "proposal", "execute", id)).to.include("is queued and needs the approver");
      expect(await refusal("nobody", "proposal", "approve", id)).to.include("is no approver of the timelock");
      const approval = await dry("approver", "proposal", "approve", id);
      expect(approval.preview?.gets?.[1]).to.equal(`1. Pays 4 MESH from the treasury to ${NOBODY}`);
      await send("approver", "proposal", "approve", id);
      expect((await show(id)).operation.approval).to.equal("given");
      expect(await refusal("approver", "proposal", "approve", id)).to.include("is approved");
      await send("nobody", "proposal", "execute", id);
      expect((await show(id)).state).to.equal("executed");
      expect(await refusal("approver", "proposal", "approve", id)).to.include("was executed");
    });

    it("says that a bond is burnt when the veto quorum is against a proposal", async () => {
      const id = await create("payment", NOBODY, "6", "--description", "Nor this one");
      await goTo((await show(id)).voteStart.unixSeconds);
      await send("owner", "proposal", "vote", id, "against");
      await send("voter", "proposal", "vote", id, "for");
      expect(await refusal("nobody", "proposal", "release-bond", id)).to.include("is active; voting ends at");
      await goTo((await show(id)).voteEnd.unixSeconds);
      expect((await show(id)).state).to.equal("defeated");
      const { after, events } = await send("nobody", "proposal", "release-bond", id);
      expect(after[0]).to.include("It is burnt");
      expect(events.map(({ name }) => name)).to.include("BondBurnt");
    });

    it("writes the calls of a template for others, who simulate them", async () => {
      const file = network.file("draft.json");
      const words = ["proposal", "create", "admit-voter", NOBODY, "--identity", "0x100000007", "--days", "30"];
      await network.ok(...by("owner", words), "--description", "A voter", "--out", file);
      expect(JSON.parse(readFileSync(file, "utf8"))).to.have.property("description", "A voter");
      const { calls } = await network.ok<Shown>("proposal", "simulate", "--file", file);
      expect(calls[0]?.sentence).to.match(new RegExp(`^Lets ${NOBODY} vote as voter 4294967303 until `));
      expect(await refusal("owner", ...words.with(5, "7"), "--description", "A voter")).to.include(
        "at least 4294967296",
      );
    });

    it("lets the emergency guardian pause an entry for a while, and end its own pause", async () => {
      const paused = (words: string[] = []) =>
        network.ok<{ areas: { area: string; isPaused: boolean }[]; guardian: string | null }>(
          "pause",
          "list",
          ...words,
        );
      expect(await paused()).to.deep.include({ guardian: null });
      expect(await refusal("holder", "pause", "set", "lease", "30 s")).to.include(
        "is not the emergency guardian, who is",
      );
      await network.call(
        "NetworkParameters",
        "setEmergencyGuardian",
        [HOLDER, Number(await time()) + 1_000],
        network.treasury,
      );
      expect(await refusal("holder", "pause", "set", "exit", "30 s")).to.include("it must be one of stake, delegation");
      expect(await refusal("holder", "pause", "set", "lease", "90 d")).to.include("(maxPause)");
      const { preview } = await dry("holder", "pause", "set", "lease", "30 s");
      expect(preview?.risks?.[0]).to.include("cannot pause it again before");
      await send("holder", "pause", "set", "lease", "30 s");
      const { areas } = await paused();
      expect(areas.map(({ isPaused }) => isPaused)).to.deep.equal([false, false, false, true]);
      await send("holder", "pause", "end", "lease");
      expect((await paused()).areas[3]?.isPaused).to.equal(false);
      expect(await refusal("holder", "pause", "end", "lease")).to.include("are not paused");
      expect(await refusal("holder", "pause", "set", "lease", "30 s")).to.include("can pause this area again from 20");
    });

    it("names proposals that are not there", async () => {
      const error = async (id: string) => (await network.run("proposal", "show", id)).json<{ error: string }>().error;
      expect(await error("12")).to.include("at least 4 are needed");
      expect(await error("first")).to.include("must be named by its number");
      expect(await error("0000")).to.equal('there is no proposal 0000; "proposal list" prints all');
    });
  });
});
