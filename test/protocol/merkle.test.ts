import {
  attestationLeaf,
  ReceiptTree,
  ReportTree,
  SHARD_SIZE,
  verifyReceiptPath,
  verifyReportLeaf,
} from "@pqmesh/contracts/protocol/merkle";
import { expect } from "chai";
import { bytesToHex, type Hex, hexToBytes, keccak256 } from "viem";
import { leafVectors, receiptVectors } from "./support/vectors.ts";

const { leaves, trees } = leafVectors();
const zeroLeaf: Hex = `0x${"00".repeat(32)}`;

describe("report tree", () => {
  it("makes the leaves of the vectors", () => {
    for (const { nodeIndex, attestationHash, signature, signatureHash, leaf } of leaves) {
      expect(keccak256(signature), "signature hash").to.equal(signatureHash);
      expect(attestationLeaf(Number(nodeIndex), attestationHash, hexToBytes(signature)), nodeIndex).to.equal(leaf);
    }
  });

  for (const { name, root, proofs, emptyProof } of trees) {
    it(`makes root and proofs of the vector "${name}"`, () => {
      const tree = new ReportTree(new Map(proofs.map((p) => [Number(p.nodeIndex) % SHARD_SIZE, p.leaf])));
      expect(tree.root, "root").to.equal(root);
      for (const { nodeIndex, leaf, proof } of proofs) {
        const node = Number(nodeIndex);
        expect(tree.proof(node % SHARD_SIZE), `proof of ${node}`).to.deep.equal(proof);
        expect(verifyReportLeaf(root, node, leaf, proof), `node ${node}`).to.equal(true);
        expect(verifyReportLeaf(root, node + 1, leaf, proof), `${node} elsewhere`).to.equal(false);
        expect(verifyReportLeaf(root, node, zeroLeaf, proof), "an empty leaf").to.equal(false);
      }
      expect(verifyReportLeaf(root, 2, zeroLeaf, emptyProof), "an empty position").to.equal(true);
    });
  }

  it("refuses leaves outside a shard", () => {
    for (const index of [-1, SHARD_SIZE, 0.5]) {
      expect(() => new ReportTree(new Map([[index, zeroLeaf]]))).to.throw(RangeError, `leaf index is ${index}`);
    }
  });

  it("refuses proofs of another length", () => {
    const { root, proofs } = trees[1]!;
    const { nodeIndex, leaf, proof } = proofs[0]!;
    for (const wrong of [[], proof.slice(1), [...proof, zeroLeaf]]) {
      expect(verifyReportLeaf(root, Number(nodeIndex), leaf, wrong)).to.equal(false);
    }
  });
});

describe("receipt tree", () => {
  for (const { size, digests, root, paths } of receiptVectors().trees) {
    it(`makes root and paths of ${size} digests`, () => {
      const tree = new ReceiptTree(digests.map((digest) => hexToBytes(digest)));
      expect(tree.root, "root").to.equal(root);
      expect(tree.size, "size").to.equal(Number(size));
      digests.forEach((digest, index) => {
        const path = tree.path(index);
        expect(path, `path of ${index}`).to.deep.equal(paths[index]);
        expect(verifyReceiptPath(root, digest, { index, size: tree.size, path }), `digest ${index}`).to.equal(true);
        const other = bytesToHex(hexToBytes(digest).toReversed());
        expect(verifyReceiptPath(root, other, { index, size: tree.size, path }), "another digest").to.equal(false);
      });
    });
  }

  it("refuses paths that do not fit the size", () => {
    const { digests, root, paths } = receiptVectors().trees.find(({ size }) => size === "5")!;
    const at = (index: number, size: number, path: readonly Hex[]) =>
      verifyReceiptPath(root, digests[0]!, { index, size, path });
    const path = paths[0]!;
    expect(at(0, 5, path), "as it is").to.equal(true);
    const wrong = [at(-1, 5, path), at(5, 5, path), at(1, 5, path), at(0, 2, path), at(0, 9, path), at(0, 0, path)];
    expect(wrong, "index and size").to.deep.equal(wrong.map(() => false));
    expect(at(0, 5, path.slice(1)), "a sibling is missing").to.equal(false);
    expect(at(0, 5, [...path, zeroLeaf]), "a sibling too many").to.equal(false);
  });

  it("needs at least one digest", () => {
    expect(() => new ReceiptTree([])).to.throw(RangeError, "a receipt needs at least one digest");
  });
});
