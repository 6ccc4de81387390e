import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { BaseError, ContractFunctionZeroDataError } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import { formatTime } from "./format.ts";

/** Why the chain behind the RPC endpoint is not the one that `network.json` describes. */
export interface ChainProblem {
  kind: "other-chain" | "no-contracts" | "other-deployment";
  title: string;
  sentence: string;
  advice: string;
}

/**
 * Looks whether the RPC endpoint is on the chain of `network.json` and has its contracts; undefined when it is.
 *
 * @throws when the endpoint does not answer.
 */
export async function findChainProblem({ client, config }: ChainAccess): Promise<ChainProblem | undefined> {
  const { chainId, name, rpcUrl, contracts, epoch } = config;
  const address = contracts.AttestationBridge;
  const actual = await client.getChainId();
  if (actual !== chainId) {
    return {
      kind: "other-chain",
      title: "This is another chain",
      sentence: `${name} is chain ${chainId}, but the endpoint ${rpcUrl} is on chain ${actual}.`,
      advice: "Nothing it says is shown. Whoever runs this site must correct rpcUrl or chainId in network.json.",
    };
  }
  const genesis = await client
    .readContract({ address, abi: attestationBridgeAbi, functionName: "epochGenesis" })
    .catch((error: unknown) => {
      if (isEmpty(error)) return undefined;
      throw error;
    });
  if (genesis === undefined) {
    return {
      kind: "no-contracts",
      title: "The network's contracts are gone",
      sentence: `Chain ${chainId} answers at ${rpcUrl}, but AttestationBridge is not at ${address}: the chain was started anew, or is not synchronized yet.`,
      advice:
        "On a devnet run npm start again, which deploys the contracts, then reload this page. Transactions of the old chain do not exist on the new one; reset your wallet's activity for this network.",
    };
  }
  if (Number(genesis) === epoch.genesis) return undefined;
  return {
    kind: "other-deployment",
    title: "These are the contracts of another deployment",
    sentence: `By network.json epochs began at ${formatTime(epoch.genesis)}; by AttestationBridge on chain at ${formatTime(genesis)}: the network was deployed anew.`,
    advice:
      "Reload this page to get the new network.json. If this stays, the server that serves it still has the old file.",
  };
}

/** Whether an address answered nothing, because no contract is there. */
export function isEmpty(error: unknown): boolean {
  return error instanceof BaseError && error.walk((cause) => cause instanceof ContractFunctionZeroDataError) !== null;
}
