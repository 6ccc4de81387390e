/** The load: real sessions of many nodes, which send attestations that were signed before. */
import { hashReceipt } from "@pqmesh/contracts/protocol/report";
import { verifyReceiptPath } from "@pqmesh/contracts/protocol/merkle";
import { recoverAddress } from "viem";
import { bytesToHex } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { CertificateAuthority } from "../../../relayer/src/pki/certificate-authority.ts";
import { certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import {
  AGENT_FRAMES,
  decodeJson,
  encodeJson,
  FRAME,
  receiptSchema,
  refusalSchema,
  RELAYER_FRAMES,
} from "../../../relayer/src/session/frames.ts";
import { connectMesh } from "../../../relayer/src/transport/connect-mesh.ts";
import type { Frame } from "../../../relayer/src/transport/frame-codec.ts";
import { MeshCredentials } from "../../../relayer/src/transport/mesh-credentials.ts";
import type { MeshSession } from "../../../relayer/src/transport/mesh-session.ts";
import {
  BENCH_RELAYER_KEY,
  epochSeconds,
  type IngestLoad,
  type LoadOutcome,
  onMessage,
  processUse,
  report,
  type ToProcess,
  useBetween,
  WARM_UP_SECONDS,
} from "./bench-messages.ts";
import { FIXED_MEASUREMENT, FixedChainView } from "./fixed-chain-view.ts";
import { SignedLoad } from "./signed-load.ts";

const TRUST_DOMAIN = "bench.pqmesh";
const REGISTRY = `0x${"0a".repeat(20)}`;
/** Every so many receipts one is kept and checked after the run. */
const CHECKED_EVERY = 997;
const CONNECTING_AT_ONCE = 16;

let load: IngestLoad = { rate: 0, seconds: 0, sessions: 0 };
let signed: SignedLoad;
const nodes: Node[] = [];
let credentials: MeshCredentials[] = [];

/** One node's session and what it waits for, in order. */
interface Node {
  session: MeshSession;
  waiting: { sentAt: number; countedIn: Tally | undefined }[];
}

/** What is counted while the load runs. */
class Tally {
  readonly latencies: number[] = [];
  readonly refused: Record<string, number> = {};
  readonly receipts: Buffer[] = [];
  sent = 0;
  receiptCount = 0;
  late = 0;
  lastAnswerAt = 0;

  get answered(): number {
    return this.receiptCount + this.late + Object.values(this.refused).reduce((sum, count) => sum + count, 0);
  }
}

let tally: Tally | undefined;

onMessage(async (message) => {
  if (message.kind === "prepare") await prepare(message);
  else if (message.kind === "connect") await connectAll(message.port);
  else if (message.kind === "run") report({ kind: "outcome", outcome: await run(message.startAtMs) });
});

function epochsOf({ seconds }: IngestLoad): { warmUp: number; all: number } {
  const length = epochSeconds(load);
  const warmUp = Math.ceil(WARM_UP_SECONDS / length);
  return { warmUp, all: warmUp + Math.ceil(seconds / length) };
}

async function prepare(message: ToProcess & { kind: "prepare" }): Promise<void> {
  load = message.load;
  const { bridge, chainId } = new FixedChainView([], 1);
  const signer = certificateKey();
  const authority = await CertificateAuthority.createRoot({ commonName: "bench", signer, trustDomain: TRUST_DOMAIN });
  const crl = (await authority.revocationList({ entries: [], number: 1n })).pem;
  const relayerKey = certificateKey();
  const relayer = await authority.issueRelayer({
    key: { publicKey: relayerKey.publicKey },
    address: privateKeyToAddress(bytesToHex(BENCH_RELAYER_KEY)),
  });
  const key = relayerKey.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  report({ kind: "tls", tls: { key, cert: relayer.pem, ca: authority.pem, crl } });
  credentials = await Promise.all(
    Array.from({ length: load.sessions }, async (_, nodeIndex) => {
      const nodeKey = certificateKey();
      const did = `did:pqmesh:${chainId}:${REGISTRY}:${nodeIndex}`;
      const { pem } = await authority.issueNode({ key: { publicKey: nodeKey.publicKey }, did });
      const material = { key: nodeKey.privateKey, cert: pem, ca: [authority.pem], crl: [crl] };
      return new MeshCredentials({ ...material, trustDomain: TRUST_DOMAIN });
    }),
  );
  const domain = { chainId, bridge };
  let shown = 0;
  signed = await SignedLoad.make({ nodes: load.sessions, epochs: epochsOf(load).all, domain }, (share) => {
    if (share < shown + 0.1) return;
    shown = share;
    report({ kind: "progress", text: `signed ${Math.round(share * 100)} % of the load` });
  });
}

async function connectAll(port: number): Promise<void> {
  const waiting = [...credentials.entries()];
  const connectSome = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [nodeIndex, own] = next;
      nodes[nodeIndex] = { session: await connectNode(nodeIndex, own, port), waiting: [] };
    }
  };
  await Promise.all(Array.from({ length: CONNECTING_AT_ONCE }, connectSome));
  report({ kind: "connected" });
}

async function connectNode(nodeIndex: number, own: MeshCredentials, port: number): Promise<MeshSession> {
  const welcome = Promise.withResolvers<void>();
  const session = await connectMesh({
    host: "127.0.0.1",
    port,
    credentials: own,
    frames: { ...AGENT_FRAMES, ...RELAYER_FRAMES },
    handlers: {
      onFrame: (frame) => (frame.type === FRAME.welcome ? welcome.resolve() : onAnswer(nodeIndex, frame)),
      onEnd: ({ detail }) => report({ kind: "progress", text: `session of node ${nodeIndex} ended: ${detail}` }),
    },
  });
  const hello = {
    version: 1,
    nodeIndex,
    agentVersion: "load generator",
    measurement: FIXED_MEASUREMENT,
    heartbeatMs: 5_000,
  };
  await session.send(FRAME.hello, encodeJson(hello));
  await welcome.promise;
  return session;
}

function onAnswer(nodeIndex: number, { type, payload }: Frame): void {
  const { sentAt, countedIn } = nodes[nodeIndex]?.waiting.shift() ?? {};
  if (!countedIn || sentAt === undefined) return;
  const now = performance.now();
  countedIn.lastAnswerAt = now;
  if (type === FRAME.refused) {
    const { code } = decodeJson(refusalSchema, payload);
    countedIn.refused[code] = (countedIn.refused[code] ?? 0) + 1;
    return;
  }
  countedIn.latencies.push(now - sentAt);
  if (type === FRAME.stored) countedIn.late += 1;
  else if (countedIn.receiptCount++ % CHECKED_EVERY === 0) countedIn.receipts.push(Buffer.from(payload));
}

async function run(startAtMs: number): Promise<LoadOutcome> {
  const { warmUp, all } = epochsOf(load);
  await sendEpochs(0, warmUp, startAtMs);
  const measured = new Tally();
  tally = measured;
  const before = processUse();
  const begin = performance.now();
  await sendEpochs(warmUp, all, startAtMs);
  const end = performance.now();
  const deadline = performance.now() + 10_000;
  while (measured.answered < measured.sent && performance.now() < deadline) await sleep(5);
  const after = processUse();
  tally = undefined;
  const seconds = (Math.max(end, measured.lastAnswerAt) - begin) / 1_000;
  return { ...(await summary(measured)), seconds, use: useBetween(before, after) };
}

/** Sends every node's attestation of each epoch, evenly over the epoch, in a fixed shuffled order. */
async function sendEpochs(from: number, until: number, startAtMs: number): Promise<void> {
  const lengthMs = epochSeconds(load) * 1_000;
  const order = nodes.map((_, i) => i).sort((a, b) => ((a * 7_919) % 10_007) - ((b * 7_919) % 10_007));
  const stepMs = lengthMs / order.length;
  for (let epoch = from; epoch < until; epoch++) {
    const beginMs = startAtMs + epoch * lengthMs;
    for (let next = 0; next < order.length;) {
      const due = Math.min(order.length, Math.floor((Date.now() - beginMs) / stepMs));
      for (; next < due; next++) send(order[next], epoch);
      if (next < order.length) await sleep(1);
    }
  }
  await sleep(Math.max(0, startAtMs + until * lengthMs - Date.now()));
}

function send(nodeIndex: number, epoch: number): void {
  const node = nodes[nodeIndex];
  if (!node) return;
  node.waiting.push({ sentAt: performance.now(), countedIn: tally });
  node.session
    .send(FRAME.attestation, signed.wire(epoch, nodeIndex))
    .catch((error: Error) => report({ kind: "progress", text: `node ${nodeIndex} could not send: ${error.message}` }));
  if (tally) tally.sent += 1;
}

async function summary(measured: Tally): Promise<Omit<LoadOutcome, "use" | "seconds">> {
  const sorted = Float64Array.from(measured.latencies).sort();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  const wrong = await Promise.all(measured.receipts.map(isWrongReceipt));
  return {
    sent: measured.sent,
    receipts: measured.receiptCount,
    late: measured.late,
    refused: measured.refused,
    latencies: { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) },
    checked: wrong.length,
    wrong: wrong.filter(Boolean).length,
  };
}

async function isWrongReceipt(payload: Buffer): Promise<boolean> {
  const receipt = decodeJson(receiptSchema, payload);
  const { bridge, chainId } = new FixedChainView([], 1);
  const hash = hashReceipt({ chainId, bridge }, { epoch: BigInt(receipt.epoch), root: receipt.root });
  const signer = await recoverAddress({ hash, signature: receipt.signature });
  const isSigned = signer === privateKeyToAddress(bytesToHex(BENCH_RELAYER_KEY));
  return !isSigned || !verifyReceiptPath(receipt.root, receipt.digest, receipt);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
