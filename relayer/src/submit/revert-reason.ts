import { errorsAbi } from "@pqmesh/contracts/generated/errors-abi";
import type { Hex } from "viem";
import { decodeErrorResult, isHex } from "viem/utils";
import type { RpcResponseError } from "../chain/json-rpc.ts";

/** Says why a call reverted: the contract's own error with its arguments, or the endpoint's words. */
export function revertReason({ message, data }: RpcResponseError): string {
  const revertData = findRevertData(data);
  if (!revertData) return message;
  try {
    const { errorName, args = [] } = decodeErrorResult({ abi: errorsAbi, data: revertData });
    return `${errorName}(${args.join(", ")})`;
  } catch {
    return `${message} (${revertData.slice(0, 10)})`;
  }
}

/** Endpoints put revert data into `data`, or into an object there. */
function findRevertData(data: unknown): Hex | undefined {
  if (isHex(data) && data.length >= 10) return data;
  if (typeof data !== "object" || data === null) return undefined;
  return Object.values(data).map(findRevertData).find(Boolean);
}
