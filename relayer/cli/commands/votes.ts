import type { Command } from "commander";
import { formatEther, maxUint256, zeroAddress } from "viem";
import { balanceOf } from "../allowance.ts";
import { addressArgument, identityArgument, meshArgument } from "../arguments.ts";
import { type NetworkOptions, openNetwork, withNetwork } from "../chain-session.ts";
import { ABIS, contractOf } from "../contracts.ts";
import { meshFigure, meshText, momentText, timeFigure, unitsFigure, unitsText } from "../figures.ts";
import { chainTime, governed } from "../governed.ts";
import { withExample } from "../help.ts";
import { CliError, print, usageError } from "../output.ts";
import { openWalletSession, runCall, type WalletOptions, type WalletSession, withWallet } from "../transaction.ts";
import { readVoteWeight, weightReasons } from "../vote-weight.ts";

interface SyncOptions extends WalletOptions {
  account?: string;
}

/** Adds `pqmesh votes …`. */
export function addVotesCommands(program: Command): void {
  const votes = withExample(
    program.command("votes").description("what an account weighs in the DAO's votes, and how it comes to more"),
    "votes show 0xADDRESS",
  );

  withExample(withNetwork(votes.command("show")), "votes show 0xADDRESS", "votes show 0xADDRESS --json")
    .description("print an account's weight in both houses, its lock, and why the weight is what it is")
    .argument("<account>", "address of the account")
    .action(show);

  withExample(withWallet(votes.command("delegate")), "votes delegate 0xADDRESS --wallet owner.json --yes")
    .description("let another account vote with your units of the identity house, for proposals to come")
    .argument("<to>", 'an account with a certified identity, or "self"')
    .option(
      "--tokens",
      "your MESH in the token house instead, which any account can vote with; without it, nobody votes",
    )
    .action((to: string, options: WalletOptions & { tokens?: boolean }, command: Command) =>
      options.tokens ? delegateTokens(to, options, command) : delegate(to, options, command),
    );

  withExample(
    withWallet(votes.command("lock")),
    "votes lock 2500 --wallet voter.json --dry-run",
    "votes lock max --wallet voter.json --yes",
  )
    .description("lock MESH so that it counts in the identity house; needs a certified identity")
    .argument("<amount>", 'MESH, for example 2500, or "max": all that the wallet has')
    .action(lock);

  withExample(withWallet(votes.command("unlock")), "votes unlock all --wallet voter.json --yes")
    .description("stop locked MESH from counting; it can be withdrawn after a delay")
    .argument("<amount>", 'MESH, or "all"')
    .action(unlock);

  withExample(withWallet(votes.command("withdraw")), "votes withdraw --wallet voter.json --yes")
    .description("take MESH that was unlocked and has matured")
    .action(withdraw);

  withExample(
    withWallet(votes.command("sync")),
    "votes sync --account 0xADDRESS --wallet any.json --yes",
    "votes sync 12 13 14 --wallet any.json --dry-run",
  )
    .description(
      "bring units and holder of identities up to date; anyone may, and is paid where an identity lost its certificate",
    )
    .argument("[identities...]", "identities, as whole numbers or hex")
    .option("--account <address>", "the identity of this account")
    .action(sync);
}

async function show(text: string, options: NetworkOptions, command: Command): Promise<void> {
  const account = addressArgument("account", text);
  const session = await openNetwork(options);
  const votes = contractOf(session, "QuadraticVotes");
  const [weight, lock, now] = await Promise.all([
    readVoteWeight(session, account),
    session.client.readContract({ ...votes, functionName: "lockOf", args: [account] }),
    chainTime(session),
  ]);
  const why = await weightReasons(session, weight);
  const {
    identity,
    recordedIdentity,
    units,
    ownUnits,
    unitsAfterSync,
    delegate: units_,
    tokens,
    tokenDelegate,
  } = weight;
  const result = {
    ...{ account, identity, recordedIdentity, why, units: unitsFigure(units), ownUnits: unitsFigure(ownUnits) },
    ...{ unitsAfterSync: unitsFigure(unitsAfterSync), delegate: units_ },
    ...{ tokens: meshFigure(tokens), tokenDelegate, locked: meshFigure(lock.amount) },
    unlocking:
      lock.unlocking > 0n ? { ...meshFigure(lock.unlocking), matures: timeFigure(BigInt(lock.maturesAt), now) } : null,
  };
  const waiting =
    lock.unlocking > 0n ? `, ${meshText(lock.unlocking)} free at ${momentText(BigInt(lock.maturesAt), now)}` : "";
  const rows = [
    `Account ${account}, ${identity === 0n ? "no certified identity" : `identity ${identity}`}`,
    ...why.map((line) => `  ${line}`),
    `  Locked: ${meshText(lock.amount)}${waiting}.`,
  ];
  print(command, result, rows.join("\n"));
}

const CALL = { contract: "QuadraticVotes", abi: ABIS.QuadraticVotes } as const;

async function delegate(to: string, options: WalletOptions, command: Command): Promise<void> {
  const named = to === "self" ? undefined : addressArgument("to", to);
  const session = await openWalletSession(options);
  const self = session.account.address;
  const delegatee = named ?? self;
  if (delegatee === zeroAddress) throw usageError('to is the zero address; say "self" to vote yourself');
  const { ownUnits, delegate: current } = await readVoteWeight(session, self);
  if (current === delegatee) throw new CliError(`the units of ${self} are delegated to ${delegatee} already`);
  await runCall(
    session,
    {
      ...{ ...CALL, functionName: "delegate", args: [delegatee] },
      sentence: `Let ${delegatee === self ? "this wallet itself" : delegatee} vote with the units of ${self}.`,
      after: () => [`${unitsText(ownUnits)} vote for it in proposals whose snapshot is still to come.`],
      preview: () => ({
        risks: [
          "Proposals whose snapshot has passed stay with the delegate before.",
          "If the delegate loses its identity, nobody votes with your units until you choose another.",
        ],
        figures: { units: unitsFigure(ownUnits), before: current, after: delegatee },
      }),
    },
    { options, command },
  );
}

async function delegateTokens(to: string, options: WalletOptions, command: Command): Promise<void> {
  const named = to === "self" ? undefined : addressArgument("to", to);
  const session = await openWalletSession(options);
  const self = session.account.address;
  const delegatee = named ?? self;
  if (delegatee === zeroAddress) throw usageError('to is the zero address; say "self" to vote yourself');
  const { balance, tokenDelegate: current } = await readVoteWeight(session, self);
  if (current === delegatee) throw new CliError(`the MESH of ${self} is delegated to ${delegatee} already`);
  await runCall(
    session,
    {
      ...{ contract: "MeshToken", abi: ABIS.MeshToken, functionName: "delegate", args: [delegatee] },
      sentence: `Let ${delegatee === self ? "this wallet itself" : delegatee} vote with the MESH of ${self} in the token house.`,
      after: () => [`${meshText(balance)} vote for it in proposals whose snapshot is still to come.`],
      preview: () => ({
        risks: ["Proposals whose snapshot has passed stay with the delegate before."],
        figures: { tokens: meshFigure(balance), before: current, after: delegatee },
      }),
    },
    { options, command },
  );
}

async function lock(amount: string, options: WalletOptions, command: Command): Promise<void> {
  const asked = meshArgument(amount, { allowAll: true });
  const session = await openWalletSession(options);
  const wei = asked === maxUint256 ? await balanceOf(session) : asked;
  const [weight, ramp, delay] = await Promise.all([
    readVoteWeight(session, session.account.address),
    governed(session, "voteAgeRamp"),
    governed(session, "voteUnlockDelay"),
  ]);
  const now = await chainTime(session);
  await runCall(
    session,
    {
      ...{ ...CALL, functionName: "lock", args: [wei], takes: wei },
      withPermit: ({ deadline, v, r, s }) => ({ functionName: "lockWithPermit", args: [wei, deadline, v, r, s] }),
      sentence: `Lock ${formatEther(wei)} MESH for votes.`,
      after: () => [
        `It counts once it is old enough and somebody has sent "votes sync --account ${session.account.address}".`,
      ],
      preview: () => ({
        gets: [
          "More units in the identity house: their number is the root of all that your identity has staked and locked.",
        ],
        unlocks: [
          `It counts from between ${momentText(now + ramp, now)} and ${momentText(now + 2n * ramp, now)} on.`,
          `It can be withdrawn ${momentText(now + delay, now)} at the earliest, after "votes unlock".`,
        ],
        risks: ["Locked MESH does not vote in the token house, and earns nothing."],
        figures: { amount: meshFigure(wei), units: unitsFigure(weight.ownUnits) },
      }),
    },
    { options, command },
  );
}

async function unlock(amount: string, options: WalletOptions, command: Command): Promise<void> {
  const asked = meshArgument(amount, { allowAll: true });
  const session = await openWalletSession(options);
  const { amount: locked } = await ownLock(session);
  const wei = asked === maxUint256 ? locked : asked;
  if (locked === 0n) throw new CliError(`wallet ${session.account.address} has locked nothing`);
  if (wei > locked)
    throw new CliError(`${formatEther(wei)} MESH were asked for, ${formatEther(locked)} are locked; say "all"`);
  const [now, delay] = [await chainTime(session), await governed(session, "voteUnlockDelay")];
  await runCall(
    session,
    {
      ...{ ...CALL, functionName: "requestUnlock", args: [asked === maxUint256 ? maxUint256 : wei] },
      sentence: `Stop ${meshText(wei)} from counting in votes.`,
      after: () => [`It can be withdrawn from ${momentText(now + delay, now)} on: "votes withdraw".`],
      preview: () => ({
        unlocks: [momentText(now + delay, now)],
        risks: ["Your units fall at once. What is being unlocked already waits anew."],
        figures: { amount: meshFigure(wei), matures: timeFigure(now + delay, now) },
      }),
    },
    { options, command },
  );
}

async function withdraw(options: WalletOptions, command: Command): Promise<void> {
  const session = await openWalletSession(options);
  await runCall(
    session,
    {
      ...{ ...CALL, functionName: "withdraw", args: [] },
      sentence: "Withdraw MESH that was unlocked.",
      after: (wei) => [`${meshText(wei as bigint)} are paid to ${session.account.address}.`],
    },
    { options, command },
  );
}

async function sync(identities: string[], options: SyncOptions, command: Command): Promise<void> {
  if ((identities.length === 0) === (options.account === undefined)) {
    throw usageError("name identities or an account with --account, one of the two");
  }
  const named = identities.map(identityArgument);
  const account = options.account === undefined ? undefined : addressArgument("--account", options.account);
  const session = await openWalletSession(options);
  if (account) {
    const { identity, recordedIdentity } = await readVoteWeight(session, account);
    if (identity === 0n && recordedIdentity === 0n)
      throw new CliError(`account ${account} has no identity, so nothing can be synced`);
    named.push(identity === 0n ? recordedIdentity : identity);
  }
  const votes = contractOf(session, "QuadraticVotes");
  const rows = await Promise.all(
    named.map(async (identity) => {
      const [{ units }, after] = await Promise.all([
        session.client.readContract({ ...votes, functionName: "holdingOf", args: [identity] }),
        session.client.readContract({ ...votes, functionName: "unitsAfterSync", args: [identity] }),
      ]);
      return `Identity ${identity}: ${unitsText(BigInt(units))} before, ${unitsText(after)} after.`;
    }),
  );
  await runCall(
    session,
    {
      ...{ ...CALL, functionName: "syncMany", args: [named] },
      sentence: `Bring ${named.length === 1 ? `identity ${named[0]}` : `${named.length} identities`} up to date.`,
      after: () => rows,
    },
    { options, command },
  );
}

async function ownLock(session: WalletSession) {
  const request = { functionName: "lockOf", args: [session.account.address] } as const;
  return session.client.readContract({ ...contractOf(session, "QuadraticVotes"), ...request });
}
