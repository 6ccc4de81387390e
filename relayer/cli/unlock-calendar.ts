import type { Address } from "viem";
import type { Session } from "./chain-session.ts";
import { readCommittee, readRelayer } from "./committee-state.ts";
import { contractOf } from "./contracts.ts";
import { delegatedNodes } from "./delegated-nodes.ts";
import { chainTime } from "./governed.ts";
import { identitiesOf, nodesOf, type OwnIdentity } from "./own-nodes.ts";
import { readProposals, readSlashes, type SlashProposal } from "./slash-state.ts";
import { readVault, type Vault, VAULTS } from "./vesting-state.ts";

/** Something of a wallet that becomes free, or possible, at a time. */
export interface Unlock {
  /** Unix seconds. */
  at: bigint;
  what: string;
  /** MESH wei; null where it is no amount. */
  amount: bigint | null;
  /** The command that takes it. */
  command: string;
}

/** Everything that unlocks for a wallet, soonest first, and the time of the chain. */
export async function unlocksOf(session: Session, wallet: Address): Promise<{ unlocks: Unlock[]; now: bigint }> {
  const now = await chainTime(session);
  const identities = await identitiesOf(session, wallet);
  const found = await Promise.all([
    ...identities.flatMap((identity) => [stakeUnlocks(session, identity), changeUnlocks(session, identity)]),
    delegationUnlocks(session, wallet),
    bondUnlocks(session, wallet),
    slashUnlocks(session, wallet),
    ...(Object.keys(VAULTS) as Vault[]).map((vault) => vestingUnlocks(session, { vault, wallet, now })),
  ]);
  return { unlocks: found.flat().sort((a, b) => Number(a.at - b.at)), now };
}

async function stakeUnlocks(session: Session, { identityId, roles }: OwnIdentity): Promise<Unlock[]> {
  if (!roles.includes("owner") && !roles.includes("beneficiary")) return [];
  const staking = contractOf(session, "NodeStaking");
  const nodes = await nodesOf(session, identityId);
  const lists = await Promise.all(
    nodes.map((node) => session.client.readContract({ ...staking, functionName: "unbondingsOf", args: [node] })),
  );
  return lists.flatMap((unbondings, i) =>
    unbondings.map(({ id, amount, maturesAt }) => ({
      ...{ at: maturesAt, what: `stake unbonding ${id} of node ${nodes[i]}`, amount },
      command: `stake withdraw ${nodes[i]}`,
    })),
  );
}

async function changeUnlocks(session: Session, { identityId, roles }: OwnIdentity): Promise<Unlock[]> {
  if (!roles.includes("owner")) return [];
  const registry = contractOf(session, "NodeRegistry");
  const [[owner, beneficiary], { unlockAt }] = await Promise.all([
    session.client.readContract({ ...registry, functionName: "pendingChanges", args: [identityId] }),
    session.client.readContract({ ...registry, functionName: "quantumLockOf", args: [identityId] }),
  ]);
  const changes: [bigint, string, string][] = [
    [owner.readyAt, `identity ${identityId} can go to the owner ${owner.next}`, "operator accept-owner"],
    [beneficiary.readyAt, `identity ${identityId} can be paid to ${beneficiary.next}`, "operator accept-beneficiary"],
    [unlockAt, `quantum lock of identity ${identityId} can be opened without its root key`, "lock complete-unlock"],
  ];
  return changes
    .filter(([at]) => at > 0n)
    .map(([at, what, command]) => ({ at, what, amount: null, command: `${command} ${identityId}` }));
}

async function delegationUnlocks(session: Session, wallet: Address): Promise<Unlock[]> {
  const delegation = contractOf(session, "NodeDelegation");
  const nodes = await delegatedNodes(session, wallet);
  const lists = await Promise.all(
    nodes.map((node) =>
      session.client.readContract({ ...delegation, functionName: "undelegationsOf", args: [node, wallet] }),
    ),
  );
  return lists.flatMap((unbondings, i) =>
    unbondings.map(({ id, amount, maturesAt }) => ({
      ...{ at: maturesAt, what: `delegation unbonding ${id} at node ${nodes[i]}`, amount },
      command: `delegation withdraw ${nodes[i]}`,
    })),
  );
}

async function bondUnlocks(session: Session, wallet: Address): Promise<Unlock[]> {
  const relayer = await readRelayer(session, wallet, await readCommittee(session));
  const { bond, releaseAt, vacatableAt, joinableAt, standing } = relayer;
  return [
    ...(releaseAt > 0n
      ? [{ at: releaseAt, what: "bond of the relayer", amount: bond, command: "committee withdraw" }]
      : []),
    ...(standing === "resigned"
      ? [{ at: vacatableAt, what: "seat of the relayer can be vacated", amount: null, command: "committee exit" }]
      : []),
    ...(standing === "queued"
      ? [{ at: joinableAt, what: "relayer can be seated", amount: null, command: "committee join" }]
      : []),
  ];
}

async function slashUnlocks(session: Session, wallet: Address): Promise<Unlock[]> {
  const [slashes, proposals] = await Promise.all([readSlashes(session, undefined), readProposals(session, undefined)]);
  const rewards = slashes
    .filter(({ reporter, payableAt }) => reporter === wallet && payableAt > 0n)
    .map(({ slashId, payableAt }) => {
      const what = `reporter's reward for slash ${slashId}`;
      return { at: payableAt, what, amount: null, command: `slash pay ${slashId}` };
    });
  return [...rewards, ...proposals.flatMap((proposal) => bondsUnlocked(proposal, wallet))];
}

/** What a proposal gives a wallet of the bonds once nobody decides otherwise. */
function bondsUnlocked(proposal: SlashProposal, wallet: Address): Unlock[] {
  const { proposalId, status, proposer, disputer, vetoUntil, bond } = proposal;
  const unlock = (what: string, amount: bigint, verb: string): Unlock => {
    const whole = `${what} of slash proposal ${proposalId}, unless it is decided otherwise`;
    return { at: vetoUntil, what: whole, amount, command: `slash ${verb} ${proposalId}` };
  };
  return [
    ...(status === "open" && proposer === wallet ? [unlock("bond", bond, "execute")] : []),
    ...(status === "upheld" && proposer === wallet ? [unlock("bond of the disputer", bond, "execute")] : []),
    ...(status === "disputed" && disputer === wallet ? [unlock("bond", bond, "lapse")] : []),
    ...(status === "disputed" && proposer === wallet
      ? [unlock("three quarters of the bond", bond - bond / 4n, "lapse")]
      : []),
  ];
}

async function vestingUnlocks(
  session: Session,
  { vault, wallet, now }: { vault: Vault; wallet: Address; now: bigint },
): Promise<Unlock[]> {
  const { owner, total, vested, releasable, cliff, end } = await readVault(session, vault);
  if (owner !== wallet) return [];
  const command = `vesting release --vault ${vault}`;
  const soonest = {
    at: now < cliff ? cliff : now,
    what: `vault of the ${vault}: releasable`,
    amount: releasable,
    command,
  };
  const rest = {
    at: end,
    what: `vault of the ${vault}: the rest, by the second until then`,
    amount: total - vested,
    command,
  };
  return [...(releasable > 0n || now < cliff ? [soonest] : []), ...(total > vested ? [rest] : [])];
}
