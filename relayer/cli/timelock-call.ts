import type { Command } from "commander";
import { encodeFunctionData, type Hex, keccak256, stringToHex, zeroHash } from "viem";
import { ABIS, contractOf } from "./contracts.ts";
import { momentText } from "./figures.ts";
import { chainTime } from "./governed.ts";
import { approvalOf, approvalText, readOperation } from "./operation-state.ts";
import { CliError } from "./output.ts";
import { addressOfCall, type PlannedCall, runCall, type WalletOptions, type WalletSession } from "./transaction.ts";

/** A call to a contract as the timelock's operations hold it: without value, after nothing else. */
type OperationArguments = readonly [target: Hex, value: bigint, data: Hex, predecessor: Hex, salt: Hex];

/**
 * Runs a call that only the DAO's timelock may make: a proposer schedules it, and once its delay is over the same command
 * executes it. It is simulated as the timelock first.
 *
 * @throws CliError when the wallet is no proposer, with the call to propose, or when the delay is not over.
 */
export async function runTimelockCall(
  session: WalletSession,
  plan: PlannedCall,
  target: { options: WalletOptions; command: Command },
): Promise<void> {
  const { network, client, account } = session;
  const timelock = contractOf(session, "MeshTimelock");
  if (account.address === timelock.address) return runCall(session, plan, target);
  const { abi, functionName, args } = plan;
  const address = addressOfCall(network, plan);
  const { result } = await client.simulateContract({ address, abi, functionName, args, account: timelock.address });
  const data = encodeFunctionData({ abi, functionName, args });
  const { operation, id } = await nextOperation(session, [address, data]);
  const standing = await readOperation(session, id, [{ target: address, value: 0n, data }]);
  const { readyAt } = standing;
  const now = await chainTime(session);
  const approval = approvalText(standing, now);
  if (readyAt > 0n && approvalOf(standing, now) === "waiting") {
    throw new CliError(`this is scheduled as operation ${id}, which ${approval}; ready at ${momentText(readyAt, now)}`);
  }
  if (readyAt > now) throw new CliError(`this is scheduled; it can be executed from ${momentText(readyAt, now)} on`);
  if (readyAt > 0n) {
    const execute = { functionName: "execute", args: operation, after: () => plan.after(result) };
    return runCall(session, { ...plan, contract: "MeshTimelock", abi: ABIS.MeshTimelock, ...execute }, target);
  }
  await requireProposer(session, { contract: plan.contract, functionName, data });
  const delay = await client.readContract({ ...timelock, functionName: "getMinDelay" });
  const { preview: _, ...planned } = plan;
  await runCall(
    session,
    {
      ...planned,
      ...{ contract: "MeshTimelock", abi: ABIS.MeshTimelock, functionName: "schedule" },
      args: [...operation, delay],
      sentence: `Schedule with the timelock: ${plan.sentence}`,
      after: () => [
        `The timelock can execute it from about ${momentText(now + delay, now)} on: repeat this command then.`,
        `It is operation ${id}; it ${approval}.`,
        ...plan.after(result).map((line) => `Once executed: ${line}`),
      ],
    },
    target,
  );
}

/** The first operation for a call that was not executed yet. */
async function nextOperation(
  session: WalletSession,
  [target, data]: [Hex, Hex],
): Promise<{ operation: OperationArguments; id: Hex }> {
  const timelock = contractOf(session, "MeshTimelock");
  for (let count = 0; ; count++) {
    const salt = keccak256(stringToHex(`pqmesh ${count}`));
    const operation: OperationArguments = [target, 0n, data, zeroHash, salt];
    const id = await session.client.readContract({ ...timelock, functionName: "hashOperation", args: operation });
    const isDone = await session.client.readContract({ ...timelock, functionName: "isOperationDone", args: [id] });
    if (!isDone) return { operation, id };
  }
}

async function requireProposer(
  session: WalletSession,
  { contract, functionName, data }: { contract: string; functionName: string; data: Hex },
): Promise<void> {
  const timelock = contractOf(session, "MeshTimelock");
  const role = await session.client.readContract({ ...timelock, functionName: "PROPOSER_ROLE" });
  const args = [role, session.account.address] as const;
  if (await session.client.readContract({ ...timelock, functionName: "hasRole", args })) return;
  const call = `${contract}.${functionName}, call data ${data}`;
  throw new CliError(
    `only the DAO can do this, and this wallet is no proposer of its timelock; propose the call ${call} (proposal create calls)`,
  );
}
