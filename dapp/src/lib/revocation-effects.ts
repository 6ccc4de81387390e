import { countedWords } from "@pqmesh/contracts/protocol/exact-words";
import type { CertificateView } from "./certificate-view.ts";
import { formatVotingUnits } from "./format.ts";
import { leasesFromChain, leasesFromIndexer } from "./lease-list.ts";
import { type NetworkServices, readEither } from "./network-services.ts";
import type { OperatorAccount } from "./operator-view.ts";
import { listingsOfOperator } from "./provider-income.ts";
import { readVoteWeight } from "./vote-weight.ts";

/** What a revocation of a certificate breaks at once, one sentence each. */
export async function readRevocationEffects(
  services: NetworkServices,
  operator: OperatorAccount,
  { kind, subject, serial }: CertificateView,
  newest: bigint | undefined,
): Promise<string[]> {
  if (newest !== undefined && newest !== serial) {
    return ["A newer certificate has taken its place: only connections that still use this one are refused."];
  }
  return kind === "node" ? nodeEffects(services, operator, Number(subject)) : voteEffects(services, operator);
}

async function nodeEffects(services: NetworkServices, operator: OperatorAccount, nodeIndex: number): Promise<string[]> {
  const node = operator.nodes.find((one) => one.nodeIndex === nodeIndex);
  const isActive = node?.active !== undefined && node.active.until === undefined;
  const { identityId } = operator;
  const leases = await readEither(services, {
    fromIndexer: () => leasesFromIndexer(services, services.indexer, { identityId, listings: [] }),
    fromChain: async () =>
      leasesFromChain(services, { identityId, listings: await listingsOfOperator(services, identityId) }),
  });
  const open = leases.open.filter((lease) => lease.nodeIndex === nodeIndex);
  return [
    `Relayers refuse node ${nodeIndex} from its next handshake on and close its open sessions.`,
    isActive
      ? `Node ${nodeIndex} is active: two epochs later it is not any more, and earns nothing until it has a new certificate.`
      : `Node ${nodeIndex} is not active, so it loses no rewards.`,
    open.length === 0
      ? "It has no open leases."
      : `It has ${countedWords(open.length, "open lease")}: clients pay nothing for epochs in which it is inactive, and get the rest back.`,
  ];
}

async function voteEffects(services: NetworkServices, { owner, identityId }: OperatorAccount): Promise<string[]> {
  const { ownUnits } = await readVoteWeight(services, owner);
  return [
    ownUnits === 0n
      ? `Operator ${identityId} has no units to vote with now, and gets none without a certificate.`
      : `Operator ${identityId} loses ${formatVotingUnits(ownUnits)} units in the identity house and cannot vote there until it is certified again.`,
    "Its nodes and stake are not touched.",
  ];
}
