import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { type StatementDomain, statementTypes } from "@pqmesh/contracts/protocol/eip712";
import { expect } from "chai";
import { concat, dataSlice, id, Interface, toBeHex } from "ethers";
import { network } from "hardhat";
import type { Hex } from "viem";
import { attestationVectors, leafVectors, receiptVectors, reportVectors } from "../../protocol/support/vectors.ts";
import { connection } from "../support/deployed-network.ts";
import { typedContract } from "../support/typed-contract.ts";
import { bridgeOfFour } from "./support/bridge-fixture.ts";

const { loadFixture } = connection.networkHelpers;
const abi = new Interface(attestationBridgeAbi);

/** Groups vectors by the chain and contract that they are made for. */
function byDomain<T extends { domain: StatementDomain }>(cases: T[]): [StatementDomain, T[]][] {
  const groups = Map.groupBy(cases, ({ domain }) => `${domain.chainId} ${domain.bridge}`);
  return [...groups.values()].map((group) => [group[0].domain, group]);
}

/** A bridge that stands on the chain and at the address of a domain: the domain is computed again where it is called. */
async function bridgeAt({ chainId, bridge: address }: StatementDomain) {
  const { bridge: deployed } = await loadFixture(bridgeOfFour);
  const { ethers, networkHelpers } = await network.create({ network: "default", override: { chainId } });
  await networkHelpers.setCode(address, (await deployed.getDeployedCode())!);
  const bridge = await ethers.getContractAt(attestationBridgeAbi as never, address);
  return typedContract(bridge as never, attestationBridgeAbi);
}

type Bridge = Awaited<ReturnType<typeof bridgeAt>>;

/** Compares every vector with what the bridge says, and that the domains differ. */
async function expectDigests<T extends { name: string; domain: StatementDomain; digest: Hex }>(
  cases: T[],
  hash: (bridge: Bridge, vector: T) => Promise<unknown>,
): Promise<void> {
  const groups = byDomain(cases);
  expect(groups.length, "domains").to.be.greaterThan(1);
  for (const [domain, vectors] of groups) {
    const bridge = await bridgeAt(domain);
    for (const vector of vectors) {
      expect(await hash(bridge, vector), `${vector.name} on chain ${domain.chainId}`).to.equal(vector.digest);
    }
  }
}

describe("AttestationBridge: shared vectors", () => {
  it("hashes attestations as the vectors say", async () => {
    await expectDigests(attestationVectors().cases, (bridge, { message }) => bridge.hashAttestation(message));
  });

  it("hashes reports as the vectors say", async () => {
    await expectDigests(reportVectors().cases, (bridge, { message }) => bridge.hashReport(message));
  });

  it("hashes receipts as the vectors say", async () => {
    await expectDigests(receiptVectors().cases, (bridge, { message }) =>
      bridge.hashReceipt(message.epoch, message.root),
    );
  });

  it("verifies the leaves of the vectors", async () => {
    const { bridge } = await loadFixture(bridgeOfFour);
    const { leaves, trees } = leafVectors();
    for (const { name, root, proofs } of trees) {
      for (const { nodeIndex, proof } of proofs) {
        const { attestationHash, signatureHash } = leaves.find((leaf) => leaf.nodeIndex === nodeIndex)!;
        const isLeaf = await bridge.verifyLeaf(root, nodeIndex, attestationHash, signatureHash, proof);
        expect(isLeaf, `node ${nodeIndex} of ${name}`).to.equal(true);
      }
    }
  });

  it("refuses another position, hash, root or sibling", async () => {
    const { bridge } = await loadFixture(bridgeOfFour);
    const { leaves, trees } = leafVectors();
    const { root, proofs } = trees.find(({ name }) => name === "edges of shard 0")!;
    for (const { nodeIndex, proof } of proofs) {
      const { attestationHash, signatureHash } = leaves.find((leaf) => leaf.nodeIndex === nodeIndex)!;
      const node = Number(nodeIndex);
      const other = id("something else");
      const attempts: [string, ...unknown[]][] = [
        ["root", other, node, attestationHash, signatureHash, proof],
        ["position", root, (node + 1) % 512, attestationHash, signatureHash, proof],
        ["attestation", root, node, other, signatureHash, proof],
        ["signature", root, node, attestationHash, other, proof],
        ...proof.map((_, depth): [string, ...unknown[]] => {
          return [`sibling ${depth}`, root, node, attestationHash, signatureHash, proof.with(depth, other as Hex)];
        }),
      ];
      for (const [what, ...args] of attempts) {
        expect(await bridge.verifyLeaf(...args), `another ${what} for node ${node}`).to.equal(false);
      }
    }
  });

  it("treats nodes of other shards by their own leaves", async () => {
    const { bridge } = await loadFixture(bridgeOfFour);
    const { leaves, trees } = leafVectors();
    const { root, proofs } = trees.find(({ name }) => name === "first node of shard 0")!;
    const { attestationHash, signatureHash } = leaves.find(({ nodeIndex }) => nodeIndex === "0")!;
    expect(await bridge.verifyLeaf(root, 512, attestationHash, signatureHash, proofs[0].proof)).to.equal(false);
  });

  it("refuses fields wider than their types", async () => {
    const fixture = await loadFixture(bridgeOfFour);
    const attestation = attestationVectors().cases[0].message;
    const to = await fixture.bridge.getAddress();
    const data = abi.encodeFunctionData("hashAttestation", [attestation]);
    for (const [word, { name, type }] of statementTypes.Attestation.entries()) {
      if (type === "bytes32") continue;
      const excess = toBeHex(1n << BigInt(type.slice(4)), 32);
      const wide = concat([dataSlice(data, 0, 4 + 32 * word), excess, dataSlice(data, 36 + 32 * word)]);
      const call = connection.ethers.provider.call({ to, data: wide });
      await expect(call, name).to.be.revertedWithoutReason(connection.ethers);
    }
  });
});
