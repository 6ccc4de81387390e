import {
  type Abi,
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type erc20Abi,
  numberToHex,
} from "viem";
import { listWords, type CallWords } from "./call-words.ts";
import type { CONTRACT_ABIS, NamedContract } from "./contract-abis.ts";
import { CERTIFICATE_KINDS } from "./certificate-kind.ts";
import { entriesOf } from "./entry-area.ts";
import { countedWords, votingUnitsWords } from "./exact-words.ts";
import { reasonWords } from "./revocation-reason.ts";
import { quotedText } from "./visible-text.ts";

type Writes = "nonpayable" | "payable";

/** For each function of a contract that changes something, the sentence that says what a call of it does. */
export type ContractSentences<A extends Abi> = {
  readonly [N in ContractFunctionName<A, Writes>]?: (
    words: CallWords,
    ...args: ContractFunctionArgs<A, Writes, N> extends readonly unknown[] ? ContractFunctionArgs<A, Writes, N> : never
  ) => string;
};

const bindArbiters: ContractSentences<(typeof CONTRACT_ABIS)["NodeSlashing"]>["bindArbiters"] = (words, arbiters) =>
  `Names the contracts whose word this contract takes as proof, once and for ever: ${words.accounts(arbiters)}`;

const certificates = (serials: readonly bigint[]): string =>
  serials.length === 1
    ? `the certificate ${numberToHex(serials[0]!)}`
    : `${countedWords(serials.length, "certificate")}: ${listWords(serials.map((serial) => numberToHex(serial)))}`;

/** What the calls mean that the DAO can make: every privileged function, and what a treasury does. */
export const CALL_SENTENCES: {
  readonly [C in NamedContract]?: ContractSentences<(typeof CONTRACT_ABIS)[C]>;
} = {
  AdmittedIdentities: {
    admit: (words, account, nullifier, expiresAt) =>
      `Lets ${words.account(account)} vote as voter ${nullifier} until ${words.moment(BigInt(expiresAt))}; the account that this voter had before loses the vote`,
    admitMany: (words, admissions) =>
      `Lets ${countedWords(admissions.length, "account")} vote: ${listWords(admissions.map(({ account, nullifier, expiresAt }) => `${words.account(account)} as voter ${nullifier} until ${words.moment(BigInt(expiresAt))}`))}`,
    release: (_, identity) => `Gives operator ${identity}, which was suspended, its votes back`,
    revoke: (_, nullifier) => `Takes the votes of voter ${nullifier} away, before its time is over`,
    suspend: (_, identity) =>
      `Takes the votes of operator ${identity} away until it is released; its stake and nodes are not touched`,
  },
  AttestationBridge: {
    approveMeasurement: (_, measurement) =>
      `Allows nodes to run the agent build with the SHA-256 ${measurement}, two epochs after it is executed`,
    bindArbiters,
    retireMeasurement: (_, measurement) =>
      `Stops allowing the agent build with the SHA-256 ${measurement}: nodes that still run it two epochs after it is executed attest nothing`,
  },
  CaesarEmissions: {
    setDistributor: (words, distributor) =>
      `Makes ${words.account(distributor)} the contract that receives all emissions from now on; earlier distributors keep what they were credited`,
  },
  CertificateRegistry: {
    admitRoot: (words, { account, notAfter, pathLength, kinds, identityFrom, identityUntil, x509Hash }) =>
      `Admits a certificate authority whose account is ${words.account(account)}: until ${words.moment(BigInt(notAfter))} it certifies ${listWords(CERTIFICATE_KINDS.filter((_, i) => (kinds >> (i + 1)) & 1).map((kind) => `${kind}s`))}, of operators ${identityFrom} to ${identityUntil - 1}, with ${pathLength === 0 ? "no authority" : `up to ${countedWords(pathLength, "level")} of authorities`} below it. Its certificate has the SHA-256 ${x509Hash}`,
    hold: (_, serials) => `Puts ${certificates(serials)} on hold: whom they certify is refused until they are released`,
    holdAuthority: (_, authority) =>
      `Puts certificate authority ${authority} on hold: whatever it or an authority below it certified is refused until it is released`,
    release: (_, serials) => `Releases ${certificates(serials)} from a hold`,
    releaseAuthority: (_, authority) => `Releases certificate authority ${authority} from a hold`,
    revoke: (_, serial, reason) => `Revokes ${certificates([serial])} for ever: ${reasonWords(reason)}`,
    revokeAuthority: (_, authority, reason) =>
      `Revokes certificate authority ${authority} and everything below it for ever: ${reasonWords(reason)}. Whomever it certified is refused at once, and its operators and voters lose their votes`,
    revokeMany: (_, serials, reason) => `Revokes ${certificates(serials)} for ever: ${reasonWords(reason)}`,
    setAuthorityAccount: (words, authority, account) =>
      `Hands certificate authority ${authority} to ${words.account(account)}, which issues and revokes from then on`,
    taintAuthority: (words, authority, taintedFrom, rotateBy) =>
      `Taints certificate authority ${authority}: what it issued since ${words.moment(BigInt(taintedFrom))} is refused at once, the rest must rotate until ${words.moment(BigInt(rotateBy))}, when the authority is revoked`,
  },
  CommitteeFees: {
    fund: (words, amount) =>
      `Pays ${words.mesh(amount)} from ${words.caller} into the reserve for fees of the committee's reports`,
  },
  LeaseDisputes: {
    rule: (words, lease, share) =>
      `Decides the dispute about lease ${lease}: the client gets ${words.percent(share)} of the disputed rent; the bond goes ${share === 0 ? "to the provider" : "back to the client"}`,
    setArbitrator: (words, arbitrator) =>
      `Lets ${words.account(arbitrator)} decide disputes about leases, instead of who does now`,
  },
  LeaseEscrow: {
    setTokenRule: (words, token, { isAllowed, janitorFee, minDeposit }) =>
      isAllowed
        ? `Allows the token ${words.token(token)} for rents and bonds, with a prepaid fee for the janitor of ${words.tokens(token, janitorFee)} and a least deposit of ${words.tokens(token, minDeposit)}`
        : `Stops new leases and bonds in the token ${words.token(token)}; open leases go on`,
  },
  MeshGovernor: {
    relay: (words, target, value) =>
      `Lets the governor itself call ${words.account(target)}${value > 0n ? ` and send ${words.coin(value)} along` : ""}`,
    setProposalGuardian: (words, guardian) =>
      BigInt(guardian) === 0n
        ? "Takes the guardian's power to cancel proposals away; there is none from then on"
        : `Makes ${words.account(guardian)} the guardian, who can cancel any proposal for as long as guardianTerm says`,
    updateTimelock: (words, timelock) =>
      `Makes ${words.account(timelock)} the timelock through which proposals are executed. A wrong one locks the DAO out for ever`,
  },
  MeshTimelock: {
    cancel: (_, id) => `Cancels the scheduled operation ${id} of the timelock`,
    grantRole: (words, role, account) =>
      `Gives ${words.account(account)} the role ${words.role(role)}. It can then do this without a vote`,
    renounceRole: (words, role, account) =>
      `Takes from ${words.account(account)}, which gives it up, the role ${words.role(role)}`,
    revokeRole: (words, role, account) => `Takes from ${words.account(account)} the role ${words.role(role)}`,
    setPrivileges: (words, rows) =>
      `Changes what the timelock knows of ${countedWords(rows.length, "function")}: ${rows
        .slice(0, 12)
        .map(({ target, selector, kind, isCritical }) => {
          const named = `${selector} of ${words.account(target)}`;
          return kind === 0
            ? `${named} is in the table no more, so critical`
            : `${named} is ${isCritical ? "critical" : "NOT critical, so executed without the approver"}`;
        })
        .join("; ")}${rows.length > 12 ? "; the arguments have all" : ""}`,
    updateDelay: (words, delay) =>
      `Sets the delay between scheduling and execution of the DAO's operations to ${words.duration(delay)}`,
  },
  MeshToken: {
    approve: (words, spender, amount) =>
      amount === 0n
        ? `Stops allowing ${words.account(spender)} to take MESH from ${words.caller}`
        : `Allows ${words.account(spender)} to take up to ${words.mesh(amount)} from ${words.caller}, at any time`,
    delegate: (words, delegatee) =>
      `Gives the token votes of all MESH of ${words.caller} to ${words.account(delegatee)}`,
    transfer: (words, to, amount) => `Pays ${words.mesh(amount)} from ${words.caller} to ${words.account(to)}`,
    transferFrom: (words, from, to, amount) =>
      `Moves ${words.mesh(amount)} from ${words.account(from)} to ${words.account(to)}, out of what ${words.caller} may take there`,
  },
  MLDSA65Switch: {
    cancelSwitch: () => "Calls off the switch of the ML-DSA-65 verifiers that has not come into force yet",
    scheduleSwitch: (words, raw, expanded) =>
      `Lets other contracts judge ML-DSA-65 signatures after the veto period: ${words.account(raw)} from raw keys, ${words.account(expanded)} from registered keys. A wrong verifier could accept forged proofs; epochs before keep theirs`,
  },
  NetworkParameters: {
    pauseEntry: (words, area, until) =>
      `Stops ${entriesOf(area)} until ${words.moment(until)}, at the latest maxPause after it is executed; what is there already goes on and can leave`,
    resumeEntry: (_, area) => `Lets ${entriesOf(area)} in again, before the pause is over`,
    set: (words, id, value) => `Sets ${words.parameter(id, value)}`,
    setEmergencyGuardian: (words, guardian, until) =>
      BigInt(guardian) === 0n
        ? "Takes the emergency guardian's power to pause entries away; there is none from then on"
        : `Lets ${words.account(guardian)} pause entries without a vote until ${words.moment(until)}; never exits`,
    setMany: (words, changes) =>
      `Sets ${countedWords(changes.length, "governed number")} at once: ${changes.map(({ id, value }) => words.parameter(id, value)).join("; ")}`,
  },
  NodeSlashing: {
    bindArbiters,
    pardon: (_, slash) =>
      `Gives slash ${slash} of a node back to the operator and its delegators, before it is paid out; without that it would go to reporter and treasury`,
    unjail: (_, node) => `Lets node ${node} out of jail now, before its time is over`,
  },
  QuadraticRound: {
    openRound: (words, { season, kind, winners, token, budget }, options, description) =>
      kind === 0
        ? `Adds a round of grants to season ${season}, ${quotedText(firstLine(description))}: ${options.length} receivers share ${words.tokens(token, budget)}, ${listWords(options.map(({ target, most }) => `at most ${words.tokens(token, most)} for ${words.account(target)}`))}. Nothing is paid before another proposal passes`
        : `Adds a round of priorities to season ${season}, ${quotedText(firstLine(description))}: of ${options.length} calls, the ${winners === 1 ? "one with most votes becomes" : `${winners} with most votes become`} a proposal`,
    openSeason: (words, season, { startsAt, endsAt, credits, minUnits }) =>
      `Opens season ${season}: every identity with at least ${votingUnitsWords(BigInt(minUnits))} spends ${countedWords(credits, "voice credit")} from ${words.moment(BigInt(startsAt))} until ${words.moment(BigInt(endsAt))}; v votes cost v²`,
  },
  QuadraticVotes: {
    delegate: (words, delegatee) =>
      `Gives the units of the identity of ${words.caller} to ${words.account(delegatee)}, in votes that begin later`,
    fundSyncRewards: (words, amount) =>
      `Pays ${words.mesh(amount)} from ${words.caller} into what rewards taking votes from who lost its certificate`,
    lock: (words, amount) =>
      `Locks ${words.mesh(amount)} of ${words.caller} for votes in the identity house; it leaves voteUnlockDelay after it is unlocked`,
    requestUnlock: (words, amount) =>
      `Unlocks ${words.mesh(amount)} that ${words.caller} locked for votes: it counts no longer, and can be withdrawn voteUnlockDelay later`,
    setGate: (words, gate) =>
      `Lets ${words.account(gate)} say from now on who may vote in the identity house. A wrong one takes all votes away`,
  },
  RelayerCommittee: {
    admit: (words, relayer, region) =>
      `Puts the relayer ${words.account(relayer)} at the end of the queue for seats of the committee, ${region === 0 ? "without a region" : `in region ${region}`}`,
    bindArbiters,
    dismiss: (words, relayer) =>
      `Takes the relayer ${words.account(relayer)} out of the queue for seats of the committee`,
    pardon: (words, slash, members, amounts) =>
      `Gives slash ${slash} of committee bonds back before it is paid out: ${listWords(members.map((member, i) => `${words.mesh(amounts[i] ?? 0n)} to ${words.account(member)}`))}`,
    setCommittee: (words, members) =>
      `Replaces the whole committee of relayers two epochs after it is executed, by ${countedWords(members.length, "member")}: ${words.accounts(members)}. Who holds two thirds of the seats says which epochs were attested`,
  },
  SlashProposals: {
    uphold: (_, proposal) =>
      `Rejects the dispute of proposed slash ${proposal}: it can be executed after its veto time, and the disputer's bond goes to the proposer`,
    veto: (_, proposal) => `Ends proposed slash ${proposal} for good: it takes nothing more`,
  },
  TestStablecoin: {
    approve: (words, spender, amount) =>
      `Allows ${words.account(spender)} to take up to ${words.count(amount)} smallest units of the test stablecoin from ${words.caller}`,
    mint: (words, to, amount) =>
      `Makes ${words.count(amount)} new smallest units of the test stablecoin for ${words.account(to)}`,
    transfer: (words, to, amount) =>
      `Pays ${words.count(amount)} smallest units of the test stablecoin from ${words.caller} to ${words.account(to)}`,
  },
};

/** The title of a round: its description is among the arguments, whole. */
function firstLine(description: string): string {
  return description.trim().split("\n", 1).join();
}

/** What calls of an ERC-20 token mean. @param token Its address. */
export function tokenSentences(token: Address): ContractSentences<typeof erc20Abi> {
  return {
    approve: (words, spender, amount) =>
      `Allows ${words.account(spender)} to take up to ${words.tokens(token, amount)} from ${words.caller}, at any time`,
    transfer: (words, to, amount) => `Pays ${words.tokens(token, amount)} from ${words.caller} to ${words.account(to)}`,
    transferFrom: (words, from, to, amount) =>
      `Moves ${words.tokens(token, amount)} from ${words.account(from)} to ${words.account(to)}, out of what ${words.caller} may take there`,
  };
}
