import { encodeIndexList } from "@pqmesh/contracts/protocol/report";
import { expect } from "chai";
import { testAccount } from "../../helpers/anvil.ts";
import { makeReport, postReport } from "../../helpers/signed-report.ts";
import { addNodes, freshPublicKeys, seatCommittee, type TestRelayer } from "../../helpers/test-network.ts";
import { type CliNetwork, type Outcome, startCliNetwork } from "./support/cli-network.ts";

/** Epochs that downtime is judged in on a devnet, in which a report is taken, and after which it is final. */
const [LENGTH, REPORTED, HORIZON] = [3, 2, 8];
/** A window that begins once nodes and committee are active. */
const WINDOW = 4;
const FIRST = WINDOW * LENGTH;
const VETO_SECONDS = 10;
const REPORTER = testAccount(6).address;

interface Slashes {
  slashes: { slashId: string; nodeIndex: number; ownPart: { mesh: string }; reporter: string; payableAt: string }[];
}

describe("pqmesh slash downtime", function () {
  this.timeout(90_000);

  let network: CliNetwork;
  let relayers: TestRelayer[];
  const downtime = (node: string, ...more: string[]): string[] => [
    ...["slash", "downtime", node, ...more, "--wallet", network.file("reporter.json")],
  ];
  const refusal = async (...words: string[]): Promise<string> => {
    const { json, status } = await network.run(...words, "--yes");
    expect(status, "exit code").to.equal(1);
    return json<{ error: string }>().error;
  };

  before(async () => {
    network = await startCliNetwork({ isHere: true });
    await network.keystore("reporter.json", "secp256k1", "wallet", testAccount(6).getHdKey().privateKey!);
    await addNodes(network, freshPublicKeys(2));
    relayers = await seatCommittee(network, [{ accountIndex: 5, endpoint: "http://127.0.0.1:1" }]);
    expect((await network.chain.head()).timestamp, "set up in time").to.be.below(network.epochStart(FIRST - 2));
    for (let epoch = FIRST; epoch < FIRST + LENGTH; epoch++) {
      await network.chain.mineAt(network.epochStart(epoch + REPORTED));
      for (let i = 0; i < 8; i++) await network.pass(1);
      const absent = encodeIndexList([0]);
      await postReport(network, await makeReport(network, { epoch: BigInt(epoch), absent }), relayers);
    }
  });
  after(() => network.stop());

  it("waits until the window is final", async () => {
    expect(await refusal(...downtime("0", String(WINDOW)))).to.include(
      `window ${WINDOW}, epochs ${FIRST} to before ${FIRST + LENGTH}, is not final yet`,
    );
    await network.chain.mineAt(network.epochStart(FIRST + LENGTH + HORIZON));
  });

  it("says what a slash would bring, and sends nothing", async () => {
    const { dryRun, transaction, preview, sentence } = await network.ok<Outcome>(...downtime("0"));
    expect({ dryRun, transaction }).to.deep.equal({ dryRun: true, transaction: null });
    expect(sentence).to.equal(`Slash node 0 for downtime in epochs ${FIRST} to ${FIRST + LENGTH - 1}.`);
    expect(preview?.figures).to.deep.include({ window: String(WINDOW), fromEpoch: String(FIRST) });
    expect(preview?.gets?.[0]).to.match(/^10 % of what is taken/);
    expect((await network.ok<Slashes>("slash", "show", "--node", "0")).slashes).to.deep.equal([]);
  });

  it("spares a node that was there", async () => {
    expect(await refusal(...downtime("1"))).to.include("node 1 was absent in 0 of 3 reported epochs");
  });

  it("takes the share of downtime, jails the node and freezes what it took", async () => {
    const { events, after } = await network.ok<Outcome>(...downtime("0"), "--yes");
    expect(events.map(({ name }) => name)).to.include.members(["NodeSlashed", "NodeJailed"]);
    expect(after[0]).to.match(/^Slash 1 is frozen; .* anyone pays it out \(slash pay 1\)\.$/);
    const { slashes } = await network.ok<Slashes>("slash", "show", "--node", "0");
    expect(slashes).to.have.length(1);
    expect(slashes[0]).to.deep.include({ slashId: "1", nodeIndex: 0, reporter: REPORTER });
    expect(slashes[0]!.ownPart.mesh, "a thousandth of 200,000").to.equal("200");
    expect(await network.ok("jail", "show", "0")).to.deep.include({ jailed: true, barred: false, slashes: 1 });
  });

  it("judges a window once", async () => {
    expect(await refusal(...downtime("0"))).to.include(`window ${WINDOW} of node 0 was judged before`);
  });

  it("pays reporter and treasury once the time to pardon is over", async () => {
    const pay = ["slash", "pay", "1", "--wallet", network.file("reporter.json")];
    expect(await refusal(...pay)).to.include("the funds of slash 1 can be paid out from 20");
    await network.pass(VETO_SECONDS);
    const { after } = await network.ok<Outcome>(...pay, "--yes");
    expect(after).to.deep.equal([`20 MESH are with the reporter ${REPORTER}.`, "180 MESH are with the treasury."]);
  });
});
