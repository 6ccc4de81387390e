import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { type Address, zeroAddress } from "viem";
import { useConnection } from "wagmi";
import type { IndexedLogEntry } from "@pqmesh/contracts/protocol/log-entry";
import type { LogHead } from "@pqmesh/contracts/protocol/merkle-log";
import {
  type CertificateStory,
  type CertificateSubject,
  readCertificatesOf,
  readCertificateStory,
  readNewestCertificates,
  readOperatorCertificates,
  readReplacedInOverlap,
} from "../lib/certificate-list.ts";
import { ENTRIES_PER_PAGE, readLogEntries, readTreeHead } from "../lib/certificate-log.ts";
import {
  type AuthorityView,
  type CertificateView,
  readAuthorities,
  readCertificate,
  readIssuers,
} from "../lib/certificate-view.ts";
import type { OperatorAccount } from "../lib/operator-view.ts";
import { type PlannedAct, readRevocationEffects } from "../lib/revocation-effects.ts";
import { readVoterCertificates } from "../lib/voter-certificates.ts";
import { useNetwork } from "./use-network.ts";

/** Milliseconds after which a screen refreshes even when nobody sent a notice. */
const POLL_MS = 6_000;

/** A certificate; null when its serial number is unknown. */
export function useCertificate(serial: bigint): UseQueryResult<CertificateView | null> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "certificate", String(serial)],
    queryFn: async () => (await readCertificate(services, serial)) ?? null,
    refetchInterval: POLL_MS,
  });
}

/** Authorities from the one that issued up to its root. */
export function useIssuers(authorityId: number): UseQueryResult<AuthorityView[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "issuers", authorityId],
    queryFn: () => readIssuers(services, authorityId),
    refetchInterval: POLL_MS,
  });
}

/** What happened to a certificate. */
export function useCertificateStory(serial: bigint): UseQueryResult<CertificateStory> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "certificate-story", String(serial)],
    queryFn: () => readCertificateStory(services, serial),
    refetchInterval: POLL_MS,
  });
}

/** Certificates of a subject, newest first. */
export function useCertificatesOf({ kind, subject }: CertificateSubject): UseQueryResult<CertificateView[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "certificates-of", kind, String(subject)],
    queryFn: () => readCertificatesOf(services, { kind, subject }),
    refetchInterval: POLL_MS,
  });
}

/** Certificates that were issued last. */
export function useNewestCertificates(): UseQueryResult<CertificateView[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "newest-certificates"],
    queryFn: () => readNewestCertificates(services),
    refetchInterval: POLL_MS,
  });
}

/** Certificates of an operator and its nodes: its own first, then by node, newest first. */
export function useOperatorCertificates(operator: OperatorAccount): UseQueryResult<CertificateView[]> {
  const services = useNetwork();
  const { identityId, nodes } = operator;
  return useQuery({
    queryKey: ["wallet", "certificates", identityId, nodes.length],
    queryFn: () => readOperatorCertificates(services, operator),
    refetchInterval: POLL_MS,
  });
}

/** Certificates of the voter whom a wallet stands for, newest first. */
export function useVoterCertificates(wallet: Address): UseQueryResult<CertificateView[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "voter-certificates", wallet],
    queryFn: () => readVoterCertificates(services, wallet),
    refetchInterval: POLL_MS,
  });
}

/** Every authority. */
export function useAuthorities(): UseQueryResult<AuthorityView[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "authorities"],
    queryFn: () => readAuthorities(services),
    refetchInterval: POLL_MS,
  });
}

/** What a revocation or a hold of a certificate breaks. */
export function useRevocationEffects(certificate: CertificateView, act: PlannedAct["act"]): UseQueryResult<string[]> {
  const services = useNetwork();
  const { address: wallet = zeroAddress } = useConnection();
  return useQuery({
    queryKey: ["network", "revocation-effects", act, String(certificate.serial), certificate.status, wallet],
    queryFn: () => readRevocationEffects(services, certificate, { act, wallet }),
    refetchInterval: POLL_MS,
  });
}

/** Certificates that one took the place of and that are good still. */
export function useReplacedInOverlap({ serial }: CertificateView): UseQueryResult<CertificateView[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "replaced-in-overlap", String(serial)],
    queryFn: () => readReplacedInOverlap(services, serial),
    refetchInterval: POLL_MS,
  });
}

/** A page of the log, newest entries first, and its head. */
export function useLogPage(page: number): UseQueryResult<{ head: LogHead; entries: IndexedLogEntry[] }> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "certificate-log", page],
    queryFn: async () => {
      const head = await readTreeHead(services);
      const end = Math.max(0, head.size - (page - 1) * ENTRIES_PER_PAGE);
      const from = Math.max(0, end - ENTRIES_PER_PAGE);
      return { head, entries: (await readLogEntries(services, from, end - from)).reverse() };
    },
    placeholderData: (previous) => previous,
    refetchInterval: POLL_MS,
  });
}
