import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { quadraticVotesAbi } from "@pqmesh/contracts/generated/quadratic-votes-abi";
import { certificateKindNumber } from "@pqmesh/contracts/protocol/certificate-kind";
import { countedWords } from "@pqmesh/contracts/protocol/exact-words";
import { FOR_EVER } from "@pqmesh/contracts/protocol/for-ever";
import { zeroAddress } from "viem";
import { readIsBarred } from "./certificate-bar.ts";
import { readCertificatesOf } from "./certificate-list.ts";
import type { CertificateView } from "./certificate-view.ts";
import { shortSerial, STATUS_SENTENCES, STATUS_WORDS, subjectWords } from "./certificate-words.ts";
import { capitalised, formatVotingUnits } from "./format.ts";
import { leasesFromChain, leasesFromIndexer } from "./lease-list.ts";
import { chainSeconds, type NetworkServices, readEither } from "./network-services.ts";
import { listingsOfOperator } from "./provider-income.ts";
import { type NodeStatusAct, simulatedBar } from "./simulated-bar.ts";
import { readVoteWeight } from "./vote-weight.ts";

/** What a wallet is about to do: end a certificate for ever, or hold it until it is released. */
export type PlannedAct = Pick<NodeStatusAct, "act" | "wallet">;

/** What a revocation or a hold of a certificate breaks at once, one sentence each. */
export async function readRevocationEffects(
  services: NetworkServices,
  certificate: CertificateView,
  planned: PlannedAct,
): Promise<string[]> {
  const { kind } = certificate;
  const connections = connectionEffect(certificate);
  if (kind === "relayer") return [connections, "Its bond and its seat in the committee are not touched."];
  const follow = kind === "node" ? nodeEffects : voteEffects;
  return [connections, ...(await follow(services, certificate, planned))];
}

function connectionEffect({ kind, subject, status }: CertificateView): string {
  const who = subjectWords(kind, subject);
  if (status !== "Good") return `Nobody accepts it now: ${STATUS_SENTENCES[status]}`;
  if (kind === "node") return `Relayers refuse ${who} from its next handshake on and close its open sessions.`;
  if (kind === "relayer") return `Agents and relayers refuse ${who} from its next handshake on.`;
  return "Whoever asks for its status refuses it from now on.";
}

async function nodeEffects(
  services: NetworkServices,
  certificate: CertificateView,
  planned: PlannedAct,
): Promise<string[]> {
  const nodeIndex = Number(certificate.subject);
  const [wasBarred, becomesBarred, why] = await Promise.all([
    readIsBarred(services, nodeIndex),
    simulatedBar(services, { ...planned, serial: certificate.serial, nodeIndex }),
    whyNothingFollows(services, certificate),
  ]);
  if (wasBarred) return [`Node ${nodeIndex} is barred by its certificates already, and earns nothing.`];
  if (!(becomesBarred ?? why === undefined)) {
    return [...(why === undefined ? [] : [why]), `Node ${nodeIndex} stays as active as it is, with its leases.`];
  }
  return Promise.all([activityEffect(services, nodeIndex, orReleased(planned)), leaseEffect(services, nodeIndex)]);
}

/** Why a certificate decides nothing about its node any more; undefined when it does. */
async function whyNothingFollows(services: NetworkServices, certificate: CertificateView): Promise<string | undefined> {
  if (certificate.revokedAt !== undefined) return "Another certificate took its place already.";
  if ((await chainSeconds(services)) > certificate.notAfter) return "Its time is over, so it decides nothing.";
  const all = await readCertificatesOf(services, certificate);
  const newer = all.find(({ issuedAt }) => issuedAt > certificate.issuedAt);
  return newer && newerWords(newer);
}

function orReleased({ act }: PlannedAct): string {
  return act === "hold" ? "it is released or " : "";
}

function newerWords({ serial, status }: CertificateView): string {
  return `Certificate ${shortSerial(serial)} was issued later and decides about the node (${STATUS_WORDS[status].toLowerCase()}).`;
}

async function activityEffect({ client, config }: NetworkServices, nodeIndex: number, or: string): Promise<string> {
  const registry = { address: config.contracts.NodeRegistry, abi: nodeRegistryAbi } as const;
  const intervals = await client.readContract({ ...registry, functionName: "intervalsOf", args: [nodeIndex] });
  if (intervals.at(-1)?.until !== FOR_EVER) return `Node ${nodeIndex} is not active, so it loses no rewards.`;
  return `Node ${nodeIndex} is active: two epochs later it is not any more, and earns nothing until ${or}it has a new certificate.`;
}

async function leaseEffect(services: NetworkServices, nodeIndex: number): Promise<string> {
  const { client, config } = services;
  const registry = { address: config.contracts.NodeRegistry, abi: nodeRegistryAbi } as const;
  const { identityId } = await client.readContract({ ...registry, functionName: "nodeOf", args: [nodeIndex] });
  const leases = await readEither(services, {
    fromIndexer: () => leasesFromIndexer(services, services.indexer, { identityId, listings: [] }),
    fromChain: async () =>
      leasesFromChain(services, { identityId, listings: await listingsOfOperator(services, identityId) }),
  });
  const open = leases.open.filter((lease) => lease.nodeIndex === nodeIndex);
  if (open.length === 0) return "It has no open leases.";
  return `It has ${countedWords(open.length, "open lease")}: clients pay nothing for epochs in which it is inactive. More of them than the terms allow are a breach: the rest returns to the client, with the bond.`;
}

async function voteEffects(
  services: NetworkServices,
  { kind, subject, serial }: CertificateView,
  planned: PlannedAct,
): Promise<string[]> {
  const { client, config } = services;
  const registry = { address: config.contracts.CertificateRegistry, abi: certificateRegistryAbi } as const;
  const votes = { address: config.contracts.QuadraticVotes, abi: quadraticVotesAbi } as const;
  const who = subjectWords(kind, subject);
  const [newest, gate, account] = await Promise.all([
    client.readContract({ ...registry, functionName: "newestSerialOf", args: [certificateKindNumber(kind), subject] }),
    client.readContract({ ...votes, functionName: "gate" }),
    client.readContract({ ...registry, functionName: "accountOf", args: [subject] }),
  ]);
  const rest = kind === "operator" ? ["Its nodes and stake are not touched."] : [];
  if (gate.toLowerCase() !== registry.address.toLowerCase()) {
    return ["Votes do not follow certificates yet, so none is lost.", ...rest];
  }
  if (newest !== serial) return [`It is not the newest of ${who}, which decides about its votes.`, ...rest];
  if (account === zeroAddress) return [`No vote of ${who} counts now.`, ...rest];
  const { ownUnits } = await readVoteWeight(services, account);
  const lost = `${formatVotingUnits(ownUnits)} units in the identity house and cannot vote there until ${orReleased(planned)}it is certified again.`;
  return [
    ownUnits === 0n
      ? `${capitalised(who)} has no units to vote with now, and gets none without a certificate.`
      : `${capitalised(who)} loses ${lost}`,
    ...rest,
  ];
}
