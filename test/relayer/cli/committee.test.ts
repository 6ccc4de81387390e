import { writeFileSync } from "node:fs";
import { expect } from "chai";
import { testAccount } from "../../helpers/anvil.ts";
import { freshPublicKeys, seatCommittee } from "../../helpers/test-network.ts";
import { type CliNetwork, type Outcome, startCliNetwork } from "./support/cli-network.ts";

const MESH = 10n ** 18n;
const RELAYER = testAccount(6).address;
/** Delays of the test network: to join, of notice, and until a bond is free; two epochs until a committee is in force. */
const [JOIN, NOTICE, RELEASE, TWO_EPOCHS] = [20, 60, 120, 20];

interface Committee {
  version: number;
  members: { address: string }[];
  queue: { position: number; relayer: string }[];
  relayer: { standing: string; queuePosition: number; bond: { mesh: string } };
}

describe("pqmesh committee", function () {
  this.timeout(90_000);

  let network: CliNetwork;
  const own = (): string[] => ["--wallet", network.file("relayer.json")];
  const send = (...args: string[]): Promise<Outcome> => network.ok(...args, ...own(), "--yes");
  const refusal = async (...args: string[]): Promise<string> => {
    const { json, status } = await network.run(...args, ...own(), "--yes");
    expect(status, "exit code").to.equal(json<{ exitCode: number }>().exitCode).and.to.be.oneOf([1, 2]);
    return json<{ error: string }>().error;
  };
  const show = (): Promise<Committee> => network.ok<Committee>("committee", "show", RELAYER);
  const standing = async (): Promise<string> => (await show()).relayer.standing;

  before(async () => {
    network = await startCliNetwork({ isHere: true });
    await network.keystore("relayer.json", "secp256k1", "wallet", testAccount(6).getHdKey().privateKey!);
    const [key] = freshPublicKeys(1);
    writeFileSync(network.file("relayer.pub"), `0x${Buffer.from(key!).toString("hex")}\n`);
    await seatCommittee(network, [{ accountIndex: 5, endpoint: "http://127.0.0.1:1" }]);
    await network.pass(TWO_EPOCHS);
    await network.call("MeshToken", "transfer", [RELAYER, 150_000n * MESH]);
  });
  after(() => network.stop());

  it("bonds as the first step to a seat", async () => {
    expect(await standing()).to.equal("unknown");
    expect(await refusal("committee", "exit")).to.include("is not a relayer of this network");
    expect(await refusal("committee", "join")).to.equal("a new relayer needs --key FILE and --endpoint URL");
    const join = ["committee", "join", "--key", network.file("relayer.pub"), "--endpoint", "https://relayer.test"];
    expect(await refusal(...join, "--amount", "5")).to.equal("a seat takes a bond of 100000 MESH, --amount is 5");
    const { preview, approval } = await send(...join);
    expect(approval?.wei).to.equal(`${100_000n * MESH}`);
    expect(preview?.figures.bond).to.deep.include({ mesh: "100000" });
    expect(preview?.unlocks?.[0]).to.include("1 min of notice, two epochs, and 2 min after you leave");
    expect((await show()).relayer).to.deep.include({ standing: "bonded" });
  });

  it("adds to the bond and keeps the endpoint", async () => {
    const { call, after } = await send("committee", "bond", "50");
    expect(call.args[2], "endpoint").to.equal("https://relayer.test");
    expect(after[0]).to.equal("The bond is 100050 MESH, 100000 MESH before.");
    expect(await refusal("committee", "join")).to.include("the DAO admits it to the queue");
  });

  it("waits in the queue and is seated after the delay", async () => {
    await network.ok("committee", "admit", RELAYER, "--region", "1", "--wallet", network.file("owner.json"), "--yes");
    const { queue, relayer } = await show();
    expect(queue[0]).to.deep.include({ position: 1, relayer: RELAYER });
    expect(relayer).to.deep.include({ standing: "queued", queuePosition: 1 });
    expect(await refusal("committee", "join")).to.match(/waits for a seat at place 1, from 20/);
    await network.pass(JOIN);
    const { after } = await send("committee", "join");
    expect(after[0]).to.include("Committee 2 follows two epochs later");
    await network.pass(TWO_EPOCHS);
    expect((await show()).members.map(({ address }) => address)).to.include(RELAYER);
  });

  it("leaves step by step until the bond is back", async () => {
    expect((await send("committee", "exit")).call.functionName).to.equal("resign");
    expect(await refusal("committee", "exit")).to.match(/has resigned; its seat can be vacated from 20/);
    await network.pass(NOTICE);
    expect((await send("committee", "exit")).call.functionName).to.equal("vacateSeat");
    expect(await refusal("committee", "exit")).to.include("wait for the next one");
    await network.pass(TWO_EPOCHS);
    expect((await send("committee", "exit")).call.functionName).to.equal("requestBondRelease");
    expect(await refusal("committee", "withdraw")).to.include("the bond can be withdrawn from 20");
    const { unlocks } = await network.ok<{ unlocks: { what: string; command: string }[] }>("unlocks", RELAYER);
    expect(unlocks[0]).to.deep.include({ what: "bond of the relayer", command: "committee withdraw" });
    await network.pass(RELEASE);
    const { after } = await send("committee", "withdraw");
    expect(after).to.deep.equal([`100050 MESH are with ${RELAYER}.`]);
  });

  it("shows fees, and refuses to pay none", async () => {
    const fees = await network.ok<{ fee: { mesh: string }; members: object[] }>("committee", "fees", "show");
    expect(fees.fee.mesh).to.equal("1");
    expect(fees.members).to.have.length(1);
    expect(await refusal("committee", "fees", "withdraw")).to.include("has no fees to withdraw");
  });
});
