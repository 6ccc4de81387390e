import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { networkParametersAbi } from "@pqmesh/contracts/generated/network-parameters-abi";
import { relayerCommitteeAbi } from "@pqmesh/contracts/generated/relayer-committee-abi";
import { expect } from "chai";
import { bytesToHex, erc20Abi, keccak256, parseEther, stringToHex } from "viem";
import { testAccount } from "../../helpers/anvil.ts";
import { freshPublicKeys } from "../../helpers/test-network.ts";
import { askContract, callContract, passTime } from "../support/call-contract.ts";
import { type DappNetwork, startDappNetwork, USER } from "../support/dapp-network.ts";
import { openPerson, type Person } from "../support/person.ts";
import "../support/shared-network.ts";

const OWNER = testAccount(0);
const HEIR = testAccount(13);
/** Seconds until a proposed owner can accept: three epochs of six. */
const DELAY = 18;
const BOND = parseEther("100000");
/** Seconds in the queue before a relayer can be seated: two epochs of six. */
const JOIN_DELAY = 12;
/** Seconds until a set without a member is in force: two epochs and a part of one. */
const SEATED_FOR = 18;

describe("a new owner and a new relayer by wallet", function () {
  this.timeout(120_000);
  let network: DappNetwork;
  let owner: Person;
  let heir: Person;
  let relayer: Person;

  before(async () => {
    network = await startDappNetwork();
    await network.driver.untilReported(2);
    await network.network.call("MeshToken", "transfer", [USER.address, BOND]);
    owner = await openPerson(network, { account: OWNER, path: "/operate" });
    heir = await openPerson(network, { account: HEIR, path: "/operate" });
    relayer = await openPerson(network, { account: USER, path: "/committee" });
  });

  after(async () => {
    for (const person of [owner, heir, relayer]) await person?.close();
    await network?.stop();
  });

  afterEach(() => {
    expect(
      [owner, heir, relayer].flatMap(({ errors }) => errors),
      "errors in the pages",
    ).to.deep.equal([]);
  });

  const operator = (): Promise<{ owner: string; operatorWallet: string }> =>
    askContract(network, { contract: "NodeRegistry", abi: nodeRegistryAbi, name: "operatorOf", args: [1] });
  const offer = () => heir.page.getByText("Operator 1 was handed over to this wallet.");
  const accept = () => heir.page.getByRole("button", { name: "Accept", exact: true });
  /** Hands the operator over by the owner's page. */
  const handOver = async (): Promise<void> => {
    const { page, walk } = owner;
    await page.getByRole("button", { name: "Change: Owner" }).click();
    await page.getByLabel("New address: Owner").fill(HEIR.address);
    await page.getByRole("button", { name: "Preview change" }).click();
    expect(await walk.preview()).to.equal(
      `${HEIR.address} can become the owner of operator 1 in 18 s, by a transaction of its own.`,
    );
  };

  it("hands an operator over, on this network only", async () => {
    await handOver();
    await owner.walk.hesitate(owner.wallet);
    expect(await owner.walk.finish()).to.include("can accept once the delay is over.");
    await owner.page.locator('[data-pending="Owner"]').waitFor();
    await offer().waitFor();
    expect((await operator()).owner, "not yet").to.equal(OWNER.address);
  });

  it("says why an owner cannot accept what was taken back", async () => {
    expect(await accept().count(), "too early").to.equal(0);
    await passTime(network, DELAY);
    await accept().click();
    await heir.walk.preview();
    const call = { contract: "NodeRegistry", abi: nodeRegistryAbi, name: "cancelPendingChanges", args: [1] } as const;
    await callContract(network, { from: OWNER.address, ...call });
    expect(await heir.walk.fail()).to.match(/No change is pending|Only the owner wallet of identity 1 can do this/);
    await offer().waitFor({ state: "detached" });
    expect((await operator()).owner, "unchanged").to.equal(OWNER.address);
  });

  it("makes the new owner the owner when it accepts after the delay", async () => {
    await owner.page.locator('[data-pending="Owner"]').waitFor({ state: "detached" });
    await handOver();
    await owner.walk.finish();
    await offer().waitFor();
    await passTime(network, DELAY);
    await accept().click();
    expect(await heir.walk.preview()).to.include("Your wallet becomes the owner of operator 1 with all its nodes.");
    await heir.walk.hesitate(heir.wallet);
    expect((await operator()).owner, "nothing sent").to.equal(OWNER.address);
    expect(await heir.walk.finish()).to.include("You own operator 1 now.");
    expect(await operator()).to.deep.include({ owner: HEIR.address, operatorWallet: HEIR.address });
    await heir.page.getByRole("heading", { name: "Operator 1", exact: true }).waitFor();
    await heir.page.getByText("owner", { exact: true }).first().waitFor();
    await owner.page.getByRole("button", { name: "Preview registration" }).waitFor();
  });

  it("bonds a relayer with its report key and endpoint", async () => {
    const { page, walk, wallet } = relayer;
    const [key] = freshPublicKeys(1);
    expect(await page.getByLabel("Bond", { exact: true }).inputValue()).to.equal("100,000");
    await page.getByLabel("Endpoint").fill("relayer.example.org");
    await page.getByLabel(/^Public report key/).setInputFiles(file(key!.slice(1)));
    await page.getByText("This has 1,951 bytes").waitFor();
    expect(await page.getByRole("button", { name: "Preview bond" }).isDisabled(), "not yet").to.equal(true);
    await page.getByLabel("Endpoint").fill("https://relayer.example.org");
    await page.getByLabel(/^Public report key/).setInputFiles(file(key!));
    await page.getByText("A valid ML-DSA-65 public key").waitFor();
    await page.getByRole("button", { name: "Preview bond" }).click();
    expect(await walk.preview()).to.include("Exactly 100,000 MESH are bonded");
    await walk.hesitate(wallet);
    expect(await walk.finish()).to.include("The bond is on chain.");
    expect(await relayerOf()).to.deep.include({ bond: BOND, mldsaKeyHash: keccak256(key!) });
    await row().getByText("yours").waitFor();
    await row().getByText("100,000", { exact: true }).waitFor();
    await row().getByText("committee endpoint relayer.example.org:443").waitFor();
  });

  it("says why more cannot be bonded than there is", async () => {
    const { page, walk } = relayer;
    await network.network.call("MeshToken", "transfer", [USER.address, parseEther("500")]);
    await page.getByLabel("Add to the bond").fill("500");
    await page.getByText("You hold 500 MESH.").waitFor();
    await page.getByRole("button", { name: "Preview bond" }).click();
    await network.network.call("MeshToken", "transfer", [OWNER.address, parseEther("500")], USER.address);
    expect(await walk.fail()).to.include("This wallet holds 0 MESH, but 500 MESH are needed.");
    expect((await relayerOf()).bond, "unchanged").to.equal(BOND);
  });

  it("moves a relayer to another endpoint", async () => {
    const { page, walk, wallet } = relayer;
    await page.getByLabel("Endpoint").fill("https://other.example.org");
    await page.getByRole("button", { name: "Preview new endpoint" }).click();
    await walk.hesitate(wallet);
    expect(await walk.finish()).to.include("The endpoint is changed.");
    await row().getByText("committee endpoint other.example.org:443").waitFor();
  });

  it("waits for a seat once the DAO admits it, and leaves the queue", async () => {
    const { walk, wallet } = relayer;
    await admit();
    await row().getByText("queue 1").waitFor();
    await row()
      .getByText(/^can be seated (now|in \d+ s)$/)
      .waitFor();
    await act("Leave the queue");
    expect(await walk.preview()).to.equal("You no longer wait for a seat. Only the DAO can admit you again.");
    await walk.hesitate(wallet);
    await row().getByText("queue 1").waitFor();
    await walk.finish();
    await row().getByText("queue 1").waitFor({ state: "detached" });
  });

  it("takes a free seat, gives notice and leaves it", async () => {
    const { page, walk } = relayer;
    await admit();
    await passTime(network, JOIN_DELAY);
    await page.getByRole("button", { name: "Seat who waits" }).click();
    await walk.finish();
    await row().getByRole("button", { name: "Resign" }).waitFor();
    expect(await members(), "five seats")
      .to.have.length(5)
      .and.to.include(USER.address);
    await act("Resign");
    expect(await walk.preview()).to.match(
      /^You give notice\. After .+ anyone can vacate your seat; until then you must/,
    );
    await walk.finish();
    await row()
      .getByText(/^resigned; its seat can be vacated in/)
      .waitFor();
    await passTime(network, await parameter("committeeResignNotice"));
    await act("Vacate the seat");
    await walk.finish();
    await row().getByRole("button", { name: "Ask for the bond" }).waitFor();
    expect(await members(), "four seats")
      .to.have.length(4)
      .and.not.to.include(USER.address);
  });

  it("takes its bond out after the delay", async () => {
    const { walk, wallet } = relayer;
    await passTime(network, SEATED_FOR);
    await act("Ask for the bond");
    expect(await walk.preview()).to.match(/^Your bond of 100,000 MESH can be withdrawn in /);
    await walk.hesitate(wallet);
    await walk.finish();
    await row()
      .getByText(/^its bond can leave in /)
      .waitFor();
    expect(await row().getByRole("button", { name: "Withdraw the bond" }).count(), "not yet").to.equal(0);
    await passTime(network, await parameter("committeeReleaseDelay"));
    await act("Withdraw the bond");
    expect(await walk.preview()).to.equal("100,000 MESH are paid to your wallet.");
    await walk.finish();
    await row().getByRole("button", { name: "Withdraw the bond" }).waitFor({ state: "detached" });
    expect((await relayerOf()).bond, "bond left").to.equal(0n);
    const balance = { contract: "MeshToken", abi: erc20Abi, name: "balanceOf", args: [USER.address] } as const;
    expect(await askContract(network, balance), "paid").to.equal(BOND);
  });

  const act = (name: string) => row().getByRole("button", { name, exact: true }).click();
  const admit = () => network.network.call("RelayerCommittee", "admit", [USER.address, 7], OWNER.address);
  const parameter = async (name: string): Promise<number> => {
    const args = [stringToHex(name, { size: 32 })];
    const asked = { contract: "NetworkParameters", abi: networkParametersAbi, name: "get", args } as const;
    return Number(await askContract<bigint>(network, asked));
  };
  const committee = { contract: "RelayerCommittee", abi: relayerCommitteeAbi } as const;
  const members = async (): Promise<string[]> => {
    const version = await askContract<number>(network, { ...committee, name: "latestVersion", args: [] });
    return askContract(network, { ...committee, name: "membersOf", args: [version] });
  };
  const row = () => relayer.page.locator(`[data-relayer="${USER.address.toLowerCase()}"]`);
  const relayerOf = (): Promise<{ bond: bigint; mldsaKeyHash: string }> =>
    askContract(network, { ...committee, name: "relayerOf", args: [USER.address] });
});

function file(key: Uint8Array): { name: string; mimeType: string; buffer: Buffer } {
  const text = `${bytesToHex(key)}\n`;
  return { name: "report.pub", mimeType: "text/plain", buffer: Buffer.from(text) };
}
