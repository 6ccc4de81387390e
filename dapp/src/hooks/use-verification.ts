import { useMutation, type UseMutationResult } from "@tanstack/react-query";
import type { Hex } from "viem";
import type { ServedClaim } from "@pqmesh/contracts/protocol/attestation-claim";
import { fetchClaim } from "../lib/relayer-client.ts";
import { type TamperedPart, tamperClaim } from "../lib/tamper-claim.ts";
import type { VerifiedStep } from "../lib/verify-claim.ts";
import { useNetwork } from "./use-network.ts";

/** What is to be verified. */
export interface VerificationRequest {
  nodeIndex: number;
  epoch: number;
  candidateKeys: readonly Hex[];
  /** URL of the relayer to ask; every relayer in turn when undefined. */
  relayer?: string;
  /** Part in which a bit is changed first, to watch a check fail. */
  tamper?: TamperedPart;
}

/** A finished verification. */
export interface Verification {
  request: VerificationRequest;
  relayer: string;
  claim: ServedClaim;
  steps: VerifiedStep[];
  /** Milliseconds that the checks took. */
  took: number;
}

/** Fetches the code that checks post-quantum signatures, which only this needs. */
export const loadVerifier = () => import("../lib/verify-claim.ts");

/** Fetches an attestation from a relayer and checks it in this browser. */
export function useVerification(): UseMutationResult<Verification, Error, VerificationRequest> {
  const services = useNetwork();
  return useMutation({
    mutationFn: async (request: VerificationRequest) => {
      const urls = request.relayer ? [request.relayer] : services.config.relayers.map(({ url }) => url);
      const { claim: served, relayer } = await firstClaim(urls, request);
      const claim = request.tamper ? tamperClaim(served, request.tamper) : served;
      const { verifyClaim } = await loadVerifier();
      const began = performance.now();
      const steps = await verifyClaim(claim, request, services);
      return { request, relayer, claim, steps, took: performance.now() - began };
    },
  });
}

async function firstClaim(
  urls: readonly string[],
  { epoch, nodeIndex }: VerificationRequest,
): Promise<{ claim: ServedClaim; relayer: string }> {
  let problem: unknown = new Error("network.json names no relayer.");
  for (const relayer of urls) {
    try {
      return { claim: await fetchClaim(relayer, epoch, nodeIndex), relayer };
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}
