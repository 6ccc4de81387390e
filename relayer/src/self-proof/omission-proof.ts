import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { memberOffencesAbi } from "@pqmesh/contracts/generated/member-offences-abi";
import type { Attestation } from "@pqmesh/contracts/protocol/attestation";
import { SHARD_SIZE } from "@pqmesh/contracts/protocol/merkle";
import { decodeIndexList, shardOf } from "@pqmesh/contracts/protocol/report";
import { type Address, encodeAbiParameters, type Hex, keccak256, slice, toFunctionSelector } from "viem";
import { decodeFunctionData, encodeFunctionData, recoverAddress } from "viem/utils";
import type { Journal, JournalEntry } from "../agent/journal.ts";
import type { AcceptedReport } from "../chain/chain-view.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { summaryOf } from "../disputes/evidence-intents.ts";
import type { EvidenceCall } from "../disputes/leaf-proof.ts";
import { type Receipt, receiptSchema } from "../session/frames.ts";
import type { Intent, IntentKind } from "../submit/intent.ts";

/** A member that acknowledged an attestation and signed a report that names its node absent. */
export interface Omission {
  report: AcceptedReport;
  member: Address;
  attestation: Attestation;
  receipt: Receipt;
  /** The member's ECDSA signature of the report. */
  reportSignature: Hex;
}

/** Bytes of one ECDSA signature. */
const SIGNATURE_BYTES = 65;
/** Number of omission among the offences of `IMemberOffences`. */
const OMISSION = 2;
const KIND = "prove-omission";
const SUBMIT = toFunctionSelector(
  attestationBridgeAbi.find((item) => item.type === "function" && item.name === "submitReport")!,
);

/** Finds who left out a node in an epoch although the journal holds its receipt. */
export async function findOmissions(
  chain: Pick<ChainFollower, "acceptedReport" | "committeeAt" | "request">,
  journal: Pick<Journal, "receiptsOf">,
  { epoch, sequence, signed }: Pick<JournalEntry, "epoch" | "sequence" | "signed">,
): Promise<Omission[]> {
  const { attestation } = signed;
  const { nodeIndex } = attestation;
  const report = chain.acceptedReport(shardOf(nodeIndex), epoch);
  if (!report || !decodeIndexList(report.absent).includes(nodeIndex % SHARD_SIZE)) return [];
  const members = chain.committeeAt(epoch)?.members ?? [];
  const receipts = new Map(journal.receiptsOf(sequence).map(({ relayer, body }) => [relayer.toLowerCase(), body]));
  const offenders = members.filter(({ seat, address }) => {
    return ((report.signers >> BigInt(seat)) & 1n) === 1n && receipts.has(address.toLowerCase());
  });
  if (offenders.length === 0) return [];
  const signatures = await reportSignatures(chain, report);
  return offenders.flatMap(({ address }) => {
    const reportSignature = signatures.get(address.toLowerCase());
    const receipt = receiptSchema.safeParse(receipts.get(address.toLowerCase())).data;
    return receipt && reportSignature ? [{ report, member: address, attestation, receipt, reportSignature }] : [];
  });
}

/** Makes the proof of an omission. Its salt follows from the evidence, which nobody else knows before it is shown. */
export function proveOmission({ report, member, attestation, receipt, reportSignature }: Omission): EvidenceCall & {
  offenceId: Hex;
} {
  const { index, size, path, signature } = receipt;
  const bytes = [{ type: "bytes" }, { type: "bytes" }] as const;
  const evidence = keccak256(encodeAbiParameters(bytes, [signature, reportSignature]));
  const salt = keccak256(evidence);
  const shown = { attestation, index: BigInt(index), size: BigInt(size), path, signature };
  const accused = { member, key: "0x", salt } as const;
  const args = [summaryOf(report), report.absent, shown, accused, reportSignature] as const;
  const data = encodeFunctionData({ abi: memberOffencesAbi, functionName: "proveOmission", args });
  return { evidence, salt, data, offenceId: omissionOf(report.digest, member) };
}

/** The intent to show an omission; `data` is the whole call. */
export function omissionIntent(
  offences: Address,
  { offenceId, data }: { offenceId: Hex; data: Hex },
  epoch: bigint,
): Intent {
  return { kind: KIND, key: `${offenceId}:${epoch}`, to: offences, data };
}

/** Judges such intents: void once the epoch is final, since omission rests on ECDSA alone. */
export function omissionKind(chain: ChainFollower): IntentKind {
  return {
    name: KIND,
    judge(key) {
      const [offenceId, epoch] = key.split(":") as [Hex, string];
      const place = chain.disputes.conviction(offenceId);
      if (place) {
        return { state: "achieved", blockNumber: place.blockNumber, transactionHash: place.transactionHash };
      }
      const isFinal = chain.epochAt(chain.head().timestamp) > BigInt(epoch) + chain.horizonEpochs;
      return isFinal ? { state: "void", reason: `epoch ${epoch} is final` } : { state: "wanted" };
    },
  };
}

/** Name of the offence, as `IMemberOffences` counts. */
function omissionOf(reportDigest: Hex, member: Address): Hex {
  const types = [{ type: "uint8" }, { type: "bool" }, { type: "bytes32" }, { type: "address" }] as const;
  return keccak256(encodeAbiParameters(types, [OMISSION, false, reportDigest, member]));
}

/**
 * ECDSA signatures by lower-case address, from the transaction that brought the report: also when it went through another
 * contract, as long as the call is in there as it is.
 */
async function reportSignatures(
  chain: Pick<ChainFollower, "request">,
  { transactionHash, digest }: AcceptedReport,
): Promise<Map<string, Hex>> {
  const sent = await chain.request("eth_getTransactionByHash", [transactionHash]);
  const input = (sent as { input?: Hex } | null)?.input ?? "0x";
  for (let at = input.indexOf(SUBMIT.slice(2)); at >= 0; at = input.indexOf(SUBMIT.slice(2), at + 1)) {
    const joined = signaturesIn(`0x${input.slice(at)}`);
    if (!joined) continue;
    const count = (joined.length - 2) / (2 * SIGNATURE_BYTES);
    const each = Array.from({ length: count }, (_, i) => slice(joined, i * SIGNATURE_BYTES, (i + 1) * SIGNATURE_BYTES));
    const signers = await Promise.all(
      each.map((signature) => recoverAddress({ hash: digest, signature }).catch(() => undefined)),
    );
    return new Map(signers.flatMap((signer, i) => (signer ? [[signer.toLowerCase(), each[i]!] as const] : [])));
  }
  return new Map();
}

function signaturesIn(data: Hex): Hex | undefined {
  try {
    const call = decodeFunctionData({ abi: attestationBridgeAbi, data });
    return call.functionName === "submitReport" ? call.args[2] : undefined;
  } catch {
    return undefined;
  }
}
