import type { Command } from "commander";
import { isHex } from "viem";
import { naturalArgument, readTextFile } from "../arguments.ts";
import { ABIS } from "../contracts.ts";
import { epochsText, epochText } from "../epoch-clock.ts";
import { withExample } from "../help.ts";
import { isOver, leaseArgument, type LeaseView, readLease, statusText } from "../lease-state.ts";
import { CliError, usageError } from "../output.ts";
import { permitBytes } from "../token-permit.ts";
import { tokenArgument, tokenFigure, tokenText } from "../tokens.ts";
import { openWalletSession, runCall, type WalletOptions, type WalletSession, withWallet } from "../transaction.ts";
import { readBond } from "./bond.ts";
import { addLeaseDeliveryCommands } from "./lease-delivery.ts";
import { addLeaseDisputeCommands } from "./lease-dispute.ts";
import { addLeaseOpenCommand } from "./lease-open.ts";
import { addLeaseReadCommands } from "./lease-show.ts";

const ESCROW = { contract: "LeaseEscrow", abi: ABIS.LeaseEscrow } as const;
const LEASE_ARGUMENT = ["<leaseId>", "number of the lease (lease list)"] as const;
const MAX_UINT64 = 2n ** 64n - 1n;
const MAX_SEALED_BYTES = 4_096;

/** Adds `pqmesh lease …`. */
export function addLeaseCommands(program: Command): void {
  const lease = withExample(
    program.command("lease").description("leases of the Node Marketplace, for clients and providers"),
    "lease show 7",
  );
  addLeaseOpenCommand(lease);
  addLeaseReadCommands(lease);
  addProviderCommands(lease);
  addClientCommands(lease);

  withExample(withWallet(lease.command("settle")), "lease settle 7 --wallet any.json --yes")
    .description("pay what is final of a lease to both sides, and close it when it is over; anyone may")
    .argument(...LEASE_ARGUMENT)
    .option("--max-epochs <count>", "settle at most so many epochs; default: all that are final")
    .action(settle);
  addLeaseDisputeCommands(lease);
  addLeaseDeliveryCommands(lease);
}

function addProviderCommands(lease: Command): void {
  withExample(
    withWallet(lease.command("accept")),
    "lease accept 7 --wallet owner.json --dry-run",
    "lease accept 7 --sealed credential.hex --wallet owner.json --yes",
  )
    .description("accept a lease and lock the bond for it; an agent with a wallet does so by itself")
    .argument(...LEASE_ARGUMENT)
    .option("--sealed <file>", "sealed credential in hex, to deliver at once")
    .action(accept);

  withExample(withWallet(lease.command("decline")), "lease decline 7 --wallet owner.json --yes")
    .description("refuse a lease that waits: all of it returns to the client")
    .argument(...LEASE_ARGUMENT)
    .action(decline);
}

function addClientCommands(lease: Command): void {
  withExample(withWallet(lease.command("cancel")), "lease cancel 7 --wallet client.json --yes")
    .description("take back a lease that the provider has not accepted")
    .argument(...LEASE_ARGUMENT)
    .action(cancel);

  withExample(
    withWallet(lease.command("top-up")),
    "lease top-up 7 12.5 --wallet any.json --dry-run",
    "lease top-up 7 12.5 --wallet any.json --yes",
  )
    .description("pay rent in, at most for the agreed term; anyone may, until the grace is over")
    .argument(...LEASE_ARGUMENT)
    .argument("<amount>", "amount of the lease's token, for example 12.5")
    .action(topUp);

  withExample(withWallet(lease.command("extend")), "lease extend 7 1440 --wallet client.json --yes")
    .description("prolong the term while the provider still offers the version; pay for it with lease top-up")
    .argument(...LEASE_ARGUMENT)
    .argument("<epochs>", "epochs to add")
    .action(extend);

  withExample(withWallet(lease.command("notice")), "lease notice 7 --wallet client.json --dry-run")
    .description("end a lease after its notice; client or provider sends")
    .argument(...LEASE_ARGUMENT)
    .action(giveNotice);
}

async function accept(
  leaseText: string,
  options: WalletOptions & { sealed?: string },
  command: Command,
): Promise<void> {
  const { session, lease } = await openLease(leaseText, options);
  requirePending(lease);
  const sealed = options.sealed === undefined ? "0x" : readSealed(options.sealed);
  const { listing, token, rate, terms, clock } = lease;
  const needed = rate * BigInt(terms.bondEpochs);
  const { free } = await readBond(session, listing.identityId, token);
  if (free < needed) {
    const missing = `${tokenText(needed, token)} of bond are needed, ${tokenText(free, token)} are free`;
    throw new CliError(`${missing}: bond deposit ${listing.identityId} ${tokenText(needed - free, token)}`);
  }
  await runCall(
    session,
    {
      ...{ ...ESCROW, functionName: "accept", args: [lease.leaseId, sealed] },
      sentence: `Accept lease ${lease.leaseId} and lock a bond of ${tokenText(needed, token)}.`,
      after: () => [
        `The lease begins with ${epochText(clock, clock.epoch + 1n)} and lasts ${epochsText(clock, lease.end)}.`,
        ...(sealed === "0x" ? ["Nothing is delivered yet: the client waits for endpoint and credential."] : []),
      ],
      preview: () => ({
        gets: [`${tokenText(rate, token)} for each proven epoch, less ${lease.feeBp / 100} % for the treasury.`],
        unlocks: ["The bond is free again when the lease ends without a breach."],
        risks: [
          `After ${terms.maxMissedRun} missed epochs in a row, or under ${terms.uptimeBp / 100} % of the term, the bond goes to the client.`,
        ],
        figures: { bond: tokenFigure(needed, token), rate: tokenFigure(rate, token) },
      }),
    },
    { options, command },
  );
}

function readSealed(file: string): `0x${string}` {
  const text = readTextFile(file).trim();
  const bytes = text.length / 2 - 1;
  if (isHex(text) && Number.isInteger(bytes) && bytes > 0 && bytes <= MAX_SEALED_BYTES) return text;
  throw usageError(`${file} must hold a sealed credential in hex with 0x, at most ${MAX_SEALED_BYTES} bytes`);
}

async function decline(leaseText: string, options: WalletOptions, command: Command): Promise<void> {
  const { session, lease } = await openLease(leaseText, options);
  requirePending(lease);
  await runCall(
    session,
    {
      ...{ ...ESCROW, functionName: "decline", args: [lease.leaseId] },
      sentence: `Decline lease ${lease.leaseId}.`,
      after: () => [`${refundText(lease)} are credited to the client, ${lease.client}.`],
    },
    { options, command },
  );
}

async function cancel(leaseText: string, options: WalletOptions, command: Command): Promise<void> {
  const { session, lease } = await openLease(leaseText, options);
  requirePending(lease);
  await runCall(
    session,
    {
      ...{ ...ESCROW, functionName: "cancel", args: [lease.leaseId] },
      sentence: `Take lease ${lease.leaseId} back.`,
      after: () => [`${refundText(lease)} are credited to the client; take them with credit withdraw.`],
    },
    { options, command },
  );
}

async function topUp(leaseText: string, amountText: string, options: WalletOptions, command: Command): Promise<void> {
  const { session, lease } = await openLease(leaseText, options);
  const { leaseId, token, rate, clock } = lease;
  requireActive(lease);
  const units = tokenArgument("amount", amountText, token);
  const end = lease.noticeEnd > 0 ? Math.min(lease.noticeEnd, lease.end) : lease.end;
  const due = rate * BigInt(Math.max(end - lease.settledUntil, 0)) - lease.balance;
  const rest = due > 0n ? due : 0n;
  if (units > rest) {
    throw new CliError(
      `amount is ${tokenText(units, token)}, the rest of the term costs ${tokenText(rest, token)} more; lease extend prolongs it first`,
    );
  }
  const fundedUntil = BigInt(lease.settledUntil) + (lease.balance + units) / rate;
  await runCall(
    session,
    {
      ...{ ...ESCROW, functionName: "topUp", args: [leaseId, units, "0x"], takes: units, token },
      withPermit: (permit) => ({ functionName: "topUp", args: [leaseId, units, permitBytes(permit)] }),
      sentence: `Pay ${tokenText(units, token)} of rent into lease ${leaseId}.`,
      after: () => [`The lease is paid for up to ${epochText(clock, fundedUntil)}.`],
      preview: () => ({
        unlocks: ["What is not used when the lease ends returns to its client, whoever paid it in."],
        figures: { amount: tokenFigure(units, token), fundedUntil },
      }),
    },
    { options, command },
  );
}

async function extend(
  leaseText: string,
  epochsArgument: string,
  options: WalletOptions,
  command: Command,
): Promise<void> {
  const epochs = naturalArgument("epochs", epochsArgument);
  const { session, lease } = await openLease(leaseText, options);
  requireActive(lease);
  const { leaseId, terms, clock, token, rate } = lease;
  const term = lease.end - lease.start;
  const most = terms.maxEpochs - term;
  if (epochs === 0 || epochs > most) {
    const limit = most > 0 ? `it must be from 1 to ${most}` : "nothing can be added";
    throw new CliError(`epochs is ${epochs}, ${limit}: the term is ${term} now, and ${terms.maxEpochs} at most`);
  }
  await runCall(
    session,
    {
      ...{ ...ESCROW, functionName: "extend", args: [leaseId, epochs] },
      sentence: `Prolong lease ${leaseId} by ${epochsText(clock, epochs)}.`,
      after: () => [
        `The term ends before ${epochText(clock, lease.end + epochs)}.`,
        `${tokenText(rate * BigInt(epochs), token)} pay for it: lease top-up ${leaseId}.`,
      ],
    },
    { options, command },
  );
}

async function giveNotice(leaseText: string, options: WalletOptions, command: Command): Promise<void> {
  const { session, lease } = await openLease(leaseText, options);
  requireActive(lease);
  const { leaseId, terms, clock, start } = lease;
  if (lease.noticeEnd !== 0) {
    throw new CliError(`notice was given before: the lease ends before ${epochText(clock, lease.noticeEnd)}`);
  }
  const soonest = Math.max(Number(clock.epoch) + 1 + terms.noticeEpochs, start + terms.minEpochs);
  const end = Math.min(soonest, lease.end);
  await runCall(
    session,
    {
      ...{ ...ESCROW, functionName: "giveNotice", args: [leaseId] },
      sentence: `End lease ${leaseId} after its notice.`,
      after: () => [
        `It ends before ${epochText(clock, end)}; what is not settled then returns to the client.`,
        "Until then both sides go on as agreed. Notice cannot be taken back.",
      ],
    },
    { options, command },
  );
}

async function settle(
  leaseText: string,
  options: WalletOptions & { maxEpochs?: string },
  command: Command,
): Promise<void> {
  const most =
    options.maxEpochs === undefined
      ? MAX_UINT64
      : BigInt(naturalArgument("--max-epochs", options.maxEpochs, { least: 1 }));
  const { session, lease } = await openLease(leaseText, options);
  const { leaseId, clock } = lease;
  if (isOver(lease)) throw new CliError(`lease ${leaseId} is ${statusText(lease.status)}: nothing is left to settle`);
  await runCall(
    session,
    {
      ...{ ...ESCROW, functionName: "settle", args: [leaseId, most] },
      sentence: `Settle what is final of lease ${leaseId}.`,
      after: (until) => [
        lease.status === "Pending"
          ? `It could be accepted until ${epochText(clock, lease.start)}; after that this returns the deposit.`
          : `It is settled before ${epochText(clock, until as bigint)}, before ${epochText(clock, lease.settledUntil)} until now.`,
        ...(until === BigInt(lease.disputedUntil) && until < clock.epoch
          ? ["The dispute was about epochs before; settle again for those after."]
          : []),
        "Each proven epoch is credited to the provider, every other one to the client.",
      ],
    },
    { options, command },
  );
}

async function openLease(
  leaseText: string,
  options: WalletOptions,
): Promise<{ session: WalletSession; lease: LeaseView }> {
  const leaseId = leaseArgument(leaseText);
  const session = await openWalletSession(options);
  return { session, lease: await readLease(session, leaseId) };
}

function requirePending({ leaseId, status }: LeaseView): void {
  if (status !== "Pending")
    throw new CliError(`lease ${leaseId} is ${statusText(status)}, not waiting for the provider`);
}

function requireActive({ leaseId, status }: LeaseView): void {
  if (status !== "Active") throw new CliError(`lease ${leaseId} is ${statusText(status)}, not active`);
}

function refundText({ balance, janitorFee, token }: LeaseView): string {
  return tokenText(balance + janitorFee, token);
}
