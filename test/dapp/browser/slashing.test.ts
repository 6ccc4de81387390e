import { nodeSlashingAbi } from "@pqmesh/contracts/generated/node-slashing-abi";
import { slashProposalsAbi } from "@pqmesh/contracts/generated/slash-proposals-abi";
import { expect } from "chai";
import type { Locator } from "playwright-core";
import { keccak256, parseEther, toHex } from "viem";
import { testAccount } from "../../helpers/anvil.ts";
import { askContract, callContract, passTime, setParameters } from "../support/call-contract.ts";
import { type DappNetwork, startDappNetwork, USER } from "../support/dapp-network.ts";
import { openPerson, type Person } from "../support/person.ts";
import "../support/shared-network.ts";

/** Owner of every node, and in this network the DAO, too. */
const OWNER = testAccount(0);
/** Seconds that leave time to act in a browser; what unbonds must outlast them. */
const [DISPUTE, VETO, JAIL] = [180, 120, 600];
const PERIODS = {
  ...{ unbondingPeriod: 1_500n, committeeReleaseDelay: 1_500n },
  ...{ disputePeriod: BigInt(DISPUTE), vetoPeriod: BigInt(VETO), jailPeriod: BigInt(JAIL) },
};
/** Seconds after which every notice of a changed parameter is over. */
const NOTICE = 1_600;
const EVIDENCE = "Node 1 served other data than it sold: https://example.org/evidence";

interface Proposal {
  proposer: string;
  disputer: string;
  nodeIndex: number;
  epoch: bigint;
  amount: bigint;
  status: number;
  evidence: string;
}

describe("slashing by wallet", function () {
  this.timeout(180_000);
  let network: DappNetwork;
  let accuser: Person;
  let owner: Person;

  before(async () => {
    network = await startDappNetwork();
    await network.network.call("MeshToken", "transfer", [USER.address, parseEther("5000")]);
    await network.driver.untilReported(3);
    await setParameters(network, PERIODS);
    await passTime(network, NOTICE);
    accuser = await openPerson(network, { account: USER, path: "/slashes" });
    owner = await openPerson(network, { account: OWNER, path: "/operate" });
  });

  after(async () => {
    await accuser?.close();
    await owner?.close();
    await network?.stop();
  });

  afterEach(() => {
    expect([...accuser.errors, ...owner.errors], "errors in the pages").to.deep.equal([]);
  });

  const proposal = (id: number): Promise<Proposal> =>
    askContract(network, {
      contract: "SlashProposals",
      abi: slashProposalsAbi,
      name: "proposalOf",
      args: [BigInt(id)],
    });
  const jailedUntil = (node: number): Promise<bigint> =>
    askContract(network, { contract: "NodeSlashing", abi: nodeSlashingAbi, name: "jailedUntil", args: [node] });
  /** Calls a contract beside the browser, as account 0. */
  const beside = (contract: "NodeSlashing" | "SlashProposals", name: string, id: number | bigint): Promise<void> => {
    const abi = contract === "NodeSlashing" ? nodeSlashingAbi : slashProposalsAbi;
    return callContract(network, { from: OWNER.address, contract, abi, name, args: [id] });
  };
  const card = ({ page }: Person, id: number): Locator => page.locator(`[data-slash-proposal="${id}"]`);
  const epochNow = async (): Promise<number> => {
    const { timestamp } = await network.chain.head();
    const { genesis, lengthSeconds } = network.config.epoch;
    return Math.floor((timestamp - genesis) / lengthSeconds);
  };
  const accuse = async (node: number, epoch: number, evidence: string): Promise<void> => {
    const { page } = accuser;
    await page.getByLabel("Node", { exact: true }).fill(String(node));
    await page.getByLabel("Epoch of the offence").fill(String(epoch));
    await page.getByLabel("Share of its stake, %").fill("10");
    await page.getByRole("textbox", { name: "Evidence" }).fill(evidence);
    await page.getByRole("button", { name: "Preview proposal" }).click();
  };

  it("proposes a slash with a bond, on this network only", async () => {
    const epoch = (await epochNow()) - 2;
    await accuse(1, epoch, EVIDENCE);
    expect(await accuser.walk.preview()).to.include(
      `You bond 1,000 MESH and accuse node 1 of an offence in epoch ${epoch}. If nobody disputes it in 3 min`,
    );
    await accuser.walk.hesitate(accuser.wallet);
    expect((await proposal(1)).status, "nothing sent").to.equal(0);
    expect(await accuser.walk.finish()).to.include("Proposal 1 is made");
    expect(await proposal(1)).to.deep.include({
      ...{ proposer: USER.address, nodeIndex: 1, epoch: BigInt(epoch), amount: parseEther("20000"), status: 1 },
      evidence: keccak256(toHex(EVIDENCE)),
    });
    await card(accuser, 1).getByText("The proposer bonds 1,000 MESH, and so does who disputes it.").waitFor();
  });

  it("says why the chain refuses a proposal", async () => {
    const sent = () => accuser.wallet.asked.filter((method) => method === "eth_sendTransaction").length;
    const before = sent();
    await accuse(1, 0, EVIDENCE);
    expect(await accuser.walk.fail()).to.match(/Epoch 0 cannot be named: only epochs from \d+ to before \d+ can\./);
    expect(sent(), "not even an approval").to.equal(before);
    expect((await proposal(2)).status, "nothing made").to.equal(0);
  });

  it("shows the accused what it is accused of, and disputes it", async () => {
    await accuse(2, (await epochNow()) - 2, "another story");
    await accuser.walk.finish();
    await card(owner, 2).getByRole("button", { name: "Dispute" }).click();
    expect(await owner.walk.preview()).to.include("You bond 1,000 MESH against it.");
    await owner.page.getByRole("dialog").getByText("to the treasury if the DAO vetoes it after all").waitFor();
    await owner.walk.hesitate(owner.wallet);
    expect(await owner.walk.finish()).to.include("Disputed: now the DAO must decide");
    expect(await proposal(2)).to.deep.include({ disputer: OWNER.address, status: 2 });
    await card(accuser, 2).getByText("Each side bonds 1,000 MESH.").waitFor();
  });

  it("says why a dispute is refused that comes too late", async () => {
    await card(owner, 1).getByRole("button", { name: "Dispute" }).click();
    await owner.walk.preview();
    await passTime(network, DISPUTE);
    expect(await owner.walk.fail()).to.include("This could be done with proposal 1 until");
    await card(owner, 1).getByRole("button", { name: "Dispute" }).waitFor({ state: "detached" });
  });

  it("tells who has which bond once the DAO rejects a dispute", async () => {
    await beside("SlashProposals", "uphold", 2n);
    await card(accuser, 2).getByText("The proposer has its bond of 1,000 MESH back; the disputer's is held").waitFor();
  });

  it("executes what nobody disputed, once its time has come", async () => {
    expect(await card(accuser, 1).getByRole("button", { name: "Execute" }).count(), "too early").to.equal(0);
    await passTime(network, VETO);
    await card(accuser, 1).getByRole("button", { name: "Execute" }).click();
    expect(await accuser.walk.preview()).to.equal(
      "Up to 20,000 MESH are taken of node 1 and its delegators, and the node is jailed. Once all is taken, the proposer gets its bond back.",
    );
    await accuser.walk.hesitate(accuser.wallet);
    expect(await accuser.walk.finish()).to.include("Proposal 1 was executed.");
    expect((await proposal(1)).status, "closed").to.equal(4);
    await card(accuser, 1).getByText("executed", { exact: true }).waitFor();
    await card(accuser, 1).getByText("20,000 taken. The proposer has its bond of 1,000 MESH back.").waitFor();
  });

  it("says why an execution is refused that somebody else was faster with", async () => {
    await card(accuser, 2).getByRole("button", { name: "Execute" }).click();
    expect(await accuser.walk.preview()).to.include(
      "the proposer gets the disputer's bond; its own it has back already",
    );
    await beside("SlashProposals", "execute", 2n);
    expect(await accuser.walk.fail()).to.include("Proposal 2 is past this step");
    await card(accuser, 2).getByText("The proposer has its bond of 1,000 MESH back, and the disputer's.").waitFor();
  });

  it("lets a node out of jail when its time is over", async () => {
    const jail = owner.page.locator('[data-jailed="1"]');
    await jail.getByText("is jailed until").waitFor();
    expect(await jail.getByRole("button").count(), "too early").to.equal(0);
    await passTime(network, JAIL);
    await jail.getByRole("button", { name: "Unjail" }).click();
    expect(await owner.walk.preview()).to.include("Node 1 becomes active again two epochs from now");
    await owner.walk.hesitate(owner.wallet);
    expect((await jailedUntil(1)) > 0n, "still jailed").to.equal(true);
    expect(await owner.walk.finish()).to.include("Node 1 is free.");
    expect(await jailedUntil(1)).to.equal(0n);
    await jail.waitFor({ state: "detached" });
  });

  it("says why nobody is let out twice", async () => {
    await owner.page.locator('[data-jailed="2"]').getByRole("button", { name: "Unjail" }).click();
    await owner.walk.preview();
    await beside("NodeSlashing", "unjail", 2);
    expect(await owner.walk.fail()).to.include("Node 2 is not jailed.");
    await owner.page.locator('[data-jailed="2"]').waitFor({ state: "detached" });
  });
});
