import { decodeSignedAttestation } from "@pqmesh/contracts/protocol/attestation";
import type { Committee } from "../committee/create-committee.ts";
import type { AttestationStore } from "../store/attestation-store.ts";
import type { MemberFork, NodeFork } from "./equivocation-proof.ts";
import type { WatchCursor } from "./watch-store.ts";

/** Where statements of one signer that exclude each other are found. */
export interface ForkSource {
  /**
   * Attestations that exclude one stored after `cursor`, or before. When what stood at `cursor` is there no more, an older
   * copy may have been restored, and numbers are given a second time: then all that is stored is new.
   *
   * @returns Them, and the cursor to go on from once they are written down; undefined when nothing is stored.
   */
  nodeForks(cursor: WatchCursor | undefined): { forks: NodeFork[]; cursor: WatchCursor | undefined };
  /** Members that signed two reports of one round, of epochs from `epoch` on. */
  memberForks(epoch: bigint): MemberFork[];
}

/** Attestations looked at in one go. */
const BATCH = 2_048;

/** What a relayer stores itself: everything that it verified, also what came beside the leaf of an epoch. */
export function storedForks(parts: {
  store: Pick<AttestationStore, "forksAfter" | "digestAt" | "wireOf">;
  committee: Pick<Committee, "doubleSigned">;
}): ForkSource {
  const { store, committee } = parts;
  return {
    nodeForks(cursor) {
      const isThere = cursor !== undefined && store.digestAt(cursor.position) === cursor.mark;
      const { forks, lastId } = store.forksAfter(isThere ? cursor.position : 0, BATCH);
      const found = forks.flatMap(({ nodeIndex, places }) => {
        const wires = places.map(({ epoch, digest }) => store.wireOf(epoch, nodeIndex, digest));
        const [first, second] = wires.map((wire) => wire && decodeSignedAttestation(wire));
        return first && second ? [[first, second] as const] : [];
      });
      const mark = store.digestAt(lastId);
      return { forks: found, cursor: mark && { position: lastId, mark } };
    },
    memberForks: (epoch) => committee.doubleSigned(epoch),
  };
}
