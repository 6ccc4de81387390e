import { generateKeyPairSync, sign } from "node:crypto";
import { expect } from "chai";
import { encodeBytes32String, getBytes, hexlify, keccak256, TypedDataEncoder, ZeroAddress } from "ethers";
import { attestationKey } from "../support/attestation-key.ts";
import { connection, deployedNetwork, passEpochs } from "../support/deployed-network.ts";

const { networkHelpers } = connection;
const DEADLINE = 4_000_000_000n;
const OLD_KEY = attestationKey("old");
const NEW_KEY = attestationKey("new");

/** Root key of the operator, made by OpenSSL; the last 32 bytes of an SPKI are PK.seed ‖ PK.root. */
const rootKeyPair = generateKeyPairSync("slh-dsa-sha2-128s");
const rootKey = rootKeyPair.publicKey.export({ format: "der", type: "spki" }).subarray(-32);

interface Statement {
  nodeIndex?: number;
  key?: Uint8Array;
  nonce?: number;
  deadline?: bigint;
}

async function networkWithRootKey() {
  const network = await deployedNetwork();
  const { registry, alice } = network;
  await registry.connect(alice).registerOperator(ZeroAddress, ZeroAddress, rootKey);
  await registry.connect(alice).registerNode(OLD_KEY, encodeBytes32String(""));
  return network;
}

type Network = Awaited<ReturnType<typeof networkWithRootKey>>;

/** Signs a rotation with the root key; node:crypto takes about a third of a second for it. */
async function signRotation({ registry }: Network, statement: Statement = {}): Promise<Uint8Array> {
  const { nodeIndex = 0, key = NEW_KEY, nonce = 0, deadline = DEADLINE } = statement;
  const digest = (await registry.rotationDigest(nodeIndex, keccak256(key), nonce, deadline)) as string;
  return new Uint8Array(sign(null, getBytes(digest), rootKeyPair.privateKey));
}

describe("NodeRegistry: rotateAttestationKey", () => {
  let signature: Uint8Array;

  before(async () => {
    signature = await signRotation(await networkHelpers.loadFixture(networkWithRootKey));
  });

  it("replaces the key two epochs later", async () => {
    const network = await networkHelpers.loadFixture(networkWithRootKey);
    const { registry, alice } = network;
    const sent = await registry.connect(alice).rotateAttestationKey(0, NEW_KEY, DEADLINE, signature);
    const from = ((await registry.currentEpoch()) as bigint) + 2n;
    await expect(sent)
      .to.emit(registry, "AttestationKeyRotated")
      .withArgs(0, keccak256(OLD_KEY), keccak256(NEW_KEY), hexlify(NEW_KEY), from);
    expect(await registry.keyHashAt(0, from - 1n), "key before").to.equal(keccak256(OLD_KEY));
    expect(await registry.keyHashAt(0, from), "key from then on").to.equal(keccak256(NEW_KEY));
    expect((await registry.nodeOf(0)).keyHash, "key now").to.equal(keccak256(OLD_KEY));
    await passEpochs(network, 2);
    expect((await registry.nodeOf(0)).keyHash, "key two epochs later").to.equal(keccak256(NEW_KEY));
  });

  it("accepts the statement from anyone", async () => {
    const { registry, mallory } = await networkHelpers.loadFixture(networkWithRootKey);
    await registry.connect(mallory).rotateAttestationKey(0, NEW_KEY, DEADLINE, signature);
    expect((await registry.nodeOf(0)).rotations, "rotations").to.equal(1n);
  });

  it("signs what the digest function says", async () => {
    const { registry } = await networkHelpers.loadFixture(networkWithRootKey);
    const domain = {
      name: "PQMesh NodeRegistry",
      version: "1",
      chainId: 31_337,
      verifyingContract: await registry.getAddress(),
    };
    const types = {
      AttestationKeyRotation: [
        { name: "nodeIndex", type: "uint32" },
        { name: "newKeyHash", type: "bytes32" },
        { name: "nonce", type: "uint32" },
        { name: "deadline", type: "uint64" },
      ],
    };
    const value = { nodeIndex: 3, newKeyHash: keccak256(NEW_KEY), nonce: 5, deadline: DEADLINE };
    expect(await registry.rotationDigest(3, keccak256(NEW_KEY), 5, DEADLINE), "digest").to.equal(
      TypedDataEncoder.hash(domain, types, value),
    );
  });

  it("keeps the history over several rotations", async () => {
    const network = await networkHelpers.loadFixture(networkWithRootKey);
    const { registry } = network;
    const third = attestationKey("third");
    await registry.rotateAttestationKey(0, NEW_KEY, DEADLINE, signature);
    await passEpochs(network, 6);
    const next = await signRotation(network, { key: third, nonce: 1 });
    await registry.rotateAttestationKey(0, third, DEADLINE, next);
    await passEpochs(network, 6);
    const epoch = (await registry.currentEpoch()) as bigint;
    const history = new Set<string>();
    for (let e = 0n; e <= epoch; e++) history.add((await registry.keyHashAt(0, e)) as string);
    expect([...history].slice(-3), "keys, oldest first").to.deep.equal(
      [OLD_KEY, NEW_KEY, third].map((k) => keccak256(k)),
    );
  });

  it("refuses a statement that was used before", async () => {
    const network = await networkHelpers.loadFixture(networkWithRootKey);
    const { registry } = network;
    await registry.rotateAttestationKey(0, NEW_KEY, DEADLINE, signature);
    await passEpochs(network, 2);
    const back = await signRotation(network, { key: OLD_KEY, nonce: 1 });
    await registry.rotateAttestationKey(0, OLD_KEY, DEADLINE, back);
    await passEpochs(network, 2);
    await expect(registry.rotateAttestationKey(0, NEW_KEY, DEADLINE, signature))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_InvalidRootSignature")
      .withArgs(1);
  });

  it("refuses the owner without the root key", async () => {
    const { registry, alice } = await networkHelpers.loadFixture(networkWithRootKey);
    for (const forged of [new Uint8Array(), new Uint8Array(7_856)]) {
      await expect(registry.connect(alice).rotateAttestationKey(0, NEW_KEY, DEADLINE, forged))
        .to.be.revertedWithCustomError(registry, "NodeRegistry_InvalidRootSignature")
        .withArgs(1);
    }
  });

  it("refuses a signature for another node, key, nonce or deadline", async () => {
    const network = await networkHelpers.loadFixture(networkWithRootKey);
    const { registry } = network;
    const others: Statement[] = [
      { nodeIndex: 1 },
      { key: attestationKey("other") },
      { nonce: 1 },
      { deadline: DEADLINE + 1n },
    ];
    for (const other of others) {
      const foreign = await signRotation(network, other);
      await expect(registry.rotateAttestationKey(0, NEW_KEY, DEADLINE, foreign), JSON.stringify(Object.keys(other)))
        .to.be.revertedWithCustomError(registry, "NodeRegistry_InvalidRootSignature")
        .withArgs(1);
    }
  });

  it("refuses a statement after its deadline", async () => {
    const { registry } = await networkHelpers.loadFixture(networkWithRootKey);
    const now = (await networkHelpers.time.latest()) + 100;
    await networkHelpers.time.setNextBlockTimestamp(now);
    await expect(registry.rotateAttestationKey(0, NEW_KEY, now - 1, signature))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_DeadlinePassed")
      .withArgs(now - 1, now);
  });

  it("refuses a second rotation before the first holds", async () => {
    const network = await networkHelpers.loadFixture(networkWithRootKey);
    const { registry } = network;
    await registry.rotateAttestationKey(0, NEW_KEY, DEADLINE, signature);
    const from = ((await registry.currentEpoch()) as bigint) + 2n;
    await passEpochs(network, 1);
    await expect(registry.rotateAttestationKey(0, attestationKey("third"), DEADLINE, signature))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_RotationPending")
      .withArgs(from);
  });

  it("refuses the key in force", async () => {
    const { registry } = await networkHelpers.loadFixture(networkWithRootKey);
    await expect(registry.rotateAttestationKey(0, OLD_KEY, DEADLINE, signature))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_SameKey")
      .withArgs(keccak256(OLD_KEY));
  });

  it("refuses a key of another length or a degenerate one", async () => {
    const { registry } = await networkHelpers.loadFixture(networkWithRootKey);
    await expect(registry.rotateAttestationKey(0, NEW_KEY.subarray(1), DEADLINE, signature))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_KeyLength")
      .withArgs(1_951, 1_952);
    const degenerate = attestationKey("degenerate").fill(0, 32);
    await expect(registry.rotateAttestationKey(0, degenerate, DEADLINE, signature)).to.be.revertedWithCustomError(
      registry,
      "NodeRegistry_DegenerateKey",
    );
  });

  it("refuses a node that has exited", async () => {
    const { registry, alice } = await networkHelpers.loadFixture(networkWithRootKey);
    await registry.connect(alice).exitNode(0);
    await expect(registry.rotateAttestationKey(0, NEW_KEY, DEADLINE, signature))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_NodeExited")
      .withArgs(0);
  });

  it("refuses an unknown node", async () => {
    const { registry } = await networkHelpers.loadFixture(networkWithRootKey);
    await expect(registry.rotateAttestationKey(9, NEW_KEY, DEADLINE, signature))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_UnknownNode")
      .withArgs(9);
  });
});
