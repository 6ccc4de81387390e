import type { Contract } from "ethers";
import {
  concat,
  getBytes,
  id,
  keccak256,
  MaxUint256,
  parseEther,
  TypedDataEncoder,
  ZeroAddress,
  ZeroHash,
} from "ethers";
import { timelockSalt } from "@pqmesh/contracts/protocol/timelock-salt";
import type { Address, Hex } from "viem";
import { generateKeyPairSync, sign } from "node:crypto";
import { authorityTermsOf, CERTIFICATE_KIND, certificatesOf, issuanceOf } from "./certificates.ts";
import { deployEconomy, type EconomyStage } from "./economy-stage.ts";
import { seededBytes } from "./mesh-deployment.ts";

/** Gas of whole transactions of a proposal that pays out of the treasury. */
export interface GovernanceGas {
  propose: number;
  voteFirst: number;
  voteNext: number;
  voteBySignature: number;
  votePostQuantum: number;
  /** What the check of the ML-DSA-65 signature takes by itself, with its calldata. */
  postQuantumCheck: number;
  queue: number;
  execute: number;
}

const DAY = 86_400;
const FOR = 1;
const FIRST_NULLIFIER = 2n ** 32n;
const RAW_KEY_BYTES = 1952;
/** What every transaction takes. */
const BASE_GAS = 21_000;
const BALLOT = {
  Ballot: [
    { name: "proposalId", type: "uint256" },
    { name: "support", type: "uint8" },
    { name: "voter", type: "address" },
    { name: "nonce", type: "uint256" },
  ],
};

type Wallet = EconomyStage["operator"];

/** An account that obeys a registered ML-DSA-65 key, and the signature it gives for what a contract asks about. */
async function deployPqVoter({ connection, instances, operator }: EconomyStage) {
  const { ethers } = connection;
  const pair = generateKeyPairSync("ml-dsa-65");
  const rawKey = pair.publicKey.export({ format: "der", type: "spki" }).subarray(-RAW_KEY_BYTES);
  const keys = instances.MLDSA65KeyRegistry;
  await keys.getFunction("register")(rawKey);
  const account = await ethers.deployContract("PQAccount", [concat([await keys.getAddress(), keccak256(rawKey)])]);
  const address = await account.getAddress();
  const { chainId } = await ethers.provider.getNetwork();
  const domain = { name: "PQAccount", version: "1", chainId, verifyingContract: address };
  const digestOf = (hash: string): string => {
    const nested = keccak256(concat([id("PersonalSign(bytes prefixed)"), hash]));
    return keccak256(concat(["0x1901", TypedDataEncoder.hashDomain(domain), nested]));
  };
  const signHash = (hash: string): Uint8Array => sign(null, getBytes(digestOf(hash)), pair.privateKey);
  const checkGas = async (hash: string, signature: Uint8Array): Promise<number> => {
    const check = [keccak256(rawKey), getBytes(digestOf(hash)), "0x", signature];
    const data = keys.interface.encodeFunctionData("verify(bytes32,bytes,bytes,bytes)", check);
    const receipt = await (await operator.sendTransaction({ to: await keys.getAddress(), data })).wait();
    return Number(receipt?.gasUsed ?? 0n) - BASE_GAS;
  };
  return { account, address, signHash, checkGas };
}

/** Makes wallets operators of a staked node each, whose MESH votes too. */
async function makeOperators({ instances, timelock, send }: EconomyStage, wallets: Wallet[]): Promise<void> {
  const { MeshToken, NodeRegistry, NodeStaking } = instances;
  for (const [i, wallet] of wallets.entries()) {
    await send(MeshToken, timelock, "transfer", [wallet.address, parseEther("50000")]);
    await send(NodeRegistry, wallet, "registerOperator", [
      ZeroAddress,
      ZeroAddress,
      id(`root key of ${wallet.address}`),
    ]);
    await send(NodeRegistry, wallet, "registerNode", [seededBytes(wallet.address, RAW_KEY_BYTES), ZeroHash]);
    await send(MeshToken, wallet, "approve", [await NodeStaking.getAddress(), MaxUint256]);
    await send(NodeStaking, wallet, "stake", [i + 1, parseEther("20000")]);
    await send(MeshToken, wallet, "delegate", [wallet.address]);
  }
}

/** Lets votes follow certificates, which the operators and the voter get of one authority. */
async function certify(stage: EconomyStage, operators: number, voter: string): Promise<void> {
  const { contracts, instances, operator, timelock, send } = stage;
  const registry = certificatesOf(stage);
  await send(registry, timelock, "admitRoot", [authorityTermsOf(operator.address)]);
  const identities = Array.from({ length: operators }, (_, i) => BigInt(i + 1));
  const certificates = identities.map((identity) => issuanceOf(CERTIFICATE_KIND.operator, identity));
  certificates.push(issuanceOf(CERTIFICATE_KIND.voter, FIRST_NULLIFIER, voter));
  await send(registry, operator, "issueMany", [1, certificates]);
  await send(instances.QuadraticVotes, timelock, "setGate", [contracts.CertificateRegistry]);
}

/** Lets a voter lock MESH; its other MESH votes too. */
async function lockAsVoter({ instances, timelock, connection, send }: EconomyStage, voter: string): Promise<void> {
  const { QuadraticVotes, MeshToken } = instances;
  const signer = await connection.ethers.getImpersonatedSigner(voter);
  await connection.networkHelpers.setBalance(voter, parseEther("10"));
  await send(MeshToken, timelock, "transfer", [voter, parseEther("50000")]);
  await send(MeshToken, signer, "approve", [await QuadraticVotes.getAddress(), MaxUint256]);
  await send(QuadraticVotes, signer, "lock", [parseEther("20000")]);
  await send(MeshToken, signer, "delegate", [voter]);
}

/** Pays MESH out of the treasury, in the form that `propose` takes. */
async function paymentOf(governor: Contract, mesh: Contract, to: string, description: string) {
  const data = mesh.interface.encodeFunctionData("transfer", [to, parseEther("1")]);
  const calls: [string[], bigint[], string[]] = [[await mesh.getAddress()], [0n], [data]];
  const proposalId = (await governor.getFunction("hashProposal")(...calls, id(description))) as bigint;
  const act: [string[], bigint[], string[], string] = [...calls, id(description)];
  return { propose: [...calls, description], act, proposalId };
}

/** The operation of the timelock that a proposal is queued as. */
export async function operationOf(
  { MeshTimelock: timelock, MeshGovernor: governor }: EconomyStage["instances"],
  [targets, values, payloads, description]: [string[], bigint[], string[], string],
): Promise<string> {
  const salt = timelockSalt((await governor.getAddress()) as Address, description as Hex);
  const batch = [targets, values, payloads, ZeroHash, salt];
  return (await timelock.getFunction("hashOperationBatch")(...batch)) as string;
}

/** Lets the approver, who is the operator of the stage, approve what a proposal has queued. */
async function approve(stage: EconomyStage, act: [string[], bigint[], string[], string]): Promise<void> {
  const operation = await operationOf(stage.instances, act);
  await stage.send(stage.instances.MeshTimelock, stage.operator, "approve", [operation]);
}

/** Prepares what a proposer and four voters have had before, so that no slot of theirs is written for the first time. */
async function prepare() {
  const stage = await deployEconomy();
  const [first, next, signer] = (await stage.connection.ethers.getSigners()).slice(5, 8) as [Wallet, Wallet, Wallet];
  const pqVoter = await deployPqVoter(stage);
  await makeOperators(stage, [first, next, signer]);
  await certify(stage, 4, pqVoter.address);
  await lockAsVoter(stage, pqVoter.address);
  await stage.connection.networkHelpers.time.increase(15 * DAY);
  await stage.send(stage.instances.QuadraticVotes, first, "syncMany", [[1n, 2n, 3n, 4n, FIRST_NULLIFIER]]);
  await stage.connection.networkHelpers.time.increase(2);
  const { MeshGovernor: governor, MeshToken: mesh } = stage.instances;
  await stage.send(mesh, stage.operator, "approve", [await governor.getAddress(), MaxUint256]);
  const earlier = await paymentOf(governor, mesh, first.address, "An earlier payment");
  await stage.send(governor, stage.operator, "propose", earlier.propose);
  return { stage, first, next, signer, pqVoter, governor, mesh };
}

/** Takes a proposal from its making to its execution. */
export async function measureGovernance(): Promise<GovernanceGas> {
  const { stage, first, next, signer, pqVoter, governor, mesh } = await prepare();
  const { send, operator, connection, delegator } = stage;
  const { time } = connection.networkHelpers;
  const { propose, act, proposalId } = await paymentOf(governor, mesh, first.address, "Pay 1 MESH for the audit");
  const proposing = await send(governor, operator, "propose", propose);
  await time.increase(2 * DAY + 1);
  const castBySignature = (voter: string, signature: string | Uint8Array): Promise<number> =>
    send(governor, delegator, "castVoteBySig", [proposalId, FOR, voter, signature]);
  const verifyingContract = await governor.getAddress();
  const { chainId } = await connection.ethers.provider.getNetwork();
  const domain = { name: "MeshGovernor", version: "1", chainId, verifyingContract };
  const ballotOf = (voter: string) => ({ proposalId, support: FOR, voter, nonce: 0n });
  const voteFirst = await send(governor, first, "castVote", [proposalId, FOR]);
  const voteNext = await send(governor, next, "castVote", [proposalId, FOR]);
  const signed = await signer.signTypedData(domain, BALLOT, ballotOf(signer.address));
  const voteBySignature = await castBySignature(signer.address, signed);
  const hash = TypedDataEncoder.hash(domain, BALLOT, ballotOf(pqVoter.address));
  const pqSignature = pqVoter.signHash(hash);
  const postQuantumCheck = await pqVoter.checkGas(hash, pqSignature);
  const votePostQuantum = await castBySignature(pqVoter.address, pqSignature);
  await time.increase(7 * DAY);
  const queue = await send(governor, delegator, "queue", act);
  await approve(stage, act);
  await time.increase(2 * DAY);
  const execute = await send(governor, delegator, "execute", act);
  const votes = { voteFirst, voteNext, voteBySignature, votePostQuantum, postQuantumCheck };
  return { propose: proposing, ...votes, queue, execute };
}
