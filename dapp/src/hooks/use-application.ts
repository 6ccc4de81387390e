import { useMutation, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { zeroAddress } from "viem";
import { useConnection } from "wagmi";
import {
  type ApplicationAnswer,
  applyForCertificate,
  type AuthorityService,
  type CertificateApplication,
  findAuthority,
  readApplication,
} from "../lib/authority-client.ts";
import { useNetwork } from "./use-network.ts";

/** Milliseconds between questions what became of a request. */
const POLL_MS = 2_000;

/** A request for a certificate and what the authority says about it. */
export interface Application {
  handIn: (application: CertificateApplication) => void;
  isPending: boolean;
  /** The answer is about what was handed in on an earlier visit. */
  isResumed: boolean;
  answer?: ApplicationAnswer;
  problem?: string;
}

/** Hands requests to an authority and follows the newest one until it is final; also that of an earlier visit. */
export function useApplication(authorityUrl: string): Application {
  const { applications } = useNetwork();
  const { address: wallet = zeroAddress } = useConnection();
  const request = useMutation({
    mutationFn: (application: CertificateApplication) => applyForCertificate(authorityUrl, application),
    onSuccess: ({ requestHash }) => applications.keep(wallet, requestHash),
  });
  const isResumed = request.isIdle;
  const requestHash = isResumed ? applications.read(wallet) : request.data?.requestHash;
  const followed = useQuery({
    queryKey: ["application", authorityUrl, requestHash],
    queryFn: () => readApplication(authorityUrl, requestHash!),
    enabled: requestHash !== undefined && request.data?.state !== "refused",
    refetchInterval: ({ state }) => (isSettled(state.data) ? false : POLL_MS),
  });
  const answer = followed.data ?? request.data;
  // A request of an earlier visit that the authority does not know is no problem of this one.
  const error = request.error ?? (isResumed ? null : followed.error);
  return {
    isResumed,
    handIn: request.mutate,
    isPending: request.isPending,
    ...(answer && { answer }),
    ...(error && { problem: error.message }),
  };
}

/** The service of an authority; null when no relayer of the network runs one. */
export function useAuthorityService(): UseQueryResult<AuthorityService | null> {
  const { config } = useNetwork();
  return useQuery({
    queryKey: ["network", "authority-service"],
    queryFn: async () => (await findAuthority(config.relayers.map(({ url }) => url))) ?? null,
    staleTime: 60_000,
  });
}

function isSettled(answer: ApplicationAnswer | undefined): boolean {
  return answer?.state === "final" || answer?.state === "refused";
}
