import { memberOffencesAbi } from "@pqmesh/contracts/generated/member-offences-abi";
import { selfAttestationAbi } from "@pqmesh/contracts/generated/self-attestation-abi";
import type { Command } from "commander";
import { decodeFunctionData, formatEther, type Hex } from "viem";
import { findOmissions, type Omission, proveOmission } from "../../src/self-proof/omission-proof.ts";
import { callOf } from "../../src/self-proof/run-call.ts";
import { planRuns } from "../../src/self-proof/run-plan.ts";
import { naturalArgument } from "../arguments.ts";
import { leafArguments, withChainView } from "../disputed-leaf.ts";
import { withExample } from "../help.ts";
import { entryOf, type JournalOptions, withJournal, withNodeJournal } from "../node-journal.ts";
import { CliError, print } from "../output.ts";
import { requireKnownNode } from "../require-known-node.ts";
import { claimAndShow } from "../shown-evidence.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";

/** Gas of claim and proof at most. */
const OMISSION_GAS = 600_000n;

/** Adds `pqmesh receipts`, `self-attest` and `prove-omission`. */
export function addSelfProofCommands(program: Command): void {
  withExample(withJournal(program.command("receipts")), "receipts 3 --journal agent-data/journal.sqlite --epoch 1200")
    .description("print which relayers acknowledged the attestations of a node")
    .argument("<nodeIndex>", "index of the node")
    .option("--epoch <epoch>", "only this epoch; default: the newest 20 attestations")
    .action(showReceipts);

  withExample(
    withJournal(withWallet(program.command("self-attest"))),
    "self-attest 3 --journal agent-data/journal.sqlite --wallet any.json --dry-run",
    "self-attest 3 --journal agent-data/journal.sqlite --wallet any.json --yes",
  )
    .description("prove epochs in which the committee passed the node over and whose hash was committed in time")
    .argument("<nodeIndex>", "index of the node")
    .action(selfAttest);

  withExample(
    withJournal(withWallet(program.command("prove-omission"))),
    "prove-omission 3 1200 --journal agent-data/journal.sqlite --wallet any.json --dry-run",
    "prove-omission 3 1200 --journal agent-data/journal.sqlite --wallet any.json --yes",
  )
    .description("convict relayers that acknowledged an attestation and signed a report that names its node absent")
    .argument("<nodeIndex>", "index of the node")
    .argument("<epoch>", "epoch of the report")
    .action(convictOmission);
}

/** Attestations that `receipts` shows without `--epoch`. */
const SHOWN = 20;

async function showReceipts(
  nodeText: string,
  options: JournalOptions & { epoch?: string },
  command: Command,
): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  await withNodeJournal(options, nodeIndex, (journal) => {
    const entries =
      options.epoch === undefined
        ? journal.entriesSince(0n).slice(-SHOWN)
        : [entryOf(journal, BigInt(naturalArgument("--epoch", options.epoch)))];
    const rows = entries.map(({ epoch, sequence, digest }) => {
      const receipts = journal.receiptsOf(sequence);
      return {
        epoch,
        sequence,
        digest,
        relayers: receipts.map(({ relayer }) => relayer),
        receipts: receipts.map(({ body }) => body),
      };
    });
    const lines = rows.map(({ epoch, sequence, relayers }) => {
      return `epoch ${epoch}, attestation ${sequence}: ${relayers.length > 0 ? relayers.join(", ") : "no receipt"}`;
    });
    print(command, { nodeIndex, attestations: rows }, lines.join("\n") || "The journal holds no attestation.");
    return Promise.resolve();
  });
}

async function selfAttest(nodeText: string, options: WalletOptions & JournalOptions, command: Command): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const session = await openWalletSession(options);
  await requireKnownNode(session, nodeIndex);
  const { network } = session;
  const planned = await withNodeJournal(options, nodeIndex, (journal) =>
    withChainView(network, async (chain) => {
      const [run, ...later] = planRuns(chain, journal, nodeIndex);
      if (!run) throw new CliError(`no epoch of node ${nodeIndex} is missing that was committed and is not final`);
      return {
        ...{ epochs: run.epochs, length: run.length, later: later.length },
        ...(await callOf(chain, network.contracts.SelfAttestation, run)),
      };
    }),
  );
  const { epochs, length, run, later } = planned;
  const [first, last] = [epochs[0]!, epochs.at(-1)!];
  const key = run.key === "0x" ? "the registered expanded key" : "the raw key, which nobody registered: costs more";
  await runCall(
    session,
    {
      ...{ contract: "SelfAttestation", abi: selfAttestationAbi, functionName: "selfAttest", args: [run] },
      sentence: `Prove ${epochs.length} epochs of node ${nodeIndex} from ${first} to ${last} by ${length} attestations and one signature, checked with ${key}.`,
      after: (admitted) => [
        `${String(admitted)} epochs that are absent or unreported now count as attested: ${epochs.join(", ")}.`,
        ...(later > 0 ? [`${later} more runs are left: repeat the command.`] : []),
      ],
    },
    { options, command },
  );
}

async function convictOmission(
  nodeText: string,
  epochText: string,
  options: WalletOptions & JournalOptions,
  command: Command,
): Promise<void> {
  const { nodeIndex, epoch } = leafArguments(nodeText, epochText);
  const session = await openWalletSession(options);
  await requireKnownNode(session, nodeIndex);
  const { network, client } = session;
  const omissions = await withNodeJournal(options, nodeIndex, (journal) =>
    withChainView(network, async (chain) => {
      const found = await findOmissions(chain, journal, entryOf(journal, epoch));
      return found.filter((omission) => !chain.disputes.conviction(proveOmission(omission).offenceId));
    }),
  );
  if (omissions.length === 0) {
    throw new CliError(
      `no relayer that acknowledged epoch ${epoch} of node ${nodeIndex} can be convicted of leaving it out`,
    );
  }
  const { maxFeePerGas } = await client.estimateFeesPerGas();
  const maxCostWei = BigInt(omissions.length) * OMISSION_GAS * maxFeePerGas;
  const isSent = options.yes === true;
  const transactions: Hex[] = [];
  for (const omission of isSent ? omissions : []) transactions.push(...(await show(session, omission)));
  const relayers = omissions.map(({ member }) => member);
  const outcome = { nodeIndex, epoch, relayers, dryRun: !isSent, maxCostWei, transactions };
  const rows = [
    `${relayers.join(", ")} acknowledged epoch ${epoch} of node ${nodeIndex} and signed a report that names it absent.`,
    `  gas    at most ${OMISSION_GAS} each in two transactions two blocks apart, ${formatEther(maxCostWei)} ETH`,
    ...transactions.map((hash) => `  sent   ${hash}`),
    isSent ? "Now they are jailed." : "Nothing was sent; repeat with --yes to claim and prove it.",
  ];
  print(command, outcome, rows.join("\n"));
}

function show(session: Parameters<typeof claimAndShow>[0], omission: Omission): Promise<Hex[]> {
  const { data, ...claimed } = proveOmission(omission);
  const { functionName, args } = decodeFunctionData({ abi: memberOffencesAbi, data });
  const judge = session.network.contracts.MemberOffences;
  return claimAndShow(session, claimed, { address: judge, abi: memberOffencesAbi, functionName, args });
}
