import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { countedWords } from "@pqmesh/contracts/protocol/exact-words";
import type { Address } from "viem";
import type { CertificateView } from "../lib/certificate-view.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** Nodes that one transaction brings in line, far below the gas that it may use. */
const MOST_NODES = 50;

/** Nodes whose certificates are good, or are not; empty when there are none. */
export function namesOf(certificates: readonly CertificateView[], isGood: boolean): string {
  const wanted = certificates.filter(({ status }) => (status === "Good") === isGood);
  return wanted.map(({ subject }) => `node ${subject}`).join(", ");
}

/** Bars nodes, or lifts their bar, by their newest certificates. Any wallet can. */
export function enforceCertificatesPlan(registry: Address, all: readonly CertificateView[]): TransactionPlan {
  const certificates = all.slice(0, MOST_NODES);
  const [barred, freed] = [namesOf(certificates, false), namesOf(certificates, true)];
  const args = [certificates.map(({ serial }) => serial)];
  return {
    title: "Bring nodes in line with their certificates",
    summary: `You have the chain bar, or unbar, ${countedWords(certificates.length, "node")} by the newest certificate of each.`,
    facts: [
      ...(barred === "" ? [] : [{ label: "Barred two epochs later", value: barred }]),
      ...(freed === "" ? [] : [{ label: "Bar is lifted", value: freed }]),
    ],
    steps: [callStep("Enforce", { address: registry, abi: certificateRegistryAbi, functionName: "enforce", args })],
    outcome: () => "The nodes follow their certificates.",
  };
}
