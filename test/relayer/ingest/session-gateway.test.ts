import { expect } from "chai";
import { bytesToHex } from "viem";
import { HeartbeatBook } from "../../../relayer/src/ingest/heartbeat-book.ts";
import { serveAgentSession } from "../../../relayer/src/ingest/session-gateway.ts";
import { createLogger } from "../../../relayer/src/service/logger.ts";
import {
  AGENT_FRAMES,
  decodeHeartbeatAck,
  decodeJson,
  encodeHeartbeat,
  encodeJson,
  FRAME,
  receiptSchema,
  refusalSchema,
  RELAYER_FRAMES,
  storedSchema,
  welcomeSchema,
} from "../../../relayer/src/session/frames.ts";
import { connectMesh } from "../../../relayer/src/transport/connect-mesh.ts";
import { MeshCredentials } from "../../../relayer/src/transport/mesh-credentials.ts";
import { createMeshServer, type MeshServer } from "../../../relayer/src/transport/mesh-server.ts";
import type { MeshSession } from "../../../relayer/src/transport/mesh-session.ts";
import { AttestingNode, MEASUREMENT } from "../../helpers/attesting-node.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { RELAYER, TestAuthority } from "../transport/test-authority.ts";
import { IngestRig } from "./ingest-rig.ts";

const EPOCH = 100;
const FRAMES = { ...AGENT_FRAMES, ...RELAYER_FRAMES };
const HEARTBEAT = { counter: 4, agentMicros: 123_456n, cpuLoadBp: 1, memoryUsedBp: 2, storageUsedBp: 3 };

/** The agent's end of a session in a test. */
interface TestAgent {
  session: MeshSession;
  frames: { type: number; payload: Buffer }[];
  /** What ended the session. */
  end: Promise<string>;
}

describe("session of an agent", () => {
  let network: TestAuthority;
  let rig: IngestRig;
  let server: MeshServer;
  let heartbeats: HeartbeatBook;
  let port: number;
  const faults: unknown[] = [];

  before(async () => {
    network = await TestAuthority.create();
  });

  beforeEach(async () => {
    rig = await IngestRig.open();
    heartbeats = new HeartbeatBook(rig.chain, 15_000);
    faults.length = 0;
    const gateway = {
      chain: rig.chain,
      store: rig.store,
      ingest: rig.ingest,
      heartbeats,
      relayer: RELAYER,
      log: createLogger({ name: "test", level: "error" }),
    };
    server = createMeshServer({
      credentials: new MeshCredentials(await network.relayer()),
      frames: FRAMES,
      onSession: (session) => serveAgentSession(gateway, session),
      onFault: (error) => faults.push(error),
    });
    port = await server.listen(0);
  });

  afterEach(async () => {
    await server.close();
    await rig.close();
    expect(faults, "errors that handlers threw").to.deep.equal([]);
  });

  async function connect(credentials: MeshCredentials): Promise<TestAgent> {
    const frames: TestAgent["frames"] = [];
    const session = await connectMesh({
      host: "127.0.0.1",
      port,
      credentials,
      frames: FRAMES,
      handlers: { onFrame: ({ type, payload }) => frames.push({ type, payload: Buffer.from(payload) }) },
    });
    return { session, frames, end: session.ended.then(({ detail }) => detail) };
  }

  async function connectNode(nodeIndex: number): Promise<TestAgent> {
    return connect(new MeshCredentials(await network.node(nodeIndex)));
  }

  async function sayHello(agent: TestAgent, nodeIndex: number): Promise<void> {
    const hello = { version: 1, nodeIndex, agentVersion: "1.0.0", measurement: MEASUREMENT, heartbeatMs: 1_000 };
    await agent.session.send(FRAME.hello, encodeJson(hello));
    await waitUntil("the relayer says WELCOME", () => agent.frames.length > 0);
  }

  async function nextFrame(agent: TestAgent, count: number): Promise<{ type: number; payload: Buffer }> {
    await waitUntil(`frame ${count} comes`, () => agent.frames.length >= count);
    return agent.frames[count - 1]!;
  }

  it("welcomes a node it has never seen", async () => {
    const agent = await connectNode(5);
    await sayHello(agent, 5);
    const welcome = decodeJson(welcomeSchema, agent.frames[0]!.payload);
    expect(welcome).to.deep.equal({
      version: 1,
      relayer: RELAYER,
      chainId: 31_337,
      bridge: rig.chain.bridge,
      epoch: "100",
      head: null,
    });
  });

  it("shows a node the newest attestation it holds", async () => {
    const node = AttestingNode.registeredIn(rig.chain, 5);
    const made = node.attest(EPOCH);
    await rig.receiptFor(made);
    const agent = await connectNode(5);
    await sayHello(agent, 5);
    const { head } = decodeJson(welcomeSchema, agent.frames[0]!.payload);
    expect(head).to.deep.equal({ sequence: "1", epoch: "100", digest: made.digest, wire: bytesToHex(made.wire) });
  });

  it("answers attestations with receipts, STORED and refusals", async () => {
    const node = AttestingNode.registeredIn(rig.chain, 5);
    const agent = await connectNode(5);
    await sayHello(agent, 5);
    const late = node.attest(EPOCH - 1);
    await agent.session.send(FRAME.attestation, late.wire);
    const stored = await nextFrame(agent, 2);
    expect(stored.type, "late").to.equal(FRAME.stored);
    expect(decodeJson(storedSchema, stored.payload)).to.deep.include({
      epoch: "99",
      sequence: "1",
      digest: late.digest,
    });
    const made = node.attest(EPOCH);
    await agent.session.send(FRAME.attestation, made.wire);
    const receipt = await nextFrame(agent, 3);
    expect(receipt.type, "in time").to.equal(FRAME.receipt);
    expect(decodeJson(receiptSchema, receipt.payload)).to.deep.include({
      epoch: "100",
      nodeIndex: 5,
      digest: made.digest,
    });
    await agent.session.send(FRAME.attestation, made.wire.subarray(1));
    const refused = await nextFrame(agent, 4);
    expect(refused.type, "too short").to.equal(FRAME.refused);
    expect(decodeJson(refusalSchema, refused.payload).code).to.equal("wrong-length");
    expect(agent.session.isOpen).to.equal(true);
  });

  it("names the expected sequence in a refusal", async () => {
    const node = AttestingNode.registeredIn(rig.chain, 5);
    await rig.send(node.attest(EPOCH - 2));
    node.attest(EPOCH - 1);
    const agent = await connectNode(5);
    await sayHello(agent, 5);
    await agent.session.send(FRAME.attestation, node.attest(EPOCH).wire);
    const refusal = decodeJson(refusalSchema, (await nextFrame(agent, 2)).payload);
    expect(refusal).to.deep.include({ code: "sequence-gap", sequence: "3", epoch: "100", expectedSequence: "2" });
  });

  it("echoes heartbeats and counts them", async () => {
    const agent = await connectNode(5);
    await sayHello(agent, 5);
    await agent.session.send(FRAME.heartbeat, encodeHeartbeat(HEARTBEAT));
    const ack = await nextFrame(agent, 2);
    expect(ack.type).to.equal(FRAME.heartbeatAck);
    expect(decodeHeartbeatAck(ack.payload)).to.deep.equal({ counter: 4, agentMicros: 123_456n });
    expect(heartbeats.live(5)).to.deep.include({ state: "live", cpuLoadBp: 1, memoryUsedBp: 2, storageUsedBp: 3 });
  });

  it("ends a session that does not begin with HELLO", async () => {
    const agent = await connectNode(5);
    await agent.session.send(FRAME.heartbeat, encodeHeartbeat(HEARTBEAT));
    expect(await agent.end).to.match(/first frame must be HELLO/);
    expect(heartbeats.seenNodes()).to.deep.equal([]);
  });

  it("ends a session whose HELLO names another node", async () => {
    const agent = await connectNode(5);
    const hello = { version: 1, nodeIndex: 6, agentVersion: "1", measurement: MEASUREMENT, heartbeatMs: 1_000 };
    await agent.session.send(FRAME.hello, encodeJson(hello));
    expect(await agent.end).to.match(/HELLO is of node 6, the certificate names node 5/);
  });

  it("ends a session whose HELLO is malformed", async () => {
    for (const hello of ["{", "[]", '{"version":2}', '{"version":1,"nodeIndex":5}']) {
      const agent = await connectNode(5);
      await agent.session.send(FRAME.hello, Buffer.from(hello));
      expect(await agent.end, hello).to.match(/HELLO is wrong/);
    }
  });

  it("ends a session that sends a truncated heartbeat", async () => {
    const agent = await connectNode(5);
    await sayHello(agent, 5);
    await agent.session.send(FRAME.heartbeat, new Uint8Array(17));
    expect(await agent.end).to.match(/heartbeat has 17 bytes, expected 18/);
  });

  it("ends a session whose heartbeats keep coming too fast", async () => {
    const agent = await connectNode(5);
    await sayHello(agent, 5);
    for (let i = 0; i < 100; i++) {
      const heartbeat = encodeHeartbeat({ ...HEARTBEAT, counter: 5 + i });
      await agent.session.send(FRAME.heartbeat, heartbeat).catch(() => undefined);
    }
    expect(await agent.end).to.match(/faster than twice the announced 1000 ms/);
  });

  it("ends a session whose HELLO announces too slow heartbeats", async () => {
    const agent = await connectNode(5);
    const hello = { version: 1, nodeIndex: 5, agentVersion: "1", measurement: MEASUREMENT, heartbeatMs: 5_001 };
    await agent.session.send(FRAME.hello, encodeJson(hello));
    expect(await agent.end).to.match(/HELLO is wrong: frame field heartbeatMs/);
  });

  it("ends a session that sends a relayer's frame", async () => {
    const agent = await connectNode(5);
    await sayHello(agent, 5);
    await agent.session.send(FRAME.welcome, Buffer.from("{}"));
    expect(await agent.end).to.match(/not for relayers/);
  });

  it("serves no relayer", async () => {
    const agent = await connect(new MeshCredentials(await network.relayer()));
    expect(await agent.end).to.match(/sessions are for nodes/);
  });
});
