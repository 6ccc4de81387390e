import { selfAttestationAbi } from "@pqmesh/contracts/generated/self-attestation-abi";
import { type Address, bytesToHex, type Hex } from "viem";
import { decodeFunctionResult, encodeFunctionData } from "viem/utils";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { RpcResponseError } from "../chain/json-rpc.ts";
import type { PlannedRun } from "./run-plan.ts";

/** A whole call of `selfAttest`, and how many epochs it would admit now. */
export interface RunCall {
  run: PlannedRun["run"] & { key: Hex; signature: Hex };
  data: Hex;
  admitted: bigint;
}

/**
 * Makes the call that proves a run and tries it on the newest block: with the registered expanded key, or with the raw one
 * where nobody registered it.
 *
 * @throws RpcResponseError when the contract refuses the run.
 */
export async function callOf(
  chain: Pick<ChainFollower, "request">,
  selfAttestation: Address,
  { run: packed, rawKey, signature }: PlannedRun,
): Promise<RunCall> {
  const planned = { ...packed, signature };
  try {
    return await tryRun(chain, selfAttestation, { ...planned, key: "0x" });
  } catch (error) {
    if (!(error instanceof RpcResponseError)) throw error;
    return tryRun(chain, selfAttestation, { ...planned, key: bytesToHex(rawKey) });
  }
}

async function tryRun(chain: Pick<ChainFollower, "request">, to: Address, run: RunCall["run"]): Promise<RunCall> {
  const call = { abi: selfAttestationAbi, functionName: "selfAttest" } as const;
  const data = encodeFunctionData({ ...call, args: [run] });
  const answer = (await chain.request("eth_call", [{ to, data }, "latest"])) as Hex;
  return { run, data, admitted: decodeFunctionResult({ ...call, data: answer }) };
}
