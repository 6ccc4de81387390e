import type { Signer } from "ethers";
import { connection, deployedNetwork, MESH, type DeployedNetwork } from "./deployed-network.ts";
import { registerNode, registerOperator } from "./registered-node.ts";

const { networkHelpers } = connection;

/** Smallest nullifier of a voter. */
export const FIRST_NULLIFIER = 2n ** 32n;

/** Two ramps of the test network, after which everything counts. */
export const TWO_RAMPS = 20;

/** Units that 2^40 wei, to which aged stake is rounded, make of 10,000 MESH. */
export const ROUNDING = 10n;

/** Units of a whole number of MESH whose root is whole too. */
export const rootOf = (mesh: number): bigint => BigInt(Math.round(Math.sqrt(mesh))) * 10n ** 9n;

/** Admits an account as a voter for a day. */
export async function admit(network: DeployedNetwork, account: Signer, nullifier = FIRST_NULLIFIER): Promise<void> {
  const { identities, timelockSigner } = network;
  const expiresAt = BigInt(await networkHelpers.time.latest()) + 86_400n;
  await identities.connect(timelockSigner).admit(await account.getAddress(), nullifier, expiresAt);
}

/** Lets everything age and brings an identity up to date. */
export async function ageAndSync({ votes }: DeployedNetwork, ...identities: bigint[]): Promise<void> {
  await networkHelpers.time.increase(TWO_RAMPS);
  await votes.syncMany(identities);
}

/**
 * A network in which alice, operator 1, has 10,000 MESH staked (100 units), bob, a voter, has locked 2,500 (50 units), and
 * carol, a voter, has nothing.
 */
export async function networkWithVoters() {
  const network = await deployedNetwork();
  const { alice, bob, carol, staking, votes } = network;
  await registerOperator(network, alice);
  await registerNode(network, alice);
  await staking.connect(alice).stake(0, 10_000n * MESH);
  await admit(network, bob);
  await admit(network, carol, FIRST_NULLIFIER + 1n);
  await votes.connect(bob).lock(2_500n * MESH);
  await ageAndSync(network, 1n, FIRST_NULLIFIER, FIRST_NULLIFIER + 1n);
  return network;
}

/** Takes a snapshot as a governor does: the newest second, which is over when this returns. */
export async function takeSnapshot(): Promise<number> {
  const snapshot = await networkHelpers.time.latest();
  await networkHelpers.time.increase(1);
  return snapshot;
}
