import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import { hashAttestation } from "@pqmesh/contracts/protocol/attestation";
import { attestationLeaf, SHARD_SIZE, verifyReportLeaf } from "@pqmesh/contracts/protocol/merkle";
import { decodeIndexList } from "@pqmesh/contracts/protocol/report";
import type { Command } from "commander";
import { decodeFunctionData, formatEther, type Hex, hexToBytes } from "viem";
import type { ChainFollower } from "../src/chain/follow-chain.ts";
import { type EvidenceCall, proveFlaw } from "../src/disputes/leaf-proof.ts";
import type { ServedLeaf } from "../src/disputes/leaf-source.ts";
import { ReportInspector } from "../src/disputes/report-inspector.ts";
import { EXIT_CODES } from "../src/service/exit-codes.ts";
import { readAttestationClaim } from "./attestation-claim.ts";
import type { LeafFlaw } from "../src/chain/leaf-flaw.ts";
import { type LeafName, leafArguments, reportAbout, withChainView } from "./disputed-leaf.ts";
import { CliError, print, usageError } from "./output.ts";
import { requireKnownNode } from "./require-known-node.ts";
import { claimAndShow } from "./shown-evidence.ts";
import { openWalletSession, type WalletOptions, type WalletSession } from "./transaction.ts";

/** Gas of claim and proof at most: with a signature check on chain, and without. */
const CLAIM_GAS = 60_000n;
const PROOF_GAS = { signature: 5_500_000n, other: 1_200_000n };

type FoundFlaw = LeafFlaw & { call: EvidenceCall };

/** Runs `pqmesh prove-invalid`. */
export async function proveInvalid(
  nodeText: string,
  epochText: string,
  options: WalletOptions & { relayer?: string },
  command: Command,
): Promise<void> {
  const name = leafArguments(nodeText, epochText);
  const { nodeIndex, epoch } = name;
  if (options.relayer !== undefined && !URL.canParse(options.relayer)) throw usageError("--relayer must be a URL");
  const session = await openWalletSession(options);
  await requireKnownNode(session, nodeIndex);
  const urls = options.relayer === undefined ? session.network.relayers.map(({ url }) => url) : [options.relayer];
  const found = await withChainView(session.network, (chain) => findFlaw(chain, name, urls));
  if (!found) {
    const sentence = `The leaf of node ${nodeIndex} in epoch ${epoch} stands: nothing is wrong with it.`;
    print(command, { nodeIndex, epoch, flaw: null, sentence, transactions: [] }, sentence);
    process.exitCode = EXIT_CODES.refuted;
    return;
  }
  const { flaw, sentence } = found;
  const gas = CLAIM_GAS + (flaw === "signature" ? PROOF_GAS.signature : PROOF_GAS.other);
  const { maxFeePerGas } = await session.client.estimateFeesPerGas();
  const maxCostWei = gas * maxFeePerGas;
  const isSent = options.yes === true;
  const transactions = isSent ? await claimAndProve(session, found.call) : [];
  const outcome = { nodeIndex, epoch, flaw, sentence, dryRun: !isSent, gas, maxCostWei, transactions };
  const rows = [
    `The leaf of node ${nodeIndex} in epoch ${epoch} is not valid (${flaw}): ${sentence}.`,
    `  gas    at most ${gas} in two transactions two blocks apart, ${formatEther(maxCostWei)} ETH`,
    ...transactions.map((hash) => `  sent   ${hash}`),
    isSent
      ? "Now the node is absent, the signers are jailed, and a reward waits for this wallet unless it signed the report."
      : "Nothing was sent; repeat with --yes to claim and prove it.",
  ];
  print(command, outcome, rows.join("\n"));
}

async function findFlaw(chain: ChainFollower, name: LeafName, urls: string[]): Promise<FoundFlaw | undefined> {
  const report = reportAbout(chain, name);
  const { nodeIndex, epoch } = name;
  const position = nodeIndex % SHARD_SIZE;
  const { claim } = await readAttestationClaim(urls, name);
  const leaf: ServedLeaf = { nodeIndex, attestation: claim.attestation, signature: hexToBytes(claim.signature) };
  const digest = hashAttestation({ chainId: chain.chainId, bridge: chain.bridge }, leaf.attestation);
  const isInTree = verifyReportLeaf(
    report.root,
    nodeIndex,
    attestationLeaf(nodeIndex, digest, leaf.signature),
    claim.proof,
  );
  if (!isInTree) throw new CliError("the relayer's leaf is not in the report's tree: challenge the leaf instead");
  const isAbsent = decodeIndexList(report.absent).includes(position);
  const flaw = await new ReportInspector(chain, []).leafFlaw(leaf, { epoch, isAbsent, isVerified: false });
  return flaw && { ...flaw, call: proveFlaw(chain, report, { ...leaf, ...flaw, proof: claim.proof }) };
}

/** @returns Hashes of both transactions. */
function claimAndProve(session: WalletSession, { data, ...claimed }: EvidenceCall): Promise<Hex[]> {
  const address = session.network.contracts.AttestationDisputes;
  const { functionName, args } = decodeFunctionData({ abi: attestationDisputesAbi, data });
  return claimAndShow(session, claimed, { address, abi: attestationDisputesAbi, functionName, args });
}
