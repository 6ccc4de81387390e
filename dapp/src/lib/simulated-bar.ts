import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { type Address, encodeFunctionData, type Hex } from "viem";
import type { NetworkServices } from "./network-services.ts";

/** What a wallet would do to the certificate of a node. */
export interface NodeStatusAct {
  act: "revoke" | "hold";
  serial: bigint;
  nodeIndex: number;
  wallet: Address;
}

interface SimulatedCall {
  status: Hex;
  returnData: Hex;
}

/**
 * Runs an act on the newest block and returns whether the node would be barred by its certificates then. Nothing is sent.
 *
 * @returns undefined when the chain node cannot run it, or refuses it.
 */
export async function simulatedBar(
  { client, config }: NetworkServices,
  { act, serial, nodeIndex, wallet }: NodeStatusAct,
): Promise<boolean | undefined> {
  const registry = { abi: certificateRegistryAbi } as const;
  const data =
    act === "hold"
      ? encodeFunctionData({ ...registry, functionName: "hold", args: [[serial]] })
      : encodeFunctionData({ ...registry, functionName: "revoke", args: [serial, 0] });
  const asked = encodeFunctionData({ abi: nodeRegistryAbi, functionName: "isBarred", args: [nodeIndex] });
  const calls = [
    { from: wallet, to: config.contracts.CertificateRegistry, data },
    { from: wallet, to: config.contracts.NodeRegistry, data: asked },
  ];
  const request = client.request as (call: { method: string; params: unknown[] }) => Promise<unknown>;
  const params = [{ blockStateCalls: [{ calls }], validation: false }, "latest"];
  try {
    const [block] = (await request({ method: "eth_simulateV1", params })) as [{ calls: SimulatedCall[] }];
    const [done, answer] = block.calls;
    return done?.status === "0x1" && answer?.status === "0x1" ? BigInt(answer.returnData) === 1n : undefined;
  } catch {
    return undefined;
  }
}
