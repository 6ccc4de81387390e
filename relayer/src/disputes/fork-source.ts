import { decodeSignedAttestation } from "@pqmesh/contracts/protocol/attestation";
import type { Committee } from "../committee/create-committee.ts";
import type { AttestationStore } from "../store/attestation-store.ts";
import type { MemberFork, NodeFork } from "./equivocation-proof.ts";

/** Where statements of one signer that exclude each other are found. */
export interface ForkSource {
  /**
   * Attestations that exclude one stored after `cursor`, or before.
   *
   * @returns Them, and the cursor to go on from once they are written down.
   */
  nodeForks(cursor: number): { forks: NodeFork[]; cursor: number };
  /** Members that signed two reports of one round, of epochs from `epoch` on. */
  memberForks(epoch: bigint): MemberFork[];
}

/** Attestations looked at in one go. */
const BATCH = 2_048;

/** What a relayer stores itself: everything that it verified, also what came beside the leaf of an epoch. */
export function storedForks(parts: {
  store: Pick<AttestationStore, "forksAfter" | "wireOf">;
  committee: Pick<Committee, "doubleSigned">;
}): ForkSource {
  const { store, committee } = parts;
  return {
    nodeForks(cursor) {
      const { forks, lastId } = store.forksAfter(cursor, BATCH);
      const found = forks.flatMap(({ nodeIndex, places }) => {
        const wires = places.map(({ epoch, digest }) => store.wireOf(epoch, nodeIndex, digest));
        const [first, second] = wires.map((wire) => wire && decodeSignedAttestation(wire));
        return first && second ? [[first, second] as const] : [];
      });
      return { forks: found, cursor: lastId };
    },
    memberForks: (epoch) => committee.doubleSigned(epoch),
  };
}
