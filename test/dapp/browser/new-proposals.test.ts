import { admittedIdentitiesAbi } from "@pqmesh/contracts/generated/admitted-identities-abi";
import { meshGovernorAbi } from "@pqmesh/contracts/generated/mesh-governor-abi";
import { networkParametersAbi } from "@pqmesh/contracts/generated/network-parameters-abi";
import { quadraticRoundAbi } from "@pqmesh/contracts/generated/quadratic-round-abi";
import { expect } from "chai";
import type { Locator } from "playwright-core";
import {
  type Abi,
  type Address,
  createPublicClient,
  encodeFunctionData,
  http,
  parseEther,
  stringToHex,
  zeroAddress,
} from "viem";
import { testAccount } from "../../helpers/anvil.ts";
import { openPage } from "../support/browser.ts";
import { type GovernedDapp, OPERATOR, startGovernedDapp, VOTER, VOTER_IDENTITY } from "../support/governed-dapp.ts";
import { openPerson, type Person } from "../support/person.ts";
import "../support/shared-network.ts";

const [FIRST, SECOND] = [testAccount(30).address, testAccount(31).address];
/** Seconds until the season begins, and that it lasts. */
const [WAIT, LENGTH] = [30, 600];
/** Seconds for which entries are paused, and after which a changed number is in force. */
const [PAUSE, NOTICE] = [600, 60];
const OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

describe("new proposals, rounds and pauses by wallet", function () {
  this.timeout(120_000);
  let dapp: GovernedDapp;
  let operator: Person;

  before(async () => {
    dapp = await startGovernedDapp();
    const changes = Object.entries({ maxPause: 2 * PAUSE, unbondingPeriod: 2 * LENGTH }).map(([name, value]) => {
      return { id: stringToHex(name, { size: 32 }), value: BigInt(value) };
    });
    await byTimelock(dapp.config.contracts.NetworkParameters, networkParametersAbi, "setMany", [changes]);
    await dapp.pass(NOTICE);
    operator = await openPerson(dapp, { account: OPERATOR, path: "/proposals/new" });
  });

  after(async () => {
    await operator?.close();
    await dapp?.stop();
  });

  afterEach(() => {
    expect(operator.errors, "errors in the page").to.deep.equal([]);
  });

  const ask = <T>(name: string, abi: Abi, address: Address, args: readonly unknown[]): Promise<T> =>
    createPublicClient({ transport: http(dapp.config.rpcUrl) }).readContract({
      ...{ address, abi, functionName: name, args },
    }) as Promise<T>;
  const byTimelock = (to: Address, abi: Abi, name: string, args: readonly unknown[]): Promise<void> =>
    dapp.send({ from: dapp.config.contracts.MeshTimelock, to, abi, name, args });
  const action = (number: number, { page }: Person = operator): Locator =>
    page.getByRole("group", { name: `Action ${number}`, exact: true });
  const does = (number: number): Locator => operator.page.locator(`[data-call="${number}."]`);
  const propose = (): Locator => operator.page.getByRole("button", { name: /^Preview/ });

  it("checks a governed number against its bounds, and runs the change", async () => {
    const { page } = operator;
    await action(1).getByLabel("Number", { exact: true }).selectOption("proposalBond");
    const value = action(1).getByLabel("New value");
    await value.fill("2000000");
    await action(1).getByText("proposalBond must be at most 1,000,000 MESH.").waitFor();
    await page.getByText("Fill in every action.").waitFor();
    await value.fill("2500 MESH");
    await does(1).getByText("(proposalBond) from 1,000 MESH to 2,500 MESH").waitFor();
    await page.getByText("Executed now, the call would succeed.").waitFor();
    await page.locator('[data-change="proposalBond"]', { hasText: "1,000 MESH → 2,500 MESH" }).waitFor();
    await page.getByText("Give it a title.").waitFor();
    expect(await propose().isDisabled(), "without a title").to.equal(true);
  });

  it("says which call fails, and why", async () => {
    const { page } = operator;
    await page.getByRole("button", { name: "Add an action" }).click();
    await page.getByLabel("What Action 2 does").selectOption("rawCall");
    await action(2).getByLabel("Target").fill(dapp.config.contracts.NetworkParameters);
    const args = [stringToHex("maxPause", { size: 32 }), 0n] as const;
    const calldata = encodeFunctionData({ abi: networkParametersAbi, functionName: "set", args });
    await action(2).getByLabel("Calldata").fill(`${calldata}00`);
    await page.getByText("Executed now, the whole would fail at call 2, and nothing of it would happen.").waitFor();
    await does(2).getByText("Would fail. maxPause would be 0 s; it must be from 1 s to 14 d.").waitFor();
    await does(2).getByText("1 byte too many").waitFor();
    await page.getByLabel("Title").fill("Both");
    await page.getByRole("button", { name: "Preview it although it would fail now" }).waitFor();
    await page.getByRole("button", { name: "Remove Action 2" }).click();
    await page.getByText("Executed now, the call would succeed.").waitFor();
  });

  it("proposes a change and a payment with the bond", async () => {
    const { page, walk } = operator;
    await page.getByRole("button", { name: "Add an action" }).click();
    await page.getByLabel("What Action 2 does").selectOption("payment");
    await action(2).getByLabel("Receiver").fill(FIRST);
    await action(2).getByLabel("Amount").fill("12.5");
    await does(2).getByText(`Pays 12.5 MESH from the treasury to ${FIRST}`).waitFor();
    await page.locator('[data-change="MESH"]', { hasText: "→" }).waitFor();
    await page.getByLabel("Title").fill("A dearer bond");
    await page.getByLabel("Reasons").fill("Fewer proposals of little worth.");
    await propose().click();
    expect(await walk.preview()).to.equal("You bond 1,000 MESH and propose 2 calls to the DAO: A dearer bond");
    await walk.hesitate(operator.wallet);
    expect(await walk.finish()).to.include("The proposal is made. Voting is from");
    const link = page.getByRole("link", { name: "Open it" });
    const id = BigInt((await link.getAttribute("href"))!.split("/").at(-1)!);
    const governor = dapp.config.contracts.MeshGovernor;
    expect(await ask("proposalProposer", meshGovernorAbi, governor, [id])).to.equal(OPERATOR.address);
    const terms = await ask<{ bond: bigint }>("proposalTerms", meshGovernorAbi, governor, [id]);
    expect(terms.bond).to.equal(parseEther("1000"));
    await link.click();
    await page.getByRole("heading", { name: "A dearer bond" }).waitFor();
    await does(2).getByText(`Pays 12.5 MESH from the treasury to ${FIRST}`).waitFor();
  });

  it("says what is missing to who has too few units", async () => {
    const voter = await openPerson(dapp, { account: VOTER, path: "/proposals/new" });
    try {
      await voter.page.getByText("A proposer needs 100 units of the identity house; this wallet has 50.").waitFor();
      expect(await voter.page.getByRole("button", { name: "Preview proposal" }).isDisabled()).to.equal(true);
      expect(voter.errors).to.deep.equal([]);
    } finally {
      await voter.close();
    }
  });

  it("spends credits by a slider that shows their cost", async () => {
    const { page, walk } = operator;
    await page.goto(`${dapp.url}/rounds`);
    await page.getByText("There was no season yet").waitFor();
    const { timestamp } = await dapp.chain.head();
    await openRounds(timestamp + WAIT);
    await page.getByText("Season 1").waitFor();
    await page.getByRole("link", { name: /Tools of the spring/ }).click();
    await page.getByRole("heading", { name: "Tools of the spring" }).waitFor();
    await page.getByText(`At most 80 MESH for`).first().waitFor();
    await dapp.pass(WAIT);
    const slider = page.locator('[data-option="0"] input[type="range"]');
    await slider.focus();
    for (const key of ["ArrowRight", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
    expect(await page.getByTestId("cost-0").textContent()).to.equal("3 votes cost 9 credits");
    await page.getByTestId("credits").getByText("11 of 20 credits left").waitFor();
    await page.getByLabel("Votes for option 1").fill("4");
    await page.getByText("These votes cost 5 credits more than your identity has.").waitFor();
    expect(await propose().isDisabled(), "too dear").to.equal(true);
    await page.getByLabel("Votes for option 1").fill("1");
    await propose().click();
    expect(await walk.preview()).to.include("spent 10 of 20 voice credits of the season; 10 are left.");
    await walk.hesitate(operator.wallet);
    expect(await walk.finish()).to.include("Your votes count.");
    const tally = await ask<bigint[]>("tallyOf", quadraticRoundAbi, dapp.config.contracts.QuadraticRound, [1]);
    expect(tally).to.deep.equal([3n, 1n]);
    await page.locator('[data-result="0"]', { hasText: "67.5 MESH" }).waitFor();
  });

  it("takes out votes of who lost its certificate", async () => {
    const { page, walk } = operator;
    const { AdmittedIdentities, QuadraticRound } = dapp.config.contracts;
    const tally = (): Promise<bigint[]> => ask("tallyOf", quadraticRoundAbi, QuadraticRound, [1]);
    const choices = [{ option: 1, votes: 4 }];
    const ballot = { from: VOTER.address, to: QuadraticRound, abi: quadraticRoundAbi as Abi };
    await dapp.send({ ...ballot, name: "vote", args: [1, choices] });
    expect(await tally()).to.deep.equal([3n, 5n]);
    await byTimelock(AdmittedIdentities, admittedIdentitiesAbi, "revoke", [VOTER_IDENTITY]);
    await page.reload();
    await page.getByRole("button", { name: "Take its votes out" }).click();
    expect(await walk.preview()).to.include(`The votes of identity ${VOTER_IDENTITY} are taken out of round 1`);
    expect(await walk.finish()).to.include("do not count any more");
    expect(await tally()).to.deep.equal([3n, 1n]);
  });

  it("turns the result into a proposal", async () => {
    const { page } = operator;
    await dapp.pass(LENGTH);
    await page.getByRole("link", { name: "Turn it into a proposal" }).click();
    await does(1).getByText(`Pays 67.5 MESH from the treasury to ${FIRST}`).waitFor();
    await does(2).getByText(`Pays 22.5 MESH from the treasury to ${SECOND}`).waitFor();
    expect(await page.getByLabel("Title").inputValue()).to.equal("Result of quadratic round 1");
  });

  it("lets the emergency guardian pause, and end its pause", async () => {
    const { page, walk } = operator;
    const { NetworkParameters } = dapp.config.contracts;
    const until = BigInt((await dapp.chain.head()).timestamp + PAUSE);
    const args = [OPERATOR.address, until];
    await byTimelock(NetworkParameters, networkParametersAbi, "setEmergencyGuardian", args);
    await page.goto(`${dapp.url}/parameters`);
    await page.getByLabel("Keep out").selectOption("Lease");
    await page.getByLabel("For how long").fill("1 d");
    await page.getByText("It must be at most 20 min (maxPause).").waitFor();
    await page.getByLabel("For how long").fill("5 min");
    await propose().click();
    expect(await walk.preview()).to.include("Keeps new leases out until");
    await walk.hesitate(operator.wallet);
    expect(await walk.finish()).to.include("Paused until");
    const lease = page.locator('[data-entry="Lease"]');
    await lease.getByText("by the emergency guardian 0xf39F…2266").waitFor();
    await page.getByRole("button", { name: "End the pause of new leases" }).click();
    expect(await walk.finish()).to.include("Open again: new leases.");
    await lease.getByText("Open: new leases.").waitFor();
  });

  it("shows pauses where they matter", async () => {
    const { page } = operator;
    const { NetworkParameters } = dapp.config.contracts;
    const until = BigInt((await dapp.chain.head()).timestamp + PAUSE);
    for (const area of [0, 1, 2, 3]) {
      await byTimelock(NetworkParameters, networkParametersAbi, "pauseEntry", [area, until]);
    }
    await page.goto(`${dapp.url}/parameters`);
    await page.getByRole("link", { name: "Propose a change of maxPause" }).waitFor();
    await page.locator('[data-entry="Lease"]', { hasText: "New leases are paused until" }).waitFor();
    for (const [path, words] of [
      ["/operate", "Stakes of inactive nodes are paused until"],
      ["/delegate", "Delegations of new delegators are paused until"],
      ["/provide", "New listings are paused until"],
      ["/market", "New leases are paused until"],
    ] as const) {
      await page.goto(`${dapp.url}${path}`);
      await page.getByText(words).first().waitFor();
    }
    await page.goto(`${dapp.url}/delegate?node=0`);
    const form = page.getByRole("region", { name: "Delegate to node 0" });
    await form.getByLabel("Amount").fill("10");
    await form.getByLabel("Amount").and(page.locator('[aria-invalid="true"]')).waitFor();
    expect(await form.getByRole("button", { name: "Preview delegation" }).isDisabled(), "for who is new").to.equal(
      true,
    );
  });

  it("fits a phone, without wallet and indexer", async () => {
    const phone = await openPage({ width: 390, height: 844 });
    try {
      await phone.page.route(`${dapp.config.indexerUrl}/**`, (route) => route.abort());
      for (const [path, words] of [
        ["/proposals/new", "Fill in an action"],
        ["/rounds", "Tools of the spring"],
        ["/rounds/1", "Final."],
        ["/rounds/2", "Sets the bond of a proposal (proposalBond) from 1,000 MESH to 3,000 MESH"],
      ] as const) {
        await phone.page.goto(`${dapp.url}${path}`);
        await phone.page.getByText(words).first().waitFor();
        expect(await phone.page.evaluate(OVERFLOW), path).to.equal(0);
      }
      expect(phone.errors).to.deep.equal([]);
    } finally {
      await phone.close();
    }
  });

  async function openRounds(startsAt: number): Promise<void> {
    const { QuadraticRound, MeshToken, NetworkParameters } = dapp.config.contracts;
    const season = { startsAt, endsAt: startsAt + LENGTH, credits: 20, minUnits: 10 ** 9 };
    await byTimelock(QuadraticRound, quadraticRoundAbi, "openSeason", [1, season]);
    const terms = { season: 1, kind: 0, winners: 0, minVotes: 1, token: MeshToken, budget: parseEther("90") };
    const options = [FIRST, SECOND].map((target) => ({ target, most: parseEther("80"), data: "0x" }));
    await byTimelock(QuadraticRound, quadraticRoundAbi, "openRound", [
      terms,
      options,
      "Tools of the spring\nTwo asked",
    ]);
    const set = (bond: string) => ({
      ...{ target: NetworkParameters, most: 0n },
      data: encodeFunctionData({
        ...{ abi: networkParametersAbi, functionName: "set" },
        args: [stringToHex("proposalBond", { size: 32 }), parseEther(bond)],
      }),
    });
    const priorities = { ...terms, kind: 1, winners: 1, token: zeroAddress, budget: 0n };
    const calls = [set("2000"), set("3000")];
    await byTimelock(QuadraticRound, quadraticRoundAbi, "openRound", [priorities, calls, "What next?"]);
  }
});
