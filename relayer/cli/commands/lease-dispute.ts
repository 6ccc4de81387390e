import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileFlaw } from "@pqmesh/contracts/protocol/file-flaws";
import type { Command } from "commander";
import { type Address, type Hex, zeroAddress } from "viem";
import { hashArgument, percentArgument } from "../arguments.ts";
import { type NetworkOptions, openNetwork, type Session, withNetwork } from "../chain-session.ts";
import { ABIS, contractOf } from "../contracts.ts";
import { momentText, percentText } from "../figures.ts";
import { chainTime, governed } from "../governed.ts";
import { withExample } from "../help.ts";
import { leaseArgument, readLease } from "../lease-state.ts";
import { CliError, print, usageError } from "../output.ts";
import { runTimelockCall } from "../timelock-call.ts";
import { permitBytes } from "../token-permit.ts";
import { readToken, type Token, tokenArgument, tokenFigure, tokenText } from "../tokens.ts";
import {
  openWalletSession,
  type PlannedCall,
  runCall,
  type WalletOptions,
  type WalletSession,
  withWallet,
} from "../transaction.ts";

const DISPUTES = { contract: "LeaseDisputes", abi: ABIS.LeaseDisputes } as const;
const LEASE_ARGUMENT = ["<leaseId>", "number of the lease (lease list)"] as const;

/** Adds `pqmesh lease dispute …`. */
export function addLeaseDisputeCommands(lease: Command): void {
  const dispute = withExample(
    lease.command("dispute").description("disputes about what attestations do not show"),
    "lease dispute show 7",
  );

  withExample(
    withWallet(dispute.command("open")),
    "lease dispute open 7 --evidence-file probes.json --wallet client.json --dry-run",
    "lease dispute open 7 --evidence-file probes.json --max-bond 3 --wallet client.json --yes",
  )
    .description("dispute the epochs that are not settled, with a bond; settlement waits, at most for a stated time")
    .argument(...LEASE_ARGUMENT)
    .option("--evidence-file <file>", "what the arbitrator is shown; its SHA-256 goes on chain")
    .option("--evidence <hash>", "the SHA-256 itself")
    .option("--max-bond <amount>", "most that may be taken as bond; default: what is asked for now")
    .action(open);

  withExample(withWallet(dispute.command("offer")), 'lease dispute offer 7 "40 %" --wallet client.json --yes')
    .description("offer a share of what the provider earned for the client; client or provider sends")
    .argument(...LEASE_ARGUMENT)
    .argument("<share>", 'the client\'s share, for example "40 %" or "250 bp"')
    .action(offer);

  withExample(withWallet(dispute.command("accept")), 'lease dispute accept 7 "40 %" --wallet owner.json --yes')
    .description("take the share that the other side offered last; the bond returns to the client")
    .argument(...LEASE_ARGUMENT)
    .argument("<share>", "the share that was offered, so that no other one is taken")
    .action(accept);

  withExample(withWallet(dispute.command("withdraw")), "lease dispute withdraw 7 --wallet client.json --yes")
    .description("give a dispute up: the objective settlement stands, and the bond goes to the provider")
    .argument(...LEASE_ARGUMENT)
    .action(withdraw);

  withExample(withWallet(dispute.command("rule")), 'lease dispute rule 7 "100 %" --wallet arbitrator.json --yes')
    .description("decide a dispute; the arbitrator sends, or the DAO's timelock when none is named")
    .argument(...LEASE_ARGUMENT)
    .argument("<share>", "the client's share; 0 gives the bond to the provider")
    .action(rule);

  withExample(withWallet(dispute.command("expire")), "lease dispute expire 7 --wallet any.json --yes")
    .description("end a dispute that nobody decided in time: the objective settlement stands; anyone may")
    .argument(...LEASE_ARGUMENT)
    .action(expire);

  withExample(withNetwork(dispute.command("show")), "lease dispute show 7 --json")
    .description("print the open dispute of a lease, what is offered, and what silence means")
    .argument(...LEASE_ARGUMENT)
    .action(showDispute);
}

/** A dispute that is open. */
interface OpenDispute {
  client: Address;
  deadline: bigint;
  offerBp: number;
  isOfferByClient: boolean;
  hasOffer: boolean;
  token: Token;
  bond: bigint;
}

interface OpenOptions extends WalletOptions {
  evidenceFile?: string;
  evidence?: string;
  maxBond?: string;
}

async function open(leaseText: string, options: OpenOptions, command: Command): Promise<void> {
  const leaseId = leaseArgument(leaseText);
  const evidence = evidenceOf(options);
  const session = await openWalletSession(options);
  const { token } = await readLease(session, leaseId);
  const [bond, period, now] = await Promise.all([
    session.client.readContract({ ...contractOf(session, "LeaseDisputes"), functionName: "bondFor", args: [leaseId] }),
    governed(session, "leaseDisputePeriod"),
    chainTime(session),
  ]);
  const maxBond = options.maxBond === undefined ? bond : tokenArgument("--max-bond", options.maxBond, token);
  if (maxBond < bond) {
    throw new CliError(
      `a dispute needs a bond of ${tokenText(bond, token)}, --max-bond is ${tokenText(maxBond, token)}`,
    );
  }
  const args = [leaseId, evidence, maxBond];
  await runCall(
    session,
    {
      ...{ ...DISPUTES, functionName: "open", args: [...args, "0x"], takes: maxBond, token },
      withPermit: (permit) => ({ functionName: "open", args: [...args, permitBytes(permit)] }),
      sentence: `Dispute the unsettled epochs of lease ${leaseId} with a bond of ${tokenText(bond, token)}.`,
      after: () => [
        `Settlement of the lease waits until both sides agree, the arbitrator decides, or ${momentText(now + period, now)}.`,
        "Silence means that the objective settlement stands, and that the bond goes to the provider.",
      ],
      preview: () => ({
        gets: ["A share of what the provider earned in these epochs, if it agrees or the arbitrator says so."],
        unlocks: ["The bond returns with an agreement, or with a ruling for any share above zero."],
        risks: [`The bond of ${tokenText(bond, token)} goes to the provider when the dispute fails or is given up.`],
        figures: { bond: tokenFigure(bond, token), deadline: now + period, evidence },
      }),
    },
    { options, command },
  );
}

function evidenceOf({ evidenceFile, evidence }: OpenOptions): Hex {
  if ((evidenceFile === undefined) === (evidence === undefined)) {
    throw usageError("give the evidence with --evidence-file, or its SHA-256 with --evidence");
  }
  if (evidence !== undefined) return hashArgument("--evidence", evidence);
  try {
    return `0x${createHash("sha256").update(readFileSync(evidenceFile!)).digest("hex")}`;
  } catch (cause) {
    throw usageError(`${evidenceFile} cannot be read: ${fileFlaw(cause)}`, cause);
  }
}

async function offer(leaseText: string, share: string, options: WalletOptions, command: Command): Promise<void> {
  const bp = percentArgument("share", share);
  const { session, leaseId, dispute } = await openDispute(leaseText, options);
  const now = await chainTime(session);
  await runCall(
    session,
    {
      ...{ ...DISPUTES, functionName: "offerSettlement", args: [leaseId, bp] },
      sentence: `Offer that ${percentText(bp)} of what the provider earned goes to the client.`,
      after: () => [
        `The other side can take it until ${momentText(dispute.deadline, now)}.`,
        "A newer offer of either side replaces it.",
      ],
    },
    { options, command },
  );
}

async function accept(leaseText: string, share: string, options: WalletOptions, command: Command): Promise<void> {
  const bp = percentArgument("share", share);
  const { session, leaseId, dispute } = await openDispute(leaseText, options);
  await runCall(
    session,
    {
      ...{ ...DISPUTES, functionName: "acceptSettlement", args: [leaseId, bp] },
      sentence: `Agree that ${percentText(bp)} of what the provider earned goes to the client.`,
      after: () => [
        `The bond of ${tokenText(dispute.bond, dispute.token)} is credited to the client; lease settle pays the rest.`,
      ],
    },
    { options, command },
  );
}

async function withdraw(leaseText: string, options: WalletOptions, command: Command): Promise<void> {
  const { session, leaseId, dispute } = await openDispute(leaseText, options);
  await runCall(
    session,
    {
      ...{ ...DISPUTES, functionName: "withdrawDispute", args: [leaseId] },
      sentence: `Give up the dispute about lease ${leaseId}.`,
      after: () => [`The bond of ${tokenText(dispute.bond, dispute.token)} goes to the provider; settlement goes on.`],
    },
    { options, command },
  );
}

async function rule(leaseText: string, share: string, options: WalletOptions, command: Command): Promise<void> {
  const bp = percentArgument("share", share);
  const { session, leaseId, dispute } = await openDispute(leaseText, options);
  const arbitrator = await readArbitrator(session);
  const receiver = bp === 0 ? "the provider" : "the client";
  const plan: PlannedCall = {
    ...{ ...DISPUTES, functionName: "rule", args: [leaseId, bp] },
    sentence: `Decide that ${percentText(bp)} of what the provider earned goes to the client.`,
    after: () => [
      `The bond of ${tokenText(dispute.bond, dispute.token)} goes to ${receiver}; lease settle ${leaseId} pays the rest.`,
    ],
  };
  const isTimelock = arbitrator === session.network.contracts.MeshTimelock;
  await (isTimelock ? runTimelockCall : runCall)(session, plan, { options, command });
}

async function expire(leaseText: string, options: WalletOptions, command: Command): Promise<void> {
  const { session, leaseId, dispute } = await openDispute(leaseText, options);
  await runCall(
    session,
    {
      ...{ ...DISPUTES, functionName: "expire", args: [leaseId] },
      sentence: `End the dispute about lease ${leaseId} that nobody decided.`,
      after: () => [
        `The objective settlement stands; the bond of ${tokenText(dispute.bond, dispute.token)} goes to the provider.`,
      ],
    },
    { options, command },
  );
}

async function showDispute(leaseText: string, options: NetworkOptions, command: Command): Promise<void> {
  const leaseId = leaseArgument(leaseText);
  const session = await openNetwork(options);
  const dispute = await readDispute(session, leaseId);
  if (!dispute) return print(command, { leaseId, dispute: null }, `Lease ${leaseId} has no open dispute.`);
  const [arbitrator, now] = await Promise.all([readArbitrator(session), chainTime(session)]);
  const { client, deadline, offerBp, isOfferByClient, hasOffer, token, bond } = dispute;
  const offered = hasOffer ? { clientShareBp: offerBp, by: isOfferByClient ? "client" : "provider" } : null;
  const rows = [
    `Dispute about lease ${leaseId} by ${client}`,
    `  bond         ${tokenText(bond, token)}`,
    `  decided by   ${arbitrator}, or by both sides, until ${momentText(deadline, now)}`,
    `  offer        ${offered ? `${percentText(offerBp)} for the client, by the ${offered.by}` : "none"}`,
    "  silence      the objective settlement stands, and the bond goes to the provider",
  ];
  const figures = { client, bond: tokenFigure(bond, token), arbitrator, deadline, offer: offered };
  return print(command, { leaseId, dispute: figures }, rows.join("\n"));
}

async function openDispute(
  leaseText: string,
  options: WalletOptions,
): Promise<{ session: WalletSession; leaseId: bigint; dispute: OpenDispute }> {
  const leaseId = leaseArgument(leaseText);
  const session = await openWalletSession(options);
  const dispute = await readDispute(session, leaseId);
  if (!dispute) throw new CliError(`lease ${leaseId} has no open dispute`);
  return { session, leaseId, dispute };
}

async function readDispute(session: Session, leaseId: bigint): Promise<OpenDispute | undefined> {
  const request = { functionName: "disputeOf", args: [leaseId] } as const;
  const dispute = await session.client.readContract({ ...contractOf(session, "LeaseDisputes"), ...request });
  if (dispute.client === zeroAddress) return undefined;
  return { ...dispute, token: await readToken(session, dispute.token) };
}

function readArbitrator(session: Session): Promise<Address> {
  return session.client.readContract({ ...contractOf(session, "LeaseDisputes"), functionName: "arbitrator" });
}
