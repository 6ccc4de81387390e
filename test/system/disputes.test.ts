import type { ChildProcess } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import { relayerCommitteeAbi } from "@pqmesh/contracts/generated/relayer-committee-abi";
import { DEVNET_CHAIN_ID } from "@pqmesh/contracts/protocol/development-keys";
import { EPOCH_STATUSES } from "@pqmesh/contracts/protocol/epoch-status";
import { attestationLeaf, ReportTree } from "@pqmesh/contracts/protocol/merkle";
import { encodeIndexList, type Report } from "@pqmesh/contracts/protocol/report";
import { expect } from "chai";
import {
  concatHex,
  createPublicClient,
  createWalletClient,
  getAddress,
  type Hex,
  hexToBytes,
  http,
  type PublicClient,
  slice,
} from "viem";
import { developmentAccount } from "../../scripts/start/accounts.ts";
import { hardhat } from "viem/chains";
import { connectChain } from "../helpers/anvil.ts";
import { makeReport, signReport } from "../helpers/signed-report.ts";
import { networkOf } from "../helpers/test-network.ts";
import { eventually, portArguments, StartedNetwork } from "./devnet.ts";
import { PqmeshFiles } from "./pqmesh-files.ts";
import { TcpGate } from "./tcp-gate.ts";

const [EPOCH_ATTESTED, EPOCH_ABSENT] = (["Attested", "Absent"] as const).map((name) => EPOCH_STATUSES.indexOf(name));
const NODES = 3;
const EPOCH_SECONDS = 8;
const READY_MS = 150_000;
/** Node whose relayers pass it over. */
const SILENCED = 1;
/** Node for which the committee reports a leaf that it did not sign. */
const FRAMED = 2;
/** First development account of relayers. */
const FIRST_RELAYER = 40;
const DISHONEST = [0, 1, 2];

describe("disputes on the whole network", function () {
  this.timeout(300_000);
  const network = new StartedNetwork();
  const person = new PqmeshFiles(network);
  const children: ChildProcess[] = [];
  const closing: (() => void)[] = [];
  let client: PublicClient;
  let wallet: string;

  before("start", async () => {
    const size = ["--nodes", String(NODES), "--operators", "1", "--relayers", "4", "--epoch", String(EPOCH_SECONDS)];
    network.start([...size, "--no-dapp", ...portArguments(23_600)]);
    await network.untilReady(READY_MS);
    client = createPublicClient({ transport: http(network.network().rpcUrl), cacheTime: 0 });
    wallet = await person.wallet("anyone.json", "client");
    await eventually(
      "a report of all nodes",
      async () => (await reports()).find(({ absent, quality }) => absent === "0x" && quality !== "0x"),
      90_000,
    );
  });

  after("stop", async () => {
    for (const child of children) child.kill("SIGTERM");
    for (const close of closing) close();
    await network.dispose();
  });

  const contracts = () => network.network().contracts;
  const bridge = () => ({ address: contracts().AttestationBridge, abi: attestationBridgeAbi }) as const;
  const disputes = () => ({ address: contracts().AttestationDisputes, abi: attestationDisputesAbi }) as const;

  async function reports() {
    const logs = await client.getContractEvents({ ...bridge(), eventName: "ReportAccepted", fromBlock: 0n });
    return logs.map(({ args }) => ({ epoch: args.epoch!, absent: args.absent!, quality: args.quality! }));
  }

  const statusOf = (nodeIndex: number, epoch: bigint): Promise<number> =>
    client.readContract({ ...bridge(), functionName: "statusOf", args: [nodeIndex, epoch] });
  const relayerAddress = (number: number) => developmentAccount("relayer", DEVNET_CHAIN_ID, number).address;

  it("answers a false challenge by itself in time", async () => {
    const { epoch } = (await reports()).at(-1)!;
    await person.ok("challenge", "0", String(epoch), "--wallet", wallet, "--yes");
    const closed = await eventually(
      "the challenge is over",
      async () => (await client.getContractEvents({ ...disputes(), eventName: "ChallengeClosed", fromBlock: 0n }))[0],
      60_000,
    );
    const answers = await client.getContractEvents({ ...disputes(), eventName: "ChallengeAnswered", fromBlock: 0n });
    expect(answers, "answers").to.have.length(1);
    const relayers = network.network().relayers.map(({ address }) => address.toLowerCase());
    expect(relayers, "who answered").to.include(answers[0]!.args.responder!.toLowerCase());
    expect(closed.args.state, "dismissed").to.equal(5);
    expect(await statusOf(0, epoch), "the node's epoch").to.equal(EPOCH_ATTESTED);
  });

  it("lets a node whose relayers pass it over prove its epochs by itself", async () => {
    const file = path.join(network.dir, `data/agents/${SILENCED}/agent.json`);
    const config = JSON.parse(readFileSync(file, "utf8")) as { relayers: { port: number; host: string }[] };
    const gates = await Promise.all(config.relayers.map(({ port }) => TcpGate.open(port)));
    closing.push(...gates.map((gate) => () => gate.cut()));
    const keystore = await person.wallet("operator.json", "operator");
    const relayers = config.relayers.map((relayer, i) => ({ ...relayer, host: "127.0.0.1", port: gates[i]!.port }));
    writeFileSync(file, JSON.stringify({ ...config, relayers, wallet: { keystore } }));
    const [last] = (await reports()).slice(-1);
    process.kill(network.pid(`agent-${SILENCED}`), "SIGKILL");
    children.push(network.revive("agent", SILENCED));
    const back = async () => {
      const later = (await reports()).filter(({ epoch }) => epoch > last!.epoch + 1n);
      for (const { epoch } of later) if ((await statusOf(SILENCED, epoch)) === EPOCH_ATTESTED) return epoch;
      return undefined;
    };
    await eventually("the agent attests through the gates", back, 60_000);
    gates.forEach((gate) => gate.cut());
    const missed = await eventually(
      "the committee reports the node absent",
      async () => {
        const newest = (await reports()).at(-1)!.epoch;
        return (await statusOf(SILENCED, newest)) === EPOCH_ABSENT ? newest : undefined;
      },
      60_000,
    );
    const admitted = await eventually(
      "the node proves the epoch",
      async () => {
        const filter = { ...bridge(), eventName: "EpochsAdmitted", fromBlock: 0n } as const;
        return (await client.getContractEvents(filter)).find(({ args }) => args.epochs!.includes(missed));
      },
      120_000,
    );
    const { from } = await client.getTransaction({ hash: admitted.transactionHash });
    const operator = developmentAccount("operator", DEVNET_CHAIN_ID, 0).address;
    expect(from.toLowerCase(), "sent by the agent's wallet").to.equal(operator.toLowerCase());
    expect(admitted.args.nodeIndex, "node").to.equal(SILENCED);
    expect(await statusOf(SILENCED, missed), "the epoch it got back").to.equal(EPOCH_ATTESTED);
  });

  it("punishes relayers whose report has a leaf that its node did not sign", async () => {
    const { epoch, url } = await postForgery();
    const args = ["prove-invalid", String(FRAMED), String(epoch), "--relayer", url, "--wallet", wallet, "--yes"];
    expect(await person.ok(...args)).to.deep.include({ flaw: "signature", dryRun: false });
    expect(await statusOf(FRAMED, epoch), "the node's epoch").to.equal(EPOCH_ABSENT);
    const record = { address: contracts().RelayerCommittee, abi: relayerCommitteeAbi } as const;
    const slashes = await client.getContractEvents({ ...record, eventName: "SlashFrozen", fromBlock: 0n });
    expect(slashes, "punishments").to.have.length(1);
    expect(slashes[0]!.args.amount! > 0n, "MESH taken").to.equal(true);
    const members = await Promise.all(
      [0, 1, 2, 3].map((number) =>
        client.readContract({ ...record, functionName: "relayerOf", args: [relayerAddress(number)] }),
      ),
    );
    expect(
      members.map(({ frozenUntil }) => frozenUntil > 0n),
      "jailed",
    ).to.deep.equal([true, true, true, false]);
  });

  /**
   * The dishonest members report an epoch with a leaf of {@link FRAMED} that another node signed. Meanwhile no relayer's
   * honest program runs: it would report the truth first.
   */
  async function postForgery(): Promise<{ epoch: bigint; url: string }> {
    for (;;) {
      const epoch = await client.readContract({ ...bridge(), functionName: "currentEpoch" });
      const held = await eventually(
        "attestations of the epoch",
        () => attestationsOf(epoch),
        EPOCH_SECONDS * 1_000,
      ).catch(() => undefined);
      if (!held) continue;
      signalRelayers("SIGSTOP");
      const forged = await postLeaves(epoch, held).finally(() => signalRelayers("SIGCONT"));
      if (forged) return { epoch, url: await serve(forged) };
    }
  }

  function signalRelayers(signal: NodeJS.Signals): void {
    for (const number of [0, 1, 2, 3]) process.kill(network.pid(`relayer-${number}`), signal);
  }

  /** @returns what a relayer would serve of the forged leaf; undefined when the report was not accepted. */
  async function postLeaves(epoch: bigint, held: readonly ServedAttestation[]): Promise<object | undefined> {
    const rig = networkOf(network.network(), connectChain(network.network().rpcUrl));
    const { signature } = held.find(({ attestation }) => attestation.nodeIndex !== FRAMED)!;
    const shown = held.map((leaf) => (leaf.attestation.nodeIndex === FRAMED ? { ...leaf, signature } : leaf));
    const leaves = shown.map((leaf) => {
      const { nodeIndex } = leaf.attestation;
      return [nodeIndex, attestationLeaf(nodeIndex, leaf.digest, hexToBytes(leaf.signature))] as const;
    });
    const tree = new ReportTree(new Map(leaves));
    const isOver = async () => (await rig.chain.head()).timestamp >= rig.epochStart(epoch + 1n) || undefined;
    await eventually("the epoch is over", isOver, EPOCH_SECONDS * 2_000);
    const { version: committeeVersion } = await committeeOf(epoch);
    const lists = { absent: encodeIndexList([SILENCED]), quality: `0x${"ff".repeat(NODES)}` } as const;
    const report = await makeReport(rig, { epoch, root: tree.root, ...lists, committeeVersion });
    if (!(await isAccepted(report))) return undefined;
    const framed = shown.find(({ attestation }) => attestation.nodeIndex === FRAMED)!;
    return { ...framed, report, root: tree.root, proof: tree.proof(FRAMED), signers: "7" };
  }

  /** What all nodes but the silenced one attested in a running epoch, once a relayer holds it. */
  async function attestationsOf(epoch: bigint): Promise<ServedAttestation[] | undefined> {
    const { url } = network.network().relayers[0]!;
    const nodes = Array.from({ length: NODES }, (_, nodeIndex) => nodeIndex).filter((node) => node !== SILENCED);
    const answers = await Promise.all(nodes.map((node) => fetch(`${url}/v1/attestations/${epoch}/${node}`)));
    if (!answers.every(({ ok }) => ok)) return undefined;
    return Promise.all(answers.map(async (answer) => (await answer.json()) as ServedAttestation));
  }

  async function committeeOf(epoch: bigint) {
    const record = { address: contracts().RelayerCommittee, abi: relayerCommitteeAbi } as const;
    const [version, packed] = await client.readContract({ ...record, functionName: "committeeFor", args: [epoch] });
    const seats = Array.from({ length: 4 }, (_, seat) => getAddress(slice(packed, 20 * seat, 20 * seat + 20)));
    return { version, seats };
  }

  /** Sends a report that only the dishonest members sign. @returns false when it came too late, or too early. */
  async function isAccepted(report: Report): Promise<boolean> {
    const rig = networkOf(network.network(), connectChain(network.network().rpcUrl));
    const { seats } = await committeeOf(report.epoch);
    const signing = seats.flatMap((address, seat) => {
      const number = DISHONEST.find((dishonest) => relayerAddress(dishonest) === address);
      return number === undefined ? [] : [{ seat, accountIndex: FIRST_RELAYER + number }];
    });
    const signatures = await signReport(rig, report, signing);
    const bits = signing.reduce((all, { seat }) => all | (1n << BigInt(seat)), 0n);
    const account = developmentAccount("client", DEVNET_CHAIN_ID, 1);
    const sender = createWalletClient({ account, chain: hardhat, transport: http(network.network().rpcUrl) });
    const hash = await sender.writeContract({
      ...{ ...bridge(), functionName: "submitReport", args: [report, bits, concatHex([...signatures.values()])] },
      gas: 3_000_000n,
    });
    return (await client.waitForTransactionReceipt({ hash })).status === "success";
  }

  /** Serves one leaf as a relayer's read API does. @returns URL of the server. */
  async function serve(answer: object): Promise<string> {
    const text = JSON.stringify(answer, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value));
    const server = createServer((_, response) => {
      response.setHeader("content-type", "application/json");
      response.end(text);
    });
    closing.push(() => server.close());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
});

/** An attestation as a relayer serves it before its epoch is reported. */
interface ServedAttestation {
  attestation: { nodeIndex: number };
  digest: Hex;
  signature: Hex;
}
