import { shardOf } from "@pqmesh/contracts/protocol/report";
import { summarise } from "@pqmesh/contracts/protocol/report-summary";
import type { AttestationClaim } from "@pqmesh/contracts/protocol/verify-attestation";
import { ASSET_KINDS } from "@pqmesh/contracts/protocol/asset-kind";
import type { Command } from "commander";
import { keccak256 } from "viem";
import { naturalArgument } from "../arguments.ts";
import { readAttestationClaim } from "../attestation-claim.ts";
import { ABIS, contractOf } from "../contracts.ts";
import { failureOf } from "../failure.ts";
import { percentText } from "../figures.ts";
import { withExample } from "../help.ts";
import { CliError, usageError } from "../output.ts";
import { requireKnownNode } from "../require-known-node.ts";
import { openWalletSession, runCall, type WalletOptions, type WalletSession, withWallet } from "../transaction.ts";

/** Newest reported epochs in which an attestation of the node is looked for. */
const LOOK_BACK = 8n;
/** Bits of one resource in packed shares, in the order of the kinds. */
const SHARE_BITS = 16n;

/** Adds `pqmesh listing capacity …`. */
export function addListingCapacityCommands(listing: Command): void {
  const capacity = withExample(
    listing.command("capacity").description("what nodes attest to have, which is the most that listings may take"),
    "listing capacity show 3 --wallet any.json --yes",
  );

  withExample(
    withWallet(capacity.command("show")),
    "listing capacity show 3 --wallet any.json --dry-run",
    "listing capacity show 3 --epoch 1200 --relayer http://127.0.0.1:8640 --wallet any.json --yes",
  )
    .description("show the chain the shares that a node attests, with a relayer's proof; anyone may")
    .argument("<nodeIndex>", "index of the node")
    .option("--epoch <epoch>", "epoch of the attestation; default: the newest one that a relayer can prove")
    .option("--relayer <url>", "read API to ask for the proof; default: those of network.json")
    .action(showCapacity);
}

interface CapacityOptions extends WalletOptions {
  epoch?: string;
  relayer?: string;
}

async function showCapacity(nodeText: string, options: CapacityOptions, command: Command): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const epoch = options.epoch === undefined ? undefined : BigInt(naturalArgument("--epoch", options.epoch));
  if (options.relayer !== undefined && !URL.canParse(options.relayer)) throw usageError("--relayer must be a URL");
  const session = await openWalletSession(options);
  await requireKnownNode(session, nodeIndex);
  const urls = options.relayer === undefined ? session.network.relayers.map(({ url }) => url) : [options.relayer];
  const claim =
    epoch === undefined
      ? await newestClaim(session, nodeIndex, urls)
      : (await readAttestationClaim(urls, { nodeIndex, epoch })).claim;
  const { attestation, report, signers, signature, proof } = claim;
  const shares = ASSET_KINDS.map((kind, i) => {
    return { kind, shareBp: Number((attestation.shares >> (SHARE_BITS * BigInt(i))) & 0xffffn) };
  });
  const args = [summarise(report, signers), attestation, keccak256(signature), proof];
  await runCall(
    session,
    {
      ...{ contract: "NodeListings", abi: ABIS.NodeListings, functionName: "showCapacity", args },
      sentence: `Show what node ${nodeIndex} attests of its resources in epoch ${attestation.epoch}.`,
      after: () => [
        `Listings of the node may take ${shares.map(({ kind, shareBp }) => `${percentText(shareBp)} of its ${kind}`).join(", ")}.`,
        "Where listings take more, no new leases of that resource can be opened.",
      ],
      preview: () => ({ figures: { nodeIndex, epoch: attestation.epoch, shares } }),
    },
    { options, command },
  );
}

/** The newest attestation that some relayer can prove. @throws CliError with the last answer when there is none. */
async function newestClaim(session: WalletSession, nodeIndex: number, urls: string[]): Promise<AttestationClaim> {
  const next = await session.client.readContract({
    ...contractOf(session, "AttestationBridge"),
    ...{ functionName: "nextEpoch", args: [shardOf(nodeIndex)] },
  });
  let failure = new CliError(`no epoch of node ${nodeIndex} has been reported yet`);
  for (let epoch = next - 1n; epoch >= 0n && next - epoch <= LOOK_BACK; epoch--) {
    try {
      return (await readAttestationClaim(urls, { nodeIndex, epoch })).claim;
    } catch (error) {
      failure = failureOf(error);
    }
  }
  throw failure;
}
