import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { committeeFeesAbi } from "@pqmesh/contracts/generated/committee-fees-abi";
import { expect } from "chai";
import { encodeFunctionData, type Hex, parseEther, stringToHex, zeroAddress, zeroHash } from "viem";
import { testAccount } from "../../helpers/anvil.ts";
import { makeReport, postReport } from "../../helpers/signed-report.ts";
import { addNodes, freshPublicKeys, seatCommittee, type TestRelayer } from "../../helpers/test-network.ts";
import { type CliNetwork, type Outcome, startCliNetwork } from "./support/cli-network.ts";

/** First epoch that is reported, and those with all signatures. */
const [FIRST, COMPLETE] = [12, 3];
/** Seat whose signature does not go with later reports. */
const SILENT = 3;
/** Reports in a row after which a member is silent: the fewest that the DAO can ask for. */
const ROW = 32;
/** Epochs until a report is final. */
const HORIZON = 8;

describe("pqmesh committee collect, show-signature and remove-silent", function () {
  this.timeout(120_000);

  let network: CliNetwork;
  let relayers: TestRelayer[];
  let api: Server;
  let url: string;
  /** Signatures that the read API gives, by seat. */
  let given: Map<number, Hex>;
  let next = FIRST;

  const wallet = () => ["--wallet", network.file("owner.json")];
  const send = (...args: string[]): Promise<Outcome> => network.ok("committee", ...args, ...wallet(), "--yes");
  const refusal = async (...args: string[]): Promise<string> => {
    const { json, status } = await network.run("committee", ...args, ...wallet(), "--yes");
    expect(status, "exit code").to.equal(1);
    return json<{ error: string }>().error;
  };
  const member = () => relayers[SILENT]!.address;

  /** Reports the next epochs. @returns the signatures of all on the last one. */
  async function report(count: number, seats = [0, 1, 2]): Promise<Map<number, Hex>> {
    let signatures = new Map<number, Hex>();
    for (const end = next + count; next < end; next++) {
      await network.chain.mineAt(network.epochStart(next + 2));
      signatures = await postReport(network, await makeReport(network, { epoch: BigInt(next) }), relayers, seats);
    }
    return signatures;
  }

  before(async () => {
    network = await startCliNetwork({ isHere: true });
    await addNodes(network, freshPublicKeys(1));
    const seats = [10, 11, 12, 13].map((accountIndex) => ({ accountIndex, endpoint: "https://127.0.0.1:1" }));
    relayers = await seatCommittee(network, seats);
    const name = stringToHex("committeeSilentReports", { size: 32 });
    await network.call("NetworkParameters", "set", [name, BigInt(ROW)]);
    await network.chain.mineAt(network.epochStart(FIRST));
    api = createServer((_, response) => {
      const signatures = [...given].map(([seat, ecdsa]) => ({ seat, address: zeroAddress, ecdsa, mldsa: "0x" }));
      const words = { beaconBlock: "0", beacon: zeroHash, root: zeroHash, absent: "0x", degraded: "0x", quality: "0x" };
      const accepted = { submitter: zeroAddress, blockNumber: "0", transactionHash: zeroHash };
      response.end(
        JSON.stringify({
          report: { epoch: "0", shard: 0, round: 0, committeeVersion: 1, ...words },
          accepted: { digest: zeroHash, signers: "7", ...accepted },
          signatures,
        }),
      );
    });
    await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  });

  after(async () => {
    api?.close();
    await network?.stop();
  });

  it("collects final reports, once, out of what the reserve holds", async () => {
    await report(COMPLETE, [0, 1, 2, 3]);
    expect(await refusal("collect")).to.equal("every final report is paid, as far as this command looks back");
    await network.chain.mineAt(network.epochStart(next + HORIZON));
    expect(await refusal("collect")).to.equal("the reserve holds 0 MESH, a report pays 1 MESH");
    const to = network.config.contracts.CommitteeFees;
    await network.call("MeshToken", "approve", [to, parseEther("100")]);
    const data = encodeFunctionData({ abi: committeeFeesAbi, functionName: "fund", args: [parseEther("100")] });
    await network.chain.send({ from: testAccount(0).address, to, data });
    const preview = await network.ok<Outcome>("committee", "collect", ...wallet(), "--dry-run");
    expect(preview.transaction, "nothing sent").to.equal(null);
    expect(preview.preview?.figures.amount).to.deep.include({ mesh: "3" });
    const sent = await send("collect", "--member", member());
    expect(sent.sentence).to.equal("Credit the members of the committee for 3 final reports.");
    expect(sent.events.filter(({ name }) => name === "ReportPaid")).to.have.length(COMPLETE);
    expect(await refusal("collect")).to.include("every final report is paid");
    const fees = await network.ok<{ members: { fees: { mesh: string } }[] }>("committee", "fees", "show");
    const paid = fees.members.map(({ fees: { mesh } }) => Number(mesh));
    expect(
      paid.reduce((sum, mesh) => sum + mesh, 0),
      "MESH credited",
    ).to.equal(3);
    next += HORIZON - 1;
  });

  it("shows a signature that was left out", async () => {
    given = await report(1);
    const show = ["show-signature", "0", String(next - 1), "--relayer", url];
    expect(await refusal(...show)).to.include(`had no seat in epoch ${next - 1}`);
    const went = await refusal(...show, "--member", relayers[0]!.address);
    expect(went).to.include("there is nothing to show");
    const all = given;
    given = new Map([[SILENT, all.get(0)!]]);
    expect(await refusal(...show, "--member", member())).to.include("it has no signature of that member");
    given = all;
    const sent = await send(...show, "--member", member());
    expect(sent.call.functionName).to.equal("showSignature");
    expect(sent.transaction?.hash).to.be.a("string");
  });

  it("removes a member that signed none of many reports, and no other", async () => {
    expect(await refusal("remove-silent", member())).to.match(/missing in the newest 1 reports of .*; it takes 32$/);
    expect(await refusal("remove-silent", relayers[0]!.address)).to.match(/newest 0 reports of .*; it takes 32$/);
    await report(ROW - 1);
    expect(await refusal("remove-silent", member()), "it showed the first").to.include("so it was not silent");
    await report(1);
    const sent = await send("remove-silent", member());
    expect(sent.sentence).to.include(`signed none of the newest ${ROW} reports of shard 0`);
    expect(sent.events.map(({ name }) => name)).to.include("SilentMemberRemoved");
    const { latestMembers } = await network.ok<{ latestMembers: string[] }>("committee", "show");
    expect(latestMembers).to.have.length(3).and.not.to.include(member());
  });
});
