import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import type { PrivateKeyAccount } from "viem";
import {
  AGENT_FRAMES,
  encodeJson,
  FRAME,
  RELAYER_FRAMES,
  type Receipt,
  type Refusal,
  SESSION_VERSION,
  type Welcome,
} from "../../../../relayer/src/session/frames.ts";
import { decodeSignedAttestation, type SignedAttestation } from "@pqmesh/contracts/protocol/attestation";
import { bytesToHex } from "viem";
import type { RelayerTarget } from "../../../../relayer/src/agent/route.ts";
import { MeshCredentials } from "../../../../relayer/src/transport/mesh-credentials.ts";
import { createMeshServer, type MeshServer } from "../../../../relayer/src/transport/mesh-server.ts";
import type { MeshSession } from "../../../../relayer/src/transport/mesh-session.ts";
import type { FixedChainView } from "../../../helpers/fixed-chain-view.ts";
import type { MadeAttestation } from "../../../helpers/attesting-node.ts";
import type { TestAuthority } from "../../transport/test-authority.ts";

/** The end of an agent's session that a test drives: real mTLS, answers by script. */
export class ScriptedRelayer {
  readonly account: PrivateKeyAccount = privateKeyToAccount(generatePrivateKey());
  readonly received: SignedAttestation[] = [];
  readonly sessions: MeshSession[] = [];
  /** Newest attestation that WELCOME shows. */
  shows: MadeAttestation | undefined;
  /** False: HELLO stays without an answer. */
  answers = true;
  #server: MeshServer | undefined;
  #port = 0;

  /** Listens with a certificate of the network. */
  static async start(network: TestAuthority, chain: FixedChainView): Promise<ScriptedRelayer> {
    const relayer = new ScriptedRelayer();
    relayer.#server = createMeshServer({
      credentials: new MeshCredentials(await network.relayer(relayer.account.address)),
      frames: { ...AGENT_FRAMES, ...RELAYER_FRAMES },
      onSession: (session) => {
        relayer.sessions.push(session);
        return {
          onFrame: ({ type, payload }) => {
            if (type === FRAME.hello && relayer.answers) void session.send(FRAME.welcome, relayer.#welcome(chain));
            if (type === FRAME.attestation) relayer.received.push(decodeSignedAttestation(payload));
          },
        };
      },
    });
    relayer.#port = await relayer.#server.listen(0);
    return relayer;
  }

  get target(): RelayerTarget {
    return { address: this.account.address, host: "127.0.0.1", port: this.#port };
  }

  /** Sends a receipt on the newest session. */
  async sendReceipt(receipt: Receipt): Promise<void> {
    await this.sessions.at(-1)?.send(FRAME.receipt, encodeJson(receipt));
  }

  /** Sends a refusal on the newest session. */
  async sendRefusal(refusal: Refusal): Promise<void> {
    await this.sessions.at(-1)?.send(FRAME.refused, encodeJson(refusal));
  }

  async stop(): Promise<void> {
    await this.#server?.close();
  }

  #welcome({ chainId, bridge }: FixedChainView): Uint8Array {
    const head = this.shows && {
      sequence: `${this.shows.attestation.sequence}`,
      epoch: `${this.shows.attestation.epoch}`,
      digest: this.shows.digest,
      wire: bytesToHex(this.shows.wire),
    };
    const welcome: Welcome = {
      version: SESSION_VERSION,
      relayer: this.account.address,
      chainId,
      bridge,
      epoch: "0",
      head: head ?? null,
    };
    return encodeJson(welcome);
  }
}
