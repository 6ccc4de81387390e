import { decodeCalls } from "@pqmesh/contracts/protocol/decode-call";
import { shortId } from "@pqmesh/contracts/protocol/proposal-id";
import type { Command } from "commander";
import { callRows } from "../batch-preview.ts";
import { readCallFacts } from "../call-facts.ts";
import { ABIS, contractOf } from "../contracts.ts";
import { momentText } from "../figures.ts";
import { chainTime } from "../governed.ts";
import { withExample } from "../help.ts";
import { approvalOf, approvalText, type Operation, operationOf, scheduledOperation } from "../operation-state.ts";
import { CliError } from "../output.ts";
import { findProposal } from "../proposal-state.ts";
import { isOperationId } from "../operation-id.ts";
import { openWalletSession, runCall, type WalletOptions, type WalletSession, withWallet } from "../transaction.ts";

/** Adds `pqmesh proposal approve`. */
export function addProposalApproveCommand(proposal: Command): void {
  withExample(
    withWallet(proposal.command("approve")),
    "proposal approve 48120 --wallet approver.json --dry-run",
    "proposal approve 0xOPERATION --wallet approver.json --yes",
  )
    .description("approve an operation of the timelock with critical calls; the approver only")
    .argument("<proposal>", "number of a queued proposal, or the first digits of it; or the id of an operation")
    .action(approve);
}

async function approve(text: string, options: WalletOptions, command: Command): Promise<void> {
  const session = await openWalletSession(options);
  const { operation, name } = await named(session, text);
  const now = await chainTime(session);
  await requireApprovable(session, { operation, name, now });
  const calls = decodeCalls(operation.calls, await readCallFacts(session, operation.readyAt));
  await runCall(
    session,
    {
      ...{ contract: "MeshTimelock", abi: ABIS.MeshTimelock, functionName: "approve", args: [operation.operationId] },
      sentence: `Approve ${name}.`,
      after: () => [`It can be executed from ${momentText(operation.readyAt, now)} on.`],
      preview: () => ({
        gets: [`It ${approvalText(operation, now)}.`, ...calls.flatMap((call, i) => callRows(call, `${i + 1}.`))],
        risks: ["An approval cannot be taken back; a canceller of the timelock can still cancel the operation."],
        figures: { operationId: operation.operationId, privileges: operation.privileges, calls },
      }),
    },
    { options, command },
  );
}

async function named(session: WalletSession, text: string): Promise<{ operation: Operation; name: string }> {
  if (isOperationId(text)) return { operation: await scheduledOperation(session, text), name: `operation ${text}` };
  const made = await findProposal(session, text);
  return { operation: await operationOf(session, made), name: `proposal ${shortId(made.proposalId)}` };
}

interface Approvable {
  operation: Operation;
  name: string;
  now: bigint;
}

async function requireApprovable(session: WalletSession, { operation, name, now }: Approvable): Promise<void> {
  if (operation.readyAt === 0n) throw new CliError(`${name} is not queued with the timelock, or was cancelled`);
  const approval = approvalOf(operation, now);
  if (approval !== "waiting") throw new CliError(`${name} ${approvalText(operation, now)}`);
  const timelock = contractOf(session, "MeshTimelock");
  const role = await session.client.readContract({ ...timelock, functionName: "APPROVER_ROLE" });
  const request = { functionName: "hasRole", args: [role, session.account.address] } as const;
  if (await session.client.readContract({ ...timelock, ...request })) return;
  throw new CliError(`wallet ${session.account.address} is no approver of the timelock`);
}
