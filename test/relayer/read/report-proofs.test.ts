import { ATTESTATION_BYTES } from "@pqmesh/contracts/protocol/attestation";
import { attestationLeaf, ReportTree } from "@pqmesh/contracts/protocol/merkle";
import { expect } from "chai";
import type { Hex } from "viem";
import type { AcceptedReport } from "../../../relayer/src/chain/chain-view.ts";
import { ReportProofs } from "../../../relayer/src/read/report-proofs.ts";
import type { AttestationStore } from "../../../relayer/src/store/attestation-store.ts";

const EPOCH = 7n;
const NODES = [0, 1, 2];
const WIRE = new Uint8Array(ATTESTATION_BYTES + 3_309);

const digestOf = (nodeIndex: number): Hex => `0x${String(nodeIndex).padStart(64, "0")}`;

describe("ReportProofs", () => {
  let held: Set<number>;
  let changes: number;
  let reads: number;
  let proofs: ReportProofs;
  let report: AcceptedReport;

  beforeEach(() => {
    held = new Set(NODES);
    changes = 0;
    reads = 0;
    const store: Pick<AttestationStore, "changesOf" | "wireOf" | "leavesOf"> = {
      changesOf: () => changes,
      leavesOf: () => [...held].map((nodeIndex) => ({ nodeIndex, digest: digestOf(nodeIndex) })),
      wireOf(_epoch, nodeIndex) {
        reads += 1;
        return held.has(nodeIndex) ? WIRE : undefined;
      },
    };
    proofs = new ReportProofs(store as AttestationStore, { reportOf: () => undefined });
    const signature = WIRE.subarray(ATTESTATION_BYTES);
    const leaves = NODES.map((node) => [node, attestationLeaf(node, digestOf(node), signature)] as const);
    const { root } = new ReportTree(new Map(leaves));
    report = { epoch: EPOCH, shard: 0, root, absent: "0x" } as unknown as AcceptedReport;
  });

  it("reads the leaves of a report once", () => {
    expect(proofs.ownProofOf(report, 0)).to.have.length(9);
    expect(proofs.ownProofOf(report, 1)).to.have.length(9);
    expect(reads, "leaves read").to.equal(NODES.length);
  });

  it("does not build a tree again that lacked a leaf", () => {
    held.delete(1);
    for (let pass = 0; pass < 10; pass++) expect(proofs.ownProofOf(report, 0)).to.equal(undefined);
    expect(reads, "leaves read").to.equal(NODES.length - 1);
  });

  it("builds it once more when something of its epoch was stored", () => {
    held.delete(1);
    expect(proofs.ownProofOf(report, 0)).to.equal(undefined);
    held.add(1);
    changes += 1;
    expect(proofs.ownProofOf(report, 0)).to.have.length(9);
  });
});
