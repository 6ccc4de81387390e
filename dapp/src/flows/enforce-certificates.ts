import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { countedWords } from "@pqmesh/contracts/protocol/exact-words";
import type { Address } from "viem";
import type { CertificateView } from "../lib/certificate-view.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** Nodes that one transaction brings in line, far below the gas that it may use. */
const MOST_NODES = 50;

/** Bars nodes, or lifts their bar, by their newest certificates. Any wallet can. */
export function enforceCertificatesPlan(registry: Address, all: readonly CertificateView[]): TransactionPlan {
  const certificates = all.slice(0, MOST_NODES);
  const namesOf = (isGood: boolean): string =>
    certificates
      .filter(({ status }) => (status === "Good") === isGood)
      .map(({ subject }) => String(subject))
      .join(", ");
  const [barred, freed] = [namesOf(false), namesOf(true)];
  const args = [certificates.map(({ serial }) => serial)];
  return {
    title: "Bring nodes in line with their certificates",
    summary: `You have the chain look at the newest certificates of ${countedWords(certificates.length, "node")}, and bar or unbar them by what these say.`,
    facts: [
      ...(barred === "" ? [] : [{ label: "Earn nothing from the epoch after the next on", value: `nodes ${barred}` }]),
      ...(freed === "" ? [] : [{ label: "Bar is lifted", value: `nodes ${freed}` }]),
    ],
    steps: [callStep("Enforce", { address: registry, abi: certificateRegistryAbi, functionName: "enforce", args })],
    outcome: () => "The nodes follow their certificates.",
  };
}
