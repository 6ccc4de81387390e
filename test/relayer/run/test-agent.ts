import { formatDid } from "@pqmesh/contracts/protocol/did";
import type { Address, Hex } from "viem";
import { pino } from "pino";
import { type ChainFollower, followChain } from "../../../relayer/src/chain/follow-chain.ts";
import type { CertificateAuthority } from "../../../relayer/src/pki/certificate-authority.ts";
import { certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import {
  AGENT_FRAMES,
  decodeJson,
  encodeHeartbeat,
  encodeJson,
  FRAME,
  receiptSchema,
  refusalSchema,
  RELAYER_FRAMES,
  type Welcome,
  welcomeSchema,
} from "../../../relayer/src/session/frames.ts";
import { connectMesh } from "../../../relayer/src/transport/connect-mesh.ts";
import type { Frame } from "../../../relayer/src/transport/frame-codec.ts";
import { MeshCredentials } from "../../../relayer/src/transport/mesh-credentials.ts";
import type { MeshSession } from "../../../relayer/src/transport/mesh-session.ts";
import { type AttestingNode, MEASUREMENT } from "../../helpers/attesting-node.ts";
import type { TestNetwork } from "../../helpers/test-network.ts";
import { waitUntil } from "../../helpers/wait-until.ts";

const HEARTBEAT_MS = 500;

/** What a {@link TestAgent} is made from. */
export interface TestAgentOptions {
  node: AttestingNode;
  network: TestNetwork;
  authority: CertificateAuthority;
  target: { port: number; relayer: Address };
}

/** An attestation for which a receipt came. */
export interface Attested {
  nodeIndex: number;
  epoch: bigint;
  digest: Hex;
}

/** A node's end of a session: heartbeats all the time, attestations when the test says so. */
export class TestAgent {
  welcome: Welcome | undefined;
  readonly #options: TestAgentOptions;
  readonly #credentials: MeshCredentials;
  readonly #chain: ChainFollower;
  readonly #receipts = new Set<string>();
  readonly #refusals: string[] = [];
  readonly #timer: NodeJS.Timeout;
  #session: MeshSession | undefined;
  #counter = 0;
  #lastEpoch = -1n;

  private constructor(options: TestAgentOptions, credentials: MeshCredentials, chain: ChainFollower) {
    this.#options = options;
    this.#credentials = credentials;
    this.#chain = chain;
    this.#timer = setInterval(() => this.#heartbeat(), HEARTBEAT_MS);
  }

  static async open(options: TestAgentOptions): Promise<TestAgent> {
    const { network, authority, node } = options;
    const { chainId, contracts, trustDomain } = network.config;
    const key = certificateKey();
    const did = formatDid({ chainId, registry: contracts.NodeRegistry, nodeIndex: node.nodeIndex });
    const { pem } = await authority.issueNode({ key: { publicKey: key.publicKey }, did });
    const material = { key: key.privateKey, cert: pem, ca: [authority.pem], crl: [], trustDomain };
    const log = pino({ level: "silent" });
    const chain = await followChain({ rpcUrls: [network.chain.url], network: network.config, log });
    const agent = new TestAgent(options, new MeshCredentials(material), chain);
    await agent.reconnect();
    return agent;
  }

  /** Opens a new session and waits for WELCOME. */
  async reconnect(): Promise<void> {
    const { target, node } = this.#options;
    this.welcome = undefined;
    this.#session = await connectMesh({
      host: "127.0.0.1",
      port: target.port,
      relayer: target.relayer,
      credentials: this.#credentials,
      frames: { ...AGENT_FRAMES, ...RELAYER_FRAMES },
      handlers: { onFrame: (frame) => this.#onFrame(frame) },
    });
    const { nodeIndex } = node;
    const hello = { version: 1, nodeIndex, agentVersion: "test", measurement: MEASUREMENT, heartbeatMs: HEARTBEAT_MS };
    await this.#session.send(FRAME.hello, encodeJson(hello));
    await waitUntil("the relayer says WELCOME", () => this.welcome !== undefined);
  }

  /** Attests the next epoch in which there is time for it, and waits for the receipt. */
  async attestNow(): Promise<Attested> {
    await waitUntil("an epoch has begun", () => this.#isTimeToAttest(), 20_000);
    const epoch = this.#chain.currentEpoch();
    const beacon = this.#chain.beaconFor(0, epoch);
    const { digest, wire } = this.#options.node.attest(Number(epoch), beacon ? { beacon } : {});
    this.#lastEpoch = epoch;
    await this.#session?.send(FRAME.attestation, wire);
    await waitUntil("a receipt comes", () => {
      if (this.#refusals.length > 0) throw new Error(`refused: ${this.#refusals.join(", ")}`);
      return this.#receipts.has(digest);
    });
    return { nodeIndex: this.#options.node.nodeIndex, epoch, digest };
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#session?.close();
    await this.#chain.stop();
  }

  #isTimeToAttest(): boolean {
    const { epochGenesis, epochLengthSeconds } = this.#chain;
    const epoch = this.#chain.currentEpoch();
    const sinceStart = this.#chain.nowMs() / 1_000 - Number(epochGenesis + epoch * BigInt(epochLengthSeconds));
    return epoch > this.#lastEpoch && sinceStart / epochLengthSeconds < 0.5;
  }

  #heartbeat(): void {
    if (!this.welcome || !this.#session?.isOpen) return;
    const agentMicros = process.hrtime.bigint() / 1_000n;
    const figures = { cpuLoadBp: 1, memoryUsedBp: 2, storageUsedBp: 3 };
    this.#session.trySend(FRAME.heartbeat, encodeHeartbeat({ counter: ++this.#counter, agentMicros, ...figures }));
  }

  #onFrame({ type, payload }: Frame): void {
    if (type === FRAME.welcome) this.welcome = decodeJson(welcomeSchema, payload);
    else if (type === FRAME.receipt) this.#receipts.add(decodeJson(receiptSchema, payload).digest);
    else if (type === FRAME.refused) this.#refusals.push(decodeJson(refusalSchema, payload).message);
  }
}
