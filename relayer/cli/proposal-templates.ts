import { parameterNotes } from "@pqmesh/contracts/generated/parameter-notes";
import { parameterValueWords } from "@pqmesh/contracts/protocol/call-words";
import type { ProposalDraft } from "@pqmesh/contracts/protocol/calls-file";
import type { GovernanceCall } from "@pqmesh/contracts/protocol/inner-calls";
import { parameterKind } from "@pqmesh/contracts/protocol/parameter-kind";
import {
  type Address,
  encodeFunctionData,
  erc20Abi,
  isAddressEqual,
  maxUint48,
  parseEther,
  parseUnits,
  stringToHex,
} from "viem";
import { addressArgument, identityArgument, meshArgument, naturalArgument, percentArgument } from "./arguments.ts";
import type { Session } from "./chain-session.ts";
import { contractOf } from "./contracts.ts";
import { durationArgument } from "./duration-argument.ts";
import { chainTime } from "./governed.ts";
import { CliError, usageError } from "./output.ts";
import { meshToken, readToken, tokenArgument } from "./tokens.ts";

/** Smallest identity of a voter: those below are operators. */
const FIRST_VOTER = 2n ** 32n;

/** The call that changes a governed number. @throws CliError when there is none of that name, or the value is out of bounds. */
export async function parameterCall(session: Session, name: string, text: string): Promise<GovernanceCall> {
  const note = parameterNotes[name];
  if (!note) throw usageError(`there is no parameter "${name.slice(0, 40)}"; "parameters" prints all names`);
  const value = parameterArgument(note.unit, text);
  const { address, abi } = contractOf(session, "NetworkParameters");
  const id = stringToHex(name, { size: 32 });
  const { min, max } = await session.client.readContract({ address, abi, functionName: "parameter", args: [id] });
  if (value < min || value > max) {
    const [shown, least, most] = [value, min, max].map((one) => parameterValueWords(name, one));
    throw usageError(`value is ${shown}, ${name} must be from ${least} to ${most}`);
  }
  const data = encodeFunctionData({ abi, functionName: "set", args: [id, value] });
  return { target: address, value: 0n, data };
}

function parameterArgument(unit: string, text: string): bigint {
  switch (parameterKind(unit)) {
    case "mesh":
      return meshArgument(text, { name: "value" });
    case "units":
      return unitsArgument(text);
    case "seconds":
      return durationArgument("value", text);
    case "basisPoints":
      return BigInt(percentArgument("value", text));
    case "count":
      if (/^[0-9]{1,40}$/.test(text)) return BigInt(text);
      throw usageError(`value must be a whole number of ${unit}`);
  }
}

function unitsArgument(text: string): bigint {
  const number = text.trim().replace(/ *units?$/, "");
  if (/^[0-9]{1,12}(\.[0-9]{1,9})?$/.test(number)) return parseUnits(number, 9);
  throw usageError("value must be a number of units with at most 9 decimals");
}

/** The call that pays out of the treasury. @param token Address, or "ETH" for the chain's coin; default MESH. */
export async function paymentCall(
  session: Session,
  { to, amount, token }: { to: string; amount: string; token: string | undefined },
): Promise<GovernanceCall> {
  const receiver = addressArgument("to", to);
  if (token?.toUpperCase() === "ETH") return { target: receiver, value: coinArgument(amount), data: "0x" };
  const paid = token === undefined ? meshToken(session) : await readToken(session, addressArgument("--token", token));
  const units = tokenArgument("amount", amount, paid);
  if (units === 0n) throw usageError("amount must be more than zero");
  const data = encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [receiver, units] });
  return { target: paid.address, value: 0n, data };
}

function coinArgument(text: string): bigint {
  const number = text.trim().replace(/ *eth$/i, "");
  if (/^[0-9]{1,12}(\.[0-9]{1,18})?$/.test(number) && parseEther(number) > 0n) return parseEther(number);
  throw usageError(`amount must be a number of ETH above zero with at most 18 decimals`);
}

/** The call that lets leases be in a token. */
export async function allowTokenCall(
  session: Session,
  { token, janitorFee, minDeposit }: { token: string; janitorFee: string; minDeposit: string },
): Promise<GovernanceCall> {
  const { address, abi } = contractOf(session, "LeaseEscrow");
  const found = await readToken(session, addressArgument("token", token));
  const rule = {
    isAllowed: true,
    janitorFee: boundedUnits("--janitor-fee", tokenArgument("--janitor-fee", janitorFee, found), 64n),
    minDeposit: boundedUnits("--min-deposit", tokenArgument("--min-deposit", minDeposit, found), 96n),
  };
  const data = encodeFunctionData({ abi, functionName: "setTokenRule", args: [found.address, rule] });
  return { target: address, value: 0n, data };
}

function boundedUnits(name: string, units: bigint, bits: bigint): bigint {
  if (units < 2n ** bits) return units;
  throw usageError(`${name} is ${units} smallest units, it must be below 2^${bits}`);
}

/** The call that admits a voter, or moves one to another account. @param days Time after which it is void. */
export async function admitVoterCall(
  session: Session,
  { account, identity, days }: { account: string; identity: string; days: string },
): Promise<GovernanceCall> {
  const { address, abi } = contractOf(session, "AdmittedIdentities");
  await requireGate(session, address);
  const voter = addressArgument("account", account);
  const nullifier = identityArgument(identity);
  if (nullifier < FIRST_VOTER) throw usageError(`--identity is ${nullifier}, a voter's is at least ${FIRST_VOTER}`);
  const expiresAt = (await chainTime(session)) + BigInt(naturalArgument("--days", days)) * 86_400n;
  if (expiresAt > maxUint48) throw usageError("--days is too long");
  const data = encodeFunctionData({ abi, functionName: "admit", args: [voter, nullifier, Number(expiresAt)] });
  return { target: address, value: 0n, data };
}

/** Refuses what would change nothing: once votes follow certificates, an admission counts for nobody. */
async function requireGate(session: Session, address: Address): Promise<void> {
  const request = { ...contractOf(session, "QuadraticVotes"), functionName: "gate" } as const;
  if (isAddressEqual(await session.client.readContract(request), address)) return;
  throw new CliError(
    "votes follow certificates in this network: an authority certifies a voter (cert issue-holder, cert issue)",
  );
}

/** What a round of voice credits decided for. @throws CliError when it decided for nothing. */
export async function roundDraft(session: Session, roundId: number): Promise<ProposalDraft> {
  const request = { functionName: "resultOf", args: [roundId] } as const;
  const result = await session.client.readContract({ ...contractOf(session, "QuadraticRound"), ...request });
  const [targets, values, calldatas, description] = result;
  if (targets.length === 0) throw new CliError(`round ${roundId} decided for nothing: no option has enough votes`);
  const calls = targets.map((target, i) => ({ target, value: values[i] ?? 0n, data: calldatas[i] ?? ("0x" as const) }));
  return { description, calls };
}
