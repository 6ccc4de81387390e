import type { Command } from "commander";
import type { Address } from "viem";
import { addressArgument, naturalArgument } from "../arguments.ts";
import { findEvents } from "../chain-history.ts";
import { type NetworkOptions, openNetwork, type Session, withNetwork } from "../chain-session.ts";
import { type EpochClock, epochFigure, epochsText, epochText } from "../epoch-clock.ts";
import { percentText } from "../figures.ts";
import { withExample } from "../help.ts";
import { isOver, leaseArgument, type LeaseView, readLease, statusText } from "../lease-state.ts";
import { listingArgument } from "../listing-state.ts";
import { print } from "../output.ts";
import { tokenFigure, tokenText } from "../tokens.ts";

/** Leases read together. */
const CHUNK = 8;
const MAX_LISTED = 1_000;

/** Adds `pqmesh lease show` and `list`. */
export function addLeaseReadCommands(lease: Command): void {
  withExample(withNetwork(lease.command("show")), "lease show 7 --json")
    .description("print a lease: terms, runway, what is settled, and who got what")
    .argument("<leaseId>", "number of the lease (lease list)")
    .action(showLease);

  withExample(
    withNetwork(lease.command("list")),
    "lease list --client 0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc",
    "lease list --node 3 --limit 10",
  )
    .description("print leases, newest first")
    .option("--client <address>", "only those of this client")
    .option("--listing <listingId>", "only those of this listing")
    .option("--node <nodeIndex>", "only those of this node")
    .option("--operator <identityId>", "only those of nodes of this operator")
    .option("--open", "only those that are not closed")
    .option("--limit <count>", "at most so many", "50")
    .action(listLeases);
}

/** What a settlement said. */
interface Settled {
  from: bigint;
  until: bigint;
  proven: bigint;
  missed: bigint;
  toProvider: bigint;
  fee: bigint;
  toClient: bigint;
}

/** What the end of a lease said. */
interface Closed {
  toClient: bigint;
  bond: bigint;
  janitor: Address;
  janitorFee: bigint;
}

async function showLease(leaseText: string, options: NetworkOptions, command: Command): Promise<void> {
  const leaseId = leaseArgument(leaseText);
  const session = await openNetwork(options);
  const lease = await readLease(session, leaseId);
  const args = { leaseId };
  const [settlements, closings, delivered] = await Promise.all([
    findEvents<Settled>(session, { contract: "LeaseEscrow", eventName: "LeaseSettled", args }),
    findEvents<Closed>(session, { contract: "LeaseEscrow", eventName: "LeaseClosed", args }),
    findEvents<object>(session, { contract: "LeaseEscrow", eventName: "CredentialDelivered", args }),
  ]);
  const paid = totalsOf(settlements);
  const closing = closings.at(-1);
  print(
    command,
    {
      ...figuresOf(lease),
      isDelivered: delivered.length > 0,
      settled: totalsFigure(paid, lease),
      closed: closedFigure(closing, lease),
    },
    [...rowsOf(lease, delivered.length > 0), ...moneyRows(lease, paid, closing)].join("\n"),
  );
}

interface ListOptions extends NetworkOptions {
  client?: string;
  listing?: string;
  node?: string;
  operator?: string;
  open?: boolean;
  limit: string;
}

async function listLeases(options: ListOptions, command: Command): Promise<void> {
  const limit = naturalArgument("--limit", options.limit, { least: 1, most: MAX_LISTED });
  const client = options.client === undefined ? undefined : addressArgument("--client", options.client);
  const listingId = options.listing === undefined ? undefined : listingArgument(options.listing, "--listing");
  const nodeIndex = options.node === undefined ? undefined : naturalArgument("--node", options.node);
  const identityId = options.operator === undefined ? undefined : naturalArgument("--operator", options.operator);
  const session = await openNetwork(options);
  const args = { ...(client && { client }), ...(listingId !== undefined && { listingId }) };
  const query = { contract: "LeaseEscrow", eventName: "LeaseOpened", args } as const;
  const ids = (await findEvents<{ leaseId: bigint }>(session, query)).map(({ leaseId }) => leaseId).reverse();
  const isWanted = (lease: LeaseView): boolean =>
    (nodeIndex === undefined || lease.nodeIndex === nodeIndex) &&
    (identityId === undefined || lease.listing.identityId === identityId) &&
    (!options.open || !isOver(lease));
  const leases = await firstLeases(session, ids, { limit, isWanted });
  const rows = leases.map((lease) => {
    const { leaseId, units, listing, rate, token, status, nodeIndex: node } = lease;
    const what = `${units} × ${listing.kind} of node ${node}, ${tokenText(rate, token)} an epoch`;
    return `lease ${leaseId}: ${what}, ${statusText(status)}`;
  });
  print(command, { leases: leases.map(figuresOf) }, rows.length > 0 ? rows.join("\n") : "There is no such lease.");
}

async function firstLeases(
  session: Session,
  ids: readonly bigint[],
  { limit, isWanted }: { limit: number; isWanted: (lease: LeaseView) => boolean },
): Promise<LeaseView[]> {
  const found: LeaseView[] = [];
  for (let i = 0; i < ids.length && found.length < limit; i += CHUNK) {
    const leases = await Promise.all(ids.slice(i, i + CHUNK).map((leaseId) => readLease(session, leaseId)));
    found.push(...leases.filter(isWanted));
  }
  return found.slice(0, limit);
}

function figuresOf(lease: LeaseView) {
  const { leaseId, client, nodeIndex, units, version, status, token, rate, balance, janitorFee, terms, clock } = lease;
  const { isMetered, isDisputed, meter, runway, missedEpochs, listing } = lease;
  const isPending = status === "Pending";
  return {
    ...{ leaseId, client, listingId: listing.listingId, version, nodeIndex, kind: listing.kind, units, status },
    ...{ isMetered, isDisputed, identityId: listing.identityId, missedEpochs },
    ...{ rate: tokenFigure(rate, token), balance: tokenFigure(balance, token) },
    janitorFee: tokenFigure(janitorFee, token),
    bond: tokenFigure(rate * BigInt(terms.bondEpochs), token),
    ...(isPending && { acceptBy: epochFigure(clock, lease.start), termEpochs: lease.end }),
    ...(!isPending &&
      lease.settledUntil > 0 && { start: epochFigure(clock, lease.start), end: epochFigure(clock, lease.end) }),
    ...(!isPending && { settledUntil: lease.settledUntil }),
    ...(lease.noticeEnd > 0 && { noticeEnd: epochFigure(clock, lease.noticeEnd) }),
    ...(runway && {
      fundedUntil: epochFigure(clock, runway.fundedUntil),
      graceUntil: epochFigure(clock, runway.graceUntil),
    }),
    ...(isMetered && {
      meter: {
        earned: tokenFigure(meter.earned, token),
        redeemed: tokenFigure(meter.redeemed, token),
        vouchersUntil: meter.vouchersUntil,
      },
    }),
  };
}

function rowsOf(lease: LeaseView, isDelivered: boolean): string[] {
  const { leaseId, client, nodeIndex, units, version, status, token, rate, terms, clock, runway, listing } = lease;
  const isRunning = status === "Active" || lease.settledUntil > 0;
  return [
    `Lease ${leaseId}: ${statusText(status)}${lease.isDisputed ? ", disputed" : ""}`,
    `  what         ${units} × ${listing.kind} of node ${nodeIndex}, version ${version} of listing ${listing.listingId}`,
    `  client       ${client}`,
    `  price        ${tokenText(rate, token)} an epoch${lease.isMetered ? " at most, by vouchers" : ""}`,
    `  breach       ${terms.maxMissedRun} missed epochs in a row, or under ${terms.uptimeBp / 100} % of the term; ${lease.missedEpochs} missed so far`,
    ...(status === "Pending"
      ? [`  accept by    ${epochText(clock, lease.start)}`, `  term         ${epochsText(clock, lease.end)}`]
      : []),
    ...(isRunning
      ? [`  term         from ${epochText(clock, lease.start)} to before ${epochText(clock, lease.end)}`]
      : []),
    ...(lease.noticeEnd > 0 ? [`  notice       it ends before ${epochText(clock, lease.noticeEnd)}`] : []),
    ...(runway ? [`  paid until   ${runwayText(clock, runway)}`] : []),
    ...(isRunning ? [`  settled      before epoch ${lease.settledUntil}`] : []),
    ...(isRunning && lease.clientShareBp > 0
      ? [
          `  decided      ${percentText(lease.clientShareBp)} of what epochs before ${lease.disputedUntil} earn goes to the client`,
        ]
      : []),
    `  credential   ${isDelivered ? "delivered" : "not delivered"}`,
  ];
}

function runwayText(clock: EpochClock, { fundedUntil, graceUntil, end }: NonNullable<LeaseView["runway"]>): string {
  const paid = epochText(clock, fundedUntil);
  return fundedUntil >= end ? `${paid}, its end` : `${paid}, then grace until ${graceUntil}`;
}

type Totals = Omit<Settled, "from" | "until">;

function totalsOf(settlements: readonly Settled[]): Totals {
  const sum = (field: keyof Totals): bigint => settlements.reduce((total, each) => total + each[field], 0n);
  return {
    ...{ proven: sum("proven"), missed: sum("missed") },
    ...{ toProvider: sum("toProvider"), fee: sum("fee"), toClient: sum("toClient") },
  };
}

function totalsFigure({ proven, missed, ...money }: Totals, { token }: LeaseView) {
  const { toProvider, fee, toClient } = money;
  return {
    ...{ proven, missed, toProvider: tokenFigure(toProvider, token) },
    ...{ fee: tokenFigure(fee, token), toClient: tokenFigure(toClient, token) },
  };
}

function closedFigure(closing: Closed | undefined, { token }: LeaseView) {
  if (!closing) return null;
  const { toClient, bond, janitor, janitorFee } = closing;
  return {
    ...{ toClient: tokenFigure(toClient, token), bond: tokenFigure(bond, token) },
    ...{ janitor: janitorFee > 0n ? janitor : null, janitorFee: tokenFigure(janitorFee, token) },
  };
}

function moneyRows(lease: LeaseView, paid: Totals, closing: Closed | undefined): string[] {
  const { token, balance, janitorFee, isMetered, meter, clock } = lease;
  const text = (units: bigint): string => tokenText(units, token);
  const provider = isMetered ? "earned, for vouchers to draw on" : "to the provider";
  return [
    "Who gets what:",
    `  settled      ${paid.proven} epochs proven, ${paid.missed} missed`,
    `               ${text(paid.toProvider)} ${provider}, ${text(paid.fee)} to the treasury, ${text(paid.toClient)} to the client`,
    ...(isMetered ? [`  vouchers     ${text(meter.redeemed)} of ${text(meter.earned)} are paid`] : []),
    ...(meter.vouchersUntil > 0
      ? [`               they can be redeemed before ${epochText(clock, meter.vouchersUntil)}`]
      : []),
    ...(closing
      ? [
          `  closed       ${text(closing.toClient)} to the client${closing.bond > 0n ? `, ${text(closing.bond)} of it the provider's bond` : ""}`,
          ...(closing.janitorFee > 0n
            ? [`               ${text(closing.janitorFee)} to the janitor ${closing.janitor}`]
            : []),
        ]
      : [`  held         ${text(balance)} of rent, ${text(janitorFee)} for a janitor`]),
  ];
}
