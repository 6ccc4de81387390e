import { encodeBytes32String, id, ZeroAddress, type Signer } from "ethers";
import { attestationKey } from "./attestation-key.ts";
import { deployedNetwork, type DeployedNetwork } from "./deployed-network.ts";

/** Registers a wallet as an operator with itself as hot wallet and beneficiary. */
export async function registerOperator({ registry }: DeployedNetwork, owner: Signer): Promise<void> {
  await registry.connect(owner).registerOperator(ZeroAddress, ZeroAddress, id(await owner.getAddress()));
}

/** Registers a node of an operator and returns its index. */
export async function registerNode({ registry }: DeployedNetwork, owner: Signer, name = "node"): Promise<number> {
  const nodeIndex = Number((await registry.nodeCount()) as bigint);
  await registry.connect(owner).registerNode(attestationKey(`${name} ${nodeIndex}`), encodeBytes32String("eu-central"));
  return nodeIndex;
}

/** A network in which alice owns identity 1 with node 0, bob is her hot wallet and carol her beneficiary. */
export async function networkWithNode() {
  const deployed = await deployedNetwork();
  const { registry, alice, bob, carol } = deployed;
  await registry.connect(alice).registerOperator(bob.address, carol.address, id("root key of alice"));
  const nodeIndex = await registerNode(deployed, alice);
  return { ...deployed, nodeIndex, identityId: 1 };
}
