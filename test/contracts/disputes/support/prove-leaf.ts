import { hashAttestation } from "@pqmesh/contracts/protocol/attestation";
import type { Signer } from "ethers";
import { type Accepted, claim, type DisputedNetwork, type Leaf, leafEvidence, leafHashOf } from "./dispute-fixture.ts";
import { FLAW, type FlawName, NO_SUPPORT, type Support } from "./flaws.ts";

/** A leaf and the flaw that it is accused of; by mallory unless said otherwise. */
interface Attempt {
  network: DisputedNetwork;
  accepted: Accepted;
  leaf: Leaf;
  flaw: FlawName;
  support?: Partial<Support>;
  prover?: Signer;
  attestationHash?: string;
}

/** Claims and shows a proof. */
export async function prove(attempt: Attempt) {
  const { network, accepted, leaf, flaw, support = {}, prover = network.mallory } = attempt;
  const hash = attempt.attestationHash ?? hashAttestation(network.domain, leaf.attestation);
  const salt = await claim(network, prover, leafEvidence(accepted, leafHashOf(leaf, hash)), `${flaw} salt`);
  const all = { ...NO_SUPPORT, salt, ...support };
  return network.disputes.connect(prover).proveInvalid(accepted.summary, leaf, FLAW[flaw], all);
}
