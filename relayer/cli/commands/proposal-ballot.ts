import { ballotData, type Choice } from "@pqmesh/contracts/protocol/ballot";
import { shortId } from "@pqmesh/contracts/protocol/proposal-id";
import type { Command } from "commander";
import type { Address } from "viem";
import { ballotOf, ballotRequest, describeBallot, readSignedBallot } from "../ballot-request.ts";
import { ABIS, contractOf } from "../contracts.ts";
import { meshFigure, meshText, momentText, unitsFigure, unitsText } from "../figures.ts";
import { chainTime } from "../governed.ts";
import { withExample } from "../help.ts";
import { writeNewFile } from "../new-file.ts";
import { CliError, print, refuted, usageError } from "../output.ts";
import { findProposal, type MadeProposal, readStanding } from "../proposal-state.ts";
import { openWalletSession, runCall, type WalletOptions, type WalletSession, withWallet } from "../transaction.ts";
import { readVoteWeight, weightReasons } from "../vote-weight.ts";

/** Adds `pqmesh proposal submit-vote`. */
export function addProposalBallotCommand(proposal: Command): void {
  withExample(
    withWallet(proposal.command("submit-vote")),
    "proposal submit-vote --signed ballot.json --wallet any.json --yes",
  )
    .description("send a ballot that a voter has signed (proposal vote --sign-only, pq-account); any wallet may")
    .requiredOption("--signed <file>", "signed ballot")
    .action(submit);
}

/** Signs a ballot with the wallet and writes it to a file that anybody sends. */
export async function signBallot(
  session: WalletSession,
  { made, voteEnd, choice }: { made: MadeProposal; voteEnd: bigint; choice: Choice },
  { file, command }: { file: string; command: Command },
): Promise<void> {
  const { chainId, contracts } = session.network;
  const voter = session.account.address;
  const governor = contractOf(session, "MeshGovernor");
  const nonce = await session.client.readContract({ ...governor, functionName: "nonces", args: [voter] });
  const request = ballotRequest({
    ...{ chainId, governor: contracts.MeshGovernor, proposalId: `${made.proposalId}`, choice, voter },
    ...{ nonce: `${nonce}`, keyId: null, deadline: Number(voteEnd) },
  });
  const data = ballotData({ chainId, governor: contracts.MeshGovernor }, ballotOf(request));
  const signature = await session.account.signTypedData(data);
  writeNewFile(file, `${JSON.stringify({ ...request, signature }, null, 2)}\n`);
  const rows = [...describeBallot(request), `${file}: signed; anybody can send it (proposal submit-vote).`];
  print(command, { file, ...request }, rows.join("\n"));
}

async function submit(options: WalletOptions & { signed: string }, command: Command): Promise<void> {
  const signed = readSignedBallot(options.signed);
  const session = await openWalletSession(options);
  requireSameGovernor(session, signed);
  const made = await findProposal(session, signed.proposalId);
  const [standing, now] = [await readStanding(session, made), await chainTime(session)];
  const name = `proposal ${shortId(made.proposalId)}`;
  if (standing.state !== "active") throw new CliError(`${name} is ${standing.state}, so it cannot be voted on`);
  const { voter, support, nonce } = ballotOf(signed);
  await requireUnused(session, { voter, nonce, made });
  const weight = await readVoteWeight(session, voter, made.voteStart);
  const why = await weightReasons(session, weight, made.voteStart);
  const counts = `${unitsText(weight.units)} in the identity house and ${meshText(weight.tokens)} in the token house`;
  await runCall(
    session,
    {
      ...{ contract: "MeshGovernor", abi: ABIS.MeshGovernor, functionName: "castVoteBySig" },
      args: [made.proposalId, support, voter, signed.signature],
      sentence: `Vote ${signed.choice} ${name} as ${voter}.`,
      after: () => [`The vote of ${voter} counts ${counts}.`],
      preview: () => ({
        gets: why,
        unlocks: [`Voting ends at ${momentText(standing.voteEnd, now)}.`],
        figures: { voter, units: unitsFigure(weight.units), tokens: meshFigure(weight.tokens) },
      }),
    },
    { options, command },
  );
}

function requireSameGovernor(
  { network }: WalletSession,
  { chainId, governor }: { chainId: number; governor: string },
): void {
  if (chainId !== network.chainId) {
    throw usageError(`this was signed for chain ${chainId}, network.json is for chain ${network.chainId}`);
  }
  const { MeshGovernor } = network.contracts;
  if (governor === MeshGovernor.toLowerCase()) return;
  throw usageError(`this was signed for governor ${governor}, network.json names ${MeshGovernor}`);
}

async function requireUnused(
  session: WalletSession,
  { voter, nonce, made }: { voter: Address; nonce: bigint; made: MadeProposal },
): Promise<void> {
  const governor = contractOf(session, "MeshGovernor");
  const args = [made.proposalId, voter] as const;
  if (await session.client.readContract({ ...governor, functionName: "hasVoted", args })) {
    throw new CliError(`${voter} has voted on proposal ${shortId(made.proposalId)}; a vote cannot be changed`);
  }
  const next = await session.client.readContract({ ...governor, functionName: "nonces", args: [voter] });
  if (next !== nonce) throw refuted(`this is signed ballot ${nonce} of ${voter}, whose next is ${next}: sign it again`);
}
