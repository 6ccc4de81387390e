import type { Command } from "commander";
import { addressArgument } from "../arguments.ts";
import { type NetworkOptions, openNetwork, type Session, withNetwork } from "../chain-session.ts";
import {
  type CommitteeState,
  readCommittee,
  readRelayer,
  readTerms,
  type RelayerState,
  standingText,
} from "../committee-state.ts";
import { ABIS } from "../contracts.ts";
import { durationText, meshFigure, meshText, momentText, timeFigure } from "../figures.ts";
import { withExample } from "../help.ts";
import { CliError, print } from "../output.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";
import { addCommitteeDutyCommands } from "./committee-duties.ts";
import { addCommitteeSeatCommands } from "./committee-seat.ts";

/** Adds `pqmesh committee …`. */
export function addCommitteeCommands(program: Command): void {
  const committee = withExample(
    program.command("committee").description("relayers that sign reports: bonds, seats, the queue for them, and fees"),
    "committee show",
  );

  withExample(
    withNetwork(committee.command("show")),
    "committee show",
    "committee show 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --json",
  )
    .description("print seats, queue, delays and what is paid, and where a relayer stands")
    .argument("[relayer]", "wallet of a relayer")
    .action(showCommittee);

  addCommitteeSeatCommands(committee);
  addCommitteeDutyCommands(committee);

  const fees = withExample(
    committee.command("fees").description("what relayers are paid for final reports, once they are collected"),
    "committee fees show",
  );

  withExample(withNetwork(fees.command("show")), "committee fees show --json")
    .description("print the reserve, the fee of a report, and what each member can withdraw")
    .action(showFees);

  withExample(withWallet(fees.command("withdraw")), "committee fees withdraw --wallet relayer.json --yes")
    .description("pay a member what it was credited, to its own wallet; anyone may")
    .option("--member <relayer>", "the member that is paid; default: the wallet itself")
    .action(withdrawFees);
}

async function showCommittee(relayerText: string | undefined, options: NetworkOptions, command: Command) {
  const named = relayerText === undefined ? undefined : addressArgument("relayer", relayerText);
  const session = await openNetwork(options);
  const [state, terms] = await Promise.all([readCommittee(session), readTerms(session)]);
  const relayers = await Promise.all(membersOf(state).map((address) => readRelayer(session, address, state)));
  const one = named ? await readRelayer(session, named, state) : null;
  const { version, quorum, queue, now } = state;
  const rows = [
    ...(one ? [`${one.address} ${standingText(one, now)}`] : []),
    `Committee ${version}: ${state.members.length} of at most ${terms.maxSeats} seats, ${quorum} signatures for a report`,
    ...relayers.map((relayer) => `  ${relayer.address} ${standingText(relayer, now)}`),
    ...(state.latestVersion === version
      ? []
      : [`Committee ${state.latestVersion} follows from epoch ${state.latestFrom} on.`]),
    queue.length === 0 ? "Nobody waits for a seat." : `Waiting for a seat: ${queue.length}`,
    ...queue.map(({ relayer, joinableAt }, i) => `  ${i + 1}. ${relayer}, from ${momentText(joinableAt, now)} on`),
    `A seat takes a bond of ${meshText(terms.bond)} and ${durationText(terms.joinDelay)} in the queue.`,
    `Leaving takes ${durationText(terms.resignNotice)} of notice and ${durationText(terms.releaseDelay)} until the bond is free.`,
    ...feeRows(terms, quorum),
  ];
  const result = {
    ...{ version, quorum, members: relayers.map((relayer) => figuresOf(relayer, now)) },
    ...{ latestVersion: state.latestVersion, latestFrom: state.latestFrom, latestMembers: state.latestMembers },
    queue: queue.map(({ relayer, joinableAt }, i) => ({
      position: i + 1,
      relayer,
      joinable: timeFigure(joinableAt, now),
    })),
    terms: { ...terms, bond: meshFigure(terms.bond), fee: meshFigure(terms.fee), reserve: meshFigure(terms.reserve) },
    ...(one && { relayer: figuresOf(one, now) }),
  };
  print(command, result, rows.join("\n"));
}

function membersOf({ members, latestMembers, version, latestVersion }: CommitteeState) {
  return version === 0 && latestVersion > 0 ? latestMembers : members;
}

function feeRows({ fee, reserve }: { fee: bigint; reserve: bigint }, quorum: bigint): string[] {
  const signers = quorum > 0n ? quorum : 1n;
  const lasts =
    fee > 0n && reserve < fee
      ? "no report is paid until somebody fills it"
      : `enough for ${fee === 0n ? "any number of" : reserve / fee} reports`;
  return [
    `A final report pays ${meshText(fee)}: half to the seat whose turn it was, half to its signers (${meshText(fee / 2n / signers)} each of ${signers}).`,
    `The reserve holds ${meshText(reserve)}: ${lasts}.`,
  ];
}

function figuresOf(
  { bond, fees, joinableAt, vacatableAt, releaseAt, frozenUntil, ...rest }: RelayerState,
  now: bigint,
) {
  const time = (at: bigint) => (at === 0n ? null : timeFigure(at, now));
  return {
    ...{ ...rest, bond: meshFigure(bond), fees: meshFigure(fees), joinable: time(joinableAt) },
    ...{ vacatable: time(vacatableAt), release: time(releaseAt), frozen: time(frozenUntil) },
  };
}

async function readFees(session: Session) {
  const [state, terms] = await Promise.all([readCommittee(session), readTerms(session)]);
  const addresses = [...new Set([...membersOf(state), ...state.latestMembers])];
  const relayers = await Promise.all(addresses.map((address) => readRelayer(session, address, state)));
  return { state, terms, relayers };
}

async function showFees(options: NetworkOptions, command: Command): Promise<void> {
  const { state, terms, relayers } = await readFees(await openNetwork(options));
  const members = relayers.map(({ address, fees }) => ({ address, fees: meshFigure(fees) }));
  const rows = [
    ...feeRows(terms, state.quorum),
    ...relayers.map(({ address, fees }) => `  ${address} can withdraw ${meshText(fees)}`),
  ];
  print(command, { fee: meshFigure(terms.fee), reserve: meshFigure(terms.reserve), members }, rows.join("\n"));
}

async function withdrawFees(options: WalletOptions & { member?: string }, command: Command): Promise<void> {
  const named = options.member === undefined ? undefined : addressArgument("--member", options.member);
  const session = await openWalletSession(options);
  const member = named ?? session.account.address;
  const { fees } = await readRelayer(session, member, await readCommittee(session));
  if (fees === 0n) {
    throw new CliError(
      `${member} has no fees to withdraw; they are credited when final reports are collected, which relayers do by turns and anyone may (committee collect)`,
    );
  }
  await runCall(
    session,
    {
      ...{ contract: "CommitteeFees", abi: ABIS.CommitteeFees, functionName: "withdraw", args: [member] },
      sentence: `Pay ${member} its fees for reports.`,
      after: (wei) => [`${meshText(wei as bigint)} are with ${member}.`],
      preview: (wei) => ({
        gets: [`${member} gets ${meshText(wei as bigint)}.`],
        figures: { amount: meshFigure(wei as bigint), receiver: member },
      }),
    },
    { options, command },
  );
}
