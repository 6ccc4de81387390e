import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import type { Command } from "commander";
import { formatEther } from "viem";
import { naturalArgument } from "../arguments.ts";
import { momentText } from "../figures.ts";
import { chainTime } from "../governed.ts";
import { withExample } from "../help.ts";
import { CliError } from "../output.ts";
import {
  openWalletSession,
  type PlannedCall,
  runCall,
  type WalletOptions,
  type WalletSession,
} from "../transaction.ts";

/** Part of the bond for somebody else than the challenger who ends an unanswered challenge. */
const TIP_DIVISOR = 10n;
/** States of a challenge, numbered as `IAttestationDisputes.ChallengeState` counts. */
const [QUEUED, OPEN, ANSWERED] = [1, 2, 3];

/** Adds the commands that end a challenge, below the one that makes it; network and wallet are that one's options. */
export function addChallengeEndCommands(challenge: Command): void {
  withExample(
    challenge.command("dismiss"),
    "challenge dismiss 7 --wallet any.json --dry-run",
    "challenge dismiss 7 --wallet any.json --yes",
  )
    .description("end a challenge whose answer stood; the bond goes to whoever answered; anyone may")
    .argument("<id>", "number of the challenge, as pqmesh report prints it")
    .action((id: string, _: object, command: Command) => end(id, { from: ANSWERED, plan: dismissal }, command));

  withExample(
    challenge.command("expire"),
    "challenge expire 7 --wallet any.json --dry-run",
    "challenge expire 7 --wallet any.json --yes",
  )
    .description(
      "end a challenge that nobody answered in time: the node is absent, the signers are punished; anyone may",
    )
    .argument("<id>", "number of the challenge, as pqmesh report prints it")
    .action((id: string, _: object, command: Command) => end(id, { from: OPEN, plan: expiry }, command));
}

type Challenge = Awaited<ReturnType<typeof readChallenge>>;

interface Ending {
  /** State in which a challenge must be. */
  from: number;
  plan(challenge: Challenge, session: WalletSession): Omit<PlannedCall, "contract" | "abi" | "args">;
}

async function end(idText: string, { from, plan }: Ending, command: Command): Promise<void> {
  const id = BigInt(naturalArgument("id", idText));
  const options = command.optsWithGlobals<WalletOptions>();
  const session = await openWalletSession(options);
  const challenge = await readChallenge(session, id);
  requireOver(challenge, from, await chainTime(session));
  await runCall(
    session,
    { contract: "AttestationDisputes", abi: attestationDisputesAbi, args: [id], ...plan(challenge, session) },
    { options, command },
  );
}

async function readChallenge({ client, network }: WalletSession, id: bigint) {
  const address = network.contracts.AttestationDisputes;
  const request = { address, abi: attestationDisputesAbi, functionName: "challengeOf", args: [id] } as const;
  return { id, ...(await client.readContract(request)) };
}

/** @throws CliError saying what a challenge waits for, or which command ends it. */
function requireOver({ id, state, until }: Challenge, from: number, now: bigint): void {
  if (state === QUEUED) throw new CliError(`challenge ${id} waits in the queue: its clock stands still`);
  if (from === ANSWERED && state === OPEN)
    throw new CliError(`challenge ${id} was not answered: challenge expire ends it`);
  if (from === OPEN && state === ANSWERED)
    throw new CliError(`challenge ${id} was answered: challenge dismiss ends it`);
  if (state !== from) throw new CliError(`challenge ${id} is over, or was never made`);
  if (until <= now) return;
  const what = state === OPEN ? "be answered" : "be proven invalid";
  throw new CliError(`challenge ${id} can still ${what}; it can be ended from ${momentText(until, now)} on`);
}

function dismissal({ id, nodeIndex, epoch, bond, responder }: Challenge): ReturnType<Ending["plan"]> {
  return {
    functionName: "dismissChallenge",
    sentence: `End challenge ${id} of node ${nodeIndex} in epoch ${epoch}: its answer stood.`,
    after: () => [
      `${responder} can withdraw the bond of ${formatEther(bond)} ETH.`,
      `Rewards, delegations and top-ups of node ${nodeIndex} no longer wait for this challenge.`,
    ],
    preview: () => ({ figures: { bondWei: bond, receiver: responder } }),
  };
}

function expiry(
  { id, nodeIndex, epoch, bond, challenger }: Challenge,
  { account }: WalletSession,
): ReturnType<Ending["plan"]> {
  const tip = challenger === account.address ? 0n : bond / TIP_DIVISOR;
  return {
    functionName: "expireChallenge",
    sentence: `End challenge ${id} of node ${nodeIndex} in epoch ${epoch}: nobody answered it in time.`,
    after: () => [
      `Node ${nodeIndex} is absent in epoch ${epoch}, and the signers of its report are jailed and slashed.`,
      `${challenger} can withdraw ${formatEther(bond - tip)} ETH of its bond.`,
      `Rewards, delegations and top-ups of node ${nodeIndex} no longer wait for this challenge.`,
    ],
    preview: () => ({
      ...(tip > 0n && { gets: [`${formatEther(tip)} ETH, a tenth of the bond, to withdraw.`] }),
      figures: { bondWei: bond, tipWei: tip, receiver: challenger },
    }),
  };
}
