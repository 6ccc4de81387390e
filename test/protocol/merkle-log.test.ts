import {
  EMPTY_LOG_ROOT,
  logLeafHash,
  MerkleLog,
  verifyLogConsistency,
  verifyLogInclusion,
} from "@pqmesh/contracts/protocol/merkle-log";
import { expect } from "chai";
import { createHash } from "node:crypto";
import { concat, type Hex, hexToBytes, numberToHex } from "viem";

/** Entries and roots that implementations of Certificate Transparency share. */
const ENTRIES: Hex[] = [
  "0x",
  "0x00",
  "0x10",
  "0x2021",
  "0x3031",
  "0x40414243",
  "0x5051525354555657",
  "0x606162636465666768696a6b6c6d6e6f",
];
const ROOTS: Hex[] = [
  "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "0x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "0xfac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "0xaeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "0xd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "0x4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "0x76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "0xddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "0x5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const LARGEST = 33;
const leaves = Array.from({ length: LARGEST }, (_, i) => logLeafHash(hexToBytes(numberToHex(i))));
const log = new MerkleLog(leaves);

describe("Merkle log", () => {
  it("has the roots of Certificate Transparency", () => {
    const growing = new MerkleLog();
    expect(growing.root(), "empty").to.equal(EMPTY_LOG_ROOT).and.equal(ROOTS[0]);
    ENTRIES.forEach((entry, index) => {
      expect(growing.append(logLeafHash(hexToBytes(entry))), "index").to.equal(index);
      expect(growing.root(), `root of ${index + 1}`).to.equal(ROOTS[index + 1]);
    });
    expect(
      ROOTS.map((_, size) => growing.root(size)),
      "roots of the past",
    ).to.deep.equal(ROOTS);
  });

  it("has the roots of the definition", () => {
    for (let size = 0; size <= LARGEST; size++) expect(log.root(size)).to.equal(plainRoot(leaves.slice(0, size)));
  });

  it("proves every entry at every size, and nowhere else", () => {
    for (let size = 1; size <= LARGEST; size++) {
      const head = { size, root: log.root(size) };
      for (let index = 0; index < size; index++) {
        const proof = log.inclusionProof(index, size);
        const holds = (at: number) => verifyLogInclusion(leaves[index]!, at, head, proof);
        expect(proof, `proof of ${index} of ${size}`).to.deep.equal(plainPath(index, leaves.slice(0, size)));
        const found = Array.from({ length: size + 2 }, (_, at) => at).filter(holds);
        expect(found, `${index} of ${size}`).to.deep.equal([index]);
      }
    }
  });

  it("refuses proofs that are longer, shorter or changed", () => {
    const head = { size: 29, root: log.root(29) };
    for (const index of [0, 5, 15, 16, 28]) {
      const proof = log.inclusionProof(index, 29);
      const verify = (other: Hex[], at = head, leaf = leaves[index]!) => verifyLogInclusion(leaf, index, at, other);
      expect(verify(proof), `${index}`).to.equal(true);
      expect(verify([...proof, leaves[0]!]), "longer").to.equal(false);
      expect(verify(proof.slice(0, -1)), "shorter").to.equal(false);
      expect(verify(proof.with(0, ROOTS[1]!)), "changed").to.equal(false);
      expect(verify(proof, { size: 29, root: log.root(28) }), "another root").to.equal(false);
      expect(verify(proof, head, leaves[32]), "another leaf").to.equal(false);
    }
    expect(verifyLogInclusion(leaves[0]!, 0, { size: 0, root: EMPTY_LOG_ROOT }, []), "empty log").to.equal(false);
  });

  it("proves that it continues each log that it was", () => {
    for (let size = 0; size <= LARGEST; size++) {
      const newer = { size, root: log.root(size) };
      for (let old = 0; old <= size; old++) {
        const older = { size: old, root: log.root(old) };
        const proof = log.consistencyProof(old, size);
        expect(verifyLogConsistency(older, newer, proof), `${old} to ${size}`).to.equal(true);
        expect(verifyLogConsistency(older, newer, [...proof, leaves[0]!]), "longer").to.equal(false);
        if (old < size) expect(verifyLogConsistency(newer, older, proof), "shrinks").to.equal(false);
        if (proof.length > 0) {
          expect(verifyLogConsistency(older, newer, proof.slice(0, -1)), "shorter").to.equal(false);
          expect(verifyLogConsistency(older, newer, proof.with(-1, ROOTS[1]!)), "changed").to.equal(false);
        }
      }
    }
  });

  it("does not continue a log with another entry", () => {
    for (let old = 1; old < LARGEST; old++) {
      const rewritten = new MerkleLog(leaves.with(old - 1, leaves[32]!));
      const newer = { size: LARGEST, root: rewritten.root() };
      const proof = rewritten.consistencyProof(old);
      expect(verifyLogConsistency({ size: old, root: log.root(old) }, newer, proof), `${old}`).to.equal(false);
      const sameSize = { size: old, root: rewritten.root(old) };
      expect(verifyLogConsistency({ size: old, root: log.root(old) }, sameSize, []), "same size").to.equal(false);
    }
  });

  it("refuses what it never had", () => {
    expect(() => log.root(34)).to.throw(RangeError, "size is 34, the log has 33 entries");
    expect(() => log.inclusionProof(33)).to.throw(RangeError, "index is 33, the log has 33 entries");
    expect(() => log.inclusionProof(0, 0)).to.throw(RangeError, "size is 0");
    expect(() => log.consistencyProof(9, 8)).to.throw(RangeError, "old size is 9");
    expect(() => log.leaf(0.5)).to.throw(RangeError, "index is 0.5");
  });

  it("verifies beyond 32 bits", () => {
    const size = 2 ** 40;
    const siblings = Array.from({ length: 40 }, (_, i) => logLeafHash(hexToBytes(numberToHex(i))));
    const leaf = leaves[0]!;
    const root = siblings.reduce((node, sibling) => hashPair(sibling, node), leaf);
    expect(verifyLogInclusion(leaf, size - 1, { size, root }, siblings), "last").to.equal(true);
    expect(verifyLogInclusion(leaf, 2 ** 32 - 1, { size, root }, siblings), "elsewhere").to.equal(false);
  });
});

/** MTH of RFC 9162 section 2.1.1 over leaf hashes. */
function plainRoot(nodes: readonly Hex[]): Hex {
  if (nodes.length === 0) return EMPTY_LOG_ROOT;
  if (nodes.length === 1) return nodes[0]!;
  const middle = 2 ** (Math.ceil(Math.log2(nodes.length)) - 1);
  return hashPair(plainRoot(nodes.slice(0, middle)), plainRoot(nodes.slice(middle)));
}

/** PATH of RFC 9162 section 2.1.3.1. */
function plainPath(index: number, nodes: readonly Hex[]): Hex[] {
  if (nodes.length === 1) return [];
  const middle = 2 ** (Math.ceil(Math.log2(nodes.length)) - 1);
  const [left, right] = [nodes.slice(0, middle), nodes.slice(middle)];
  if (index < middle) return [...plainPath(index, left), plainRoot(right)];
  return [...plainPath(index - middle, right), plainRoot(left)];
}

function hashPair(left: Hex, right: Hex): Hex {
  return `0x${createHash("sha256")
    .update(hexToBytes(concat(["0x01", left, right])))
    .digest("hex")}`;
}
