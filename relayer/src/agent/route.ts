import type { Address, Hex } from "viem";
import {
  AGENT_FRAMES,
  decodeHeartbeatAck,
  decodeJson,
  encodeHeartbeat,
  encodeJson,
  FRAME,
  type Heartbeat,
  type Hello,
  type Receipt,
  receiptSchema,
  type Refusal,
  refusalSchema,
  RELAYER_FRAMES,
  type Welcome,
  welcomeSchema,
} from "../session/frames.ts";
import type { Frame } from "../transport/frame-codec.ts";
import { connectMesh } from "../transport/connect-mesh.ts";
import type { MeshCredentials } from "../transport/mesh-credentials.ts";
import type { MeshSession, SessionEnd } from "../transport/mesh-session.ts";

/** A relayer must say WELCOME within this time. */
const WELCOME_TIMEOUT_MS = 10_000;

/** A relayer an agent may speak to. */
export interface RelayerTarget {
  address: Address;
  host: string;
  port: number;
}

/** What the agent does with what comes in on a route. */
export interface RouteHandlers {
  onWelcome(welcome: Welcome, route: Route): void;
  onReceipt(receipt: Receipt, route: Route): void;
  onRefused(refusal: Refusal, route: Route): void;
  /** Round trip of a heartbeat in microseconds. */
  onRoundTrip(micros: number): void;
  /** Called when the relayer sent something that cannot be read; the session ends. */
  onFault?(error: unknown): void;
}

/** The deployment a route must lead to. */
export interface RouteExpectation {
  chainId: number;
  bridge: Address;
}

/** How a route is opened. */
export interface RouteOptions {
  credentials: MeshCredentials;
  hello: Hello;
  handlers: RouteHandlers;
  expected: RouteExpectation;
}

/** One live session of the agent with one relayer. */
export class Route {
  readonly target: RelayerTarget;
  #session: MeshSession | undefined;
  readonly #handlers: RouteHandlers;
  readonly #expected: RouteExpectation;
  #welcomed = false;

  private constructor(target: RelayerTarget, { handlers, expected }: Pick<RouteOptions, "handlers" | "expected">) {
    this.target = target;
    this.#handlers = handlers;
    this.#expected = expected;
  }

  /**
   * Connects to exactly this relayer and says HELLO.
   *
   * @throws MeshConnectError when the relayer cannot be reached or proves to be another one.
   */
  static async open(target: RelayerTarget, options: RouteOptions): Promise<Route> {
    const route = new Route(target, options);
    const session = await connectMesh({
      host: target.host,
      port: target.port,
      relayer: target.address,
      credentials: options.credentials,
      frames: { ...AGENT_FRAMES, ...RELAYER_FRAMES },
      handlers: { onFrame: (frame) => route.#onFrame(frame) },
      onFault: options.handlers.onFault,
    });
    route.#session = session;
    const timer = setTimeout(() => {
      if (!route.#welcomed) route.close("WELCOME did not come in time");
    }, WELCOME_TIMEOUT_MS);
    void session.ended.then(() => clearTimeout(timer));
    await session.send(FRAME.hello, encodeJson(options.hello));
    return route;
  }

  get #open(): MeshSession {
    if (!this.#session) throw new Error("route is not open yet");
    return this.#session;
  }

  /** True once the relayer said WELCOME and until the session ends. */
  get isReady(): boolean {
    return this.#welcomed && this.#open.isOpen;
  }

  /** Settles when the session is over. */
  get ended(): Promise<SessionEnd> {
    return this.#open.ended;
  }

  /** Queues a heartbeat; one that does not fit is dropped, the next will do. */
  sendHeartbeat(heartbeat: Heartbeat): boolean {
    return this.isReady && this.#open.trySend(FRAME.heartbeat, encodeHeartbeat(heartbeat));
  }

  /** Queues an attestation; rejects when the session ends first. The journal still has it then. */
  async sendAttestation(wire: Uint8Array): Promise<void> {
    await this.#open.send(FRAME.attestation, wire);
  }

  close(reason: string): void {
    this.#open.close("closed", reason);
  }

  #onFrame({ type, payload }: Frame): void {
    if (type === FRAME.welcome) this.#onWelcome(decodeJson(welcomeSchema, payload));
    else if (type === FRAME.heartbeatAck) this.#onHeartbeatAck(payload);
    else if (type === FRAME.receipt) this.#handlers.onReceipt(decodeJson(receiptSchema, payload), this);
    else if (type === FRAME.refused) this.#handlers.onRefused(decodeJson(refusalSchema, payload), this);
  }

  #onWelcome(welcome: Welcome): void {
    const { chainId, bridge } = this.#expected;
    if (welcome.chainId !== chainId || !sameHex(welcome.bridge, bridge)) {
      this.close(
        `relayer serves bridge ${welcome.bridge} on chain ${welcome.chainId}, expected ${bridge} on ${chainId}`,
      );
      return;
    }
    this.#welcomed = true;
    this.#handlers.onWelcome(welcome, this);
  }

  #onHeartbeatAck(payload: Uint8Array): void {
    const { agentMicros } = decodeHeartbeatAck(payload);
    const micros = Number(monotonicMicros() - agentMicros);
    if (micros >= 0 && micros < 60_000_000) this.#handlers.onRoundTrip(micros);
  }
}

/** The agent's monotonic clock in microseconds. */
export function monotonicMicros(): bigint {
  return process.hrtime.bigint() / 1_000n;
}

function sameHex(a: Hex, b: Hex): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
