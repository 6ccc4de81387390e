import type { Command } from "commander";
import { formatWitness, cosignCheckpoint } from "../../src/pki/checkpoint.ts";
import { type ChainLog, readChainLog, requireSoundLog } from "../certificate-log.ts";
import { type NetworkOptions, openNetwork, withNetwork } from "../chain-session.ts";
import { withExample } from "../help.ts";
import { headText } from "../log-file.ts";
import { compareHeads, type RebuiltLog, splitViews } from "../log-monitor.ts";
import { writeNewFile } from "../new-file.ts";
import { print, refuted, usageError } from "../output.ts";
import { withPassword } from "../password.ts";
import {
  openWitness,
  readCheckpointFile,
  verifiedCheckpoint,
  type WitnessesOptions,
  type WitnessSignerOptions,
  withWitnesses,
} from "../witness.ts";

/** Adds `pqmesh cert log witness|checkpoint|cosign|compare`: checkpoints as C2SP notes. */
export function addCheckpointCommands(log: Command): void {
  const signing = (name: string): Command =>
    withPassword(log.command(name))
      .requiredOption("--keystore <file>", "keystore of the witness (key create --purpose witness)")
      .requiredOption("--name <name>", "name of the witness, as a URL without scheme");
  withExample(signing("witness"), "cert log witness --keystore w1.json --name witness.example/w1 > w1.vkey")
    .description("print the public key of a witness, for those who trust it")
    .action(showWitness);
  withExample(
    withNetwork(signing("checkpoint")),
    "cert log checkpoint --keystore w1.json --name witness.example/w1 --previous old.note --out log.note",
  )
    .description("rebuild the log and sign its head as a checkpoint (C2SP note, ML-DSA-65 cosignature)")
    .option("--previous <note>", "checkpoint that this witness signed before: the log must continue it")
    .requiredOption("--out <file>", "note to write; never overwritten")
    .action(signCheckpoint);
  withExample(
    withNetwork(signing("cosign")),
    "cert log cosign log.note --keystore w2.json --name witness.example/w2 --out log2.note",
  )
    .description("rebuild the log and add a signature to a checkpoint that it continues")
    .argument("<note>", "checkpoint")
    .option("--previous <note>", "checkpoint that this witness signed before: the new one must continue it")
    .requiredOption("--out <file>", "note to write; never overwritten")
    .action(cosign);
  withExample(withWitnesses(log.command("compare")), "cert log compare w1.note w2.note --witness w1.vkey w2.vkey")
    .description("verify checkpoints and find two of one size that differ, without any network")
    .argument("<note...>", "checkpoints")
    .action(compareCheckpoints);
}

interface SignOptions extends NetworkOptions, WitnessSignerOptions {
  previous?: string;
  out: string;
}

async function showWitness(options: WitnessSignerOptions, command: Command): Promise<void> {
  const witness = formatWitness(await openWitness(options));
  print(command, { witness }, witness);
}

async function signCheckpoint(options: SignOptions, command: Command): Promise<void> {
  const chain = await readChainLog(await openNetwork(options));
  await signNote({ ...chain.head, origin: chain.origin }, { chain, options, command, signatures: [] });
}

async function cosign(file: string, options: SignOptions, command: Command): Promise<void> {
  const { checkpoint, signatures } = readCheckpointFile(file);
  const chain = await readChainLog(await openNetwork(options));
  if (checkpoint.origin !== chain.origin) {
    throw usageError(`${file} is of the log ${checkpoint.origin}, this network's is ${chain.origin}`);
  }
  const rebuilt = requireSoundLog(chain);
  const findings = compareHeads(rebuilt, [{ ...checkpoint, by: file }]);
  if (findings.length > 0) throw refuted(findings.map(({ sentence }) => sentence).join("\n"));
  await signNote(checkpoint, { chain, options, command, signatures });
}

type Note = ReturnType<typeof readCheckpointFile>;

async function signNote(
  checkpoint: Note["checkpoint"],
  context: {
    chain: ChainLog;
    options: SignOptions;
    command: Command;
    signatures: Note["signatures"];
  },
): Promise<void> {
  const { chain, options, command, signatures } = context;
  const rebuilt = requireSoundLog(chain);
  const previous = options.previous === undefined ? undefined : readCheckpointFile(options.previous).checkpoint;
  if (previous) {
    if (previous.origin !== checkpoint.origin) throw usageError(`${options.previous} is of the log ${previous.origin}`);
    if (previous.size > checkpoint.size) {
      throw refuted(`${options.previous} has ${previous.size} entries: a witness never signs a smaller log after it`);
    }
    const findings = compareHeads(rebuilt, [{ ...previous, by: options.previous! }]);
    if (findings.length > 0) throw refuted(findings.map(({ sentence }) => sentence).join("\n"));
  }
  const signer = await openWitness(options);
  const time = newestAt(checkpoint.size, chain, rebuilt);
  const note = cosignCheckpoint(checkpoint, signer, { time, signatures });
  writeNewFile(options.out, note);
  const { size, root, origin } = checkpoint;
  const text = `${options.out}: ${origin} with ${headText(checkpoint)}, signed by ${signer.name}`;
  print(command, { file: options.out, origin, size, root, witness: formatWitness(signer) }, text);
}

/** Unix seconds until which a log of this size was the newest: a cosignature states no later time. */
function newestAt(size: number, { block }: ChainLog, { entries }: RebuiltLog): number {
  const next = entries[size];
  return Number(next ? next.entry.time - 1n : block.timestamp);
}

function compareCheckpoints(files: string[], options: WitnessesOptions, command: Command): void {
  const heads = files.map((file) => {
    const { checkpoint, by } = verifiedCheckpoint(file, options);
    return { ...checkpoint, by: `${file} (${by.join(", ")})` };
  });
  const [{ origin } = { origin: "" }] = heads;
  const other = heads.find((head) => head.origin !== origin);
  if (other) throw usageError(`${other.by} is of the log ${other.origin}, the first of ${origin}`);
  const findings = splitViews(heads);
  if (findings.length > 0) throw refuted(findings.map(({ sentence }) => sentence).join("\n"));
  const sizes = new Set(heads.map(({ size }) => size)).size;
  const rows = [
    ...heads.map((head) => `${headText(head)}: ${head.by}`),
    sizes === heads.length && heads.length > 1
      ? "all of different sizes: whether each continues the one before is for cert log monitor --checkpoint"
      : "no two of one size differ",
  ];
  print(command, { split: false, origin, heads }, rows.join("\n"));
}
