import { AbiCoder, keccak256, toBeHex } from "ethers";
import { connection } from "../../support/deployed-network.ts";
import type { BridgeFixture } from "./bridge-fixture.ts";

const { ethers, networkHelpers } = connection;

/** Storage slots of the bridge that can hold the mapping. */
const MOST_SLOTS = 64;

/**
 * Makes a shard that has reported once look as if it had reported every epoch up to `next` with nothing wrong, which is
 * exactly what such reports leave behind apart from their commitments.
 *
 * @throws when the slot cannot be found: the bridge stores its progress in another way.
 */
export async function forceProgress({ bridge }: BridgeFixture, shard: number, next: number): Promise<void> {
  const address = await bridge.getAddress();
  const current = (await bridge.nextEpoch(shard)) as bigint;
  for (let slot = 0; slot < MOST_SLOTS; slot++) {
    const key = keccak256(AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [shard, slot]));
    const word = BigInt(await ethers.provider.getStorage(address, key));
    if (word === 0n || word >> 64n !== current) continue;
    const first = word & (2n ** 64n - 1n);
    await networkHelpers.setStorageAt(address, key, toBeHex((BigInt(next) << 64n) | first, 32));
    if (Number(await bridge.nextEpoch(shard)) === next) return;
    throw new Error(`slot ${slot} is not the progress of a shard`);
  }
  throw new Error(`no slot holds the progress of shard ${shard}`);
}
