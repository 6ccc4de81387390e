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
 * Messages of a run that was killed, as the next one can read them: without a last line that was cut, and without steps
 * that were noted but had sent nothing yet, which Ignition 3.1 takes for broken. It begins those anew.
 */
function resumable(messages: string): string {
  const lines = messages.split("\n").filter((line) => line.trim() !== "");
  const steps = lines.flatMap((line) => {
    const message = messageIn(line);
    return message ? [{ line, ...message }] : [];
  });
  const begun = new Set(steps.filter(({ type }) => !INITIALIZED.test(type)).map(({ futureId }) => futureId));
  return steps
    .filter(({ type, futureId }) => !INITIALIZED.test(type) || begun.has(futureId))
    .map(({ line }) => `\n${line}`)
    .join("");
}

/** Steps that end with something sent or asked; those of other types are complete when they are noted. */
const INITIALIZED = /^(DEPLOYMENT|CALL|STATIC_CALL|SEND_DATA)_EXECUTION_STATE_INITIALIZE$/;

function messageIn(line: string): { type: string; futureId?: string } | undefined {
  try {
    return JSON.parse(line) as { type: string; futureId?: string };
  } catch {
    return undefined;
  }
}
