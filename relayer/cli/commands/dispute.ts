import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import { SHARD_SIZE } from "@pqmesh/contracts/protocol/merkle";
import { decodeIndexList } from "@pqmesh/contracts/protocol/report";
import type { Command } from "commander";
import { formatEther } from "viem";
import type { AcceptedReport } from "../../src/chain/chain-view.ts";
import type { ChainFollower } from "../../src/chain/follow-chain.ts";
import { summaryOf } from "../../src/disputes/evidence-intents.ts";
import { naturalArgument } from "../arguments.ts";
import { type NetworkOptions, openNetwork, withNetwork } from "../chain-session.ts";
import { leafArguments, reportAbout, reportOf, withChainView } from "../disputed-leaf.ts";
import { withExample } from "../help.ts";
import { CliError, isJson, print } from "../output.ts";
import { proveInvalid } from "../prove-invalid.ts";
import { requireKnownNode } from "../require-known-node.ts";
import { isoTime } from "../iso-time.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";
import { addChallengeEndCommands } from "./challenge-end.ts";

/** Adds `pqmesh watch`, `report`, `challenge` and `prove-invalid`. */
export function addDisputeCommands(program: Command): void {
  withExample(program.command("watch"), "watch --config watch.json")
    .description("recompute every report until SIGINT or SIGTERM; prove and challenge what is wrong, if configured so")
    .requiredOption("--config <file>", "configuration of the watchtower (JSON)")
    .action(async ({ config }: { config: string }, command: Command) => {
      const { startWatch } = await import("../../src/disputes/run-watch.ts");
      const { runService } = await import("../../src/service/run-service.ts");
      await runService({ name: "watchtower", isJson: isJson(command) }, (stopping) => startWatch(config, stopping));
    });

  withExample(withNetwork(program.command("report")), "report 0 1200 --json")
    .description("print a report that the chain accepted, who signed it, and the challenges about it")
    .argument("<shard>", "shard of 512 nodes")
    .argument("<epoch>", "epoch of the report")
    .action(showReport);

  const challenges = withExample(
    withWallet(program.command("challenge")),
    "challenge 3 1200 --wallet any.json --dry-run",
    "challenge 3 1200 --wallet any.json --yes",
  )
    .description("ask the signers of a report for a node's leaf, with a bond that comes back when they stay silent")
    .argument("<nodeIndex>", "index of the node")
    .argument("<epoch>", "epoch of the report")
    .action(challenge);
  addChallengeEndCommands(challenges);

  withExample(
    withWallet(program.command("prove-invalid")),
    "prove-invalid 3 1200 --wallet any.json --dry-run",
    "prove-invalid 3 1200 --wallet any.json --yes",
  )
    .description("check a reported leaf and prove on chain what is wrong with it; exit code 3 when the leaf stands")
    .argument("<nodeIndex>", "index of the node")
    .argument("<epoch>", "epoch of the report")
    .option("--relayer <url>", "read API to ask for the leaf; default: those of network.json")
    .action(proveInvalid);
}

async function challenge(nodeText: string, epochText: string, options: WalletOptions, command: Command): Promise<void> {
  const leaf = leafArguments(nodeText, epochText);
  const { nodeIndex, epoch } = leaf;
  const session = await openWalletSession(options);
  await requireKnownNode(session, nodeIndex);
  const { network, client } = session;
  const report = await withChainView(network, (chain) => {
    requireClaimed(chain, reportAbout(chain, leaf), nodeIndex);
    return Promise.resolve(reportAbout(chain, leaf));
  });
  const contract = { address: network.contracts.AttestationDisputes, abi: attestationDisputesAbi } as const;
  const [value, answerPeriod, deadline] = await Promise.all([
    client.readContract({ ...contract, functionName: "challengeBond" }),
    client.readContract({ ...contract, functionName: "answerPeriod" }),
    client.readContract({ ...contract, functionName: "challengeDeadline", args: [epoch] }),
  ]);
  await runCall(
    session,
    {
      ...{ contract: "AttestationDisputes", abi: attestationDisputesAbi, functionName: "challenge", value },
      args: [summaryOf(report), report.absent, nodeIndex],
      sentence: `Challenge the leaf of node ${nodeIndex} in epoch ${epoch} with a bond of ${formatEther(value)} ETH.`,
      after: (id) => [
        `Challenge ${String(id)} is made; the bond of ${formatEther(value)} ETH is held by the contract.`,
        `Once open, a signer has ${answerPeriod} s to show the leaf. Then the bond pays the answer.`,
        "If nobody does, the node is absent, the signers are punished, and the bond comes back with a reward.",
        `Leaves of epoch ${epoch} can be challenged until ${isoTime(deadline)}.`,
      ],
    },
    { options, command },
  );
}

function requireClaimed(chain: ChainFollower, report: AcceptedReport, nodeIndex: number): void {
  const { epoch, absent } = report;
  const isListed = decodeIndexList(absent).includes(nodeIndex % SHARD_SIZE);
  if (isListed) throw new CliError(`the report names node ${nodeIndex} absent in epoch ${epoch}: it claims no leaf`);
  if (!chain.isActive(nodeIndex, epoch)) throw new CliError(`node ${nodeIndex} was not active in epoch ${epoch}`);
  const made = chain.disputes.challengeAbout(nodeIndex, epoch);
  if (made) throw new CliError(`challenge ${made.id} about node ${nodeIndex} in epoch ${epoch} is ${made.state}`);
}

async function showReport(
  shardText: string,
  epochText: string,
  options: NetworkOptions,
  command: Command,
): Promise<void> {
  const shard = naturalArgument("shard", shardText);
  const epoch = BigInt(naturalArgument("epoch", epochText));
  const { network } = await openNetwork(options);
  await withChainView(network, (chain) => {
    const shown = describeReport(chain, reportOf(chain, shard, epoch));
    print(command, shown, textOf(shown));
    return Promise.resolve();
  });
}

function describeReport(chain: ChainFollower, report: AcceptedReport) {
  const { epoch, shard, digest, root, round, committeeVersion, transactionHash, blockNumber } = report;
  const members = chain.committeeAt(epoch)?.members ?? [];
  const nodesOf = (list: AcceptedReport["absent"]) => decodeIndexList(list).map((i) => shard * SHARD_SIZE + i);
  return {
    ...{ epoch, shard, round, committeeVersion, digest, root, transactionHash, blockNumber },
    signers: members.filter(({ seat }) => ((report.signers >> BigInt(seat)) & 1n) === 1n).map(({ address }) => address),
    seats: members.length,
    absent: nodesOf(report.absent),
    degraded: nodesOf(report.degraded),
    isForged: chain.disputes.forgedReports().has(digest),
    challenges: chain.disputes.challengesOf(digest).map(({ id, nodeIndex, state, until, bond, challenger }) => {
      return { id, nodeIndex, state, until, bond, challenger };
    }),
  };
}

function textOf(shown: ReturnType<typeof describeReport>): string {
  const list = (nodes: readonly number[]) => (nodes.length > 0 ? nodes.join(", ") : "none");
  const challenges = shown.challenges.map(({ id, nodeIndex, state, until, bond }) => {
    const end = until > 0n ? ` until ${isoTime(until)}` : "";
    return `  challenge ${id} of node ${nodeIndex}: ${state}${end}, bond ${formatEther(bond)} ETH`;
  });
  return [
    `Report of epoch ${shown.epoch}, shard ${shown.shard}, round ${shown.round}${shown.isForged ? ": FORGED" : ""}`,
    `  digest    ${shown.digest}`,
    `  root      ${shown.root}`,
    `  sent      ${shown.transactionHash}, block ${shown.blockNumber}`,
    `  signers   ${shown.signers.length} of ${shown.seats}: ${shown.signers.join(", ")}`,
    `  absent    ${list(shown.absent)}`,
    `  degraded  ${list(shown.degraded)}`,
    ...(challenges.length > 0 ? challenges : ["  challenges none"]),
  ].join("\n");
}
