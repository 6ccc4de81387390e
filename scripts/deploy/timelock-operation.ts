import { id, ZeroHash, type Contract, type ContractTransactionResponse } from "ethers";

/** A privileged call that only the timelock can make. */
export interface TimelockCall {
  to: string;
  data: string;
  value?: bigint;
}

/** Calls that the timelock makes together, or not at all. */
export interface TimelockOperation {
  calls: TimelockCall[];
  /** Tells apart operations with the same calls. */
  name: string;
}

type BatchArguments = [string[], bigint[], string[], string, string];

function batchArguments({ calls, name }: TimelockOperation): BatchArguments {
  const targets = calls.map(({ to }) => to);
  const values = calls.map(({ value }) => value ?? 0n);
  const payloads = calls.map(({ data }) => data);
  return [targets, values, payloads, ZeroHash, id(name)];
}

/**
 * Proposes an operation; the timelock's signer must be a proposer.
 *
 * @returns Unix seconds from which it can be executed.
 */
export async function scheduleOperation(timelock: Contract, operation: TimelockOperation): Promise<number> {
  const batch = batchArguments(operation);
  const delay = (await timelock.getFunction("getMinDelay")()) as bigint;
  const sent = (await timelock.getFunction("scheduleBatch")(...batch, delay)) as ContractTransactionResponse;
  await sent.wait();
  const operationId = (await timelock.getFunction("hashOperationBatch")(...batch)) as string;
  return Number((await timelock.getFunction("getTimestamp")(operationId)) as bigint);
}

/** Approves an operation that is scheduled; the timelock's signer must be an approver. @returns Its id. */
export async function approveOperation(timelock: Contract, operation: TimelockOperation): Promise<string> {
  const id = (await timelock.getFunction("hashOperationBatch")(...batchArguments(operation))) as string;
  const sent = (await timelock.getFunction("approve")(id)) as ContractTransactionResponse;
  await sent.wait();
  return id;
}

/** Executes an operation whose delay has passed, and which was approved when it is critical. */
export async function executeOperation(timelock: Contract, operation: TimelockOperation): Promise<void> {
  const sent = (await timelock.getFunction("executeBatch")(
    ...batchArguments(operation),
  )) as ContractTransactionResponse;
  await sent.wait();
}
