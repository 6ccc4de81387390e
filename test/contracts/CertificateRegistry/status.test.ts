import { expect } from "chai";
import type { Signer } from "ethers";
import { connection, type DeployedNetwork } from "../support/deployed-network.ts";
import { registerNode } from "../support/registered-node.ts";
import {
  authorityTerms,
  DAY,
  issuance,
  issue,
  issueMany,
  KIND,
  networkWithAuthority,
  networkWithTree,
  now,
  REASON,
  STATUS,
} from "./support/authorities.ts";

const { networkHelpers } = connection;

async function intervals({ registry }: DeployedNetwork): Promise<[bigint, bigint][]> {
  return ((await registry.intervalsOf(0)) as [bigint, bigint][]).map(([from, until]) => [from, until]);
}

async function firstEpoch({ registry }: DeployedNetwork): Promise<bigint> {
  return ((await registry.currentEpoch()) as bigint) + 2n;
}

const OPEN = (1n << 64n) - 1n;

describe("CertificateRegistry: status", () => {
  it("follows the period of a certificate to the second", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates } = network;
    const from = (await now()) + DAY;
    const serial = await issue(network, { notBefore: from, notAfter: from + DAY });
    const seen: [bigint, bigint][] = [
      [from - 1n, STATUS.NotYetValid],
      [from, STATUS.Good],
      [from + DAY, STATUS.Good],
      [from + DAY + 1n, STATUS.Expired],
    ];
    for (const [time, status] of seen) {
      await networkHelpers.time.increaseTo(time);
      expect(await certificates.statusOf(serial), `at ${time - from}`).to.equal(status);
    }
  });

  it("is held until it is released, and only to good", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, carol } = network;
    const serial = await issue(network);
    const byCarol = certificates.connect(carol);
    await expect(byCarol.hold([serial]))
      .to.emit(certificates, "CertificateHeld")
      .withArgs(serial, 1, carol.address, 2);
    expect(await certificates.statusOf(serial), "held").to.equal(STATUS.Held);
    await expect(byCarol.hold([serial]))
      .to.be.revertedWithCustomError(certificates, "CertificateRegistry_HoldUnchanged")
      .withArgs(serial, true);
    await expect(byCarol.release([serial]))
      .to.emit(certificates, "CertificateReleased")
      .withArgs(serial, 1, carol.address, 3);
    expect(await certificates.statusOf(serial), "released").to.equal(STATUS.Good);
    await byCarol.hold([serial]);
    await byCarol.revoke(serial, REASON.keyCompromise);
    for (const call of [() => byCarol.release([serial]), () => byCarol.hold([serial])]) {
      await expect(call()).not.to.emit(certificates, "CertificateReleased");
    }
    expect(await certificates.statusOf(serial), "revoked").to.equal(STATUS.Revoked);
  });

  it("held from above is released from there, not from below", async () => {
    const network = await networkHelpers.loadFixture(networkWithTree);
    const { certificates, alice, bob, carol, timelockSigner } = network;
    const serial = await issue(network, {}, 3, alice);
    const lineage = [alice, bob, carol, timelockSigner];
    for (const [i, by] of lineage.entries()) {
      await certificates.connect(by).hold([serial]);
      for (const below of lineage.slice(0, i)) {
        await expect(certificates.connect(below).release([serial]), `${i}`)
          .to.be.revertedWithCustomError(certificates, "CertificateRegistry_HeldFromAbove")
          .withArgs(serial, 3);
        await expect(certificates.connect(below).hold([serial]), `${i} again`).to.be.revertedWithCustomError(
          certificates,
          "CertificateRegistry_HoldUnchanged",
        );
      }
    }
    await certificates.connect(timelockSigner).release([serial]);
    expect(await certificates.statusOf(serial), "released").to.equal(STATUS.Good);
    await certificates.connect(bob).hold([serial]);
    await certificates.connect(carol).release([serial]);
    expect(await certificates.statusOf(serial), "released from above").to.equal(STATUS.Good);
  });

  it("stays revoked, with the first reason", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, carol } = network;
    const serial = await issue(network);
    await expect(certificates.connect(carol).revoke(serial, REASON.keyCompromise))
      .to.emit(certificates, "CertificateRevoked")
      .withArgs(serial, 1, REASON.keyCompromise, (await now()) + 1n, carol.address, 2);
    const revokedAt = await now();
    await expect(certificates.connect(carol).revoke(serial, REASON.unspecified))
      .to.be.revertedWithCustomError(certificates, "CertificateRegistry_AlreadyRevoked")
      .withArgs(serial, revokedAt);
    const found = (await certificates.certificateOf(serial)) as { reason: bigint; revokedAt: bigint };
    expect([found.reason, found.revokedAt], "reason and time").to.deep.equal([1n, revokedAt]);
  });

  it("stays revoked, and takes the authority's reason over the operator's", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, alice, carol } = network;
    const serial = await issue(network);
    await certificates.connect(alice).revoke(serial, REASON.keyCompromise);
    const revokedAt = await now();
    await expect(certificates.connect(carol).revoke(serial, REASON.privilegeWithdrawn))
      .to.emit(certificates, "CertificateRevoked")
      .withArgs(serial, 1, REASON.privilegeWithdrawn, revokedAt, carol.address, 3);
    for (const [by, reason] of [
      [alice, REASON.keyCompromise],
      [carol, REASON.keyCompromise],
      [carol, 10],
    ] as const) {
      await expect(certificates.connect(by).revoke(serial, reason), `${reason}`)
        .to.be.revertedWithCustomError(certificates, "CertificateRegistry_AlreadyRevoked")
        .withArgs(serial, revokedAt);
    }
    const found = (await certificates.certificateOf(serial)) as { reason: bigint; revokedAt: bigint };
    expect([found.reason, found.revokedAt], "reason and time").to.deep.equal([9n, revokedAt]);
  });

  it("of a certificate in its overlap becomes revoked earlier, never later", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, carol } = network;
    const [replaced, next] = [await issue(network), await issue(network)];
    expect(next).not.to.equal(replaced);
    await certificates.connect(carol).rotate(1, replaced, await issuance(), (await now()) + DAY);
    await certificates.connect(carol).revoke(replaced, REASON.keyCompromise);
    expect(await certificates.statusOf(replaced), "status").to.equal(STATUS.Revoked);
    const found = (await certificates.certificateOf(replaced)) as { reason: bigint; revokedAt: bigint };
    expect([found.reason, found.revokedAt], "reason and time").to.deep.equal([1n, await now()]);
  });

  it("is changed by the authority, those above and the timelock; the operator may revoke its own", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, registry, alice, bob, carol, mallory, timelockSigner } = network;
    await registry.connect(alice).setOperatorWallet(1, bob.address);
    const ofNode = await issue(network);
    const ofOperator = await issue(network, { kind: KIND.Operator, subject: 1n });
    const ofRelayer = await issue(network, { kind: KIND.Relayer, subject: BigInt(alice.address) });
    const may = async (by: Signer, serial: bigint, reason: number = REASON.keyCompromise) => {
      const snapshot = await networkHelpers.takeSnapshot();
      await certificates.connect(by).revokeMany([serial], reason);
      await snapshot.restore();
    };
    const refused = (by: Signer, serial: bigint, error: string, reason: number = REASON.keyCompromise) =>
      expect(certificates.connect(by).revoke(serial, reason)).to.be.revertedWithCustomError(certificates, error);
    for (const by of [alice, bob, carol, timelockSigner]) {
      await may(by, ofNode);
      await may(by, ofOperator);
    }
    await may(carol, ofRelayer);
    await refused(alice, ofRelayer, "CertificateRegistry_NotAuthorized");
    for (const serial of [ofNode, ofOperator, ofRelayer]) {
      await refused(mallory, serial, "CertificateRegistry_NotAuthorized");
    }
    for (const reason of [2, 9, 10]) {
      await may(carol, ofNode, reason);
      await refused(alice, ofNode, "CertificateRegistry_InvalidReason", reason);
    }
    for (const reason of [6, 7, 8, 11, 255]) {
      await refused(carol, ofNode, "CertificateRegistry_InvalidReason", reason);
    }
    await refused(carol, 1n, "CertificateRegistry_UnknownCertificate");
    for (const by of [alice, mallory]) {
      await expect(certificates.connect(by).hold([ofNode])).to.be.revertedWithCustomError(
        certificates,
        "CertificateRegistry_NotAuthorized",
      );
    }
  });
});

describe("CertificateRegistry: batches", () => {
  it("pass over what is revoked already, and log the rest once", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, alice, carol } = network;
    const serials = [await issue(network), await issue(network), await issue(network)];
    await certificates.connect(alice).revoke(serials[1], REASON.keyCompromise);
    const revokedAt = await now();
    const { size } = (await certificates.treeHead()) as { size: bigint };
    await certificates.connect(carol).revokeMany([...serials, serials[2]], REASON.cessation);
    const found = [];
    for (const serial of serials) {
      const { reason } = (await certificates.certificateOf(serial)) as { reason: bigint };
      found.push(reason);
    }
    expect(found, "reasons").to.deep.equal([5n, 1n, 5n]);
    const first = (await certificates.certificateOf(serials[1])) as { revokedAt: bigint };
    expect(first.revokedAt, "first date").to.equal(revokedAt);
    expect(((await certificates.treeHead()) as { size: bigint }).size, "log").to.equal(size + 2n);
    await certificates.connect(carol).revokeMany(serials, REASON.cessation);
    expect(((await certificates.treeHead()) as { size: bigint }).size, "log, nothing left").to.equal(size + 2n);
  });

  it("of holds pass over what is revoked already", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, alice, carol } = network;
    const serials = [await issue(network), await issue(network)];
    await certificates.connect(alice).revoke(serials[0], REASON.keyCompromise);
    await certificates.connect(carol).hold(serials);
    expect(await certificates.statusOf(serials[1]), "held").to.equal(STATUS.Held);
    await certificates.connect(carol).release(serials);
    expect(await certificates.statusOf(serials[0]), "revoked").to.equal(STATUS.Revoked);
    expect(await certificates.statusOf(serials[1]), "released").to.equal(STATUS.Good);
  });
});

describe("CertificateRegistry: nodes", () => {
  it("are barred two epochs after the revocation, until a new certificate", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, registry, carol } = network;
    const serial = await issue(network);
    const [[activeFrom]] = (await intervals(network)) as [[bigint, bigint]];
    await networkHelpers.time.increase(100);
    const revocation = certificates.connect(carol).revoke(serial, REASON.keyCompromise);
    await expect(revocation).to.emit(registry, "NodeBarred");
    const until = await firstEpoch(network);
    expect(await registry.isBarred(0), "barred").to.equal(true);
    expect(await intervals(network), "while barred").to.deep.equal([[activeFrom, until]]);
    await networkHelpers.time.increase(100);
    await issue(network);
    const from = await firstEpoch(network);
    expect(await registry.isBarred(0), "lifted").to.equal(false);
    expect(await intervals(network), "afterwards").to.deep.equal([
      [activeFrom, until],
      [from, OPEN],
    ]);
  });

  it("are barred while on hold", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, registry, carol } = network;
    const serial = await issue(network);
    await certificates.connect(carol).hold([serial]);
    expect(await registry.isBarred(0), "held").to.equal(true);
    await certificates.connect(carol).release([serial]);
    expect(await registry.isBarred(0), "released").to.equal(false);
  });

  it("go on when their certificate is replaced or expired", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, registry, carol } = network;
    const byCarol = certificates.connect(carol);
    const replaced = await issue(network);
    await byCarol.rotate(1, replaced, await issuance(), (await now()) + DAY);
    await byCarol.revoke(replaced, REASON.keyCompromise);
    expect(await registry.isBarred(0), "replaced").to.equal(false);
    const expired = await issue(network, { notAfter: (await now()) + 100n });
    await networkHelpers.time.increase(200);
    await byCarol.revoke(expired, REASON.keyCompromise);
    expect(await registry.isBarred(0), "expired").to.equal(false);
  });

  it("are barred when their operator calls their only certificate superseded", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, registry, alice } = network;
    const serial = await issue(network);
    await certificates.connect(alice).revoke(serial, REASON.superseded);
    expect(await registry.isBarred(0), "barred").to.equal(true);
  });

  it("stay barred while an older certificate is in its overlap", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, registry, alice, carol } = network;
    const byCarol = certificates.connect(carol);
    const [older, newer] = [await issue(network), await issuance()];
    await byCarol.rotate(1, older, newer, (await now()) + DAY);
    await byCarol.revoke(newer.serial, REASON.privilegeWithdrawn);
    await certificates.connect(alice).enforce([older]);
    expect(await certificates.statusOf(older), "status of the older").to.equal(STATUS.Good);
    expect(await registry.isBarred(0), "after enforce").to.equal(true);
    await byCarol.hold([older]);
    await byCarol.release([older]);
    expect(await registry.isBarred(0), "after a release").to.equal(true);
  });

  it("stay barred when what a rotation replaced was issued in the same block", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, registry, alice, carol } = network;
    const byCarol = certificates.connect(carol);
    const [older, newer] = [await issuance(), await issuance()];
    const { provider } = connection.ethers;
    await provider.send("evm_setAutomine", [false]);
    try {
      await byCarol.issue(1, older, { gasLimit: 1_000_000 });
      await byCarol.rotate(1, older.serial, newer, (await now()) + DAY, { gasLimit: 1_000_000 });
      await provider.send("evm_mine", []);
    } finally {
      await provider.send("evm_setAutomine", [true]);
    }
    await byCarol.revoke(newer.serial, REASON.keyCompromise);
    await certificates.connect(alice).enforce([older.serial]);
    expect(await certificates.statusOf(older.serial), "status of the older").to.equal(STATUS.Good);
    expect(await registry.isBarred(0), "barred").to.equal(true);
  });

  it("are not barred by an older certificate once the newest has decided", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, registry, alice, carol, mallory, timelockSigner } = network;
    await certificates.connect(timelockSigner).admitRoot(await authorityTerms(alice));
    const older = await issue(network);
    const oldest = await issue(network);
    const newer = await issue(network, {}, 2, alice);
    await certificates.connect(timelockSigner).holdAuthority(1);
    await certificates.connect(mallory).enforce([older, oldest]);
    await certificates.connect(mallory).enforce([newer, older, oldest]);
    expect(await registry.isBarred(0), "by the authority of the older").to.equal(false);
    await certificates.connect(carol).revoke(older, REASON.keyCompromise);
    await certificates.connect(carol).hold([oldest]);
    expect(await registry.isBarred(0), "by itself").to.equal(false);
    await certificates.connect(timelockSigner).holdAuthority(2);
    await certificates.connect(mallory).enforce([newer]);
    expect(await registry.isBarred(0), "by the newest").to.equal(true);
  });

  it("with a good certificate are not barred by an older one of an authority that fell", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, registry, alice, mallory, timelockSigner } = network;
    await certificates.connect(timelockSigner).admitRoot(await authorityTerms(alice));
    const older = await issue(network);
    const newer = await issueMany(network, [{}], 2, alice);
    await certificates.connect(timelockSigner).revokeAuthority(1, REASON.cessation);
    await certificates.connect(mallory).enforce([older]);
    expect(await registry.isBarred(0), "by the older").to.equal(false);
    await certificates.connect(timelockSigner).revokeAuthority(2, REASON.cessation);
    await certificates.connect(mallory).enforce(newer);
    expect(await registry.isBarred(0), "by the newer").to.equal(true);
  });

  it("whose authority fell are barred by anybody's call, and nobody else's", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, registry, alice, carol, mallory, timelockSigner } = network;
    await registerNode(network, alice);
    const [serial, old] = [await issue(network), await issue(network, { subject: 1n })];
    await certificates.connect(carol).revoke(old, REASON.keyCompromise);
    const again = await issue(network, { subject: 1n });
    const enforce = () => certificates.connect(mallory).enforce([serial, old]);
    await enforce();
    expect(await registry.isBarred(0), "good").to.equal(false);
    expect(await registry.isBarred(1), "an old certificate that was revoked").to.equal(false);
    await certificates.connect(timelockSigner).holdAuthority(1);
    await enforce();
    expect(await registry.isBarred(0), "on hold").to.equal(true);
    expect(await registry.isBarred(1), "by its old certificate").to.equal(false);
    await certificates.connect(mallory).enforce([again]);
    expect(await registry.isBarred(1), "by its own").to.equal(true);
    await certificates.connect(timelockSigner).releaseAuthority(1);
    await enforce();
    expect(await registry.isBarred(0), "released").to.equal(false);
  });

  it("that are barred open again only when their stake suffices, and stay shut after an exit", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, registry, staking, alice, carol } = network;
    const serial = await issue(network);
    await certificates.connect(carol).revoke(serial, REASON.keyCompromise);
    const barred = await intervals(network);
    await staking.connect(alice).requestUnbond(0, (1n << 256n) - 1n);
    await issue(network);
    expect(await intervals(network), "without stake").to.deep.equal(barred);
    await certificates.connect(carol).revoke(await issue(network), REASON.keyCompromise);
    await staking.connect(alice).cancelUnbond(0, 0);
    expect(await intervals(network), "with stake while barred").to.deep.equal(barred);
    await issue(network);
    expect((await intervals(network)).at(-1)?.[1], "with stake and certificate").to.equal(OPEN);
    await registry.connect(alice).exitNode(0);
    await certificates.connect(carol).revoke(await issue(network), REASON.keyCompromise);
    await issue(network);
    expect((await intervals(network)).at(-1)?.[1], "after the exit").not.to.equal(OPEN);
  });
});
