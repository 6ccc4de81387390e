import type { TLSSocket } from "node:tls";

import { connectMesh } from "../../../relayer/src/transport/connect-mesh.ts";
import { FRAME_HEADER_BYTES } from "../../../relayer/src/transport/frame-codec.ts";
import { MeshCredentials } from "../../../relayer/src/transport/mesh-credentials.ts";
import {
  createMeshServer,
  type MeshServer,
  type MeshServerOptions,
} from "../../../relayer/src/transport/mesh-server.ts";
import type { MeshSession, SessionEnd, SessionHandlers } from "../../../relayer/src/transport/mesh-session.ts";
import type { TransportCounters } from "../../../relayer/src/transport/transport-counters.ts";
import type { SessionLimits } from "../../../relayer/src/transport/transport-limits.ts";
import { rawOptions, rawSession } from "./raw-client.ts";
import { type TestMember, TestAuthority } from "./test-authority.ts";

export const DATA = 0x20;
const FRAMES = { [DATA]: 65_536 };

/** A running relayer end, and ways to connect to it. */
export class MeshPair {
  readonly server: MeshServer;
  readonly credentials: MeshCredentials;
  readonly network: TestAuthority;
  readonly node: TestMember;
  /** What the relayer's sessions ended with, in order. */
  readonly ends: SessionEnd[] = [];
  /** Every session the relayer ever had. */
  readonly sessions: MeshSession[] = [];
  port = 0;
  readonly #nodeCredentials: MeshCredentials;

  private constructor(
    network: TestAuthority,
    relayer: TestMember,
    node: TestMember,
    options: Partial<MeshServerOptions>,
  ) {
    this.network = network;
    this.node = node;
    this.credentials = new MeshCredentials(relayer);
    this.#nodeCredentials = new MeshCredentials(node);
    const { onSession = () => ({ onFrame: () => undefined }), ...others } = options;
    this.server = createMeshServer({
      credentials: this.credentials,
      frames: FRAMES,
      onSession: (session) => this.#observe(session, onSession(session)),
      ...others,
    });
  }

  /** Starts a relayer that does nothing with frames unless told otherwise. */
  static async start(options: Partial<MeshServerOptions> = {}): Promise<MeshPair> {
    const network = await TestAuthority.create();
    const pair = new MeshPair(network, await network.relayer(), await network.node(7), options);
    pair.port = await pair.server.listen(0);
    return pair;
  }

  /** Connects a well-behaved end. */
  connect(
    handlers: Partial<SessionHandlers> = {},
    options: { credentials?: MeshCredentials; limits?: Partial<SessionLimits>; counters?: TransportCounters } = {},
  ): Promise<MeshSession> {
    return connectMesh({
      host: "127.0.0.1",
      port: this.port,
      credentials: this.#nodeCredentials,
      frames: FRAMES,
      handlers: { onFrame: () => undefined, ...handlers },
      ...options,
    });
  }

  /** Connects the node's TLS without any of the transport's rules above it. */
  raw(): Promise<TLSSocket> {
    return rawSession(rawOptions(this.port, this.node));
  }

  #observe(session: MeshSession, handlers: SessionHandlers): SessionHandlers {
    this.sessions.push(session);
    return {
      onFrame: (frame) => handlers.onFrame(frame, session),
      onEnd: (end) => {
        this.ends.push(end);
        handlers.onEnd?.(end, session);
      },
    };
  }
}

/** Encodes a frame without checking it. */
export function rawFrame(type: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const frame = Buffer.alloc(FRAME_HEADER_BYTES + payload.length);
  frame.writeUInt32BE(payload.length + 1);
  frame[4] = type;
  payload.copy(frame, FRAME_HEADER_BYTES);
  return frame;
}
