import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import type { Address, Hex } from "viem";
import { decodeFunctionResult, encodeFunctionData, isAddressEqual, parseAbi } from "viem/utils";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { RpcResponseError } from "../chain/json-rpc.ts";
import type { SubjectDirectory } from "./request-permission.ts";

const ERC1271_ABI = parseAbi(["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"]);
const ERC1271_MAGIC = "0x1626ba7e";
/** Most that a call may compute, as a transaction may (EIP-7825): the contracts asked are other people's. */
const CALL_GAS = "0x1000000";
const NOBODY = /^0x0{40}$/;

/** Reads who may speak for a subject from the chain. @param registry The NodeRegistry. */
export function chainDirectory(chain: ChainFollower, registry: Address): SubjectDirectory {
  const call = async (to: Address, data: Hex): Promise<Hex> =>
    (await chain.request("eth_call", [{ to, data, gas: CALL_GAS }, "latest"])) as Hex;
  return {
    identityOfNode: (nodeIndex) => chain.node(nodeIndex)?.identityId,
    attestationKey: (nodeIndex) => chain.keyAt(nodeIndex, chain.currentEpoch()),
    async walletsOf(identityId) {
      const args = { abi: nodeRegistryAbi, functionName: "operatorOf" } as const;
      const data = await call(registry, encodeFunctionData({ ...args, args: [identityId] })).catch(undefinedIfRefused);
      if (data === undefined) return [];
      const { owner, operatorWallet } = decodeFunctionResult({ ...args, data });
      return [...new Set([owner, operatorWallet])].filter((wallet) => !NOBODY.test(wallet));
    },
    async isContractSignature(account, digest, signature) {
      if ((await chain.request("eth_getCode", [account, "latest"])) === "0x") return false;
      const args = { abi: ERC1271_ABI, functionName: "isValidSignature", args: [digest, signature] } as const;
      const answer = await call(account, encodeFunctionData(args)).catch(undefinedIfRefused);
      return answer?.startsWith(ERC1271_MAGIC) === true;
    },
    isMember(relayer) {
      const committees = [chain.committeeAt(chain.currentEpoch()), chain.newestCommittee()];
      return committees.some((committee) => committee?.members.some(({ address }) => isAddressEqual(address, relayer)));
    },
  };
}

/** A contract that reverts has no answer; an endpoint that fails is another matter. */
function undefinedIfRefused(error: unknown): undefined {
  if (error instanceof RpcResponseError) return undefined;
  throw error;
}
