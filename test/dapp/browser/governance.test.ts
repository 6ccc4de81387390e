import { meshGovernorAbi } from "@pqmesh/contracts/generated/mesh-governor-abi";
import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { expect } from "chai";
import { type Abi, createPublicClient, type HDAccount, http, maxUint256, parseEther } from "viem";
import type { ChainAccess } from "../../../dapp/src/lib/chain-source.ts";
import { IndexerClient } from "../../../dapp/src/lib/indexer-client.ts";
import { networkClient } from "../../../dapp/src/lib/network-chain.ts";
import { proposalsFromIndexer } from "../../../dapp/src/lib/proposal-index.ts";
import { PROPOSAL_STATES, proposalState } from "../../../dapp/src/lib/proposal-state.ts";
import { proposalsFromChain } from "../../../dapp/src/lib/proposal-view.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import {
  APPROVER,
  type GovernedDapp,
  HOLDER,
  OPERATOR,
  startGovernedDapp,
  TIMELOCK_DELAY,
  VOTER,
  VOTER_IDENTITY,
  VOTING_PERIOD,
} from "../support/governed-dapp.ts";
import { openPerson, type Person } from "../support/person.ts";
import "../support/shared-network.ts";

/** Seconds after which weights are taken, locked MESH is old enough, and a changed number is in force: more than each takes. */
const A_WHILE = 30;

describe("governance by wallet", function () {
  this.timeout(120_000);
  let dapp: GovernedDapp;
  let access: ChainAccess;
  let indexer: IndexerClient;
  /** Path of the proposal's page. */
  let path: string;
  const people = new Map<HDAccount, Person>();

  before(async () => {
    dapp = await startGovernedDapp();
    access = { client: networkClient(dapp.config), config: dapp.config };
    indexer = new IndexerClient(dapp.config.indexerUrl);
    const allowance = { to: dapp.config.contracts.MeshToken, abi: meshTokenAbi as Abi, name: "approve" };
    await dapp.send({ ...allowance, from: OPERATOR.address, args: [dapp.config.contracts.MeshGovernor, maxUint256] });
  });

  after(async () => {
    for (const person of people.values()) await person.close();
    await dapp?.stop();
  });

  afterEach(() => {
    for (const { errors } of people.values()) expect(errors, "errors in the page").to.deep.equal([]);
  });

  /** A person at a page; one browser profile for each account. */
  const at = async (account: HDAccount, page = path): Promise<Person> => {
    const known = people.get(account);
    if (known) {
      await known.page.goto(`${dapp.url}${page}`);
      return known;
    }
    const person = await openPerson(dapp, { account, path: page });
    people.set(account, person);
    return person;
  };
  /** Checks that index, chain and the dApp's own rule agree about the newest proposal. */
  const agreed = async (): Promise<string> => {
    const now = Number((await access.client.getBlock()).timestamp);
    const [onChain] = await proposalsFromChain(access);
    const { id, standing } = onChain!;
    const governor = { address: dapp.config.contracts.MeshGovernor, abi: meshGovernorAbi } as const;
    const told = await access.client.readContract({ ...governor, functionName: "state", args: [id] });
    expect(proposalState(standing, now), "state by its terms").to.equal(PROPOSAL_STATES[told]);
    const isIndexed = async (): Promise<boolean> => {
      const [indexed] = await proposalsFromIndexer(indexer, now);
      return indexed !== undefined && proposalState(indexed.standing, now) === PROPOSAL_STATES[told];
    };
    await waitUntil("the index has the same state", isIndexed);
    const [indexed] = await proposalsFromIndexer(indexer, now);
    expect(indexed?.standing, "standing by the index").to.deep.equal(standing);
    return PROPOSAL_STATES[told]!;
  };
  const meshOf = (account: HDAccount): Promise<bigint> =>
    createPublicClient({ transport: http(dapp.config.rpcUrl) }).readContract({
      ...{ address: dapp.config.contracts.MeshToken, abi: meshTokenAbi, functionName: "balanceOf" },
      args: [account.address],
    });

  it("proposes another bond and another voter", async () => {
    const { page, walk } = await at(OPERATOR, "/proposals");
    await page.getByText("Nothing was proposed yet").waitFor();
    await page.getByRole("link", { name: "New proposal" }).click();
    const action = (number: number) => page.getByRole("group", { name: `Action ${number}`, exact: true });
    await action(1).getByLabel("Number", { exact: true }).selectOption("proposalBond");
    await action(1).getByLabel("New value").fill("2500 MESH");
    await page.getByRole("button", { name: "Add an action" }).click();
    await page.getByLabel("What Action 2 does").selectOption("admitVoter");
    await action(2).getByLabel("Account that votes").fill(HOLDER.address);
    await action(2)
      .getByLabel("Nullifier of the voter")
      .fill(String(VOTER_IDENTITY + 1n));
    await action(2).getByLabel("For how long").fill("365 d");
    await page.getByLabel("Title").fill("A dearer bond, another voter");
    await page.getByText("Executed now, all 2 calls would succeed.").waitFor();
    await page.getByRole("button", { name: /^Preview/ }).click();
    await walk.finish();
    path = (await page.getByRole("link", { name: "Open it" }).getAttribute("href"))!;
    expect(await agreed()).to.equal("Pending");
    await page.getByRole("link", { name: "Open it" }).click();
    await page.getByTestId("next").getByText("Voting begins at").waitFor();
    await page.getByRole("button", { name: "Cancel the proposal" }).waitFor();
  });

  it("counts three wallets in both houses, each with its weight and why", async () => {
    await dapp.pass(A_WHILE);
    const operator = await at(OPERATOR);
    await operator.page.locator('[data-weight="identity"]', { hasText: "200 units" }).waitFor();
    await operator.page.locator('[data-weight="token"]', { hasText: "vote for nobody" }).waitFor();
    await operator.page.getByText("For", { exact: true }).last().click();
    await operator.page.getByLabel("Reason").fill("Fewer proposals of little worth.");
    await operator.page.getByRole("button", { name: "Preview ballot" }).click();
    expect(await operator.walk.preview())
      .to.include("vote for proposal")
      .and.to.include("with 200 units");
    await operator.walk.hesitate(operator.wallet);
    expect(await operator.walk.finish()).to.include("counted with 200 units in the identity house and 0 MESH");
    await operator.page.getByTestId("ballot-receipt").getByText("Fewer proposals").waitFor();

    const voter = await at(VOTER);
    await voter.page.locator('[data-weight="identity"]', { hasText: "50 units" }).waitFor();
    await voter.page.getByText("Abstain", { exact: true }).click();
    await voter.page.getByRole("button", { name: "Preview ballot" }).click();
    await voter.walk.finish();

    const holder = await at(HOLDER);
    await holder.page.locator('[data-weight="identity"]', { hasText: "no certified identity" }).waitFor();
    await holder.page.getByText("Against", { exact: true }).last().click();
    await holder.page.getByRole("button", { name: "Preview ballot" }).click();
    expect(await holder.walk.preview()).to.include("0 units in the identity house and 20,000 MESH");
    await holder.walk.finish();
    await holder.page.locator("[data-ballot]").nth(2).waitFor();
    await holder.page.getByRole("img", { name: "For, then abstaining 200 + 50. Quorum 37.5" }).waitFor();
    await holder.page.getByRole("img", { name: /^Against 20,000 MESH. Veto [\d,]+ MESH$/ }).waitFor();
    expect(await agreed()).to.equal("Active");
  });

  it("is queued by anyone, approved by the approver, and executed by anyone", async () => {
    await dapp.pass(VOTING_PERIOD);
    const { page, walk } = await at(VOTER);
    expect(await agreed()).to.equal("Succeeded");
    await page.getByRole("button", { name: "Queue with the timelock" }).click();
    await walk.finish();
    expect(await agreed()).to.equal("Queued");
    await page.getByTestId("next").getByText("the approver must approve it").waitFor();
    await dapp.pass(TIMELOCK_DELAY);

    const approver = await at(APPROVER);
    await approver.page.getByRole("button", { name: "Approve the critical calls" }).click();
    await approver.page.getByRole("dialog").getByText("(proposalBond) from 1,000 MESH to 2,500 MESH").waitFor();
    await approver.walk.finish();

    await page.getByRole("button", { name: "Execute" }).click();
    expect(await walk.preview()).to.include("makes all 2 calls");
    await walk.finish();
    await page.locator('main [data-state="Executed"]').waitFor();
    await page.locator('[data-moment="Executed"][data-done="true"]').waitFor();
    await page.getByText("(proposalBond) to 2,500 MESH, after the notice").waitFor();
    for (const past of ["can cancel it until", "Must approve it before", "would succeed", "as it is now"]) {
      expect(await page.getByText(past).count(), past).to.equal(0);
    }
    expect(await agreed()).to.equal("Executed");
  });

  it("gives the bond back", async () => {
    const before = await meshOf(OPERATOR);
    const { page, walk } = await at(HOLDER);
    await page.getByRole("button", { name: "Release the bond" }).click();
    await walk.finish();
    await page.getByTestId("bond").getByText("Returned to the proposer: 1,000 MESH").waitFor();
    expect((await meshOf(OPERATOR)) - before).to.equal(parseEther("1000"));
  });

  it("changed the network: the next proposal costs the new bond, and the new voter can lock", async () => {
    await dapp.pass(A_WHILE);
    const before = await meshOf(OPERATOR);
    const { MeshGovernor: to, MeshToken } = dapp.config.contracts;
    const call = { from: OPERATOR.address, to, abi: meshGovernorAbi as Abi, name: "propose" };
    await dapp.send({ ...call, args: [[MeshToken], [0n], ["0x"], "# The second"] });
    expect(before - (await meshOf(OPERATOR)), "taken from the proposer").to.equal(parseEther("2500"));
    const { page } = await at(HOLDER, "/votes");
    await page.getByTestId("identity").getByText("voter 0x100000001").waitFor();
    await page.getByLabel("Lock", { exact: true }).fill("400");
    await page.getByText("With it your identity has 20 units").waitFor();
  });

  it("locks with a permit, and counts it when it is old enough and synced", async () => {
    const { page, walk } = await at(VOTER, "/votes");
    await page.getByTestId("own-units").getByText("50", { exact: true }).waitFor();
    await page.getByLabel("Lock", { exact: true }).fill("1100");
    await page.getByText("With it your identity has 60 units").waitFor();
    await page.getByRole("button", { name: "Preview lock" }).click();
    expect(await walk.preview()).to.include("Exactly 1,100 MESH move");
    await walk.finish();
    await page.getByTestId("locked").getByText("3,600 MESH").waitFor();
    await page.getByTestId("units-when-aged").getByText("60", { exact: true }).waitFor();
    await dapp.pass(A_WHILE);
    await page.getByRole("button", { name: "Sync" }).click();
    expect(await walk.preview()).to.include("from 50 to 60");
    await walk.finish();
    await page.getByTestId("own-units").getByText("60", { exact: true }).waitFor();
  });

  it("delegates units to certified accounts only, and takes them back", async () => {
    const { page, walk } = people.get(VOTER)!;
    const field = page.getByLabel("Delegate units to");
    await field.fill(APPROVER.address);
    await page.getByText("This account has no certified identity").waitFor();
    await field.fill(OPERATOR.address);
    await page.getByRole("button", { name: "Preview delegation of units" }).click();
    await walk.finish();
    await page.getByRole("button", { name: "Take the units back" }).click();
    await walk.finish();
    await page.getByTestId("units-delegate").getByText("yourself").waitFor();
  });

  it("unlocks, waits and withdraws", async () => {
    const { page, walk } = people.get(VOTER)!;
    await page.getByRole("button", { name: "Unlock instead" }).click();
    await page.getByLabel("Unlock", { exact: true }).fill("3601");
    await page.getByText("3,600 MESH are locked.").waitFor();
    await page.getByLabel("Unlock", { exact: true }).fill("3600");
    await page.getByRole("button", { name: "Preview unlock" }).click();
    expect(await walk.preview()).to.include("3,600 of 3,600 locked MESH stop counting at once");
    await walk.finish();
    await page.getByTestId("own-units").getByText("0", { exact: true }).waitFor();
    await dapp.pass(2 * VOTING_PERIOD);
    await page.getByRole("button", { name: "Withdraw 3,600 MESH" }).click();
    await walk.finish();
    await page.getByTestId("unlocking").getByText("0 MESH", { exact: true }).waitFor();
    expect(await meshOf(VOTER)).to.equal(parseEther("5000"));
    await page.locator("[data-own-ballot]", { hasText: "A dearer bond" }).getByText("Abstain").waitFor();
  });

  it("shows proposals and ballots by the chain alone", async () => {
    await dapp.indexer.pause();
    const { page } = await at(HOLDER, "/proposals");
    await page.locator("[data-proposal]").nth(1).waitFor();
    await page.locator("[data-proposal]").last().getByTestId("own-ballot").waitFor();
    await page.getByLabel("Which proposals").selectOption("executed");
    await waitUntil("one is left", async () => (await page.locator("[data-proposal]").count()) === 1);
    await page.getByRole("link", { name: "A dearer bond, another voter" }).click();
    await page.locator("[data-ballot]").nth(2).waitFor();
    await page.locator('[data-moment="Executed"][data-done="true"]').waitFor();
    await page.getByText("(proposalBond) to 2,500 MESH, after the notice").waitFor();
    for (const past of ["can cancel it until", "Must approve it before", "would succeed", "as it is now"]) {
      expect(await page.getByText(past).count(), past).to.equal(0);
    }
  });
});
