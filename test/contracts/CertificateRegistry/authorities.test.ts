import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";
import { connection } from "../support/deployed-network.ts";
import {
  type AuthorityTerms,
  authorityTerms,
  DAY,
  issuance,
  issue,
  KIND,
  networkWithAuthority,
  networkWithTree,
  now,
  REASON,
  STATUS,
  termsBelow,
} from "./support/authorities.ts";

const { networkHelpers } = connection;

describe("CertificateRegistry: authorities", () => {
  it("are admitted as roots by the timelock alone", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, bob, carol, timelock, timelockSigner } = network;
    const terms = await authorityTerms(bob);
    await expect(certificates.connect(carol).admitRoot(terms))
      .to.be.revertedWithCustomError(certificates, "Governed_NotTimelock")
      .withArgs(carol.address, await timelock.getAddress());
    await expect(certificates.connect(timelockSigner).admitRoot(terms))
      .to.emit(certificates, "AuthorityAdmitted")
      .withArgs(2, 0, 0, Object.values(terms), 1);
    expect(await certificates.authorityCount(), "authorities").to.equal(2n);
    const found = (await certificates.authorityOf(2)) as { terms: AuthorityTerms; notBefore: bigint };
    expect(found.terms, "terms").to.deep.equal(
      Object.values(terms).map((value: unknown) => (typeof value === "number" ? BigInt(value) : value)),
    );
    expect(found.notBefore, "time of admission").to.equal(await now());
  });

  it("are admitted below another by its account", async () => {
    const { certificates } = await networkHelpers.loadFixture(networkWithTree);
    const [parents, depths] = [
      [0n, 1n, 2n],
      [1n, 2n, 3n],
    ];
    for (const [i, parent] of parents.entries()) {
      const found = (await certificates.authorityOf(i + 1)) as { parent: bigint; depth: bigint };
      expect([found.parent, found.depth], `authority ${i + 1}`).to.deep.equal([parent, depths[i]]);
    }
    await expect(certificates.authorityOf(4))
      .to.be.revertedWithCustomError(certificates, "CertificateRegistry_UnknownAuthority")
      .withArgs(4);
  });

  it("reach no deeper than four", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, carol } = network;
    for (let depth = 2; depth <= 4; depth++) {
      const terms = await termsBelow(network, { account: carol.address, pathLength: 4 - depth });
      await certificates.connect(carol).admitSubAuthority(depth - 1, terms);
    }
    const fifth = await termsBelow(network, { pathLength: 0 });
    await expect(certificates.connect(carol).admitSubAuthority(4, fifth))
      .to.be.revertedWithCustomError(certificates, "CertificateRegistry_OutsideConstraint")
      .withArgs("depth", 5, 4);
  });

  const beyond: [string, Partial<AuthorityTerms>][] = [
    ["trustDomain", { trustDomain: id("other.example") }],
    ["pathLength", { pathLength: 3 }],
    ["notAfter", { notAfter: 1n << 39n }],
    ["kinds", { kinds: 0x1e }],
    ["identity", { identityFrom: 9 }],
    ["identity", { identityUntil: 21 }],
  ];
  for (const [field, changes] of beyond) {
    it(`stay within the ${field} of the one above (${Object.keys(changes).join()})`, async () => {
      const network = await networkHelpers.loadFixture(networkWithAuthority);
      const { certificates, carol, timelockSigner } = network;
      const within = { identityFrom: 10, identityUntil: 20, kinds: 1 << KIND.Node };
      const root = await authorityTerms(carol, within);
      await certificates.connect(timelockSigner).admitRoot(root);
      const terms = { ...root, pathLength: 2, ...changes };
      await expect(certificates.connect(carol).admitSubAuthority(2, terms))
        .to.be.revertedWithCustomError(certificates, "CertificateRegistry_OutsideConstraint")
        .withArgs(field, anyValue, anyValue);
      await certificates.connect(carol).admitSubAuthority(2, { ...root, pathLength: 2 });
    });
  }

  const unsound: [Partial<AuthorityTerms>, string][] = [
    [{ account: ZeroAddress }, "Governed_ZeroAddress"],
    [{ recoveryKey: ZeroHash }, "CertificateRegistry_EmptyField"],
    [{ trustDomain: ZeroHash }, "CertificateRegistry_EmptyField"],
    [{ x509Hash: ZeroHash }, "CertificateRegistry_EmptyField"],
    [{ kinds: 0 }, "CertificateRegistry_EmptyField"],
    [{ kinds: 0x20 }, "CertificateRegistry_OutsideConstraint"],
    [{ kinds: 1 }, "CertificateRegistry_OutsideConstraint"],
    [{ pathLength: 4 }, "CertificateRegistry_OutsideConstraint"],
    [{ identityFrom: 2, identityUntil: 1 }, "CertificateRegistry_OutsideConstraint"],
    [{ notAfter: 1n }, "CertificateRegistry_InvalidPeriod"],
  ];
  for (const [changes, error] of unsound) {
    const [[field, value]] = Object.entries(changes) as [[string, unknown]];
    it(`are refused with ${field} ${String(value).slice(0, 8)}`, async () => {
      const { certificates, carol, timelockSigner } = await networkHelpers.loadFixture(networkWithAuthority);
      const terms = await authorityTerms(carol, changes);
      await expect(certificates.connect(timelockSigner).admitRoot(terms)).to.be.revertedWithCustomError(
        certificates,
        error,
      );
    });
  }

  it("are handed to another account by their own or the timelock", async () => {
    const { certificates, bob, carol, mallory, timelockSigner } =
      await networkHelpers.loadFixture(networkWithAuthority);
    await expect(certificates.connect(mallory).setAuthorityAccount(1, mallory.address))
      .to.be.revertedWithCustomError(certificates, "CertificateRegistry_NotAuthorized")
      .withArgs(mallory.address, 1);
    await expect(certificates.connect(carol).setAuthorityAccount(1, bob.address))
      .to.emit(certificates, "AuthorityAccountSet")
      .withArgs(1, bob.address);
    await expect(certificates.connect(carol).issue(1, await issuance())).to.be.revertedWithCustomError(
      certificates,
      "CertificateRegistry_NotAuthorized",
    );
    await certificates.connect(bob).issue(1, await issuance());
    await certificates.connect(timelockSigner).setAuthorityAccount(1, carol.address);
    await certificates.connect(carol).issue(1, await issuance());
    await expect(
      certificates.connect(timelockSigner).setAuthorityAccount(1, ZeroAddress),
    ).to.be.revertedWithCustomError(certificates, "Governed_ZeroAddress");
  });

  it("are revoked and tainted by themselves, those above and the timelock, and held only from above", async () => {
    const network = await networkHelpers.loadFixture(networkWithTree);
    const { certificates, alice, bob, carol, mallory, timelockSigner } = network;
    const time = await now();
    const acts = {
      revokeAuthority: [2, REASON.cessation],
      taintAuthority: [2, time, time + DAY],
      holdAuthority: [2],
    } as const;
    for (const [name, args] of Object.entries(acts)) {
      const strangers = name === "holdAuthority" ? [mallory, alice, bob] : [mallory, alice];
      const entitled = name === "holdAuthority" ? [carol, timelockSigner] : [bob, carol, timelockSigner];
      const call = (by: typeof mallory) => certificates.connect(by)[name as "holdAuthority"](...args);
      for (const by of strangers) {
        await expect(call(by), name)
          .to.be.revertedWithCustomError(certificates, "CertificateRegistry_NotAuthorized")
          .withArgs(by.address, 2);
      }
      for (const by of entitled) {
        const snapshot = await networkHelpers.takeSnapshot();
        await call(by);
        await snapshot.restore();
      }
    }
  });

  for (const depth of [1, 2, 3]) {
    it(`on hold at depth ${depth} suspend everything below, and release it to good`, async () => {
      const network = await networkHelpers.loadFixture(networkWithTree);
      const { certificates, alice, timelockSigner } = network;
      const serial = await issue(network, {}, 3, alice);
      await certificates.connect(timelockSigner).holdAuthority(depth);
      expect(await certificates.statusOf(serial), "on hold").to.equal(STATUS.AuthorityNotGood);
      await expect(certificates.connect(alice).issue(3, await issuance()))
        .to.be.revertedWithCustomError(certificates, "CertificateRegistry_CannotIssue")
        .withArgs(3, STATUS.AuthorityNotGood);
      await expect(certificates.connect(timelockSigner).holdAuthority(depth))
        .to.be.revertedWithCustomError(certificates, "CertificateRegistry_AuthorityHoldUnchanged")
        .withArgs(depth, true);
      await certificates.connect(timelockSigner).releaseAuthority(depth);
      expect(await certificates.statusOf(serial), "released").to.equal(STATUS.Good);
    });

    it(`revoked at depth ${depth} revoke everything below, for ever`, async () => {
      const network = await networkHelpers.loadFixture(networkWithTree);
      const { certificates, alice, timelockSigner } = network;
      const serial = await issue(network, {}, 3, alice);
      const byTimelock = certificates.connect(timelockSigner);
      await byTimelock.revokeAuthority(depth, REASON.cessation);
      expect(await certificates.statusOf(serial), "below").to.equal(STATUS.AuthorityNotGood);
      const time = await now();
      for (const call of [
        () => byTimelock.revokeAuthority(depth, REASON.cessation),
        () => byTimelock.holdAuthority(depth),
        () => byTimelock.releaseAuthority(depth),
        () => byTimelock.taintAuthority(depth, time, time + DAY),
      ]) {
        await expect(call())
          .to.be.revertedWithCustomError(certificates, "CertificateRegistry_AuthorityAlreadyRevoked")
          .withArgs(depth, time);
      }
    });

    it(`tainted at depth ${depth} end what came after at once, and the rest at the date`, async () => {
      const network = await networkHelpers.loadFixture(networkWithTree);
      const { certificates, alice, timelockSigner } = network;
      const older = await issue(network, {}, 3, alice);
      await networkHelpers.time.increase(100);
      const newer = await issue(network, {}, 3, alice);
      const taintedFrom = await now();
      const rotateBy = taintedFrom + DAY;
      await expect(certificates.connect(timelockSigner).taintAuthority(depth, taintedFrom, rotateBy))
        .to.emit(certificates, "AuthorityTainted")
        .withArgs(depth, taintedFrom, rotateBy, 5);
      expect(await certificates.statusOf(newer), "newer").to.equal(STATUS.Tainted);
      expect(await certificates.statusOf(older), "older").to.equal(STATUS.Good);
      await expect(certificates.connect(alice).issue(3, await issuance()))
        .to.be.revertedWithCustomError(certificates, "CertificateRegistry_CannotIssue")
        .withArgs(3, STATUS.Tainted);
      await networkHelpers.time.increaseTo(rotateBy);
      expect(await certificates.statusOf(older), "older at the date").to.equal(STATUS.AuthorityNotGood);
    });
  }

  it("held from above are released from there, not from below", async () => {
    const network = await networkHelpers.loadFixture(networkWithTree);
    const { certificates, bob, carol, timelockSigner } = network;
    const lineage = [bob, carol, timelockSigner];
    for (const [i, by] of lineage.entries()) {
      await certificates.connect(by).holdAuthority(3);
      for (const below of lineage.slice(0, i)) {
        await expect(certificates.connect(below).releaseAuthority(3), `${i}`)
          .to.be.revertedWithCustomError(certificates, "CertificateRegistry_HeldFromAbove")
          .withArgs(0, 3);
      }
    }
    await certificates.connect(timelockSigner).releaseAuthority(3);
    await certificates.connect(bob).holdAuthority(3);
    await certificates.connect(carol).releaseAuthority(3);
    const { held } = (await certificates.authorityOf(3)) as { held: boolean };
    expect(held, "released from above").to.equal(false);
  });

  it("move the dates of a taint earlier only", async () => {
    const { certificates, timelockSigner } = await networkHelpers.loadFixture(networkWithAuthority);
    const byTimelock = certificates.connect(timelockSigner);
    const time = await now();
    await byTimelock.taintAuthority(1, time - 100n, time + DAY);
    for (const [taintedFrom, rotateBy] of [
      [time - 99n, time + DAY],
      [time - 100n, time + DAY + 1n],
      [time - 100n, time - 1n],
      [0n, time + DAY],
      [time + DAY, time + DAY],
    ] as const) {
      await expect(byTimelock.taintAuthority(1, taintedFrom, rotateBy)).to.be.revertedWithCustomError(
        certificates,
        "CertificateRegistry_InvalidTaint",
      );
    }
    await byTimelock.taintAuthority(1, time - 200n, time + DAY - 1n);
    const { taintedFrom, revokedAt } = (await certificates.authorityOf(1)) as Record<string, bigint>;
    expect([taintedFrom, revokedAt], "dates").to.deep.equal([time - 200n, time + DAY - 1n]);
  });

  it("expire with everything below", async () => {
    const network = await networkHelpers.loadFixture(networkWithTree);
    const { certificates, alice, bob } = network;
    const soon = (await now()) + DAY;
    const terms = await termsBelow(network, { account: alice.address, pathLength: 0, notAfter: soon });
    await certificates.connect(bob).admitSubAuthority(2, terms);
    const serial = await issue(network, { notAfter: soon }, 4, alice);
    await networkHelpers.time.increaseTo(soon);
    expect(await certificates.statusOf(serial), "in the last second").to.equal(STATUS.Good);
    await networkHelpers.time.increaseTo(soon + 1n);
    expect(await certificates.statusOf(serial), "after it").to.equal(STATUS.AuthorityNotGood);
  });
});
