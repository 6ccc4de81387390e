import { hashEmergencyOrder } from "@pqmesh/contracts/protocol/emergency-order";
import { expect } from "chai";
import { concat, id, type Signer, TypedDataEncoder, ZeroAddress, ZeroHash } from "ethers";
import type { Address, Hex } from "viem";
import { deployPqAccount, signDigest } from "../PQAccount/support/post-quantum-account.ts";
import { deployMlDsa } from "../pqc/support/ml-dsa-deployment.ts";
import { generateMlDsaKeyPair } from "../pqc/support/ml-dsa-keys.ts";
import { connection, deployedNetwork, type DeployedNetwork } from "../support/deployed-network.ts";
import { registerNode } from "../support/registered-node.ts";
import { RootKey } from "../support/root-key.ts";
import {
  authorityTerms,
  DAY,
  issuance,
  issue,
  KIND,
  networkWithAuthority,
  now,
  REASON,
  STATUS,
} from "./support/authorities.ts";

const { ethers, networkHelpers } = connection;
const ACTION = { AdmitAuthority: 1, RevokeAuthority: 3, Issue: 6, Revoke: 8, Hold: 9, Release: 10 } as const;
const LATE = 4_000_000_000n;

interface StatusOrder {
  action: number;
  authorityId: number;
  serials: bigint[];
  reason: number;
  nonce: bigint;
  deadline: bigint;
}

const STATUS_ORDER = {
  StatusOrder: [
    { name: "action", type: "uint8" },
    { name: "authorityId", type: "uint32" },
    { name: "serials", type: "uint160[]" },
    { name: "reason", type: "uint8" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint64" },
  ],
};

function statusOrder(changes: Partial<StatusOrder>): StatusOrder {
  return { action: ACTION.Revoke, authorityId: 1, serials: [], reason: 1, nonce: 0n, deadline: LATE, ...changes };
}

async function domainOf({ certificates }: DeployedNetwork) {
  const verifyingContract = await certificates.getAddress();
  return { name: "PQMesh CertificateRegistry", version: "1", chainId: 31337, verifyingContract };
}

/** A network in which bob's wallet is a delegate of carol's authority. */
async function networkWithDelegate() {
  const network = await networkWithAuthority();
  const { certificates, bob, carol } = network;
  await certificates.connect(carol).setDelegate(1, bob.address, true);
  const sign = async (order: StatusOrder) => bob.signTypedData(await domainOf(network), STATUS_ORDER, order);
  const send = async (order: StatusOrder, by: Signer = network.mallory) =>
    certificates.connect(by).executeStatusOrder(order, bob.address, await sign(order));
  return { ...network, send, sign };
}

/** A network whose authority 1 has a recovery key, and whose operator 1 a root key, both of OpenSSL. */
async function networkWithOfflineKeys() {
  const network = await deployedNetwork();
  const { registry, certificates, alice, carol, timelockSigner } = network;
  const [rootKey, recoveryKey] = [new RootKey(), new RootKey()];
  await registry.connect(alice).registerOperator(ZeroAddress, ZeroAddress, rootKey.publicKey);
  await registerNode(network, alice);
  const terms = await authorityTerms(carol, { recoveryKey: `0x${recoveryKey.publicKey.toString("hex")}` });
  await certificates.connect(timelockSigner).admitRoot(terms);
  return { ...network, rootKey, recoveryKey };
}

function emergencyOrder(changes: object) {
  return {
    ...{ action: ACTION.Revoke as number, authorityId: 0, identityId: 0, serials: [] as bigint[], reason: 1 },
    ...{ successor: ZeroAddress, successorKey: ZeroHash, successorHash: ZeroHash, nonce: 0, deadline: LATE },
    ...changes,
  };
}

describe("CertificateRegistry: orders of delegates", () => {
  it("revoke, hold and release, sent by anybody", async () => {
    const { certificates, send, mallory, ...network } = await networkHelpers.loadFixture(networkWithDelegate);
    const serials = [
      await issue({ ...network, certificates, mallory }),
      await issue({ ...network, certificates, mallory }),
    ];
    await send(statusOrder({ action: ACTION.Hold, serials }));
    expect(await certificates.statusOf(serials[1]), "held").to.equal(STATUS.Held);
    await send(statusOrder({ action: ACTION.Release, serials, nonce: 1n }));
    expect(await certificates.statusOf(serials[1]), "released").to.equal(STATUS.Good);
    await expect(send(statusOrder({ serials, nonce: 2n })))
      .to.emit(certificates, "CertificateRevoked")
      .withArgs(serials[0], 1, 1, (await now()) + 1n, mallory.address, 7);
    expect(await certificates.statusOf(serials[1]), "revoked").to.equal(STATUS.Revoked);
  });

  it("pass over what is revoked already", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegate);
    const { certificates, send, alice } = network;
    const serials = [await issue(network), await issue(network)];
    await certificates.connect(alice).revoke(serials[0], REASON.keyCompromise);
    await send(statusOrder({ action: ACTION.Hold, serials }));
    expect(await certificates.statusOf(serials[1]), "held").to.equal(STATUS.Held);
    await send(statusOrder({ serials, nonce: 1n }));
    expect(await certificates.statusOf(serials[1]), "revoked").to.equal(STATUS.Revoked);
    expect(((await certificates.treeHead()) as { size: bigint }).size, "log").to.equal(6n);
  });

  it("release what their authority put on hold, not what stands above it", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegate);
    const { certificates, send, carol, timelockSigner } = network;
    const serials = [await issue(network)];
    await certificates.connect(carol).hold(serials);
    await send(statusOrder({ action: ACTION.Release, serials }));
    expect(await certificates.statusOf(serials[0]), "its authority's").to.equal(STATUS.Good);
    await certificates.connect(timelockSigner).hold(serials);
    await expect(send(statusOrder({ action: ACTION.Release, serials, nonce: 1n })))
      .to.be.revertedWithCustomError(certificates, "CertificateRegistry_HeldFromAbove")
      .withArgs(serials[0], 1);
  });

  it("are used once and in the order of their key", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegate);
    const { certificates, send, bob } = network;
    const order = statusOrder({ serials: [await issue(network)] });
    await send(order);
    await expect(send(order))
      .to.be.revertedWithCustomError(certificates, "CertificateRegistry_InvalidNonce")
      .withArgs(0, 1);
    const otherKey = 5n << 64n;
    expect(await certificates.nonceOf(bob.address, 5n), "of another key").to.equal(otherKey);
    await send(statusOrder({ serials: [await issue(network)], nonce: otherKey }));
    expect(await certificates.nonceOf(bob.address, 5n), "afterwards").to.equal(otherKey + 1n);
    expect(await certificates.nonceOf(bob.address, 0n), "of the first").to.equal(1n);
  });

  it("are refused late, changed, of strangers, and about what is not below", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegate);
    const { certificates, send, sign, bob, alice, timelockSigner, mallory } = network;
    const serial = await issue(network);
    const refused = (call: Promise<unknown>, error: string) =>
      expect(call, error).to.be.revertedWithCustomError(certificates, `CertificateRegistry_${error}`);
    await refused(send(statusOrder({ serials: [serial], deadline: 1n })), "DeadlinePassed");
    const signed = await sign(statusOrder({ serials: [serial] }));
    const changed = statusOrder({ serials: [serial], reason: 4 });
    await refused(
      certificates.executeStatusOrder(changed, bob.address, signed) as Promise<unknown>,
      "InvalidSignature",
    );
    const byStranger = certificates.executeStatusOrder(changed, mallory.address, signed) as Promise<unknown>;
    await refused(byStranger, "NotDelegate");
    await refused(send(statusOrder({ serials: [serial], reason: 7 })), "InvalidReason");
    await refused(send(statusOrder({ serials: [serial], action: ACTION.Issue })), "InvalidAction");
    await certificates.connect(timelockSigner).admitRoot(await authorityTerms(alice));
    const elsewhere = await issue(network, {}, 2, alice);
    await refused(send(statusOrder({ serials: [elsewhere] })), "OutsideOrder");
    await send(statusOrder({ serials: [serial] }));
  });

  it("end with the delegate, and with the account that named it", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegate);
    const { certificates, send, bob, carol, alice, mallory } = network;
    const order = statusOrder({ serials: [await issue(network)] });
    await expect(certificates.connect(mallory).setDelegate(1, mallory.address, true)).to.be.revertedWithCustomError(
      certificates,
      "CertificateRegistry_NotAuthorized",
    );
    await certificates.connect(carol).setDelegate(1, bob.address, false);
    await expect(send(order)).to.be.revertedWithCustomError(certificates, "CertificateRegistry_NotDelegate");
    await certificates.connect(carol).setDelegate(1, bob.address, true);
    await certificates.connect(carol).setAuthorityAccount(1, alice.address);
    expect(await certificates.isDelegate(1, bob.address), "with another account").to.equal(false);
    await expect(send(order)).to.be.revertedWithCustomError(certificates, "CertificateRegistry_NotDelegate");
  });

  it("can be signed by a contract (ERC-1271)", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegate);
    const { certificates, carol } = network;
    const account = await deployPqAccount();
    await certificates.connect(carol).setDelegate(1, account.address, true);
    const order = statusOrder({ serials: [await issue(network)] });
    const digest = TypedDataEncoder.hash(await domainOf(network), STATUS_ORDER, order);
    expect(await certificates.statusOrderDigest(order), "digest").to.equal(digest);
    await certificates.executeStatusOrder(order, account.address, account.signHash(digest));
    expect(await certificates.statusOf(order.serials[0]), "status").to.equal(STATUS.Revoked);
  });

  it("can be signed by an ML-DSA-65 key (ERC-7913)", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegate);
    const { certificates, carol } = network;
    const mldsa = await deployMlDsa(ethers);
    const pair = generateMlDsaKeyPair();
    const signer = concat([await mldsa.registry.getAddress(), await mldsa.register(pair.publicKey)]);
    await certificates.connect(carol).setDelegate(1, signer, true);
    const order = statusOrder({ serials: [await issue(network)] });
    const digest = (await certificates.statusOrderDigest(order)) as string;
    const stranger = signDigest(generateMlDsaKeyPair(), digest);
    await expect(certificates.executeStatusOrder(order, signer, stranger)).to.be.revertedWithCustomError(
      certificates,
      "CertificateRegistry_InvalidSignature",
    );
    await certificates.executeStatusOrder(order, signer, signDigest(pair, digest));
    expect(await certificates.statusOf(order.serials[0]), "status").to.equal(STATUS.Revoked);
  });
});

describe("CertificateRegistry: emergency orders", () => {
  it("of an operator's root key revoke what is about it and its nodes", async () => {
    const network = await networkHelpers.loadFixture(networkWithOfflineKeys);
    const { certificates, mallory, rootKey, bob } = network;
    const serials = [await issue(network), await issue(network, { kind: KIND.Operator, subject: 1n })];
    const relayer = await issue(network, { kind: KIND.Relayer, subject: BigInt(bob.address) });
    const order = emergencyOrder({ identityId: 1, serials });
    const digest = (await certificates.emergencyOrderDigest(order)) as string;
    const registry = (await certificates.getAddress()) as Address;
    const named = { ...order, action: "Revoke", successor: ZeroAddress as Address } as const;
    expect(
      hashEmergencyOrder(
        { chainId: 31337, registry },
        { ...named, successorKey: ZeroHash as Hex, successorHash: ZeroHash as Hex },
      ),
      "digest",
    ).to.equal(digest);
    await certificates.connect(mallory).executeEmergencyOrder(order, rootKey.sign(digest));
    for (const serial of serials) expect(await certificates.statusOf(serial), "status").to.equal(STATUS.Revoked);
    expect(await certificates.emergencyNonceOf(0, 1), "nonce").to.equal(1n);
    const other = emergencyOrder({ identityId: 1, serials: [relayer], nonce: 1 });
    const signature = rootKey.sign((await certificates.emergencyOrderDigest(other)) as string);
    await expect(certificates.executeEmergencyOrder(other, signature))
      .to.be.revertedWithCustomError(certificates, "CertificateRegistry_OutsideOrder")
      .withArgs(relayer, 0, 1);
  });

  it("are refused late, twice, forged, without one signer, and for what the key cannot order", async () => {
    const network = await networkHelpers.loadFixture(networkWithOfflineKeys);
    const { certificates, rootKey, recoveryKey } = network;
    const serials = [await issue(network)];
    const refused = async (changes: object, key: RootKey, error: string) => {
      const order = emergencyOrder({ serials, ...changes });
      const signature = key.sign((await certificates.emergencyOrderDigest(order)) as string);
      await expect(certificates.executeEmergencyOrder(order, signature), error).to.be.revertedWithCustomError(
        certificates,
        `CertificateRegistry_${error}`,
      );
    };
    await refused({ identityId: 1, deadline: 1n }, rootKey, "DeadlinePassed");
    await refused({ identityId: 1, nonce: 1 }, rootKey, "InvalidNonce");
    await refused({ identityId: 1 }, recoveryKey, "InvalidSignature");
    await refused({ authorityId: 1 }, rootKey, "InvalidSignature");
    await refused({}, rootKey, "InvalidSigner");
    await refused({ identityId: 1, authorityId: 1 }, rootKey, "InvalidSigner");
    await refused({ identityId: 1, reason: 9 }, rootKey, "InvalidReason");
    await refused({ identityId: 1, action: ACTION.RevokeAuthority }, rootKey, "InvalidAction");
    await refused({ authorityId: 1, action: ACTION.Hold }, recoveryKey, "InvalidAction");
    await refused({ authorityId: 9 }, recoveryKey, "UnknownAuthority");
  });

  it("of an authority's recovery key revoke what is below it, and itself", async () => {
    const network = await networkHelpers.loadFixture(networkWithOfflineKeys);
    const { certificates, recoveryKey } = network;
    const [serial, other] = [await issue(network), await issue(network)];
    const execute = async (changes: object) => {
      const order = emergencyOrder({ authorityId: 1, ...changes });
      return certificates.executeEmergencyOrder(
        order,
        recoveryKey.sign((await certificates.emergencyOrderDigest(order)) as string),
      );
    };
    await execute({ serials: [serial], reason: REASON.privilegeWithdrawn });
    expect(await certificates.statusOf(serial), "revoked").to.equal(STATUS.Revoked);
    await execute({ action: ACTION.RevokeAuthority, nonce: 1, reason: 2 });
    expect(await certificates.statusOf(other), "of the authority").to.equal(STATUS.AuthorityNotGood);
  });

  it("revoke the rest when some is revoked already", async () => {
    const network = await networkHelpers.loadFixture(networkWithOfflineKeys);
    const { certificates, alice, rootKey } = network;
    const serials = [await issue(network), await issue(network)];
    await certificates.connect(alice).revoke(serials[0], REASON.superseded);
    const order = emergencyOrder({ identityId: 1, serials });
    const signature = rootKey.sign((await certificates.emergencyOrderDigest(order)) as string);
    await certificates.executeEmergencyOrder(order, signature);
    expect(await certificates.statusOf(serials[1]), "revoked").to.equal(STATUS.Revoked);
    expect(((await certificates.treeHead()) as { size: bigint }).size, "log").to.equal(5n);
  });

  it("put a successor in the authority's place, and take it from the account that was lost", async () => {
    const network = await networkHelpers.loadFixture(networkWithOfflineKeys);
    const { certificates, alice, carol, bob, recoveryKey } = network;
    const older = await issue(network);
    await networkHelpers.time.increase(10);
    await certificates.connect(carol).setDelegate(1, alice.address, true);
    const successor = { successor: bob.address, successorKey: id("new key"), successorHash: id("new certificate") };
    const order = emergencyOrder({ authorityId: 1, action: ACTION.AdmitAuthority, ...successor });
    const signature = recoveryKey.sign((await certificates.emergencyOrderDigest(order)) as string);
    await certificates.executeEmergencyOrder(order, signature);
    const next = (await certificates.authorityOf(2)) as { terms: Record<string, unknown>; parent: bigint };
    const previous = (await certificates.authorityOf(1)) as { terms: Record<string, unknown> };
    expect([next.terms["account"], next.terms["recoveryKey"], next.terms["x509Hash"]]).to.deep.equal(
      Object.values(successor),
    );
    expect([next.parent, next.terms["notAfter"], next.terms["kinds"]], "the same terms").to.deep.equal([
      0n,
      previous.terms["notAfter"],
      previous.terms["kinds"],
    ]);
    expect(await certificates.statusOf(older), "issued before").to.equal(STATUS.Good);
    await expect(certificates.connect(carol).revoke(older, 1)).to.be.revertedWithCustomError(
      certificates,
      "CertificateRegistry_NotAuthorized",
    );
    expect(await certificates.isDelegate(1, alice.address), "delegates of the lost account").to.equal(false);
    for (const by of [carol, bob]) {
      await expect(certificates.connect(by).issue(1, await issuance()), "the predecessor issues").to.revert(ethers);
    }
    const rotated = await issuance();
    await certificates.connect(bob).rotate(2, older, rotated, (await now()) + 100n);
    expect(await certificates.statusOf(rotated.serial), "rotated by the successor").to.equal(STATUS.Good);
  });

  it("put no successor in the place of an authority that is tainted", async () => {
    const network = await networkHelpers.loadFixture(networkWithOfflineKeys);
    const { certificates, bob, recoveryKey, timelockSigner } = network;
    const successor = { successor: bob.address, successorKey: id("new key"), successorHash: id("new certificate") };
    const order = emergencyOrder({ authorityId: 1, action: ACTION.AdmitAuthority, ...successor });
    const signature = recoveryKey.sign((await certificates.emergencyOrderDigest(order)) as string);
    await certificates.connect(timelockSigner).taintAuthority(1, await now(), (await now()) + DAY);
    await expect(certificates.executeEmergencyOrder(order, signature))
      .to.be.revertedWithCustomError(certificates, "CertificateRegistry_CannotIssue")
      .withArgs(1, STATUS.Tainted);
  });

  it("put no successor in the place of an authority that is revoked or on hold", async () => {
    const network = await networkHelpers.loadFixture(networkWithOfflineKeys);
    const { certificates, bob, recoveryKey, timelockSigner } = network;
    const successor = { successor: bob.address, successorKey: id("new key"), successorHash: id("new certificate") };
    const order = emergencyOrder({ authorityId: 1, action: ACTION.AdmitAuthority, ...successor });
    const signature = recoveryKey.sign((await certificates.emergencyOrderDigest(order)) as string);
    await certificates.connect(timelockSigner).holdAuthority(1);
    const attempt = () =>
      expect(certificates.executeEmergencyOrder(order, signature))
        .to.be.revertedWithCustomError(certificates, "CertificateRegistry_CannotIssue")
        .withArgs(1, STATUS.AuthorityNotGood);
    await attempt();
    await certificates.connect(timelockSigner).revokeAuthority(1, REASON.cessation);
    await attempt();
  });
});
