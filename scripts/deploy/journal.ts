import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import hre from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";

/** What a deployment remembers while it is not complete, so that it can go on after an interruption. */
export interface Journal {
  /** Ignition's name of the deployment; undefined on an in-process chain, which nothing survives. */
  id: string | undefined;
  /** Block of the first transaction. */
  startBlock: number;
  /** Timestamp of the block before it, in Unix seconds. */
  startTime: number;
  /** Forgets the deployment. */
  remove: () => void;
}

/** Opens the journal of a chain. It is bound to the genesis block, because every local chain has the same chain id. */
export async function openJournal({ ethers, networkConfig }: NetworkConnection): Promise<Journal> {
  const [genesis, latest] = await Promise.all([ethers.provider.getBlock(0), ethers.provider.getBlock("latest")]);
  if (!genesis?.hash || !latest) throw new Error("the chain node has no blocks");
  const begin = { startBlock: latest.number + 1, startTime: latest.timestamp };
  if (networkConfig.type === "edr-simulated") return { id: undefined, ...begin, remove: () => undefined };
  const { chainId } = await ethers.provider.getNetwork();
  const id = `chain-${chainId}-${genesis.hash.slice(2, 10)}`;
  const folder = join(hre.config.paths.ignition, "deployments");
  const beginFile = join(folder, `${id}.json`);
  const messagesFile = join(folder, id, "journal.jsonl");
  if (existsSync(messagesFile)) {
    writeFileSync(`${messagesFile}.new`, resumable(readFileSync(messagesFile, "utf8")));
    renameSync(`${messagesFile}.new`, messagesFile);
  }
  if (!existsSync(beginFile)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(beginFile, JSON.stringify(begin));
  }
  const remove = (): void => {
    rmSync(join(folder, id), { recursive: true, force: true });
    rmSync(beginFile, { force: true });
  };
  return { id, ...(JSON.parse(readFileSync(beginFile, "utf8")) as typeof begin), remove };
}

/**
 * Messages of a run that was killed, as the next one can read them: without a last line that was cut, without steps that were
 * noted but had sent nothing yet, which Ignition 3.1 takes for broken, and without the end of the newest one while an earlier
 * one has none, as Ignition takes the nonce after those without an end for the next. It begins, and ends, those anew.
 */
export function resumable(messages: string): string {
  const steps = messages.split("\n").flatMap((line) => {
    const message = messageIn(line);
    return message ? [{ line, message }] : [];
  });
  const begun = new Set(
    steps.filter(({ message }) => !NOTED.test(message.type)).map(({ message }) => message.futureId),
  );
  const reopened = reopenedStep(steps.map(({ message }) => message));
  return steps
    .filter(({ message: { type, futureId } }) => !NOTED.test(type) || begun.has(futureId))
    .filter(({ message: { type, futureId } }) => !ENDED.test(type) || futureId !== reopened)
    .map(({ line }) => `\n${line}`)
    .join("");
}

/** The step with the newest transaction, if that one is confirmed and an earlier one is not. */
function reopenedStep(messages: readonly Message[]): string | undefined {
  const confirmed = new Set(messages.filter(({ type }) => type === "TRANSACTION_CONFIRM").map((each) => each.futureId));
  const sent = messages.filter(({ type }) => type === "TRANSACTION_PREPARE_SEND");
  const newest = sent.sort((a, b) => (b.nonce ?? 0) - (a.nonce ?? 0))[0]?.futureId;
  return confirmed.has(newest) && sent.some(({ futureId }) => !confirmed.has(futureId)) ? newest : undefined;
}

/** Steps that end with something sent or asked, before that; those of other types are complete when they are noted. */
const NOTED = /^((DEPLOYMENT|CALL|STATIC_CALL|SEND_DATA)_EXECUTION_STATE_INITIALIZE|NETWORK_INTERACTION_REQUEST)$/;
/** How a step with a transaction ends. */
const ENDED = /^(TRANSACTION_CONFIRM|(DEPLOYMENT|CALL|SEND_DATA)_EXECUTION_STATE_COMPLETE)$/;

interface Message {
  type: string;
  futureId?: string;
  nonce?: number;
}

function messageIn(line: string): Message | undefined {
  try {
    return JSON.parse(line) as Message;
  } catch {
    return undefined;
  }
}
