import { ATTESTATION_BYTES } from "@pqmesh/contracts/protocol/attestation";
import { type Address, bytesToHex } from "viem";
import type { ChainView } from "../chain/chain-view.ts";
import type { Logger } from "../service/logger.ts";
import {
  AGENT_FRAMES,
  decodeHeartbeat,
  decodeJson,
  encodeHeartbeatAck,
  encodeJson,
  FRAME,
  helloSchema,
  type Refusal as RefusedMessage,
  SESSION_VERSION,
  type Stored,
  type Welcome,
} from "../session/frames.ts";
import { type AttestationStore } from "../store/attestation-store.ts";
import { fieldOffset, wireEpoch, wireSequence } from "../store/wire-fields.ts";
import type { Frame } from "../transport/frame-codec.ts";
import type { MeshSession, SessionHandlers } from "../transport/mesh-session.ts";
import type { HeartbeatBook } from "./heartbeat-book.ts";
import type { AttestationSource, Ingest, SignedReceipt, StoredPlace } from "./ingest.ts";
import type { Refusal } from "./refusal.ts";

/** What sessions of agents are served from. */
export interface GatewayOptions {
  chain: ChainView;
  store: AttestationStore;
  ingest: Ingest;
  heartbeats: HeartbeatBook;
  /** Address of this relayer. */
  relayer: Address;
  log: Logger;
  /** Called for every heartbeat that was counted. */
  onHeartbeat?(nodeIndex: number): void;
}

/** The session of which one is served; `MeshSession` is one. */
export type AgentSession = Pick<MeshSession, "peer" | "trySend" | "close" | "pause" | "resume">;

const HEARTBEAT_BYTES = AGENT_FRAMES[FRAME.heartbeat];

/** An agent must say HELLO within this time. */
const HELLO_TIMEOUT_MS = 10_000;

/** Heartbeats that are not counted before the session ends: what queues up while a connection stalls for a while. */
const MOST_EARLY = 64;

const LATENCY = fieldOffset("latencyMicros");

/** Serves one session: HELLO first, then heartbeats and attestations in any order. */
export function serveAgentSession(options: GatewayOptions, session: AgentSession): SessionHandlers {
  const { peer } = session;
  if (peer.kind !== "node") {
    session.close("closed", "sessions are for nodes, this certificate names a relayer");
    return { onFrame: () => undefined };
  }
  const agent = new ServedAgent(options, session, peer.nodeIndex);
  return { onFrame: (frame) => agent.onFrame(frame), onEnd: () => agent.onEnd() };
}

class ServedAgent implements AttestationSource {
  readonly nodeIndex: number;
  readonly #options: GatewayOptions;
  readonly #session: AgentSession;
  readonly #helloTimer: NodeJS.Timeout;
  #intervalMs: number | undefined;
  /** Heartbeats that were not counted, less those that were since. */
  #early = 0;

  constructor(options: GatewayOptions, session: AgentSession, nodeIndex: number) {
    this.nodeIndex = nodeIndex;
    this.#options = options;
    this.#session = session;
    this.#helloTimer = setTimeout(() => session.close("closed", "HELLO did not come in time"), HELLO_TIMEOUT_MS);
  }

  onFrame({ type, payload }: Frame): void {
    if (this.#intervalMs === undefined) {
      if (type === FRAME.hello) this.#onHello(payload);
      else this.#session.close("closed", "the first frame must be HELLO");
    } else if (type === FRAME.heartbeat) this.#onHeartbeat(payload, this.#intervalMs);
    else if (type === FRAME.attestation) this.#options.ingest.offer(this, payload);
    else this.#session.close("closed", `frame type 0x${type.toString(16)} is not for relayers`);
  }

  onEnd(): void {
    clearTimeout(this.#helloTimer);
  }

  onReceipt(receipt: SignedReceipt): void {
    this.#session.trySend(FRAME.receipt, encodeReceipt(receipt));
  }

  onStored({ nodeIndex, epoch, sequence, digest }: StoredPlace): void {
    const stored: Stored = { nodeIndex, epoch: `${epoch}`, sequence: `${sequence}`, digest: bytesToHex(digest) };
    this.#session.trySend(FRAME.stored, encodeJson(stored));
  }

  onRefused({ code, message, expectedSequence }: Refusal, wire: Buffer): void {
    const isWhole = wire.length >= ATTESTATION_BYTES;
    const refused: RefusedMessage = {
      epoch: isWhole ? `${wireEpoch(wire)}` : "0",
      sequence: isWhole ? `${wireSequence(wire)}` : "0",
      code,
      message: message.slice(0, 512),
      ...(expectedSequence === undefined ? {} : { expectedSequence: `${expectedSequence}` }),
    };
    this.#session.trySend(FRAME.refused, encodeJson(refused));
  }

  hold(isHeld: boolean): void {
    if (isHeld) this.#session.pause();
    else this.#session.resume();
  }

  #onHello(payload: Buffer): void {
    clearTimeout(this.#helloTimer);
    let hello;
    try {
      hello = decodeJson(helloSchema, payload);
    } catch (error) {
      this.#session.close("closed", `HELLO is wrong: ${(error as Error).message}`);
      return;
    }
    if (hello.nodeIndex !== this.nodeIndex) {
      const named = `the certificate names node ${this.nodeIndex}`;
      this.#session.close("closed", `HELLO is of node ${hello.nodeIndex}, ${named}`);
      return;
    }
    this.#intervalMs = hello.heartbeatMs;
    this.#options.log.debug({ nodeIndex: this.nodeIndex, agentVersion: hello.agentVersion }, "agent said hello");
    this.#session.trySend(FRAME.welcome, encodeJson(this.#welcome()));
  }

  #welcome(): Welcome {
    const { chain, store, relayer } = this.#options;
    const head = store.headOf(this.nodeIndex);
    const wire = store.headWire(this.nodeIndex);
    return {
      version: SESSION_VERSION,
      relayer,
      chainId: chain.chainId,
      bridge: chain.bridge,
      epoch: `${chain.currentEpoch()}`,
      head:
        head && wire
          ? {
              sequence: `${head.sequence}`,
              digest: bytesToHex(head.digest),
              epoch: `${head.epoch}`,
              wire: bytesToHex(wire),
            }
          : null,
    };
  }

  #onHeartbeat(payload: Buffer, intervalMs: number): void {
    if (payload.length !== HEARTBEAT_BYTES) {
      this.#session.close("closed", `heartbeat has ${payload.length} bytes, expected ${HEARTBEAT_BYTES}`);
      return;
    }
    const heartbeat = decodeHeartbeat(payload);
    const outcome = this.#options.heartbeats.record(this.nodeIndex, intervalMs, heartbeat);
    if (outcome !== "counted" && this.#isFlood()) {
      this.#session.close("closed", `heartbeats keep coming faster than twice the announced ${intervalMs} ms`);
      return;
    }
    this.#session.trySend(FRAME.heartbeatAck, encodeHeartbeatAck(heartbeat));
    if (outcome === "counted") {
      this.#early = Math.max(0, this.#early - 1);
      this.#options.onHeartbeat?.(this.nodeIndex);
    }
  }

  /** Some come early or again after a delay on the way, never many more than come in time. */
  #isFlood(): boolean {
    this.#early += 1;
    return this.#early > MOST_EARLY;
  }
}

/** Reads the round trip that a node signed in an attestation, microseconds. */
export function wireLatencyMicros(wire: Buffer): number {
  return wire.readUInt32BE(LATENCY);
}

/** Written by hand: a receipt is sent for every attestation. */
function encodeReceipt({ nodeIndex, epoch, sequence, digest, proof }: SignedReceipt): Buffer {
  const { root, index, size, path, signature } =
    "stored" in proof
      ? proof.stored
      : {
          root: proof.batch.tree.root,
          index: proof.index,
          size: proof.batch.tree.size,
          path: proof.batch.tree.path(proof.index),
          signature: proof.batch.signatureHex,
        };
  const list = path.length > 0 ? `"${path.join('","')}"` : "";
  return Buffer.from(
    `{"epoch":"${epoch}","nodeIndex":${nodeIndex},"sequence":"${sequence}","digest":"${bytesToHex(digest)}",` +
      `"root":"${root}","index":${index},"size":${size},"path":[${list}],"signature":"${signature}"}`,
  );
}
