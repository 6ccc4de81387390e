import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { logEntryHash, logEntryOf } from "@pqmesh/contracts/protocol/log-entry";
import { MerkleLog } from "@pqmesh/contracts/protocol/merkle-log";
import { expect } from "chai";
import { decodeEventLog, type Hex } from "viem";
import { connection, type DeployedNetwork } from "../support/deployed-network.ts";
import {
  authorityTerms,
  DAY,
  issuance,
  issue,
  KIND,
  networkWithAuthority,
  now,
  REASON,
} from "./support/authorities.ts";

const { ethers, networkHelpers } = connection;

/** The log as its events tell it. */
async function rebuiltLog({ certificates }: DeployedNetwork): Promise<MerkleLog> {
  const logs = await ethers.provider.getLogs({ address: await certificates.getAddress(), fromBlock: 0 });
  const rebuilt = new MerkleLog();
  for (const { data, topics, blockNumber } of logs) {
    const event = decodeEventLog({ abi: certificateRegistryAbi, data: data as Hex, topics: topics as [Hex] });
    const block = await ethers.provider.getBlock(blockNumber);
    const entry = logEntryOf(event as never, BigInt(block!.timestamp));
    if (!entry) continue;
    expect(entry.index, `index of ${event.eventName}`).to.equal(rebuilt.append(logEntryHash(entry.entry)));
  }
  return rebuilt;
}

/** A network in which everything happened that the log records. */
async function networkWithHistory() {
  const network = await networkWithAuthority();
  const { certificates, carol, bob, timelockSigner } = network;
  const byCarol = certificates.connect(carol);
  const parent = (await certificates.authorityOf(1)) as { terms: { notAfter: bigint } };
  const below = { notAfter: parent.terms.notAfter, pathLength: 0 };
  await byCarol.admitSubAuthority(1, await authorityTerms(bob, below));
  await byCarol.admitSubAuthority(1, await authorityTerms(bob, below));
  const replaced = await issue(network);
  await byCarol.rotate(1, replaced, await issuance(), (await now()) + DAY);
  const serials = [await issue(network), await issue(network, { kind: KIND.Operator, subject: 1n })];
  await byCarol.hold(serials);
  await byCarol.release(serials);
  await byCarol.revokeMany(serials, REASON.keyCompromise);
  await byCarol.issueMany(1, [await issuance(), await issuance(), await issuance()]);
  await byCarol.holdAuthority(2);
  await byCarol.releaseAuthority(2);
  await byCarol.taintAuthority(2, await now(), (await now()) + DAY);
  await certificates.connect(timelockSigner).revokeAuthority(3, REASON.cessation);
  return network;
}

describe("CertificateRegistry: log", () => {
  it("is what its events tell, entry for entry", async () => {
    const network = await networkHelpers.loadFixture(networkWithHistory);
    const rebuilt = await rebuiltLog(network);
    const [size, root] = (await network.certificates.treeHead()) as [bigint, string];
    expect(size, "entries").to.equal(22n);
    expect(rebuilt.size, "entries by events").to.equal(22);
    expect(root, "root").to.equal(rebuilt.root());
  });

  it("stores its head for anybody", async () => {
    const network = await networkHelpers.loadFixture(networkWithHistory);
    const { certificates, mallory } = network;
    const [size, root] = (await certificates.treeHead()) as [bigint, string];
    await expect(certificates.connect(mallory).publishHead())
      .to.emit(certificates, "TreeHeadPublished")
      .withArgs(size, root);
    expect(await certificates.publishedRoot(size), "stored").to.equal(root);
    expect(await certificates.publishedRoot(size - 1n), "another size").to.equal(`0x${"00".repeat(32)}`);
  });

  it("proves every entry, and that it only grew", async () => {
    const network = await networkHelpers.loadFixture(networkWithHistory);
    const { certificates } = network;
    const log = await rebuiltLog(network);
    const size = log.size;
    for (let index = 0; index < size; index++) {
      const proof = log.inclusionProof(index, size);
      const head = [size, log.root()] as const;
      expect(await certificates.verifyInclusion(log.leaf(index), index, ...head, proof), `entry ${index}`).to.equal(
        true,
      );
      const other = (index + 1) % size;
      expect(await certificates.verifyInclusion(log.leaf(other), index, ...head, proof), "another").to.equal(false);
      const grown = [index, log.root(index), size, log.root(), log.consistencyProof(index, size)] as const;
      expect(await certificates.verifyConsistency(...grown), `since ${index}`).to.equal(true);
    }
    const forged = [1, log.leaf(1), size, log.root(), log.consistencyProof(1, size)] as const;
    expect(await certificates.verifyConsistency(...forged), "another first entry").to.equal(false);
  });

  it("proves nothing at another index, of another size or root, or with a longer or shorter proof", async () => {
    const network = await networkHelpers.loadFixture(networkWithHistory);
    const { certificates } = network;
    const log = await rebuiltLog(network);
    const { size } = log;
    const included = async (index: number, head: [number, Hex], proof: Hex[], leafIndex = index) =>
      certificates.verifyInclusion(log.leaf(leafIndex), index, ...head, proof);
    const head: [number, Hex] = [size, log.root()];
    for (const index of [0, 7, size - 2, size - 1]) {
      const proof = log.inclusionProof(index, size);
      expect(await included(index, head, proof), `entry ${index}`).to.equal(true);
      expect(await included(index + 1, head, proof, index), "index").to.equal(false);
      expect(await included(index, [size, log.root(size - 1)], proof), "root").to.equal(false);
      expect(await included(index, head, [...proof, log.leaf(0)]), "longer").to.equal(false);
      expect(await included(index, head, proof.slice(1)), "shorter").to.equal(false);
      expect(await included(index, head, []), "none").to.equal(false);
      expect(await included(index, [index, log.root(index)], proof), "index beyond the size").to.equal(false);
    }
    expect(await included(0, [0, log.root(0)], []), "in the empty log").to.equal(false);
    expect(await included(0, [1, log.root(1)], []), "the only entry").to.equal(true);
    expect(await included(0, [1, log.root(1)], [log.leaf(0)]), "the only entry, with a proof").to.equal(false);
  });

  it("continues itself and the empty log without a proof, and no longer one", async () => {
    const network = await networkHelpers.loadFixture(networkWithHistory);
    const log = await rebuiltLog(network);
    const { size } = log;
    const continues = async (from: [number, Hex], to: [number, Hex], proof: Hex[]) =>
      network.certificates.verifyConsistency(...from, ...to, proof);
    const head: [number, Hex] = [size, log.root()];
    const empty: [number, Hex] = [0, log.root(0)];
    expect(await continues(head, head, []), "itself").to.equal(true);
    expect(await continues(head, head, [log.root()]), "itself, with a proof").to.equal(false);
    expect(await continues([size, log.root(1)], head, []), "another of its size").to.equal(false);
    expect(await continues(empty, empty, []), "the empty log itself").to.equal(true);
    expect(await continues(empty, head, []), "the empty log").to.equal(true);
    expect(await continues(empty, head, [log.root()]), "the empty log, with a proof").to.equal(false);
    expect(await continues([0, log.root(1)], head, []), "an empty log of another root").to.equal(false);
    const before: [number, Hex] = [size - 1, log.root(size - 1)];
    expect(await continues(head, before, log.consistencyProof(size - 1, size)), "a longer log").to.equal(false);
  });

  it("is continued from every size only by the proof of it, whole and alone", async () => {
    const network = await networkHelpers.loadFixture(networkWithHistory);
    const log = await rebuiltLog(network);
    const { size } = log;
    const other = `0x${"ab".repeat(32)}` as const;
    for (const older of [1, 3, 4, 6, 16, size - 1]) {
      const proof = log.consistencyProof(older, size);
      const continues = async (given: Hex[], oldRoot = log.root(older), newRoot = log.root()) =>
        network.certificates.verifyConsistency(older, oldRoot, size, newRoot, given);
      expect(await continues(proof), `since ${older}`).to.equal(true);
      expect(await continues([]), `since ${older}, none`).to.equal(false);
      expect(await continues(proof.slice(0, -1)), `since ${older}, shorter`).to.equal(false);
      expect(await continues([...proof, other]), `since ${older}, longer`).to.equal(false);
      expect(await continues(proof, other), `since ${older}, old root`).to.equal(false);
      expect(await continues(proof, log.root(older), other), `since ${older}, new root`).to.equal(false);
      for (const [i] of proof.entries()) {
        expect(await continues(proof.with(i, other)), `since ${older}, hash ${i}`).to.equal(false);
      }
    }
  });
});
