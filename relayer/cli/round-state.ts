import { decodeCalls } from "@pqmesh/contracts/protocol/decode-call";
import { unitsWords } from "@pqmesh/contracts/protocol/exact-words";
import { type Address, zeroAddress } from "viem";
import { readCallFacts } from "./call-facts.ts";
import { findEvents } from "./chain-history.ts";
import type { Session } from "./chain-session.ts";
import { contractOf } from "./contracts.ts";
import { CliError } from "./output.ts";

/** What a round decides, as `IQuadraticRound.RoundKind` counts. */
const KINDS = ["grants", "priorities"] as const;

/** What can be voted for. */
export interface RoundOption {
  option: number;
  /** What it would do, in one sentence. */
  sentence: string;
  target: Address;
  votes: bigint;
}

/** A round of voice credits as it stands. Times are Unix seconds. */
export interface Round {
  roundId: number;
  season: number;
  kind: (typeof KINDS)[number];
  description: string;
  state: "coming" | "open" | "over";
  startsAt: bigint;
  endsAt: bigint;
  credits: bigint;
  minUnits: bigint;
  minVotes: number;
  /** Options that win; of grants all with enough votes. */
  winners: number | null;
  /** What is divided among grants, as text; null for priorities. */
  budget: string | null;
  options: RoundOption[];
}

/** Reads a round. @throws CliError when it does not exist. */
export async function readRound(session: Session, roundId: number): Promise<Round> {
  const { client } = session;
  const rounds = contractOf(session, "QuadraticRound");
  if (roundId < 1 || roundId > (await client.readContract({ ...rounds, functionName: "roundCount" }))) {
    throw new CliError(`round ${roundId} does not exist; "round list" prints all`);
  }
  const args = [roundId] as const;
  const [terms, options, tally, opened, block, facts] = await Promise.all([
    client.readContract({ ...rounds, functionName: "roundOf", args }),
    client.readContract({ ...rounds, functionName: "optionsOf", args }),
    client.readContract({ ...rounds, functionName: "tallyOf", args }),
    findEvents<{ description: string }>(session, {
      contract: "QuadraticRound",
      eventName: "RoundOpened",
      args: { roundId },
    }),
    client.getBlock(),
    readCallFacts(session),
  ]);
  const season = await client.readContract({ ...rounds, functionName: "seasonOf", args: [terms.season] });
  const kind = KINDS[terms.kind] ?? "priorities";
  const token = facts.tokens?.get(terms.token.toLowerCase());
  const amount = (units: bigint): string =>
    token ? unitsWords(units, token) : `${units} smallest units of the token ${terms.token}`;
  const sentences =
    kind === "grants"
      ? options.map(({ target, most }) => `Pays at most ${amount(most)} from the treasury to ${target}`)
      : decodeCalls(
          options.map(({ target, data }) => ({ target, value: 0n, data })),
          facts,
        ).map((call) => [call.sentence, ...call.warnings].join(". WARNING: "));
  const [startsAt, endsAt] = [BigInt(season.startsAt), BigInt(season.endsAt)];
  return {
    ...{ roundId, season: terms.season, kind, startsAt, endsAt, minVotes: terms.minVotes },
    state: block.timestamp < startsAt ? "coming" : block.timestamp < endsAt ? "open" : "over",
    description: opened[0]?.description ?? "",
    ...{ credits: BigInt(season.credits), minUnits: BigInt(season.minUnits) },
    ...{ winners: kind === "grants" ? null : terms.winners, budget: kind === "grants" ? amount(terms.budget) : null },
    options: options.map(({ target }, i) => {
      return { option: i, sentence: sentences[i] ?? "", target, votes: tally[i] ?? 0n };
    }),
  };
}

/** Identities whose votes count in an open round although they are not certified any more, the oldest voters first. */
export async function readDiscardable(session: Session, { roundId, state }: Round): Promise<bigint[]> {
  if (state !== "open") return [];
  const { client } = session;
  const [voted, gate] = await Promise.all([
    findEvents<{ identity: bigint }>(session, {
      contract: "QuadraticRound",
      eventName: "Voted",
      args: { roundId },
    }),
    client.readContract({ ...contractOf(session, "QuadraticVotes"), functionName: "gate" }),
  ]);
  const identityGate = { address: gate, abi: contractOf(session, "AdmittedIdentities").abi };
  const rounds = contractOf(session, "QuadraticRound");
  const standing = await Promise.all(
    [...new Set(voted.map(({ identity }) => identity))].map(async (identity) => {
      const [account, votes] = await Promise.all([
        client.readContract({ ...identityGate, functionName: "accountOf", args: [identity] }),
        client.readContract({ ...rounds, functionName: "ballotOf", args: [roundId, identity] }),
      ]);
      return account === zeroAddress && votes.some((count) => count > 0n) ? [identity] : [];
    }),
  );
  return standing.flat();
}

/** What an identity has done in a round and its season. */
export async function readBallot(session: Session, { roundId, season }: Round, identity: bigint) {
  const rounds = contractOf(session, "QuadraticRound");
  const [votes, spent] = await Promise.all([
    session.client.readContract({ ...rounds, functionName: "ballotOf", args: [roundId, identity] }),
    session.client.readContract({ ...rounds, functionName: "spentOf", args: [season, identity] }),
  ]);
  return { votes, spent };
}
