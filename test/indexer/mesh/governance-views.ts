import { keptReason } from "@pqmesh/contracts/protocol/ballot-reason";
import { expect } from "chai";
import { type Address, type Hex, keccak256, stringToHex, zeroAddress, zeroHash } from "viem";

import type { TestIndexer } from "../fixture/test-indexer.ts";
import type { MeshChain } from "./mesh-chain.ts";
import { REASONS } from "./mesh-governance.ts";

type Row = Record<string, string>;

/** As IGovernor numbers them. */
const [CANCELED, EXECUTED] = [2, 7];
const SUPPORTS = ["Against", "For", "Abstain"] as const;
const TALLIES = ["against", "for", "abstain"] as const;
const OPERATION_KINDS = ["Unlisted", "AuthorizationOp", "ExecutionOp", "RollbackOp", "GovernanceOp"];
/** `since` of an identity that is not held. */
const NOT_HELD = 2 ** 48 - 1;

interface IndexedCall {
  target: Address;
  value: string;
  calldata: Hex;
}

interface IndexedBallot {
  voter: { id: Address };
  support: (typeof SUPPORTS)[number];
  units: string;
  tokens: string;
  reason: string;
  reasonLength: number;
}

/** What of a proposal is no plain number. */
interface ProposalParts {
  id: string;
  proposer: { id: Address };
  operation: { id: Hex; proposal: { id: string } } | null;
  actions: IndexedCall[];
  extensions: { voteEnd: string }[];
  ballots: IndexedBallot[];
}

/** Proposals, their terms, ballots and tallies are those of the governor. */
export async function compareProposals(mesh: MeshChain, indexer: TestIndexer): Promise<void> {
  const { proposals, governance } = indexer.query<{
    proposals: (Row & ProposalParts)[];
    governance: { proposalCount: number };
  }>(`{ governance(id: "pqmesh") { proposalCount }
    proposals(orderBy: number) { id number description proposer { id } voteStart voteEnd extendedBy quorumBp vetoQuorumBp tokenVetoBp
      totalUnits quorumUnits votableSupply tokenVeto lateExtension bond bondState forUnits againstUnits abstainUnits
      forTokens againstTokens abstainTokens voterCount eta executedAt cancelledAt
      operation { id proposal { id } }
      actions(orderBy: index) { target value calldata } extensions { voteEnd } ballots { voter { id } support units tokens reason reasonLength } } }`);
  expect(
    proposals.map(({ number }) => Number(number)),
    "numbers",
  ).to.deep.equal(proposals.map((_, i) => i + 1));
  expect(governance.proposalCount, "count").to.equal(proposals.length);
  for (const proposal of proposals) await compareProposal(mesh, proposal);
}

async function compareProposal(mesh: MeshChain, proposal: Row & ProposalParts): Promise<void> {
  const { id } = proposal;
  const read = <T>(name: string, ...args: unknown[]) => mesh.read<T>("MeshGovernor", name, [BigInt(id), ...args]);
  const state = await read<number>("state");
  const ends = { cancelled: proposal["cancelledAt"] !== null, executed: proposal["executedAt"] !== null };
  expect(ends, `end of ${id}`).to.deep.equal({ cancelled: state === CANCELED, executed: state === EXECUTED });
  expect(proposal.proposer.id, "proposer").to.equal((await read<Address>("proposalProposer")).toLowerCase());
  const times = [proposal["voteStart"], proposal["voteEnd"]].map(BigInt as never);
  expect(times, `times of ${id}`).to.deep.equal([
    await read<bigint>("proposalSnapshot"),
    await read<bigint>("proposalDeadline"),
  ]);
  expect(BigInt(proposal["eta"] ?? 0), "eta").to.equal(await read<bigint>("proposalEta"));
  const hash = keccak256(stringToHex(proposal["description"]!));
  expect(await mesh.read("MeshGovernor", "hashProposal", [...partsOf(proposal.actions), hash]), "actions").to.equal(
    BigInt(id),
  );
  expect(proposal.extensions.at(-1)?.voteEnd ?? proposal["voteEnd"], "extension").to.equal(proposal["voteEnd"]);
  await compareTerms(mesh, proposal);
  await compareBallots(mesh, proposal);
  if (proposal.operation) expect(proposal.operation.proposal.id, "operation's proposal").to.equal(id);
}

/** Calls as contracts take them: targets, values, calldatas. */
function partsOf(calls: IndexedCall[]): [Address[], bigint[], Hex[]] {
  return [
    calls.map(({ target }) => target),
    calls.map(({ value }) => BigInt(value)),
    calls.map((call) => call.calldata),
  ];
}

async function compareBallots(mesh: MeshChain, proposal: Row & ProposalParts): Promise<void> {
  const { id, ballots } = proposal;
  const read = <T>(name: string, ...args: unknown[]) => mesh.read<T>("MeshGovernor", name, [BigInt(id), ...args]);
  const counted = [...(await read<bigint[]>("proposalVotes")), ...(await read<bigint[]>("tokenVotes"))].map(String);
  const indexed = ["againstUnits", "forUnits", "abstainUnits", "againstTokens", "forTokens"].map(
    (key) => proposal[key],
  );
  expect(indexed, `tallies of ${id}`).to.deep.equal(counted);
  for (const [i, tally] of TALLIES.entries()) {
    const cast = ballots.filter(({ support }) => support === SUPPORTS[i]);
    for (const [house, key] of [["Units", "units"] as const, ["Tokens", "tokens"] as const]) {
      const sum = cast.reduce((total, ballot) => total + BigInt(ballot[key]), 0n);
      expect(`${sum}`, `${tally} ballots of ${id}`).to.equal(proposal[`${tally}${house}`]);
    }
  }
  expect(ballots.length, "voters").to.equal(Number(proposal["voterCount"]));
  for (const { voter, reason, reasonLength } of ballots) {
    const whole = REASONS.find(({ length }) => length === reasonLength) ?? "";
    expect(reason, `reason of ${voter.id}`).to.equal(keptReason(whole).replaceAll("\u0000", ""));
  }
  for (const { voter } of ballots) expect(await read<boolean>("hasVoted", voter.id), voter.id).to.equal(true);
}

async function compareTerms(mesh: MeshChain, proposal: Row & ProposalParts): Promise<void> {
  const read = <T>(name: string, ...args: unknown[]) => mesh.read<T>("MeshGovernor", name, args);
  const { bond, ...terms } = await read<Record<string, bigint | number>>("proposalTerms", BigInt(proposal.id));
  const keys = ["quorumBp", "vetoQuorumBp", "tokenVetoBp", "votableSupply", "lateExtension"];
  expect(Object.fromEntries(keys.map((key) => [key, `${proposal[key]}`])), "terms").to.deep.equal(
    Object.fromEntries(keys.map((key) => [key, `${terms[key]}`])),
  );
  expect(proposal["bondState"] === "Held" ? BigInt(proposal["bond"]!) : 0n, "bond").to.equal(bond);
  const start = BigInt(proposal["voteStart"]!);
  const isPast = start < BigInt((await mesh.chain.head()).timestamp);
  const total = isPast
    ? await mesh.read<bigint>("QuadraticVotes", "getPastTotalSupply", [start])
    : await mesh.read<bigint>("QuadraticVotes", "totalSupply");
  expect(BigInt(proposal["totalUnits"]!), `units at the snapshot of ${proposal.id}`).to.equal(total);
  if (isPast) expect(BigInt(proposal["quorumUnits"]!)).to.equal(await read("proposalQuorum", BigInt(proposal.id)));
}

/** Units, delegates, votes and locks of all accounts, and identities, are those of the votes contract and of the gate. */
export async function compareElectorate(mesh: MeshChain, indexer: TestIndexer): Promise<void> {
  const { votingAccounts, votingIdentities, governance } = indexer.query<{
    votingAccounts: (Row & { id: Address; delegate: { id: Address }; identity: { id: string } | null })[];
    votingIdentities: (Row & { account: { id: Address } | null; admittedAccount: { id: Address } | null })[];
    governance: Row;
  }>(`{ votingAccounts(first: 1000) { id units votes delegate { id } identity { id } lockedMesh unlockingMesh unlockAt }
    votingIdentities { id isOperator account { id } heldSince units isSuspended admittedAccount { id } admittedUntil }
    governance(id: "pqmesh") { totalUnits totalLocked syncBudget gate heldIdentityCount } }`);
  const votes = <T>(name: string, ...args: unknown[]) => mesh.read<T>("QuadraticVotes", name, args);
  for (const { id, delegate, identity, unlockAt, ...amounts } of votingAccounts) {
    const lock = await votes<Record<string, bigint | number>>("lockOf", id);
    expect({ ...amounts, delegate: delegate.id, unlockAt: unlockAt ?? "0" }, id).to.deep.equal({
      ...{ units: String(await votes("balanceOf", id)), votes: String(await votes("getVotes", id)) },
      ...{ delegate: (await votes<Address>("delegates", id)).toLowerCase(), lockedMesh: `${lock["amount"]}` },
      ...{ unlockingMesh: `${lock["unlocking"]}`, unlockAt: `${lock["maturesAt"]}` },
    });
    if (identity) expect(BigInt(identity.id), `identity of ${id}`).to.equal(await votes("recordedIdentityOf", id));
  }
  for (const identity of votingIdentities) await compareIdentity(mesh, identity);
  const sum = (key: string) => `${votingAccounts.reduce((total, account) => total + BigInt(account[key]!), 0n)}`;
  const total = String(await votes("totalSupply"));
  expect([sum("units"), sum("votes"), governance["totalUnits"]], "all units").to.deep.equal([total, total, total]);
  const held = votingIdentities.filter(({ heldSince }) => heldSince !== null).length;
  expect(governance, "totals").to.deep.include({
    ...{ totalLocked: String(await votes("totalLocked")), syncBudget: String(await votes("syncBudget")) },
    ...{ gate: (await votes<Address>("gate")).toLowerCase(), heldIdentityCount: held },
  });
}

async function compareIdentity(
  mesh: MeshChain,
  identity: Row & { account: { id: Address } | null; admittedAccount: { id: Address } | null },
): Promise<void> {
  const id = BigInt(identity["id"]!);
  const holding = await mesh.read<{ account: Address; since: number; units: number }>("QuadraticVotes", "holdingOf", [
    id,
  ]);
  const since = holding.since === NOT_HELD || holding.since === 0 ? null : `${holding.since}`;
  expect([identity["heldSince"], identity["units"]], `identity ${id}`).to.deep.equal([since, `${holding.units}`]);
  if (since !== null) expect(identity.account!.id, `holder of ${id}`).to.equal(holding.account.toLowerCase());
  if (identity["isOperator"] as never) {
    const isSuspended = await mesh.read<boolean>("AdmittedIdentities", "isSuspended", [Number(id)]);
    expect(identity["isSuspended"], "suspended").to.equal(isSuspended);
    return;
  }
  const admission = await mesh.read<{ account: Address; expiresAt: number }>("AdmittedIdentities", "admissionOf", [id]);
  const admitted = [identity.admittedAccount?.id ?? zeroAddress, identity["admittedUntil"] ?? "0"];
  expect(admitted, `admission of ${id}`).to.deep.equal([admission.account.toLowerCase(), `${admission.expiresAt}`]);
}

/** Seasons, rounds, tallies, ballots and credits are those of the contract. */
export async function compareRounds(mesh: MeshChain, indexer: TestIndexer): Promise<void> {
  const { seasons, rounds, spendings } = indexer.query<{
    seasons: Row[];
    rounds: IndexedRound[];
    spendings: { season: { id: string }; identity: { id: string }; spent: string }[];
  }>(`{ seasons { number startsAt endsAt credits minUnits }
    spendings: seasonSpendings { season { id } identity { id } spent }
    rounds(first: 9) { number season { number } kind winners minVotes token budget totalVotes voterCount
      options(orderBy: index, first: 9) { target most data votes voterCount }
      ballots(first: 9) { identity { id } votes credits choices(first: 9) { votes option { index } } } } }`);
  const read = <T>(name: string, ...args: unknown[]) => mesh.read<T>("QuadraticRound", name, args);
  expect([seasons.length, rounds.length], "counts").to.deep.equal([
    await read("seasonCount"),
    await read("roundCount"),
  ]);
  for (const { number, ...season } of seasons) {
    expect(season, `season ${number}`).to.deep.equal(textOf(await read("seasonOf", number)));
  }
  for (const { season, identity, spent } of spendings) {
    expect(BigInt(spent), `spent by ${identity.id}`).to.equal(await read("spentOf", season.id, BigInt(identity.id)));
  }
  for (const round of rounds) await compareRound(mesh, round);
}

interface IndexedRound {
  number: number;
  season: { number: number };
  kind: string;
  winners: number;
  minVotes: string;
  token: Address | null;
  budget: string;
  totalVotes: string;
  voterCount: number;
  options: { target: Address; most: string; data: Hex; votes: string; voterCount: number }[];
  ballots: {
    identity: { id: string };
    votes: string;
    credits: string;
    choices: { votes: string; option: { index: number } }[];
  }[];
}

async function compareRound(mesh: MeshChain, round: IndexedRound): Promise<void> {
  const read = <T>(name: string, ...args: unknown[]) => mesh.read<T>("QuadraticRound", name, [round.number, ...args]);
  const { number, season, kind, winners, minVotes, token, budget, options, ballots } = round;
  const terms = { season: season.number, kind: ["Grants", "Priorities"].indexOf(kind), winners, minVotes, budget };
  expect(textOf({ ...terms, token: token ?? zeroAddress }), `round ${number}`).to.deep.equal(
    textOf(await read("roundOf")),
  );
  const asked = await read<{ target: Address; most: bigint; data: Hex }[]>("optionsOf");
  expect(options.map(({ target, most, data }) => textOf({ target, most, data }))).to.deep.equal(asked.map(textOf));
  expect(
    options.map(({ votes }) => votes),
    "tally",
  ).to.deep.equal((await read<bigint[]>("tallyOf")).map(String));
  expect(round.voterCount, "voters").to.equal(ballots.length);
  const counts = options.map(() => ({ votes: 0n, voterCount: 0 }));
  for (const { identity, votes, credits, choices } of ballots) {
    const given = options.map((_, i) => BigInt(choices.find(({ option }) => option.index === i)?.votes ?? 0));
    expect(given, `ballot of ${identity.id}`).to.deep.equal(await read("ballotOf", BigInt(identity.id)));
    const sum = (values: bigint[]) => `${values.reduce((total, value) => total + value, 0n)}`;
    expect([votes, credits]).to.deep.equal([sum(given), sum(given.map((value) => value * value))]);
    for (const [i, value] of given.entries()) {
      counts[i]!.votes += value;
      if (value > 0n) counts[i]!.voterCount += 1;
    }
  }
  const indexed = options.map(({ votes, voterCount }) => ({ votes: BigInt(votes), voterCount }));
  expect(indexed, "ballots add up").to.deep.equal(counts);
  expect(BigInt(round.totalVotes)).to.equal(counts.reduce((total, { votes }) => total + votes, 0n));
}

/** Operations, privileges and roles are those of the timelock. */
export async function compareTimelock(mesh: MeshChain, indexer: TestIndexer): Promise<void> {
  const { operations, privileges, roles, governance } = indexer.query<{
    operations: IndexedOperation[];
    privileges: { target: Address; selector: Hex; kind: string; isCritical: boolean }[];
    roles: { role: Hex; account: Address; isHeld: boolean }[];
    governance: Row;
  }>(`{ operations: timelockOperations { id predecessor salt readyAt approvedAt executedAt cancelledAt
      calls(orderBy: index) { target value calldata } }
    privileges(first: 1000) { target selector kind isCritical }
    roles: timelockRoles { role account isHeld }
    governance(id: "pqmesh") { timelockDelay timelock proposalGuardian guardianUntil } }`);
  const read = <T>(name: string, ...args: unknown[]) => mesh.read<T>("MeshTimelock", name, args);
  for (const operation of operations) await compareOperation(mesh, operation);
  for (const { target, selector, kind, isCritical } of privileges) {
    const [onChain, critical] = await read<[number, boolean]>("privilegeOf", target, selector);
    expect([OPERATION_KINDS.indexOf(kind), isCritical], `${target} ${selector}`).to.deep.equal([onChain, critical]);
  }
  for (const { role, account, isHeld } of roles) {
    expect(isHeld, `role ${role} of ${account}`).to.equal(await read("hasRole", role, account));
  }
  const governor = <T>(name: string) => mesh.read<T>("MeshGovernor", name);
  expect(governance).to.deep.equal({
    ...{
      timelockDelay: String(await read("getMinDelay")),
      timelock: (await governor<Address>("timelock")).toLowerCase(),
    },
    ...{ guardianUntil: String(await governor("guardianUntil")) },
    proposalGuardian: (await governor<Address>("proposalGuardian")).toLowerCase(),
  });
}

interface IndexedOperation {
  id: Hex;
  predecessor: Hex;
  salt: Hex;
  readyAt: string;
  approvedAt: string | null;
  executedAt: string | null;
  cancelledAt: string | null;
  calls: IndexedCall[];
}

async function compareOperation(mesh: MeshChain, operation: IndexedOperation): Promise<void> {
  const { id, calls, predecessor, salt, readyAt, approvedAt, executedAt, cancelledAt } = operation;
  const read = <T>(name: string, ...args: unknown[]) => mesh.read<T>("MeshTimelock", name, args);
  const isSingle = salt === zeroHash;
  const parts = isSingle ? partsOf(calls).map(([first]) => first) : partsOf(calls);
  const hashed = await read(isSingle ? "hashOperation" : "hashOperationBatch", ...parts, predecessor, salt);
  expect(hashed, "calls of an operation").to.equal(id);
  const timestamp = executedAt !== null ? "1" : cancelledAt !== null ? "0" : readyAt;
  expect(String(await read("getTimestamp", id)), `operation ${id}`).to.equal(timestamp);
  if (executedAt === null) expect(approvedAt !== null, "approved").to.equal(await read("isApproved", id));
}

/** Values as text, addresses in lower case. */
function textOf(values: object): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, `${value as string}`.toLowerCase()]));
}
