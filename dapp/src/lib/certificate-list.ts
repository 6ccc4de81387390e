import type { CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";
import { CERTIFICATE_KINDS } from "@pqmesh/contracts/protocol/certificate-kind";
import type { Address, Hex } from "viem";
import { bySubject } from "./certificate-days.ts";
import { type CertificateView, readCertificate, readCertificates, registryOf } from "./certificate-view.ts";
import { capitalised } from "./format.ts";
import { chainSeconds, type NetworkServices, readEither } from "./network-services.ts";

/** Certificates that a list shows at most: the newest. */
export const MOST_CERTIFICATES = 300;

/** Whose certificates are listed. */
export interface CertificateSubject {
  kind: CertificateKind;
  subject: bigint;
}

/** What happened to a certificate. */
export interface CertificateChange {
  kind: "Issued" | "Rotated" | "Revoked" | "Held" | "Released";
  /** Who sent the transaction; unknown while the indexer is away, for what the event does not tell. */
  sender?: Address;
  reason?: number;
  /** Unix seconds from which a revocation counts. */
  effectiveAt?: number;
  /** Index of its log entry. */
  logIndex: number;
  /** Unix seconds; unknown while the indexer is away. */
  timestamp?: number;
  transaction: Hex;
}

/** What happened to a certificate, oldest first, and the certificates before and after it. */
export interface CertificateStory {
  changes: CertificateChange[];
  replaces?: bigint;
  replacedBy?: bigint;
}

const SERIALS = `query Serials($where: Certificate_filter!, $first: Int!, $skip: Int!) {
  certificates(first: $first, skip: $skip, orderBy: issuedAt, orderDirection: desc, where: $where) { serial }
}`;
const STORY = `query CertificateStory($id: ID!) {
  certificate(id: $id) {
    replaces { serial } replacedBy { serial }
    changes(first: 100, orderBy: logIndex) { kind sender reason effectiveAt logIndex timestamp transaction }
  }
}`;

/** Certificates of a subject, newest first: found by the indexer or the logs, read from the chain. */
export async function readCertificatesOf(
  services: NetworkServices,
  { kind, subject }: CertificateSubject,
): Promise<CertificateView[]> {
  const where = { kind: capitalised(kind), subject: String(subject) };
  return readCertificates(services, await readSerials(services, { where, ...eventsOf([{ kind, subject }]) }));
}

/** Certificates of an operator and its nodes: its own first, then by node, newest first. */
export async function readOperatorCertificates(
  services: NetworkServices,
  { identityId, nodes }: { identityId: number; nodes: readonly { nodeIndex: number }[] },
): Promise<CertificateView[]> {
  const subjects: CertificateSubject[] = [
    { kind: "operator", subject: BigInt(identityId) },
    ...nodes.map(({ nodeIndex }) => ({ kind: "node" as const, subject: BigInt(nodeIndex) })),
  ];
  const where = { operator: String(identityId) };
  const serials = await readSerials(services, { where, ...eventsOf(subjects) });
  return (await readCertificates(services, serials)).sort(bySubject);
}

/** Certificates that were issued last, newest first. */
export async function readNewestCertificates(services: NetworkServices): Promise<CertificateView[]> {
  return readCertificates(services, await readSerials(services, { where: {}, first: 20 }));
}

/** Certificates that some authorities issued, newest first; the newest 300 unless others are asked for. */
export async function readIssued(
  services: NetworkServices,
  authorityIds: readonly number[],
  page: SerialPage = {},
): Promise<CertificateView[]> {
  const where = { authority_in: authorityIds.map(String) };
  return readCertificates(
    services,
    await readSerials(services, { where, args: { authorityId: [...authorityIds] }, ...page }),
  );
}

/** Which of the certificates found are read. */
export interface SerialPage {
  first?: number;
  skip?: number;
}

interface SerialSearch extends SerialPage {
  /** Filter of the indexer. */
  where: Readonly<Record<string, string | readonly string[]>>;
  /** Filter of the logs, as far as it goes. */
  args?: { subject: bigint[] } | { authorityId: number[] };
  /** What the logs' filter cannot say. */
  fits?: (issued: { kind: number; subject: bigint }) => boolean;
}

function eventsOf(subjects: readonly CertificateSubject[]): Pick<SerialSearch, "args" | "fits"> {
  return {
    args: { subject: [...new Set(subjects.map(({ subject }) => subject))] },
    fits: ({ kind, subject }) =>
      subjects.some((one) => one.subject === subject && one.kind === CERTIFICATE_KINDS[kind - 1]),
  };
}

async function readSerials(
  services: NetworkServices,
  { where, args, fits = () => true, first = MOST_CERTIFICATES, skip = 0 }: SerialSearch,
): Promise<bigint[]> {
  return readEither(services, {
    async fromIndexer() {
      const variables = { where, first, skip };
      const found = await services.indexer.query<{ certificates: { serial: string }[] }>(SERIALS, variables);
      return found.certificates.map(({ serial }) => BigInt(serial));
    },
    async fromChain() {
      const issued = await services.client.getContractEvents({
        ...{ ...registryOf(services), eventName: "CertificateIssued" },
        ...(args && { args }),
        ...{ fromBlock: BigInt(services.config.startBlock), strict: true },
      });
      const wanted = issued.filter((event) => fits(event.args)).map((event) => event.args.serial);
      return wanted.reverse().slice(skip, skip + first);
    },
  });
}

interface RawStory {
  replaces: { serial: string } | null;
  replacedBy: { serial: string } | null;
  changes: {
    kind: CertificateChange["kind"];
    sender: Address;
    reason: number | null;
    effectiveAt: string | null;
    logIndex: string;
    timestamp: string;
    transaction: Hex;
  }[];
}

/** Reads what happened to a certificate. */
export function readCertificateStory(services: NetworkServices, serial: bigint): Promise<CertificateStory> {
  return readEither(services, {
    async fromIndexer() {
      const { certificate } = await services.indexer.query<{ certificate: RawStory | null }>(STORY, {
        id: String(serial),
      });
      const { replaces, replacedBy, changes } = certificate ?? { replaces: null, replacedBy: null, changes: [] };
      return {
        ...(replaces && { replaces: BigInt(replaces.serial) }),
        ...(replacedBy && { replacedBy: BigInt(replacedBy.serial) }),
        changes: changes.map(({ kind, sender, reason, effectiveAt, logIndex, timestamp, transaction }) => ({
          ...{ kind, sender, transaction, logIndex: Number(logIndex), timestamp: Number(timestamp) },
          ...(reason !== null && { reason }),
          ...(effectiveAt !== null && { effectiveAt: Number(effectiveAt) }),
        })),
      };
    },
    fromChain: () => storyFromChain(services, serial),
  });
}

async function storyFromChain(services: NetworkServices, serial: bigint): Promise<CertificateStory> {
  const query = { ...registryOf(services), fromBlock: BigInt(services.config.startBlock), strict: true } as const;
  const events = (eventName: "CertificateIssued" | "CertificateRevoked" | "CertificateHeld" | "CertificateReleased") =>
    services.client.getContractEvents({ ...query, eventName, args: { serial } });
  const rotations = (args: { serial: bigint } | { replaced: bigint }) =>
    services.client.getContractEvents({ ...query, eventName: "CertificateRotated", args });
  const [issued, revoked, held, released, before, after] = await Promise.all([
    ...([events("CertificateIssued"), events("CertificateRevoked")] as const),
    ...([events("CertificateHeld"), events("CertificateReleased")] as const),
    ...([rotations({ serial }), rotations({ replaced: serial })] as const),
  ]);
  const changes = [...issued, ...revoked, ...held, ...released, ...after].map(
    ({ eventName, args, transactionHash }) => ({
      kind: eventName.slice("Certificate".length) as CertificateChange["kind"],
      ...("by" in args && { sender: args.by }),
      ...("revokedAt" in args && { reason: args.reason, effectiveAt: args.revokedAt }),
      ...{ logIndex: Number(args.logIndex), transaction: transactionHash },
    }),
  );
  const [replaces, replacedBy] = [before.at(-1)?.args.replaced, after.at(-1)?.args.serial];
  return {
    changes: changes.sort((a, b) => a.logIndex - b.logIndex),
    ...(replaces !== undefined && { replaces }),
    ...(replacedBy !== undefined && { replacedBy }),
  };
}

/**
 * Certificates that one took the place of, directly or by others, and that are good still, as the overlap of their rotation is
 * not over; newest first. Read from the chain alone: a wallet revokes them.
 */
export async function readReplacedInOverlap(services: NetworkServices, newest: bigint): Promise<CertificateView[]> {
  const now = await chainSeconds(services);
  const found: CertificateView[] = [];
  for (let serial = await replacedBy(services, newest); serial !== undefined;) {
    const replaced = await readCertificate(services, serial);
    if (replaced?.revokedAt === undefined || replaced.revokedAt <= now) break;
    found.push(replaced);
    serial = await replacedBy(services, serial);
  }
  return found;
}

async function replacedBy(services: NetworkServices, serial: bigint): Promise<bigint | undefined> {
  const [rotation] = await services.client.getContractEvents({
    ...{ ...registryOf(services), eventName: "CertificateRotated", args: { serial } },
    ...{ fromBlock: BigInt(services.config.startBlock), strict: true },
  });
  return rotation?.args.replaced;
}
