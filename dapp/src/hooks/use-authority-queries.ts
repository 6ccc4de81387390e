import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { Hex } from "viem";
import { useConnection } from "wagmi";
import { readDelegatedAuthority, readDelegates } from "../lib/authority-delegates.ts";
import { type AuthorityAct, readAuthorityEffects } from "../lib/authority-effects.ts";
import { type CertificateBar, readCertificateBar, readOutOfLine } from "../lib/certificate-bar.ts";
import { readIssued } from "../lib/certificate-list.ts";
import { type AuthorityView, type CertificateView, readAuthorities, readIssuers } from "../lib/certificate-view.ts";
import type { Delegation } from "../lib/status-steps.ts";
import { useNetwork } from "./use-network.ts";

/** Milliseconds after which a screen refreshes even when nobody sent a notice. */
const POLL_MS = 6_000;
const PER_PAGE = 20;

/** An authority, those above it up to its root, and those right below it; null when there is none of the number. */
export interface AuthorityFamily {
  /** The authority first. */
  path: AuthorityView[];
  children: AuthorityView[];
}

/** Reads an authority with those above and below it. */
export function useAuthorityFamily(authorityId: number): UseQueryResult<AuthorityFamily | null> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "authority", authorityId],
    queryFn: async () => {
      const all = await readAuthorities(services);
      if (!all.some((one) => one.authorityId === authorityId)) return null;
      const children = all.filter(({ parent }) => parent === authorityId);
      return { path: await readIssuers(services, authorityId), children };
    },
    refetchInterval: POLL_MS,
  });
}

/** A page of what an authority issued, newest first, and whether there is more. */
export function useIssued(
  authorityId: number,
  page: number,
): UseQueryResult<{ certificates: CertificateView[]; more: boolean }> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "issued", authorityId, page],
    queryFn: async () => {
      const wanted = { first: PER_PAGE + 1, skip: (page - 1) * PER_PAGE };
      const found = await readIssued(services, [authorityId], wanted);
      return { certificates: found.slice(0, PER_PAGE), more: found.length > PER_PAGE };
    },
    placeholderData: (previous) => previous,
    refetchInterval: POLL_MS,
  });
}

/** Who may revoke, hold and release for an authority by signature. */
export function useDelegates(authorityId: number): UseQueryResult<Hex[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "delegates", authorityId],
    queryFn: () => readDelegates(services, authorityId),
    refetchInterval: POLL_MS,
  });
}

/** In whose name the connected wallet can sign, of a path of authorities; undefined when it is no delegate. */
export function useDelegation(path: readonly AuthorityView[]): Delegation | undefined {
  const access = useNetwork();
  const { address: wallet } = useConnection();
  const ids = path.map(({ authorityId }) => authorityId);
  const query = useQuery({
    queryKey: ["network", "delegation", wallet, ...ids],
    queryFn: async () => (await readDelegatedAuthority(access, ids, wallet!)) ?? null,
    enabled: wallet !== undefined && ids.length > 0,
  });
  return wallet && query.data ? { access, wallet, authorityId: query.data } : undefined;
}

/** What an act on an authority breaks. */
export function useAuthorityEffects(authorityId: number, act: AuthorityAct): UseQueryResult<string[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "authority-effects", authorityId, act],
    queryFn: () => readAuthorityEffects(services, authorityId, act),
    staleTime: POLL_MS,
  });
}

/** Nodes whose bar does not follow their certificates from an authority and those below it. */
export function useOutOfLine(authorityId: number): UseQueryResult<CertificateView[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "out-of-line", authorityId],
    queryFn: () => readOutOfLine(services, authorityId),
    refetchInterval: 5 * POLL_MS,
  });
}

/** Why a node is barred by its certificates; null when it is not. */
export function useCertificateBar(nodeIndex: number): UseQueryResult<CertificateBar | null> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "certificate-bar", nodeIndex],
    queryFn: async () => (await readCertificateBar(services, nodeIndex)) ?? null,
    refetchInterval: POLL_MS,
  });
}
