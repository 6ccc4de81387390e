import { privilegeRows } from "@pqmesh/contracts/protocol/privileges";
import { expect } from "chai";
import { type BaseContract, encodeBytes32String, id, ZeroAddress, ZeroHash } from "ethers";
import { approveOperation, executeOperation, scheduleOperation } from "../../scripts/deploy/timelock-operation.ts";
import { attestationKey } from "./support/attestation-key.ts";
import { connection, deployedNetwork, MESH, namedSigners } from "./support/deployed-network.ts";

const { ethers, networkHelpers } = connection;
const KEY = id("any 32 bytes");

/** The functions of a contract that change state, by who may call them; privileged ones with arguments to try. */
interface StateChanging {
  timelock?: Record<string, unknown[]>;
  /** For the contracts that judge proofs. */
  arbiters?: Record<string, unknown[]>;
  /** For other contracts of the network: the error that strangers meet, and arguments to try. */
  peers?: Record<string, [error: string, args: unknown[]]>;
  /** One-time bindings of the deployer. */
  bound?: Record<string, unknown[]>;
  open: string[];
}

/** A function that is missing here fails the test. */
const STATE_CHANGING: Record<string, StateChanging> = {
  AdmittedIdentities: {
    timelock: {
      admit: [ZeroAddress, 0n, 0n],
      admitMany: [[]],
      revoke: [1n],
      suspend: [1],
      release: [1],
    },
    open: [],
  },
  AttestationBridge: {
    timelock: { approveMeasurement: [KEY], retireMeasurement: [KEY], bindArbiters: [[ZeroAddress]] },
    arbiters: { markAbsent: [0, 0n, false], admit: [0, 0n, 1n], countDispute: [0, 0n, false] },
    open: ["submitReport", "markUnreported", "recordBeacon", "commitAttestation"],
  },
  AttestationDisputes: {
    open: [
      "claimEvidence",
      "proveInvalid",
      "challenge",
      "respond",
      "expireChallenge",
      "dismissChallenge",
      "openQueued",
      "withdraw",
    ],
  },
  CaesarEmissions: {
    timelock: { setDistributor: [ZeroAddress] },
    bound: { bindToken: [ZeroAddress] },
    peers: { accrue: ["CaesarEmissions_NotDistributor", [0n, 0n]] },
    open: ["release"],
  },
  CertificateAuthorities: {
    timelock: { admitRoot: [[ZeroAddress, KEY, KEY, KEY, 0, 0, 0, 0, 0]] },
    open: [
      "admitSubAuthority",
      "executeEmergencyOrder",
      "executeStatusOrder",
      "holdAuthority",
      "releaseAuthority",
      "revokeAuthority",
      "setAuthorityAccount",
      "setDelegate",
      "taintAuthority",
    ],
  },
  CertificateRegistry: {
    bound: { bindRegistry: [ZeroAddress] },
    peers: { ownerChanged: ["CertificateRegistry_NotRegistry", [1, ZeroAddress, ZeroAddress]] },
    open: [
      "enforce",
      "hold",
      "issue",
      "issueMany",
      "publishHead",
      "release",
      "revoke",
      "revokeMany",
      "rotate",
      "rotateMany",
    ],
  },
  CommitteeFees: { open: ["fund", "collect", "withdraw", "removeSilent", "showSignature"] },
  LeaseDisputes: {
    timelock: { setArbitrator: [ZeroAddress] },
    peers: { rule: ["LeaseDisputes_NotArbitrator", [1n, 0]] },
    open: ["open", "offerSettlement", "acceptSettlement", "withdrawDispute", "expire", "withdraw"],
  },
  LeaseAgreements: {
    peers: {
      setTokenRule: ["LeaseEscrow_NotSelf", [ZeroAddress, [false, 0n, 0n]]],
      holdFor: ["LeaseEscrow_NotSelf", [1n]],
      decide: ["LeaseEscrow_NotSelf", [1n, 0]],
      open: ["LeaseEscrow_NotSelf", [[1, 1, 1, 1, 1n, 1n, "0x"], [ZeroAddress, 0n, 0n, "0x"], "0x"]],
      setDeliveryKey: ["LeaseEscrow_NotSelf", ["0x"]],
      accept: ["LeaseEscrow_NotSelf", [1n, "0x"]],
      deliver: ["LeaseEscrow_NotSelf", [1n, "0x"]],
      decline: ["LeaseEscrow_NotSelf", [1n]],
      cancel: ["LeaseEscrow_NotSelf", [1n]],
      topUp: ["LeaseEscrow_NotSelf", [1n, 1n, "0x"]],
      extend: ["LeaseEscrow_NotSelf", [1n, 1]],
      giveNotice: ["LeaseEscrow_NotSelf", [1n]],
      depositBond: ["LeaseEscrow_NotSelf", [1, ZeroAddress, 1n, "0x"]],
      withdrawBond: ["LeaseEscrow_NotSelf", [1, ZeroAddress, 1n]],
    },
    open: ["withdraw"],
  },
  LeaseEscrow: {
    timelock: { setTokenRule: [ZeroAddress, [false, 0n, 0n]] },
    bound: { bind: [ZeroAddress, ZeroAddress] },
    peers: {
      holdFor: ["LeaseEscrow_NotBound", [1n]],
      decide: ["LeaseEscrow_NotBound", [1n, 0]],
      payEarned: ["LeaseEscrow_NotBound", [1n, 1n, true]],
      sweepOne: ["LeaseEscrow_NotSelf", [1n, 1n, ZeroAddress, 0n]],
    },
    open: [
      "open",
      "setDeliveryKey",
      "accept",
      "deliver",
      "decline",
      "cancel",
      "topUp",
      "extend",
      "giveNotice",
      "settle",
      "sweep",
      "depositBond",
      "withdrawBond",
      "withdraw",
    ],
  },
  LeaseVouchers: { open: ["redeem", "returnUnredeemed"] },
  MemberOffences: {
    open: ["claimEvidence", "convictForgery", "proveEquivocation", "convictEquivocation", "proveOmission"],
  },
  MeshGovernor: {
    peers: {
      relay: ["GovernorOnlyExecutor", [ZeroAddress, 0n, "0x"]],
      setProposalGuardian: ["GovernorOnlyExecutor", [ZeroAddress]],
      updateTimelock: ["GovernorOnlyExecutor", [ZeroAddress]],
      onERC721Received: ["GovernorDisabledDeposit", [ZeroAddress, ZeroAddress, 0n, "0x"]],
      onERC1155Received: ["GovernorDisabledDeposit", [ZeroAddress, ZeroAddress, 0n, 0n, "0x"]],
      onERC1155BatchReceived: ["GovernorDisabledDeposit", [ZeroAddress, ZeroAddress, [], [], "0x"]],
    },
    open: [
      "propose",
      "queue",
      "execute",
      "cancel",
      "castVote",
      "castVoteWithReason",
      "castVoteWithReasonAndParams",
      "castVoteBySig",
      "castVoteWithReasonAndParamsBySig",
      "releaseBond",
    ],
  },
  MeshTimelock: {
    peers: {
      approve: ["AccessControlUnauthorizedAccount", [KEY]],
      grantRole: ["AccessControlUnauthorizedAccount", [KEY, ZeroAddress]],
      revokeRole: ["AccessControlUnauthorizedAccount", [KEY, ZeroAddress]],
      setPrivileges: ["MeshTimelock_TableClosed", [[]]],
      updateDelay: ["TimelockUnauthorizedCaller", [0n]],
    },
    open: [
      "cancel",
      "execute",
      "executeBatch",
      "onERC1155BatchReceived",
      "onERC1155Received",
      "onERC721Received",
      "renounceRole",
      "schedule",
      "scheduleBatch",
    ],
  },
  MeshToken: { open: ["approve", "delegate", "delegateBySig", "permit", "transfer", "transferFrom"] },
  NetworkParameters: {
    timelock: {
      set: [encodeBytes32String("minNodeStake"), 1n],
      setMany: [[]],
      setEmergencyGuardian: [ZeroAddress, 0n],
    },
    peers: {
      pauseEntry: ["EntryPause_NotGuardian", [0, 1n]],
      resumeEntry: ["EntryPause_NotGuardian", [0]],
    },
    open: [],
  },
  MLDSA65Switch: {
    timelock: { scheduleSwitch: [ZeroAddress, ZeroAddress, ["0x", "0x", "0x"]], cancelSwitch: [] },
    open: [],
  },
  NodeOffences: { open: ["claimEvidence", "proveEquivocation"] },
  NodeDelegation: {
    bound: { bindStaking: [ZeroAddress] },
    peers: {
      addToPool: ["NodeDelegation_NotPayer", [0, 1n]],
      slashPool: ["NodeDelegation_NotStaking", [0, 1n, 0n]],
      restorePool: ["NodeDelegation_NotSlashing", [0, 1n]],
    },
    open: ["delegate", "delegateWithPermit", "undelegate", "cancelUndelegation", "withdrawDelegation", "setCommission"],
  },
  NodeListings: {
    bound: { bindEscrow: [ZeroAddress] },
    peers: {
      reserve: ["NodeListings_NotEscrow", [1, 1, 1, ZeroAddress, [ZeroAddress, 0n, 0n, "0x"]]],
      release: ["NodeListings_NotEscrow", [1, 1]],
    },
    open: [
      "createListing",
      "showCapacity",
      "publishVersion",
      "resize",
      "setPrivacy",
      "setPaused",
      "retire",
      "setMembers",
      "withdrawOffer",
    ],
  },
  NodeRegistry: {
    bound: { bindStaking: [ZeroAddress] },
    peers: {
      setEligible: ["NodeRegistry_NotStaking", [0, true]],
      setBarred: ["NodeRegistry_NotCertificates", [0, true, 1]],
    },
    open: [
      "registerOperator",
      "setOperatorWallet",
      "proposeOwner",
      "acceptOwner",
      "proposeBeneficiary",
      "acceptBeneficiary",
      "cancelPendingChanges",
      "registerNode",
      "exitNode",
      "rotateAttestationKey",
      "rotateAttestationKeyByKey",
      "executeRootOrder",
      "requestUnlock",
      "completeUnlock",
    ],
  },
  NodeRewards: {
    bound: { bindStaking: [ZeroAddress, ZeroAddress] },
    peers: {
      weightChanged: ["NodeRewards_NotStaking", [0, 1n]],
      settle: ["NodeRewards_NotStaking", [0, true]],
    },
    open: ["closeWords", "claim", "claimWords", "claimAndStake"],
  },
  NodeSlashing: {
    timelock: { bindArbiters: [[ZeroAddress]], pardon: [1n] },
    arbiters: { punish: [[KEY, 0, 0n, ZeroAddress, false, false]], hold: [0, 0n] },
    bound: { bindStaking: [ZeroAddress] },
    open: ["slashDowntime", "paySlash", "unjail"],
  },
  NodeStaking: {
    peers: {
      requestUnbondByOrder: ["NodeStaking_NotRegistry", [0, 1n]],
      withdrawByOrder: ["NodeStaking_NotRegistry", [0, ZeroAddress, 1n]],
      nodeExited: ["NodeStaking_NotRegistry", [0]],
      setPool: ["NodeStaking_NotDelegation", [0, 1n, true]],
      slash: ["NodeStaking_NotSlashing", [0, 1n, 0n]],
      restore: ["NodeStaking_NotSlashing", [0, 1n]],
      setJailed: ["NodeStaking_NotSlashing", [0, true]],
      hold: ["NodeStaking_NotSlashing", [0, 1n]],
      trackStake: ["NodeStaking_NotVotes", [1, 1n]],
    },
    open: ["stake", "stakeWithPermit", "requestUnbond", "cancelUnbond", "withdraw", "deactivateBelowMinimum"],
  },
  PQAccountFactory: { open: ["create"] },
  QuadraticRound: {
    timelock: {
      openSeason: [1, [0, 0, 0, 0]],
      openRound: [[1, 0, 0, 1, ZeroAddress, 0n], [], ""],
    },
    open: ["vote", "discard"],
  },
  QuadraticVotes: {
    timelock: { setGate: [ZeroAddress] },
    bound: { bindStaking: [ZeroAddress] },
    peers: { stakeLowered: ["QuadraticVotes_NotStaking", [1, 0n]] },
    open: [
      "delegate",
      "delegateBySig",
      "fundSyncRewards",
      "lock",
      "lockWithPermit",
      "requestUnlock",
      "sync",
      "syncMany",
      "withdraw",
    ],
  },
  RelayerCommittee: {
    timelock: {
      admit: [ZeroAddress, 0],
      setCommittee: [[ZeroAddress]],
      bindArbiters: [[ZeroAddress]],
      pardon: [1n, [], []],
    },
    arbiters: { punish: [[KEY, [], 0n, ZeroAddress, false]], unseat: [ZeroAddress] },
    open: [
      "bond",
      "setEndpoint",
      "dismiss",
      "fillSeats",
      "resign",
      "vacateSeat",
      "requestBondRelease",
      "withdrawBond",
      "paySlash",
    ],
  },
  SelfAttestation: { open: ["claimEvidence", "selfAttest"] },
  SlashProposals: {
    timelock: { uphold: [1n], veto: [1n] },
    open: ["propose", "dispute", "cancel", "execute", "lapse"],
  },
  TeamVesting: {
    open: ["acceptOwnership", "release", "transferOwnership"],
  },
};

async function everybodyElse() {
  const { deployer, council, faucet, alice, mallory } = await namedSigners();
  return [deployer, council, faucet, alice, mallory];
}

function stateChangingNames(contract: BaseContract): string[] {
  const names = contract.interface.fragments.flatMap((fragment) => {
    if (fragment.type !== "function" || !("stateMutability" in fragment) || !("name" in fragment)) return [];
    return fragment.stateMutability === "nonpayable" || fragment.stateMutability === "payable"
      ? [String(fragment.name)]
      : [];
  });
  return [...new Set(names)].sort();
}

describe("Deployment: privileges", () => {
  it("makes the timelock its own only admin", async () => {
    const { timelock, deployment } = await networkHelpers.loadFixture(deployedNetwork);
    const granted = await timelock.queryFilter("RoleGranted");
    const admins = granted.flatMap((event) => {
      return "args" in event && event.args[0] === ZeroHash ? [event.args[1] as string] : [];
    });
    expect(admins, "admins of the timelock").to.deep.equal([await timelock.getAddress()]);
    for (const name of [
      "AdmittedIdentities",
      "AttestationBridge",
      "CaesarEmissions",
      "CertificateAuthorities",
      "CertificateRegistry",
      "MeshGovernor",
      "MLDSA65Switch",
      "NetworkParameters",
      "NodeSlashing",
      "QuadraticRound",
      "QuadraticVotes",
      "RelayerCommittee",
      "SlashProposals",
    ] as const) {
      const admin = (await deployment.instances[name].getFunction("timelock")()) as string;
      expect(admin, `admin of ${name}`).to.equal(await timelock.getAddress());
    }
  });

  it("leaves the deployer no role and no binding", async () => {
    const network = await networkHelpers.loadFixture(deployedNetwork);
    const { timelock, registry, certificates, emissions, delegation, rewards, slashing, votes, deployer } = network;
    const roles = ["PROPOSER_ROLE", "CANCELLER_ROLE", "EXECUTOR_ROLE", "APPROVER_ROLE", "DEFAULT_ADMIN_ROLE"] as const;
    for (const name of roles) {
      const role = (await timelock[name]()) as string;
      expect(await timelock.hasRole(role, deployer.address), `${name} of the deployer`).to.equal(false);
    }
    const proposer = (await timelock.PROPOSER_ROLE()) as string;
    expect(await timelock.hasRole(proposer, network.council.address), "interim proposer").to.equal(true);
    await expect(timelock.connect(deployer).setPrivileges([]))
      .to.be.revertedWithCustomError(timelock, "MeshTimelock_TableClosed")
      .withArgs(deployer.address);
    for (const [contract, call] of [
      [registry, () => registry.connect(deployer).bindStaking(deployer.address)],
      [certificates, () => certificates.connect(deployer).bindRegistry(deployer.address)],
      [emissions, () => emissions.connect(deployer).bindToken(deployer.address)],
      [delegation, () => delegation.connect(deployer).bindStaking(deployer.address)],
      [slashing, () => slashing.connect(deployer).bindStaking(deployer.address)],
      [votes, () => votes.connect(deployer).bindStaking(deployer.address)],
      [rewards, () => rewards.connect(deployer).bindStaking(deployer.address, deployer.address)],
    ] as const) {
      await expect(call()).to.be.revertedWithCustomError(contract, "Governed_BindingClosed").withArgs(deployer.address);
    }
  });

  it("lets the interim proposer propose, the approver approve what is critical, and anyone execute after the delay", async () => {
    const { timelock, emissions, council, approver, mallory, faucet, deployment } =
      await networkHelpers.loadFixture(deployedNetwork);
    const data = emissions.interface.encodeFunctionData("setDistributor", [faucet.address]);
    const operation = { calls: [{ to: deployment.contracts.CaesarEmissions, data }], name: "name a distributor" };
    const readyAt = await scheduleOperation(timelock.connect(council) as never, operation);
    await networkHelpers.time.increaseTo(readyAt);
    await expect(executeOperation(timelock.connect(mallory) as never, operation)).to.be.revertedWithCustomError(
      timelock,
      "MeshTimelock_NotApproved",
    );
    await approveOperation(timelock.connect(approver) as never, operation);
    await executeOperation(timelock.connect(mallory) as never, operation);
    expect(await emissions.distributor(), "distributor").to.equal(faucet.address);
  });

  it("knows every privileged function, and which of them are critical", async () => {
    const { timelock, deployment } = await networkHelpers.loadFixture(deployedNetwork);
    const rows = privilegeRows(deployment.contracts);
    const known = await Promise.all(
      rows.map(async ({ target, selector }) => {
        const [kind, isCritical] = (await timelock.privilegeOf(target, selector)) as [bigint, boolean];
        return { target, selector, kind: Number(kind), isCritical };
      }),
    );
    expect(known).to.deep.equal(rows);
  });

  it("lets nobody skip the timelock's delay", async () => {
    const { timelock, council, alice } = await networkHelpers.loadFixture(deployedNetwork);
    const call = [alice.address, 0n, "0x", ZeroHash, ZeroHash] as const;
    await expect(timelock.connect(council).schedule(...call, 0n))
      .to.be.revertedWithCustomError(timelock, "TimelockInsufficientDelay")
      .withArgs(0, 1);
    await timelock.connect(council).schedule(...call, 1_000n);
    await expect(timelock.connect(council).execute(...call)).to.be.revertedWithCustomError(
      timelock,
      "TimelockUnexpectedOperationState",
    );
    await expect(timelock.connect(council).updateDelay(0n))
      .to.be.revertedWithCustomError(timelock, "TimelockUnauthorizedCaller")
      .withArgs(council.address);
  });

  it("refuses everybody else every privileged function", async () => {
    const { deployment, timelock } = await networkHelpers.loadFixture(deployedNetwork);
    for (const stranger of await everybodyElse()) {
      for (const [name, listed] of Object.entries(STATE_CHANGING)) {
        const { timelock: governed = {}, arbiters = {}, peers = {}, bound = {} } = listed;
        const contract = deployment.instances[name as "NodeRegistry"].connect(stranger);
        for (const [method, args] of Object.entries(governed)) {
          await expect(contract.getFunction(method)(...args), `${name}.${method}`)
            .to.be.revertedWithCustomError(contract, "Governed_NotTimelock")
            .withArgs(stranger.address, await timelock.getAddress());
        }
        for (const [method, args] of Object.entries(arbiters)) {
          await expect(contract.getFunction(method)(...args), `${name}.${method}`)
            .to.be.revertedWithCustomError(contract, "Arbitrated_NotArbiter")
            .withArgs(stranger.address);
        }
        for (const [method, [error, args]] of Object.entries(peers)) {
          await expect(contract.getFunction(method)(...args), `${name}.${method}`).to.be.revertedWithCustomError(
            contract,
            error,
          );
        }
        for (const [method, args] of Object.entries(bound)) {
          await expect(contract.getFunction(method)(...args), `${name}.${method}`)
            .to.be.revertedWithCustomError(contract, "Governed_BindingClosed")
            .withArgs(stranger.address);
        }
      }
      const admin = timelock.connect(stranger).grantRole(ZeroHash, stranger.address) as Promise<unknown>;
      await expect(admin)
        .to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount")
        .withArgs(stranger.address, ZeroHash);
    }
  });

  it("lists every privileged function there is", async () => {
    const { deployment } = await networkHelpers.loadFixture(deployedNetwork);
    for (const [name, { timelock = {}, arbiters = {}, peers = {}, bound = {}, open }] of Object.entries(
      STATE_CHANGING,
    )) {
      const listed = [timelock, arbiters, peers, bound].flatMap((group) => Object.keys(group));
      listed.push(...open);
      listed.sort();
      expect(stateChangingNames(deployment.instances[name as "NodeRegistry"]), name).to.deep.equal(listed);
    }
  });

  it("names the arbiters once", async () => {
    const { bridge, committee, slashing, timelockSigner, deployment, mallory } =
      await networkHelpers.loadFixture(deployedNetwork);
    const { AttestationDisputes, SelfAttestation, MemberOffences, NodeOffences, SlashProposals } = deployment.contracts;
    expect(await bridge.isArbiter(AttestationDisputes), "disputes may correct reports").to.equal(true);
    expect(await bridge.isArbiter(SelfAttestation), "self-attestation may correct reports").to.equal(true);
    expect(await bridge.isArbiter(NodeOffences), "offences of nodes may correct reports").to.equal(true);
    expect(await bridge.isArbiter(MemberOffences), "offences may correct reports").to.equal(false);
    expect(await committee.isArbiter(AttestationDisputes), "disputes may punish").to.equal(true);
    expect(await committee.isArbiter(MemberOffences), "offences may punish").to.equal(true);
    expect(await committee.isArbiter(SelfAttestation), "self-attestation may punish").to.equal(false);
    expect(await committee.isArbiter(NodeOffences), "offences of nodes may punish members").to.equal(false);
    expect(await slashing.isArbiter(SlashProposals), "proposals may slash nodes").to.equal(true);
    expect(await slashing.isArbiter(NodeOffences), "offences of nodes may slash nodes").to.equal(true);
    for (const contract of [bridge, committee, slashing]) {
      await expect(contract.connect(timelockSigner).bindArbiters([mallory.address]))
        .to.be.revertedWithCustomError(contract, "Governed_BindingClosed")
        .withArgs(timelockSigner.address);
    }
  });

  it("points all contracts at each other", async () => {
    const { registry, emissions, bridge, staking, alice, deployment } =
      await networkHelpers.loadFixture(deployedNetwork);
    const { NodeStaking, MeshToken, NodeRegistry, RelayerCommittee, NetworkParameters } = deployment.contracts;
    expect(await registry.staking(), "staking of the registry").to.equal(NodeStaking);
    expect(await emissions.token(), "token of the emissions").to.equal(MeshToken);
    expect(await bridge.registry(), "registry of the bridge").to.equal(NodeRegistry);
    expect(await bridge.committee(), "committee of the bridge").to.equal(RelayerCommittee);
    expect(await bridge.parameters(), "parameters of the bridge").to.equal(NetworkParameters);
    await registry.connect(alice).registerOperator(ZeroAddress, ZeroAddress, KEY);
    await registry.connect(alice).registerNode(attestationKey("alice"), ZeroHash);
    await expect(staking.connect(alice).stake(0, 10_000n * MESH)).to.emit(registry, "NodeActivated");
  });

  it("keeps the horizon of the table equal to the bridge's", async () => {
    const { bridge, parameters } = await networkHelpers.loadFixture(deployedNetwork);
    const seconds = ((await bridge.horizonEpochs()) as bigint) * ((await bridge.epochLength()) as bigint);
    expect(await parameters.get(encodeBytes32String("finalityHorizon")), "seconds").to.equal(seconds);
  });

  it("fits into the largest code of a contract", async () => {
    const { deployment } = await networkHelpers.loadFixture(deployedNetwork);
    for (const [name, address] of Object.entries(deployment.contracts)) {
      const code = await ethers.provider.getCode(address);
      expect((code.length - 2) / 2, name).to.be.within(1, 24_576);
    }
  });
});
