import { expect } from "chai";
import { type Contract, Interface, parseEther, ZeroAddress, type Signer } from "ethers";
import { quadraticRoundAbi } from "@pqmesh/contracts/generated/quadratic-round-abi";
import { connection, deployedNetwork, MESH } from "../support/deployed-network.ts";
import { typedContract } from "../support/typed-contract.ts";

const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const GRANTS = 0;
const PRIORITIES = 1;
const CREDITS = 100n;
const MIN_UNITS = 10n ** 10n;
/** Seconds that the season lasts. */
const LENGTH = 30;
const NULLIFIERS = 2n ** 32n;
const ERC20 = new Interface(["function transfer(address to, uint256 amount)"]);
const TABLE = new Interface(["function set(bytes32 id, uint256 value)"]);

const as = (contract: Contract, signer: Signer) => contract.connect(signer) as Contract;

/** The DAO gives an account a certificate. */
const admit = (
  { gate, timelockSigner }: { gate: Contract; timelockSigner: Signer },
  account: string,
  { nullifier, expiry }: { nullifier: bigint; expiry: number },
) => as(gate, timelockSigner).getFunction("admit")(account, nullifier, expiry);

/** Three voters with a certificate and a hundred locked MESH each, aged and synced; rounds 1 (grants) and 2 (priorities). */
async function quadraticRounds() {
  const network = await deployedNetwork();
  const { token, parameters, deployment, timelockSigner, alice, bob, carol, mallory } = network;
  const { AdmittedIdentities: gate, QuadraticVotes: votes } = deployment.instances;
  const [coin, table] = [await token.getAddress(), await parameters.getAddress()];
  const units = await votes.getAddress();
  const deployed = await ethers.deployContract("QuadraticRound", [units, table, timelockSigner.address]);
  const rounds = typedContract(deployed, quadraticRoundAbi);
  const voters = [alice, bob, carol];
  const expiry = (await time.latest()) + 10 ** 8;
  for (const [i, voter] of voters.entries()) {
    await admit({ gate, timelockSigner }, voter.address, { nullifier: NULLIFIERS + BigInt(i), expiry });
    await token.connect(voter).approve(units, ethers.MaxUint256);
    await as(votes, voter).getFunction("lock")(100n * MESH);
  }
  await time.increase(10 ** 6);
  for (const i of voters.keys()) await votes.getFunction("sync")(NULLIFIERS + BigInt(i));
  await time.increase(10 ** 6);
  for (const i of voters.keys()) await votes.getFunction("sync")(NULLIFIERS + BigInt(i));
  const startsAt = (await time.latest()) + 1_000;
  const season = { startsAt, endsAt: startsAt + LENGTH, credits: CREDITS, minUnits: MIN_UNITS };
  const asTimelock = rounds.connect(timelockSigner);
  await asTimelock.openSeason(1, season);
  const grants = { season: 1, kind: GRANTS, winners: 0, minVotes: 2, token: coin, budget: parseEther("1000") };
  const grantOptions = [
    { target: alice.address, most: parseEther("1000"), data: "0x" },
    { target: bob.address, most: parseEther("50"), data: "0x" },
    { target: mallory.address, most: parseEther("1000"), data: "0x" },
  ];
  const priorities = { season: 1, kind: PRIORITIES, winners: 2, minVotes: 1, token: ZeroAddress, budget: 0 };
  const calls = [1n, 2n, 3n, 4n].map((value) => {
    return { target: table, most: 0, data: TABLE.encodeFunctionData("set", [ethers.ZeroHash, value]) };
  });
  await asTimelock.openRound(grants, grantOptions, "Grants of spring");
  await asTimelock.openRound(priorities, calls, "What comes first");
  const round = { grants, grantOptions, priorities, calls };
  return { ...network, gate, votes, rounds, asTimelock, season, round, voters };
}

type Rounds = Awaited<ReturnType<typeof quadraticRounds>>;

/** The same in the first second of the season. */
async function openRounds(): Promise<Rounds> {
  const fixture = await quadraticRounds();
  await time.increaseTo(fixture.season.startsAt);
  return fixture;
}

/** Votes for options by their index. */
const choices = (votes: Record<number, number>) =>
  Object.entries(votes).map(([option, count]) => ({ option: Number(option), votes: count }));

const cast = ({ rounds }: Rounds, by: Signer, roundId: number, votes: Record<number, number>) =>
  rounds.connect(by).vote(roundId, choices(votes));

describe("QuadraticRound: openSeason and openRound", () => {
  it("opens only the next season, in the future and for a bounded time", async () => {
    const { rounds, asTimelock, season, parameters } = await loadFixture(quadraticRounds);
    await expect(asTimelock.openSeason(1, season))
      .to.be.revertedWithCustomError(rounds, "QuadraticRound_WrongSeason")
      .withArgs(1, 2);
    const unbonding = (await parameters.get(ethers.encodeBytes32String("unbondingPeriod"))) as bigint;
    const unlock = (await parameters.get(ethers.encodeBytes32String("voteUnlockDelay"))) as bigint;
    const ramp = (await parameters.get(ethers.encodeBytes32String("voteAgeRamp"))) as bigint;
    const longest = Number((unbonding < unlock ? unbonding : unlock) + ramp);
    for (const period of [
      { startsAt: await time.latest() },
      { endsAt: season.startsAt },
      { endsAt: season.startsAt + longest + 1 },
    ]) {
      await expect(asTimelock.openSeason(2, { ...season, ...period })).to.be.revertedWithCustomError(
        rounds,
        "QuadraticRound_InvalidPeriod",
      );
    }
    await expect(asTimelock.openSeason(2, { ...season, credits: 0 })).to.be.revertedWithCustomError(
      rounds,
      "QuadraticRound_NoCredits",
    );
    await expect(asTimelock.openSeason(2, { ...season, endsAt: season.startsAt + longest }))
      .to.emit(rounds, "SeasonOpened")
      .withArgs(2, season.startsAt, season.startsAt + longest, CREDITS, MIN_UNITS);
  });

  it("adds rounds until the season begins", async () => {
    const { rounds, asTimelock, season, round } = await loadFixture(quadraticRounds);
    await expect(asTimelock.openRound(round.priorities, round.calls, "third")).to.emit(rounds, "RoundOpened");
    await time.increaseTo(season.startsAt);
    for (const seasonId of [1, 2]) {
      await expect(asTimelock.openRound({ ...round.priorities, season: seasonId }, round.calls, "late"))
        .to.be.revertedWithCustomError(rounds, "QuadraticRound_SeasonNotOpen")
        .withArgs(seasonId);
    }
  });

  it("refuses terms and options that do not fit the kind", async () => {
    const { rounds, asTimelock, round, stablecoin } = await loadFixture(quadraticRounds);
    const { grants, grantOptions, priorities, calls } = round;
    const token = await stablecoin.getAddress();
    for (const [terms, options, field] of [
      [{ ...grants, minVotes: 0 }, grantOptions, "minVotes"],
      [{ ...grants, winners: 1 }, grantOptions, "winners"],
      [{ ...grants, budget: 0 }, grantOptions, "budget"],
      [{ ...grants, token: ZeroAddress }, grantOptions, "token"],
      [{ ...priorities, winners: 0 }, calls, "winners"],
      [{ ...priorities, token }, calls, "token"],
      [{ ...priorities, budget: 1 }, calls, "budget"],
    ] as const) {
      await expect(asTimelock.openRound(terms, options, ""))
        .to.be.revertedWithCustomError(rounds, "QuadraticRound_InvalidTerms")
        .withArgs(field);
    }
    for (const [terms, options] of [
      [grants, calls],
      [priorities, grantOptions],
      [grants, [{ ...grantOptions[0], target: ZeroAddress }, grantOptions[1]]],
      [grants, [{ ...grantOptions[0], data: "0x00" }, grantOptions[1]]],
      [priorities, [{ ...calls[0], data: "0x000000" }, calls[1]]],
    ] as const) {
      await expect(asTimelock.openRound(terms, options, ""))
        .to.be.revertedWithCustomError(rounds, "QuadraticRound_InvalidOption")
        .withArgs(0);
    }
    for (const options of [calls.slice(0, 1), Array.from({ length: 65 }, () => calls[0])]) {
      await expect(asTimelock.openRound(priorities, options, ""))
        .to.be.revertedWithCustomError(rounds, "QuadraticRound_OptionCount")
        .withArgs(options.length, 64);
    }
  });

  it("obeys the timelock only", async () => {
    const { rounds, season, round, mallory } = await loadFixture(quadraticRounds);
    const asStranger = rounds.connect(mallory);
    for (const call of [
      () => asStranger.openSeason(2, season),
      () => asStranger.openRound(round.priorities, round.calls, ""),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(rounds, "Governed_NotTimelock");
    }
  });
});

describe("QuadraticRound: vote", () => {
  it("pays the square of its votes, over all rounds of the season", async () => {
    const fixture = await loadFixture(openRounds);
    const { rounds, alice } = fixture;
    await expect(cast(fixture, alice, 1, { 0: 6, 2: 4 })).to.emit(rounds, "Voted");
    expect(await rounds.spentOf(1, NULLIFIERS), "6² + 4²").to.equal(52n);
    await expect(cast(fixture, alice, 2, { 1: 7 }))
      .to.be.revertedWithCustomError(rounds, "QuadraticRound_TooFewCredits")
      .withArgs(101, CREDITS);
    await cast(fixture, alice, 2, { 0: 4, 1: 4, 2: 4 });
    expect(await rounds.spentOf(1, NULLIFIERS), "all credits").to.equal(CREDITS);
    expect(await rounds.tallyOf(1), "grants").to.deep.equal([6n, 0n, 4n]);
    expect(await rounds.tallyOf(2), "priorities").to.deep.equal([4n, 4n, 4n, 0n]);
  });

  it("changes its votes and has the difference back", async () => {
    const fixture = await loadFixture(openRounds);
    const { rounds, alice, bob } = fixture;
    await cast(fixture, alice, 1, { 0: 10 });
    await cast(fixture, bob, 1, { 0: 3, 1: 2 });
    await cast(fixture, alice, 1, { 0: 0, 1: 8 });
    expect(await rounds.spentOf(1, NULLIFIERS), "8²").to.equal(64n);
    expect(await rounds.ballotOf(1, NULLIFIERS), "ballot").to.deep.equal([0n, 8n, 0n]);
    expect(await rounds.tallyOf(1), "tally").to.deep.equal([3n, 10n, 0n]);
  });

  it("refuses options out of order or unknown", async () => {
    const { rounds, alice } = await loadFixture(openRounds);
    for (const [options, wrong] of [
      [[1, 0], 0],
      [[1, 1], 1],
      [[3], 3],
    ] as const) {
      await expect(
        rounds.connect(alice).vote(
          1,
          options.map((option) => ({ option, votes: 1 })),
        ),
      )
        .to.be.revertedWithCustomError(rounds, "QuadraticRound_WrongOption")
        .withArgs(wrong, 3);
    }
    await expect(rounds.connect(alice).vote(9, []))
      .to.be.revertedWithCustomError(rounds, "QuadraticRound_UnknownRound")
      .withArgs(9);
  });

  it("votes between start and end only", async () => {
    const fixture = await loadFixture(quadraticRounds);
    const { rounds, season, alice } = fixture;
    for (const [moment, isOpen] of [
      [season.startsAt - 1, false],
      [season.startsAt, true],
      [season.endsAt - 1, true],
      [season.endsAt, false],
    ] as const) {
      await time.setNextBlockTimestamp(moment);
      const sent = cast(fixture, alice, 1, { 0: 1 });
      if (isOpen) await expect(sent).to.emit(rounds, "Voted");
      else await expect(sent).to.be.revertedWithCustomError(rounds, "QuadraticRound_NotNow");
    }
  });

  it("needs a certificate, units and to be held since the start", async () => {
    const fixture = await loadFixture(openRounds);
    const { rounds, gate, votes, timelockSigner, alice, mallory, season } = fixture;
    await expect(cast(fixture, mallory, 1, { 0: 1 }))
      .to.be.revertedWithCustomError(rounds, "QuadraticRound_NotCertified")
      .withArgs(mallory.address);
    await admit({ gate, timelockSigner }, mallory.address, { nullifier: NULLIFIERS + 9n, expiry: season.endsAt + 9 });
    await expect(cast(fixture, mallory, 1, { 0: 1 })).to.be.revertedWithCustomError(
      rounds,
      "QuadraticRound_HeldTooLate",
    );
    await votes.getFunction("sync")(NULLIFIERS + 9n);
    await expect(cast(fixture, mallory, 1, { 0: 1 })).to.be.revertedWithCustomError(
      rounds,
      "QuadraticRound_HeldTooLate",
    );
    await as(votes, alice).getFunction("requestUnlock")(MESH);
    await expect(cast(fixture, alice, 1, { 0: 1 }))
      .to.be.revertedWithCustomError(rounds, "QuadraticRound_TooFewUnits")
      .withArgs(9_949_874_371n, MIN_UNITS);
  });

  it("never votes twice by another account", async () => {
    const fixture = await loadFixture(openRounds);
    const { rounds, gate, votes, timelockSigner, alice, mallory, season } = fixture;
    await cast(fixture, alice, 1, { 0: 10 });
    await admit({ gate, timelockSigner }, mallory.address, { nullifier: NULLIFIERS, expiry: season.endsAt + 9 });
    await votes.getFunction("sync")(NULLIFIERS);
    await expect(cast(fixture, mallory, 1, { 0: 10 })).to.be.revertedWithCustomError(
      rounds,
      "QuadraticRound_HeldTooLate",
    );
    await expect(cast(fixture, alice, 1, { 0: 1 })).to.be.revertedWithCustomError(
      rounds,
      "QuadraticRound_NotCertified",
    );
    expect(await rounds.tallyOf(1), "votes once").to.deep.equal([10n, 0n, 0n]);
  });
});

describe("QuadraticRound: discard", () => {
  it("takes its votes out, by anyone, while the round is open", async () => {
    const fixture = await loadFixture(openRounds);
    const { rounds, gate, timelockSigner, alice, bob, mallory, season } = fixture;
    await cast(fixture, alice, 1, { 0: 6, 2: 4 });
    await cast(fixture, bob, 1, { 0: 2 });
    await as(gate, timelockSigner).getFunction("revoke")(NULLIFIERS);
    await expect(rounds.connect(mallory).discard(1, NULLIFIERS))
      .to.emit(rounds, "BallotDiscarded")
      .withArgs(1, NULLIFIERS);
    expect(await rounds.tallyOf(1), "bob's votes").to.deep.equal([2n, 0n, 0n]);
    expect(await rounds.spentOf(1, NULLIFIERS), "credits stay spent").to.equal(52n);
    await time.increaseTo(season.endsAt);
    await expect(rounds.discard(1, NULLIFIERS)).to.be.revertedWithCustomError(rounds, "QuadraticRound_NotNow");
  });

  it("leaves those of certified identities", async () => {
    const fixture = await loadFixture(openRounds);
    await cast(fixture, fixture.alice, 1, { 0: 6 });
    await expect(fixture.rounds.discard(1, NULLIFIERS))
      .to.be.revertedWithCustomError(fixture.rounds, "QuadraticRound_Certified")
      .withArgs(NULLIFIERS);
  });
});

describe("QuadraticRound: resultOf", () => {
  it("divides the budget by votes, up to what was asked for", async () => {
    const fixture = await loadFixture(openRounds);
    const { rounds, token, alice, bob, carol, season } = fixture;
    await cast(fixture, alice, 1, { 0: 6, 1: 3, 2: 1 });
    await cast(fixture, bob, 1, { 0: 1 });
    await cast(fixture, carol, 1, { 0: 2 });
    await time.increaseTo(season.endsAt);
    const result = await rounds.resultOf(1);
    const coin = await token.getAddress();
    const pays = (to: string, amount: bigint) => ERC20.encodeFunctionData("transfer", [to, amount]);
    expect([...result], "9 of 12 votes, 3 of 12 but no more than asked, 1 vote is too few").to.deep.equal([
      [coin, coin],
      [0n, 0n],
      [pays(alice.address, parseEther("750")), pays(bob.address, parseEther("50"))],
      "Result of quadratic round 1",
    ]);
  });

  it("pays grants by the timelock as the result says", async () => {
    const fixture = await loadFixture(openRounds);
    const { rounds, token, alice, timelockSigner, season } = fixture;
    await cast(fixture, alice, 1, { 0: 5 });
    await time.increaseTo(season.endsAt);
    const [targets, , calldatas] = (await rounds.resultOf(1)) as unknown as [string[], bigint[], string[]];
    const before = (await token.balanceOf(alice.address)) as bigint;
    for (const [i, to] of targets.entries()) await timelockSigner.sendTransaction({ to, data: calldatas[i] });
    expect(((await token.balanceOf(alice.address)) as bigint) - before, "grant").to.equal(parseEther("1000"));
  });

  it("names the calls with most votes, the first among equals", async () => {
    const fixture = await loadFixture(openRounds);
    const { rounds, round, alice, bob, season } = fixture;
    await cast(fixture, alice, 2, { 1: 3, 2: 5 });
    await cast(fixture, bob, 2, { 3: 3 });
    await time.increaseTo(season.endsAt);
    const [, , calldatas] = (await rounds.resultOf(2)) as unknown as [string[], bigint[], string[]];
    expect([...calldatas], "options 2 and 1").to.deep.equal([round.calls[2].data, round.calls[1].data]);
  });

  it("has no result before", async () => {
    const { rounds, season } = await loadFixture(openRounds);
    await expect(rounds.resultOf(1))
      .to.be.revertedWithCustomError(rounds, "QuadraticRound_NotOver")
      .withArgs(season.endsAt);
    await time.increaseTo(season.endsAt);
    const [targets] = (await rounds.resultOf(1)) as unknown as [string[]];
    expect([...targets], "nobody voted").to.deep.equal([]);
  });

  it("leaves out grants of nothing and calls with too few votes", async () => {
    const fixture = await loadFixture(quadraticRounds);
    const { rounds, asTimelock, round, season, alice, bob } = fixture;
    await asTimelock.openRound({ ...round.grants, minVotes: 1, budget: 2n }, round.grantOptions, "Two wei");
    await time.increaseTo(season.startsAt);
    await cast(fixture, alice, 3, { 0: 8, 1: 1 });
    await cast(fixture, bob, 2, { 3: 1 });
    await time.increaseTo(season.endsAt);
    const [targets] = (await rounds.resultOf(3)) as unknown as [string[]];
    expect(targets.length, "one of two grants").to.equal(1);
    const [calls] = (await rounds.resultOf(2)) as unknown as [string[]];
    expect(calls.length, "calls").to.equal(Number(round.priorities.minVotes) > 1 ? 0 : 1);
  });

  it("tells seasons, rounds and options as they were opened", async () => {
    const { rounds, round, season } = await loadFixture(openRounds);
    const { startsAt, endsAt, credits, minUnits } = season;
    expect(await rounds.seasonOf(1), "season").to.deep.equal([BigInt(startsAt), BigInt(endsAt), credits, minUnits]);
    const [terms, options] = [await rounds.roundOf(1), await rounds.optionsOf(1)];
    expect(terms[3], "least votes").to.equal(BigInt(round.grants.minVotes));
    expect((options as unknown[]).length, "options").to.equal(round.grantOptions.length);
    for (const read of [rounds.roundOf(9), rounds.optionsOf(9)]) {
      await expect(read).to.be.revertedWithCustomError(rounds, "QuadraticRound_UnknownRound").withArgs(9);
    }
  });

  it("needs votes and parameters", async () => {
    const { rounds, votes, timelockSigner } = await loadFixture(quadraticRounds);
    const { address } = timelockSigner;
    for (const [links, missing] of [
      [[ZeroAddress, address], "votes"],
      [[await votes.getAddress(), ZeroAddress], "parameters"],
    ] as const) {
      await expect(ethers.deployContract("QuadraticRound", [...links, address]))
        .to.be.revertedWithCustomError(rounds, "Governed_ZeroAddress")
        .withArgs(missing);
    }
  });
});
