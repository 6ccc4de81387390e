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
});
