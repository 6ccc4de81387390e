import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { type RegistryDomain, rootOrderArgument } from "@pqmesh/contracts/protocol/root-order";
import { expect } from "chai";
import { AbiCoder, keccak256, toBeHex } from "ethers";
import { network } from "hardhat";
import { rootOrderVectors } from "../../protocol/support/vectors.ts";
import { connection, deployedNetwork } from "../support/deployed-network.ts";
import { typedContract } from "../support/typed-contract.ts";

/** Storage slots that may hold the mapping of quantum locks. */
const SLOTS = 32;
const ABI = AbiCoder.defaultAbiCoder();

/** A registry that stands on the chain and at the address of a domain, whose identities' nonces can be set. */
async function registryAt({ chainId, registry: address }: RegistryDomain) {
  const { registry: deployed } = await connection.networkHelpers.loadFixture(deployedNetwork);
  const { ethers, networkHelpers } = await network.create({ network: "default", override: { chainId } });
  await networkHelpers.setCode(address, (await deployed.getDeployedCode())!);
  const contract = await ethers.getContractAt(nodeRegistryAbi as never, address);
  const registry = typedContract(contract as never, nodeRegistryAbi);
  const nonceOf = async (identityId: number): Promise<bigint> => {
    return ((await registry.quantumLockOf(identityId)) as { nonce: bigint }).nonce;
  };
  const write = (slot: number, identityId: number, nonce: number): Promise<void> => {
    const place = keccak256(ABI.encode(["uint32", "uint256"], [identityId, slot]));
    return networkHelpers.setStorageAt(address, place, toBeHex(BigInt(nonce) << 8n, 32));
  };
  const slot = await firstSlot(async (candidate) => {
    await write(candidate, 1, 77);
    const isFound = (await nonceOf(1)) === 77n;
    await write(candidate, 1, 0);
    return isFound;
  });
  return { registry, setNonce: (identityId: number, nonce: number) => write(slot, identityId, nonce) };
}

async function firstSlot(isRight: (slot: number) => Promise<boolean>): Promise<number> {
  for (let slot = 0; slot < SLOTS; slot += 1) if (await isRight(slot)) return slot;
  throw new Error(`none of the first ${SLOTS} slots holds the quantum locks`);
}

describe("NodeRegistry: shared vectors", () => {
  it("hashes orders as the vectors say", async () => {
    const groups = Map.groupBy(rootOrderVectors(), ({ domain }) => `${domain.chainId} ${domain.registry}`);
    expect(groups.size, "domains").to.be.greaterThan(1);
    for (const [place, vectors] of groups) {
      const { registry, setNonce } = await registryAt(vectors[0].domain);
      for (const { name, order, nonce, digest } of vectors) {
        await setNonce(order.identityId, nonce);
        expect(await registry.rootOrderDigest(rootOrderArgument(order)), `${name} on ${place}`).to.equal(digest);
      }
    }
  });
});
