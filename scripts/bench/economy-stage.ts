import type { Contract, ContractTransactionResponse } from "ethers";
import { id, MaxUint256, parseEther, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import type { Hex } from "viem";
import { arbiterBindings } from "../deploy/arbiter-bindings.ts";
import { governorRoles } from "../deploy/governor-roles.ts";
import { deployPqmesh } from "../deploy/deploy.ts";
import { PRODUCTION_SCHEDULE, productionParameters } from "../deploy/parameters.ts";
import { GENESIS_DATE, seededBytes } from "./mesh-deployment.ts";

const { epochSeconds } = PRODUCTION_SCHEDULE;
const STAKE = parseEther("20000");
const UNBONDING_SECONDS = 21 * 86_400;

/** A network with the parameters of production, and everyday transactions on storage that was written before. */
export type EconomyStage = Awaited<ReturnType<typeof deployEconomy>>;

async function gasOf(sending: Promise<ContractTransactionResponse>): Promise<number> {
  const receipt = await (await sending).wait();
  return Number(receipt?.gasUsed ?? 0n);
}

/** Deploys a network with the parameters of production; the first account is the foundation. */
export async function deployNetwork() {
  const connection = await network.create({ network: "default", override: { initialDate: GENESIS_DATE } });
  const { ethers, networkHelpers } = connection;
  const [deployer, operator, delegator] = await ethers.getSigners();
  const owner = deployer.address as Hex;
  const second = operator.address as Hex;
  const roles = { interimProposer: owner, approver: second, teamBeneficiary: owner, investorBeneficiary: owner };
  const parameters = productionParameters(roles, await networkHelpers.time.latest());
  const { instances, contracts } = await deployPqmesh({ connection, parameters });
  const timelock = await ethers.getImpersonatedSigner(contracts.MeshTimelock);
  await networkHelpers.setBalance(timelock.address, parseEther("1000"));
  for (const call of [...arbiterBindings(contracts), ...governorRoles(contracts)]) await timelock.sendTransaction(call);
  return { connection, instances, contracts, timelock, operator, delegator };
}

/**
 * Deploys the network. The operator owns a node that has staked, unbonded and withdrawn; the delegator has delegated to
 * it and left in part; every slot that a transaction writes has been written before.
 */
export async function deployEconomy() {
  const mesh = await deployNetwork();
  const { connection, instances, contracts, timelock, operator, delegator } = mesh;
  const { networkHelpers } = connection;
  const { MeshToken, NodeRegistry, NodeStaking, NodeDelegation } = instances;
  const send = (contract: Contract, wallet: typeof operator, name: string, args: unknown[]) =>
    gasOf(contract.connect(wallet).getFunction(name)(...args) as Promise<ContractTransactionResponse>);
  for (const [wallet, spender] of [
    [operator, contracts.NodeStaking],
    [delegator, contracts.NodeDelegation],
  ] as const) {
    await send(MeshToken, timelock, "transfer", [wallet.address, 10n * STAKE]);
    await send(MeshToken, wallet, "approve", [spender, MaxUint256]);
  }
  await send(NodeRegistry, operator, "registerOperator", [ZeroAddress, ZeroAddress, id("root key")]);
  await send(NodeRegistry, operator, "registerNode", [seededBytes("node", 1952), ZeroHash]);
  const nextEpoch = () => networkHelpers.time.increase(epochSeconds);
  const stakeMore = () => send(NodeStaking, operator, "stake", [0, parseEther("5")]);
  const requestUnbond = () => send(NodeStaking, operator, "requestUnbond", [0, parseEther("5")]);
  const delegate = () => send(NodeDelegation, delegator, "delegate", [0, parseEther("5"), 0n]);
  const mature = () => networkHelpers.time.increase(UNBONDING_SECONDS);
  const withdraw = () => send(NodeStaking, operator, "withdraw", [0, 1n]);
  await send(NodeStaking, operator, "stake", [0, STAKE]);
  await nextEpoch();
  await delegate();
  await nextEpoch();
  await requestUnbond();
  await mature();
  await withdraw();
  await nextEpoch();
  await stakeMore();
  await requestUnbond();
  await send(NodeStaking, operator, "cancelUnbond", [0, 1n]);
  await nextEpoch();
  return {
    ...mesh,
    send,
    stakeMore,
    delegate,
    requestUnbond,
    withdraw: async () => {
      await mature();
      return withdraw();
    },
  };
}
