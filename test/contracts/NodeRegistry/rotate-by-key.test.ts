import { expect } from "chai";
import { encodeBytes32String, keccak256, getBytes, ZeroAddress } from "ethers";
import { createHash, sign } from "node:crypto";
import { mlDsa65KeyFromSeed, mlDsa65PublicKeyRaw } from "../../../relayer/src/keystore/ml-dsa-65.ts";
import { attestationKey } from "../support/attestation-key.ts";
import { connection, deployedNetwork, passEpochs } from "../support/deployed-network.ts";

const { networkHelpers } = connection;
const DEADLINE = 4_000_000_000n;
const KEY = mlDsa65KeyFromSeed(createHash("sha256").update("key in force").digest());
const PUBLIC_KEY = mlDsa65PublicKeyRaw(KEY);
const NEW_KEY = attestationKey("new");

async function networkWithKey() {
  const network = await deployedNetwork();
  const { registry, alice } = network;
  await registry.connect(alice).registerOperator(ZeroAddress, ZeroAddress, encodeBytes32String("root"));
  await registry.connect(alice).registerNode(PUBLIC_KEY, encodeBytes32String(""));
  return network;
}

type Network = Awaited<ReturnType<typeof networkWithKey>>;

async function signRotation({ registry }: Network, deadline = DEADLINE, nonce = 0): Promise<Uint8Array> {
  const digest = (await registry.rotationDigest(0, keccak256(NEW_KEY), nonce, deadline)) as string;
  return new Uint8Array(sign(null, getBytes(digest), KEY));
}

describe("NodeRegistry: rotateAttestationKeyByKey", () => {
  it("replaces the key two epochs later, sent by anyone", async () => {
    const network = await networkHelpers.loadFixture(networkWithKey);
    const { registry, mallory } = network;
    const signature = await signRotation(network);
    await registry.connect(mallory).rotateAttestationKeyByKey(0, NEW_KEY, DEADLINE, PUBLIC_KEY, signature);
    expect((await registry.nodeOf(0)).keyHash, "key now").to.equal(keccak256(PUBLIC_KEY));
    await passEpochs(network, 2);
    expect((await registry.nodeOf(0)).keyHash, "key two epochs later").to.equal(keccak256(NEW_KEY));
  });

  it("refuses another key, deadline, nonce or signature", async () => {
    const network = await networkHelpers.loadFixture(networkWithKey);
    const { registry, alice } = network;
    const signature = await signRotation(network);
    const flipped = Uint8Array.from(signature);
    flipped[100] = (flipped[100] ?? 0) ^ 1;
    const stranger = mlDsa65KeyFromSeed(createHash("sha256").update("stranger").digest());
    const strangers = new Uint8Array(
      sign(null, getBytes((await registry.rotationDigest(0, keccak256(NEW_KEY), 0, DEADLINE)) as string), stranger),
    );
    const refused = [
      [DEADLINE, PUBLIC_KEY, flipped],
      [DEADLINE + 1n, PUBLIC_KEY, signature],
      [DEADLINE, PUBLIC_KEY, await signRotation(network, DEADLINE, 1)],
      [DEADLINE, mlDsa65PublicKeyRaw(stranger), strangers],
      [DEADLINE, PUBLIC_KEY, new Uint8Array()],
    ] as const;
    for (const [deadline, key, signed] of refused) {
      await expect(registry.connect(alice).rotateAttestationKeyByKey(0, NEW_KEY, deadline, key, signed))
        .to.be.revertedWithCustomError(registry, "NodeRegistry_InvalidKeySignature")
        .withArgs(0);
    }
    await expect(
      registry.rotateAttestationKeyByKey(0, NEW_KEY, 1n, PUBLIC_KEY, signature),
    ).to.be.revertedWithCustomError(registry, "NodeRegistry_DeadlinePassed");
  });
});
