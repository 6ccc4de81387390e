import { type Address, zeroAddress } from "viem";
import type { Session } from "./chain-session.ts";
import { contractOf } from "./contracts.ts";
import { meshText, momentText, unitsText } from "./figures.ts";
import { chainTime } from "./governed.ts";

/** What an account can say in a vote now or about a snapshot, and what that comes from. Units have 9 decimals. */
export interface VoteWeight {
  account: Address;
  /** Identity that the gate certifies now, 0 when there is none. */
  identity: bigint;
  /** Identity that the votes contract has recorded for the account, 0 when there is none. */
  recordedIdentity: bigint;
  /** Since when the account holds it without interruption; only with a recorded identity. */
  since: bigint;
  /** Units of the account's identity before delegation, now. */
  ownUnits: bigint;
  /** Units that the identity would have after a sync now. */
  unitsAfterSync: bigint;
  /** To whom the units are delegated; the account itself when to nobody. */
  delegate: Address;
  /** Units that count: the account's and those delegated to it. */
  units: bigint;
  /** MESH wei that count in the token house: held or delegated to the account. */
  tokens: bigint;
  tokenDelegate: Address;
  /** MESH wei that the account holds itself. */
  balance: bigint;
}

/** Reads what an account weighs. @param snapshot Of a proposal, Unix seconds in the past; default: now. */
export async function readVoteWeight(session: Session, account: Address, snapshot?: bigint): Promise<VoteWeight> {
  const { client } = session;
  const votes = contractOf(session, "QuadraticVotes");
  const mesh = contractOf(session, "MeshToken");
  const gate = await client.readContract({ ...votes, functionName: "gate" });
  const identityGate = { address: gate, abi: contractOf(session, "AdmittedIdentities").abi };
  const args = [account] as const;
  const past = snapshot === undefined ? undefined : ([account, snapshot] as const);
  const [identity, recordedIdentity, ownUnits, delegate, tokenDelegate, balance, units, tokens] = await Promise.all([
    client.readContract({ ...identityGate, functionName: "identityOf", args }),
    client.readContract({ ...votes, functionName: "recordedIdentityOf", args }),
    client.readContract({ ...votes, functionName: "balanceOf", args }),
    client.readContract({ ...votes, functionName: "delegates", args }),
    client.readContract({ ...mesh, functionName: "delegates", args }),
    client.readContract({ ...mesh, functionName: "balanceOf", args }),
    past
      ? client.readContract({ ...votes, functionName: "votesAt", args: past })
      : client.readContract({ ...votes, functionName: "getVotes", args }),
    past
      ? client.readContract({ ...mesh, functionName: "getPastVotes", args: past })
      : client.readContract({ ...mesh, functionName: "getVotes", args }),
  ]);
  const known = identity === 0n ? recordedIdentity : identity;
  const [holding, unitsAfterSync] = await Promise.all([
    client.readContract({ ...votes, functionName: "holdingOf", args: [recordedIdentity] }),
    known === 0n ? 0n : client.readContract({ ...votes, functionName: "unitsAfterSync", args: [known] }),
  ]);
  return {
    ...{ account, identity, recordedIdentity, since: BigInt(holding.since), ownUnits, unitsAfterSync, delegate, units },
    ...{ tokens, tokenDelegate, balance },
  };
}

/** Why the weight is what it is, one sentence for each cause. @param snapshot Of the proposal, if it is about one. */
export async function weightReasons(session: Session, weight: VoteWeight, snapshot?: bigint): Promise<string[]> {
  const now = await chainTime(session);
  return [...identityReasons(weight, { now, snapshot }), ...tokenReasons(weight, snapshot)];
}

function identityReasons(
  weight: VoteWeight,
  { now, snapshot }: { now: bigint; snapshot: bigint | undefined },
): string[] {
  const { account, identity, recordedIdentity, since, ownUnits, unitsAfterSync, delegate, units } = weight;
  const command = `"votes sync --account ${account}"`;
  if (identity === 0n) {
    return [
      "Identity house: 0, because the account has no certified identity now: it is no operator in good standing, and no voter whose certificate or admission is good.",
    ];
  }
  if (recordedIdentity !== identity) {
    return [
      `Identity house: 0, because identity ${identity} was not synced to this account yet; anyone can send ${command}.`,
    ];
  }
  if (snapshot !== undefined && since > snapshot) {
    const [from, at] = [momentText(since, now), momentText(snapshot, now)];
    return [
      `Identity house: 0, because the account holds identity ${identity} since ${from}, which is after the snapshot of ${at}.`,
    ];
  }
  const when = snapshot === undefined ? "now" : `at the snapshot of ${momentText(snapshot, now)}`;
  const isAway = delegate !== account && delegate !== zeroAddress;
  return [
    `Identity house: ${unitsText(units)} ${when}, the root of the stake and locked MESH of identity ${identity} and of those that delegate to this account.`,
    isAway
      ? `The account's own ${unitsText(ownUnits)} are delegated to ${delegate}, who votes with them.`
      : `The account's own identity has ${unitsText(ownUnits)} now.`,
    ...(unitsAfterSync > ownUnits
      ? [`${command} would raise that to ${unitsText(unitsAfterSync)} for later proposals.`]
      : []),
  ];
}

function tokenReasons({ account, tokens, tokenDelegate, balance }: VoteWeight, snapshot?: bigint): string[] {
  const when = snapshot === undefined ? "now" : "at the snapshot";
  const own =
    tokenDelegate === account
      ? ""
      : `; the ${meshText(balance)} that it holds vote for ${tokenDelegate === zeroAddress ? "nobody, because it has named no delegate" : tokenDelegate}`;
  return [
    `Token house: ${meshText(tokens)} ${when}, held by or delegated to this account${own}. Staked and locked MESH counts in the identity house only.`,
  ];
}
