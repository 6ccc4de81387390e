import type { SignedAttestation } from "@pqmesh/contracts/protocol/attestation";
import type { Hex } from "viem";
import { createLogger } from "../service/logger.ts";
import { untilAborted } from "../service/until-aborted.ts";
import { SESSION_VERSION, type Welcome } from "../session/frames.ts";
import { headQuorum } from "./head-check.ts";
import { measureBuild } from "./measurement.ts";
import { openAgent, type OpenedAgent } from "./open-agent.ts";
import { followNode, ownSignatures } from "./own-keys.ts";
import { type HeadJudge, readOwn } from "./provenance-guard.ts";
import { type RelayerTarget, Route } from "./route.ts";

/** What `pqmesh agent recover` found and did. */
export interface RecoverOutcome {
  nodeIndex: number;
  localSequence: string;
  networkSequence: string | null;
  relayersAsked: number;
  changed: boolean;
  sentence: string;
}

/** Milliseconds in which a relayer must have said what it holds of the node. */
const WELCOME_MS = 10_000;

interface ProvenHead {
  signed: SignedAttestation;
  digest: Hex;
}

/**
 * Asks every configured relayer for the newest attestation it holds of this node, believes what one of the node's own keys
 * signed, and makes the newest one the head of the journal, so that the agent never signs a sequence or an epoch again.
 *
 * @throws Error when two thirds of the relayers or fewer answered: the newest attestation could be with the others.
 * @throws Error when the journal went on after a fork: every further signature would repeat a sequence.
 */
export async function recoverAgent(configFile: string, { dryRun }: { dryRun: boolean }): Promise<RecoverOutcome> {
  const opened = await openAgent(configFile);
  // Standard output is for the result, which tools read.
  const log = createLogger({ name: "agent-recover", level: "warn", destination: process.stderr });
  try {
    const chain = await followNode(opened, log);
    try {
      const judge = { ...opened, nodeIndex: opened.config.nodeIndex, isOwnSignature: ownSignatures(opened, chain) };
      const asked = await askAll(opened, judge);
      return adoptNewest(opened, { ...asked, dryRun });
    } finally {
      await chain.stop();
    }
  } finally {
    opened.close();
  }
}

async function askAll(
  opened: OpenedAgent,
  judge: Omit<HeadJudge, "journal">,
): Promise<{ newest: ProvenHead | undefined; asked: number }> {
  const { relayers } = opened.config;
  const answers = await Promise.allSettled(relayers.map((target) => askWelcome(opened, target as RelayerTarget)));
  const welcomes = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  const needed = headQuorum(relayers.length);
  if (welcomes.length < needed) {
    throw new Error(
      `only ${welcomes.length} of ${relayers.length} relayers answered, ${needed} must: the newest attestation may be ` +
        "with the others. Try again when they can be reached.",
    );
  }
  const proven = welcomes.flatMap(({ head }) => (head ? (readOwn(judge, head.wire as Hex) ?? []) : []));
  proven.sort((a, b) => Number(b.signed.attestation.sequence - a.signed.attestation.sequence));
  return { newest: proven[0], asked: welcomes.length };
}

function adoptNewest(
  { config, journal }: OpenedAgent,
  { newest, asked, dryRun }: { newest: ProvenHead | undefined; asked: number; dryRun: boolean },
): RecoverOutcome {
  const { nodeIndex } = config;
  const local = journal.head();
  const ends = local?.sequence ?? 0n;
  const remote = newest?.signed.attestation.sequence;
  const outcome = (changes: boolean, sentence: string): RecoverOutcome => ({
    nodeIndex,
    localSequence: `${ends}`,
    networkSequence: remote === undefined ? null : `${remote}`,
    relayersAsked: asked,
    changed: changes && !dryRun,
    sentence,
  });
  if (newest === undefined || remote === undefined || !isElsewhere(journal, newest)) {
    return outcome(
      false,
      `The journal of node ${nodeIndex} is at attestation ${ends}; no relayer holds a newer one. Nothing to do.`,
    );
  }
  if (remote < ends) {
    throw new Error(
      `the network holds another attestation ${remote} of node ${nodeIndex}, and the journal went on to ${ends}: no ` +
        "sequence is left that was not signed already. Register a new node and exit this one.",
    );
  }
  if (!dryRun) journal.adopt(newest.signed, newest.digest);
  const held = `The network holds attestation ${remote} of node ${nodeIndex}, the journal ends at ${ends}`;
  return outcome(
    true,
    dryRun
      ? `${held}. Repeat with --yes to continue after ${remote}.`
      : `The journal of node ${nodeIndex} now continues after attestation ${remote}.`,
  );
}

/** True when the network holds an attestation that the journal lacks or has otherwise. */
function isElsewhere(journal: OpenedAgent["journal"], { signed, digest }: ProvenHead): boolean {
  const head = journal.head();
  const { sequence } = signed.attestation;
  if (!head || sequence > head.sequence) return true;
  const known = journal.digestOf(sequence);
  return known !== undefined && known !== digest;
}

async function askWelcome({ config, credentials, domain }: OpenedAgent, target: RelayerTarget): Promise<Welcome> {
  const late = AbortSignal.timeout(WELCOME_MS);
  const { promise, resolve, reject } = Promise.withResolvers<Welcome>();
  const opening = Route.open(target, {
    credentials,
    expected: domain,
    hello: {
      version: SESSION_VERSION,
      nodeIndex: config.nodeIndex,
      agentVersion: "recover",
      measurement: measureBuild(),
      heartbeatMs: config.heartbeatMs,
    },
    handlers: {
      onWelcome: resolve,
      onReceipt: () => undefined,
      onRefused: () => undefined,
      onRoundTrip: () => undefined,
    },
  });
  void opening.then((route) => route.ended.then(({ detail }) => reject(new Error(detail)))).catch(reject);
  try {
    return await untilAborted(promise, late);
  } finally {
    void opening.then((route) => route.close("recovery is done")).catch(() => undefined);
  }
}
