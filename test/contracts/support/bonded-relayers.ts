import type { Signer } from "ethers";
import { attestationKey } from "./attestation-key.ts";
import { deployedNetwork, type DeployedNetwork, MIN_BOND } from "./deployed-network.ts";

/** Bonds a wallet as a relayer with the smallest bond of a member. */
export async function bondRelayer({ committee }: DeployedNetwork, wallet: Signer): Promise<void> {
  const address = await wallet.getAddress();
  await committee.connect(wallet).bond(MIN_BOND, attestationKey(address), `https://${address.toLowerCase()}.example`);
}

/** A network with four bonded relayers in the order of their seats, and nobody seated yet. */
export async function networkWithRelayers() {
  const deployed = await deployedNetwork();
  const wallets = [deployed.alice, deployed.bob, deployed.carol, deployed.mallory];
  const relayers = wallets.sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
  for (const relayer of relayers) await bondRelayer(deployed, relayer);
  return { ...deployed, relayers, seats: relayers.map(({ address }) => address) };
}
