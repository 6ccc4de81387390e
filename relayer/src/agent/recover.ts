import {
  decodeSignedAttestation,
  hashAttestation,
  type SignedAttestation,
} from "@pqmesh/contracts/protocol/attestation";
import { hexToBytes, type Hex } from "viem";
import { verifyMlDsa65 } from "../keystore/verify-ml-dsa-65.ts";
import {
  decodeJson,
  encodeJson,
  FRAME,
  AGENT_FRAMES,
  RELAYER_FRAMES,
  type Welcome,
  welcomeSchema,
} from "../session/frames.ts";
import { connectMesh } from "../transport/connect-mesh.ts";
import { measureBuild } from "./measurement.ts";
import { openAgent, type OpenedAgent } from "./open-agent.ts";

const WELCOME_TIMEOUT_MS = 10_000;

/** What `pqmesh agent recover` found and did. */
export interface RecoverOutcome {
  nodeIndex: number;
  localSequence: string;
  networkSequence: string | null;
  relayersAsked: number;
  changed: boolean;
  sentence: string;
}

/**
 * Asks every configured relayer for the newest attestation it holds of this node, believes what the node's own key signed,
 * and makes the newest one the head of the journal, so that the agent never signs a sequence or an epoch again.
 *
 * @throws Error when fewer than half of the relayers answered: the newest attestation could be with the others.
 */
export async function recoverAgent(configFile: string, { dryRun }: { dryRun: boolean }): Promise<RecoverOutcome> {
  const opened = await openAgent(configFile);
  try {
    const heads = await Promise.allSettled(opened.config.relayers.map((_, i) => askHead(opened, i)));
    const answers = heads.flatMap((head) => (head.status === "fulfilled" ? [head.value] : []));
    if (answers.length * 2 <= heads.length) {
      throw new Error(
        `only ${answers.length} of ${heads.length} relayers answered: the newest attestation may be with the others`,
      );
    }
    const proven = answers.flatMap((head) => (head ? [head] : []));
    proven.sort((a, b) => Number(b.signed.attestation.sequence - a.signed.attestation.sequence));
    return adoptNewest(opened, { newest: proven[0], asked: answers.length, dryRun });
  } finally {
    opened.close();
  }
}

function adoptNewest(
  { config, journal }: OpenedAgent,
  {
    newest,
    asked,
    dryRun,
  }: { newest: { signed: SignedAttestation; digest: Hex } | undefined; asked: number; dryRun: boolean },
): RecoverOutcome {
  const local = journal.head()?.sequence ?? 0n;
  const remote = newest?.signed.attestation.sequence;
  const isBehind = newest !== undefined && remote !== undefined && remote > local;
  if (isBehind && !dryRun) journal.adopt(newest.signed, newest.digest);
  const sentence = !isBehind
    ? `The journal of node ${config.nodeIndex} is at attestation ${local}; no relayer holds a newer one. Nothing to do.`
    : dryRun
      ? `The network holds attestation ${remote} of node ${config.nodeIndex}, the journal ends at ${local}. Repeat with --yes to continue after ${remote}.`
      : `The journal of node ${config.nodeIndex} now continues after attestation ${remote}.`;
  return {
    nodeIndex: config.nodeIndex,
    localSequence: String(local),
    networkSequence: remote === undefined ? null : String(remote),
    relayersAsked: asked,
    changed: isBehind && !dryRun,
    sentence,
  };
}

async function askHead(
  opened: OpenedAgent,
  i: number,
): Promise<{ signed: SignedAttestation; digest: Hex } | undefined> {
  const { head } = await askWelcome(opened, i);
  if (!head) return undefined;
  const signed = decodeSignedAttestation(hexToBytes(head.wire as Hex));
  const digest = hashAttestation(opened.domain, signed.attestation);
  const isOwn =
    signed.attestation.nodeIndex === opened.config.nodeIndex &&
    verifyMlDsa65(opened.signer.publicKey, hexToBytes(digest), signed.signature);
  return isOwn ? { signed, digest } : undefined;
}

async function askWelcome({ config, credentials }: OpenedAgent, i: number): Promise<Welcome> {
  const { host, port, address } = config.relayers[i]!;
  const { promise, resolve, reject } = Promise.withResolvers<Welcome>();
  const session = await connectMesh({
    host,
    port,
    relayer: address as Hex,
    credentials,
    frames: { ...AGENT_FRAMES, ...RELAYER_FRAMES },
    handlers: {
      onFrame: ({ type, payload }) => {
        if (type === FRAME.welcome) resolve(decodeJson(welcomeSchema, payload));
      },
      onEnd: ({ detail }) => reject(new Error(detail)),
    },
  });
  const timer = setTimeout(() => reject(new Error("no WELCOME in time")), WELCOME_TIMEOUT_MS);
  const hello = {
    version: 1,
    nodeIndex: config.nodeIndex,
    agentVersion: "recover",
    measurement: measureBuild(),
    heartbeatMs: config.heartbeatMs,
  };
  await session.send(FRAME.hello, encodeJson(hello));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    session.close("closed", "recovery is done");
  }
}
