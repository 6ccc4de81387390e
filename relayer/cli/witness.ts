import { existsSync } from "node:fs";
import type { Command } from "commander";
import {
  type Checkpoint,
  type CheckpointNote,
  parseCheckpoint,
  parseWitness,
  verifyCheckpoint,
  type Witness,
  type WitnessSigner,
  witnessSigner,
} from "../src/pki/checkpoint.ts";
import { readTextFile } from "./arguments.ts";
import { isoTime } from "./iso-time.ts";
import { CliError, refuted, usageError } from "./output.ts";
import { keystorePassword, type PasswordOptions } from "./password.ts";

/** Option of every command that verifies what witnesses signed. */
export interface WitnessesOptions {
  witness?: string[];
}

/** Adds `--witness`. */
export function withWitnesses(command: Command): Command {
  return command.option("--witness <vkey...>", "witnesses to trust: <name>+<key ID>+<key>, or files that hold that");
}

/** Options of every command that signs as a witness. */
export interface WitnessSignerOptions extends PasswordOptions {
  keystore: string;
  name: string;
}

/** Opens the keystore of a witness. @throws CliError when it holds another kind of key, or the name is none. */
export async function openWitness({ keystore, name, ...options }: WitnessSignerOptions): Promise<WitnessSigner> {
  const [{ openKeystore, readKeystore }, { mlDsa65KeyFromSeed }] = await Promise.all([
    import("../src/keystore/keystore.ts"),
    import("../src/keystore/ml-dsa-65.ts"),
  ]);
  const { purpose } = await readKeystore(keystore);
  if (purpose !== "witness") throw usageError(`${keystore} holds a key for ${purpose}, not for witness`);
  const { secret } = await openKeystore(keystore, await keystorePassword(options));
  try {
    return witnessSigner(name, mlDsa65KeyFromSeed(secret));
  } catch (cause) {
    throw usageError(`--name: ${(cause as Error).message}`, cause);
  }
}

/** Reads the witnesses that a command line names. @throws CliError naming the one that is wrong. */
export function readWitnesses({ witness = [] }: WitnessesOptions): Witness[] {
  return witness.map((text) => {
    try {
      return parseWitness(existsSync(text) ? readTextFile(text) : text);
    } catch (cause) {
      throw cause instanceof CliError ? cause : usageError(`--witness: ${(cause as Error).message}`, cause);
    }
  });
}

/** Reads a checkpoint; verifies no signature. @throws CliError naming file and flaw. */
export function readCheckpointFile(file: string): CheckpointNote {
  try {
    return parseCheckpoint(readTextFile(file));
  } catch (cause) {
    throw cause instanceof CliError ? cause : usageError(`${file}: ${(cause as Error).message}`, cause);
  }
}

/**
 * Reads a checkpoint that a trusted witness signed.
 *
 * @returns The checkpoint, and who signed it when.
 * @throws CliError when no witness is named, or the signatures do not hold.
 */
export function verifiedCheckpoint(file: string, options: WitnessesOptions): { checkpoint: Checkpoint; by: string[] } {
  const witnesses = readWitnesses(options);
  if (witnesses.length === 0) throw usageError("name with --witness whose signatures on checkpoints count");
  const note = readCheckpointFile(file);
  try {
    const signed = verifyCheckpoint(note, witnesses);
    return {
      checkpoint: note.checkpoint,
      by: signed.map(({ witness, time }) => `${witness.name} at ${isoTime(time)}`),
    };
  } catch (cause) {
    throw refuted(`${file}: ${(cause as Error).message}`);
  }
}
