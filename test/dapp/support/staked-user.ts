import { bytesToHex, type Hex, parseEther, zeroAddress, zeroHash } from "viem";
import { AttestingNode } from "../../helpers/attesting-node.ts";
import { type DappNetwork, USER } from "./dapp-network.ts";

const STAKE = parseEther("25000");

/** Makes `USER` the second operator of a network, with a staked node of its own. */
export async function registerStakedUser(
  { network: { call }, config }: DappNetwork,
  { rootKey, node }: { rootKey: Hex; node: number },
): Promise<void> {
  const from = USER.address;
  const { publicKey } = new AttestingNode(node, { chainId: 1, bridge: zeroAddress }, "certified node");
  await call("MeshToken", "transfer", [from, STAKE]);
  await call("NodeRegistry", "registerOperator", [zeroAddress, zeroAddress, rootKey], from);
  await call("NodeRegistry", "registerNode", [bytesToHex(publicKey), zeroHash], from);
  await call("MeshToken", "approve", [config.contracts.NodeStaking, STAKE], from);
  await call("NodeStaking", "stake", [node, STAKE], from);
}
