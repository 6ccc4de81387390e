import { id } from "ethers";
import { connection, MESH, MIN_STAKE, passEpochs, type DeployedNetwork } from "./deployed-network.ts";
import { networkWithNode } from "./registered-node.ts";

const { ethers, networkHelpers } = connection;

/** What alice has staked on node 0 in {@link networkWithDelegation}, and what mallory has delegated to it. */
export const OWN = 3n * MIN_STAKE;
export const DELEGATED = 10_000n * MESH;

/** Node 0 of alice with stake and a delegation of mallory, both in weight; the first of `others` is nobody's friend. */
export async function networkWithDelegation() {
  const network = await networkWithNode();
  const { staking, delegation, rewards, slashing, alice, mallory } = network;
  await staking.connect(alice).stake(0, OWN);
  await delegation.connect(mallory).delegate(0, DELEGATED, 0n);
  await passEpochs(network, 3);
  const as = async (address: string) => {
    const signer = await ethers.getImpersonatedSigner(address);
    await networkHelpers.setBalance(address, 10n ** 21n);
    return signer;
  };
  const arbiter = await as(await network.proposals.getAddress());
  const payer = await as(await rewards.getAddress());
  const stranger = network.others[0];
  const punish = (amount: bigint, options: Partial<PunishmentOptions> = {}) => {
    const { reporter = stranger.address, isBarred = false, isFinal = false } = options;
    return slashing.connect(arbiter).punish([id("offence"), 0, amount, reporter, isBarred, isFinal]);
  };
  return { ...network, arbiter, payer, stranger, punish };
}

interface PunishmentOptions {
  reporter: string;
  isBarred: boolean;
  isFinal: boolean;
}

/** MESH wei that a delegation is worth. */
export async function worthOf({ delegation }: DeployedNetwork, delegator: string): Promise<bigint> {
  const [, amount] = (await delegation.delegationOf(0, delegator)) as [bigint, bigint];
  return amount;
}
