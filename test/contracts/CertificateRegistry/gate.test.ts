import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { connection, type DeployedNetwork } from "../support/deployed-network.ts";
import { registerOperator } from "../support/registered-node.ts";
import {
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
} from "./support/authorities.ts";

const { networkHelpers } = connection;
const NULLIFIER = 2n ** 32n;
const OPERATOR = { kind: KIND.Operator, subject: 1n };

/** Checks that an identity and an account name each other, or that neither names anything. */
async function expectHeld({ certificates }: DeployedNetwork, identity: bigint, account: string, held: boolean) {
  expect(await certificates.accountOf(identity), "account").to.equal(held ? account : ZeroAddress);
  const found = (await certificates.identityOf(account)) as bigint;
  if (held) expect(found, "identity").to.equal(identity);
  else expect(found, "identity").not.to.equal(identity);
}

/** A certificate of bob as a voter. */
function ofVoter(network: DeployedNetwork, nullifier = NULLIFIER) {
  return { kind: KIND.Voter, subject: nullifier, account: network.bob.address };
}

describe("CertificateRegistry: identities", () => {
  it("belong to operators and voters with a good certificate", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, alice, bob } = network;
    await expectHeld(network, 1n, alice.address, false);
    const [operator, voter] = [await issue(network, OPERATOR), await issue(network, ofVoter(network))];
    await expectHeld(network, 1n, alice.address, true);
    await expectHeld(network, NULLIFIER, bob.address, true);
    expect(await certificates.newestSerialOf(KIND.Operator, 1n), "operator's").to.equal(operator);
    expect(await certificates.newestSerialOf(KIND.Voter, NULLIFIER), "voter's").to.equal(voter);
    for (const [kind, subject] of [
      [KIND.Operator, 2n],
      [KIND.Voter, NULLIFIER + 1n],
      [KIND.Voter, 1n],
      [KIND.Node, 0n],
    ] as const) {
      expect(await certificates.newestSerialOf(kind, subject), `none of ${kind} ${subject}`).to.equal(0n);
    }
  });

  it("end with the revocation, the hold and the last second of the newest certificate", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, alice, bob, carol } = network;
    const byCarol = certificates.connect(carol);
    for (const [changes, identity, account] of [
      [OPERATOR, 1n, alice.address],
      [ofVoter(network), NULLIFIER, bob.address],
    ] as const) {
      const serial = await issue(network, changes);
      await byCarol.hold([serial]);
      await expectHeld(network, identity, account, false);
      await byCarol.release([serial]);
      await expectHeld(network, identity, account, true);
      await byCarol.revoke(serial, REASON.privilegeWithdrawn);
      await expectHeld(network, identity, account, false);
      const last = (await now()) + DAY;
      await issue(network, { ...changes, notAfter: last });
      await networkHelpers.time.increaseTo(last);
      await expectHeld(network, identity, account, true);
      await networkHelpers.time.increaseTo(last + 1n);
      await expectHeld(network, identity, account, false);
    }
  });

  it("begin with the first second of a certificate", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { alice } = network;
    const from = (await now()) + DAY;
    await issue(network, { ...OPERATOR, notBefore: from, notAfter: from + DAY });
    await expectHeld(network, 1n, alice.address, false);
    await networkHelpers.time.increaseTo(from);
    await expectHeld(network, 1n, alice.address, true);
  });

  it("follow what becomes of the authority, with and without enforcing", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, alice, mallory, timelockSigner } = network;
    const serial = await issue(network, OPERATOR);
    const byTimelock = certificates.connect(timelockSigner);
    const check = async (held: boolean) => {
      await expectHeld(network, 1n, alice.address, held);
      await certificates.connect(mallory).enforce([serial]);
      await expectHeld(network, 1n, alice.address, held);
    };
    await byTimelock.holdAuthority(1);
    await check(false);
    await byTimelock.releaseAuthority(1);
    await check(true);
    const rotateBy = (await now()) + DAY;
    const { issuedAt } = (await certificates.certificateOf(serial)) as { issuedAt: bigint };
    await byTimelock.taintAuthority(1, issuedAt + 1n, rotateBy);
    await check(true);
    await networkHelpers.time.increaseTo(rotateBy - 2n);
    await check(true);
    await networkHelpers.time.increaseTo(rotateBy);
    await check(false);
  });

  it("are lost at once to an authority that is tainted from before", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, alice, timelockSigner } = network;
    await issue(network, OPERATOR);
    await certificates.connect(timelockSigner).taintAuthority(1, await now(), (await now()) + DAY);
    await expectHeld(network, 1n, alice.address, false);
  });

  it("move to the operator's new owner at once", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, registry, alice, bob, mallory } = network;
    const serial = await issue(network, OPERATOR);
    await issue(network, ofVoter(network));
    await registry.connect(alice).proposeOwner(1, bob.address);
    const { owner } = (await registry.pendingChanges(1)) as unknown as { owner: { readyAt: bigint } };
    await networkHelpers.time.increaseTo(owner.readyAt);
    await registry.connect(bob).acceptOwner(1);
    await expectHeld(network, 1n, bob.address, true);
    await expectHeld(network, NULLIFIER, bob.address, false);
    expect(await certificates.identityOf(alice.address), "the previous owner").to.equal(0n);
    expect(await certificates.newestSerialOf(KIND.Operator, 1n), "newest").to.equal(serial);
    await expect(certificates.connect(mallory).ownerChanged(1, bob.address, mallory.address))
      .to.be.revertedWithCustomError(certificates, "CertificateRegistry_NotRegistry")
      .withArgs(mallory.address);
  });

  it("leave the account that a voter had before", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { bob, mallory } = network;
    await issue(network, ofVoter(network));
    await issue(network, { ...ofVoter(network), account: mallory.address });
    expect(await network.certificates.identityOf(bob.address), "the account before").to.equal(0n);
    await expectHeld(network, NULLIFIER, mallory.address, true);
    await issue(network, ofVoter(network, NULLIFIER + 1n));
    await expectHeld(network, NULLIFIER + 1n, bob.address, true);
  });

  it("stay with the authority whose certificate is good", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, alice, bob, mallory, timelockSigner } = network;
    await certificates.connect(timelockSigner).admitRoot(await authorityTerms(mallory));
    const byMallory = certificates.connect(mallory);
    const [operator, voter] = [await issue(network, OPERATOR), await issue(network, ofVoter(network))];
    for (const changes of [OPERATOR, ofVoter(network)]) {
      await byMallory.revoke(await issue(network, changes, 2, mallory), REASON.keyCompromise);
    }
    await expectHeld(network, 1n, alice.address, true);
    await expectHeld(network, NULLIFIER, bob.address, true);
    const moved = await issuance({ ...ofVoter(network), account: mallory.address });
    for (const serial of [0n, voter]) {
      if (serial !== 0n) await certificates.connect(network.carol).hold([serial]);
      await expect(byMallory.issue(2, moved))
        .to.be.revertedWithCustomError(certificates, "CertificateRegistry_IdentityTaken")
        .withArgs(NULLIFIER, voter);
    }
    await certificates.connect(network.carol).revokeMany([operator, voter], REASON.cessation);
    await byMallory.issue(2, moved);
    await expectHeld(network, NULLIFIER, mallory.address, true);
    await issue(network, OPERATOR, 2, mallory);
    await expectHeld(network, 1n, alice.address, true);
  });

  it("go to another authority once their certificate has expired, not before it begins", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, mallory, timelockSigner } = network;
    await certificates.connect(timelockSigner).admitRoot(await authorityTerms(mallory));
    for (const [changes, identity] of [
      [OPERATOR, 1n],
      [ofVoter(network), NULLIFIER],
    ] as const) {
      const [notBefore, notAfter] = [(await now()) + DAY, (await now()) + 2n * DAY];
      const later = await issue(network, { ...changes, notBefore, notAfter });
      await issue(network, changes, 2, mallory);
      expect(await certificates.newestSerialOf(changes.kind, identity), "before it begins").to.equal(later);
      await networkHelpers.time.increaseTo(notAfter - 1n);
      await issue(network, changes, 2, mallory);
      expect(await certificates.newestSerialOf(changes.kind, identity), "until its last second").to.equal(later);
      const elsewhere = await issue(network, changes, 2, mallory);
      expect(await certificates.newestSerialOf(changes.kind, identity), "expired").to.equal(elsewhere);
    }
  });

  it("end when the timelock revokes their certificate, whoever issued it", async () => {
    const network = await networkHelpers.loadFixture(networkWithTree);
    const { certificates, alice, bob, timelockSigner } = network;
    const serials = [await issue(network, OPERATOR, 3, alice), await issue(network, ofVoter(network))];
    await certificates.connect(timelockSigner).revokeMany(serials, REASON.privilegeWithdrawn);
    await certificates.enforce(serials);
    await expectHeld(network, 1n, alice.address, false);
    await expectHeld(network, NULLIFIER, bob.address, false);
    for (const serial of serials) {
      const { reason } = (await certificates.certificateOf(serial)) as { reason: bigint };
      expect(reason, "reason").to.equal(9n);
    }
  });

  it("go to another authority once theirs can issue no more, or from above", async () => {
    const network = await networkHelpers.loadFixture(networkWithTree);
    const { certificates, bob, alice, carol, timelockSigner } = network;
    const below = await issue(network, ofVoter(network), 3, alice);
    const above = await issue(network, ofVoter(network), 1, carol);
    expect(await certificates.newestSerialOf(KIND.Voter, NULLIFIER), "from above").to.equal(above);
    await issue(network, ofVoter(network), 3, alice);
    expect(await certificates.newestSerialOf(KIND.Voter, NULLIFIER), "from below").to.equal(above);
    expect(below).not.to.equal(above);
    await networkHelpers.time.increase(10);
    await certificates.connect(timelockSigner).taintAuthority(1, await now(), (await now()) + DAY);
    await certificates.connect(timelockSigner).admitRoot(await authorityTerms(bob));
    const elsewhere = await issue(network, ofVoter(network), 4, bob);
    expect(await certificates.statusOf(above), "of a tainted authority").to.equal(STATUS.Good);
    expect(await certificates.newestSerialOf(KIND.Voter, NULLIFIER), "elsewhere").to.equal(elsewhere);
  });

  it("go on with a good certificate when the newest is not", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, alice, bob, carol, mallory } = network;
    for (const [changes, identity, account] of [
      [OPERATOR, 1n, alice.address],
      [ofVoter(network), NULLIFIER, bob.address],
    ] as const) {
      const [spare, newest] = [await issue(network, changes), await issue(network, changes)];
      await certificates.connect(mallory).enforce([spare]);
      expect(await certificates.newestSerialOf(changes.kind, identity), "both good").to.equal(newest);
      await certificates.connect(carol).revoke(newest, REASON.superseded);
      await expectHeld(network, identity, account, false);
      await certificates.connect(mallory).enforce([spare]);
      await expectHeld(network, identity, account, true);
      await certificates.connect(carol).hold([spare]);
      await expectHeld(network, identity, account, false);
    }
  });

  it("go on with no certificate that was replaced, or was another account's", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, bob, carol, mallory } = network;
    const byCarol = certificates.connect(carol);
    const replaced = await issue(network, ofVoter(network));
    const newer = await issuance(ofVoter(network));
    await byCarol.rotate(1, replaced, newer, (await now()) + DAY);
    await byCarol.revoke(newer.serial, REASON.keyCompromise);
    await certificates.enforce([replaced]);
    await expectHeld(network, NULLIFIER, bob.address, false);
    const before = await issue(network, ofVoter(network));
    const moved = await issue(network, { ...ofVoter(network), account: mallory.address });
    await byCarol.revoke(moved, REASON.keyCompromise);
    await certificates.connect(mallory).enforce([before]);
    expect(await certificates.statusOf(before), "of the account before").to.equal(STATUS.Good);
    await expectHeld(network, NULLIFIER, mallory.address, false);
    await expectHeld(network, NULLIFIER, bob.address, false);
  });

  it("are never two of one account", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, alice, bob, carol } = network;
    await issue(network, ofVoter(network));
    const refused = async (changes: object, account: string, identity: bigint) =>
      expect(certificates.connect(carol).issue(1, await issuance(changes)))
        .to.be.revertedWithCustomError(certificates, "CertificateRegistry_AccountTaken")
        .withArgs(account, identity);
    await refused(ofVoter(network, NULLIFIER + 1n), bob.address, NULLIFIER);
    await refused({ ...ofVoter(network), account: alice.address }, alice.address, 1n);
    await registerOperator(network, bob);
    await issue(network, { kind: KIND.Operator, subject: 2n });
    await expectHeld(network, 2n, bob.address, true);
    await expectHeld(network, NULLIFIER, bob.address, false);
  });

  it("keep their account while their certificate is on hold or waits for its first second", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, bob, carol, mallory, timelockSigner } = network;
    await certificates.connect(timelockSigner).admitRoot(await authorityTerms(mallory));
    const other = ofVoter(network, NULLIFIER + 1n);
    const expectTaken = async () =>
      expect(certificates.connect(mallory).issue(2, await issuance(other)))
        .to.be.revertedWithCustomError(certificates, "CertificateRegistry_AccountTaken")
        .withArgs(bob.address, NULLIFIER);
    const from = (await now()) + DAY;
    const serial = await issue(network, { ...ofVoter(network), notBefore: from });
    await expectTaken();
    await networkHelpers.time.increaseTo(from);
    await certificates.connect(carol).hold([serial]);
    await expectTaken();
    await certificates.connect(carol).release([serial]);
    await expectHeld(network, NULLIFIER, bob.address, true);
    await certificates.connect(carol).hold([serial]);
    await issue(network, ofVoter(network, NULLIFIER + 2n));
    await expectHeld(network, NULLIFIER + 2n, bob.address, true);
  });

  it("need an account of a voter", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, carol } = network;
    const nobody = await issuance({ ...ofVoter(network), account: ZeroAddress });
    await expect(certificates.connect(carol).issue(1, nobody)).to.be.revertedWithCustomError(
      certificates,
      "Governed_ZeroAddress",
    );
  });

  it("vote through the DAO's gate until the certificate is revoked", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, votes, alice, carol, timelockSigner } = network;
    await votes.connect(timelockSigner).setGate(await certificates.getAddress());
    const serial = await issue(network, OPERATOR);
    await networkHelpers.time.increase(100);
    await votes.sync(1n);
    await networkHelpers.time.increase(1);
    const snapshot = (await now()) - 1n;
    expect(await votes.votesAt(alice.address, snapshot), "certified").to.be.greaterThan(0n);
    await certificates.connect(carol).revoke(serial, REASON.keyCompromise);
    expect(await certificates.statusOf(serial), "status").to.equal(STATUS.Revoked);
    expect(await votes.votesAt(alice.address, snapshot), "revoked").to.equal(0n);
  });

  it("of another authority's certificate count as well", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, alice, bob, timelockSigner } = network;
    await certificates.connect(timelockSigner).admitRoot(await authorityTerms(bob));
    await issue(network, OPERATOR, 2, bob);
    await certificates.connect(timelockSigner).revokeAuthority(1, REASON.cessation);
    await expectHeld(network, 1n, alice.address, true);
    await certificates.connect(timelockSigner).revokeAuthority(2, REASON.cessation);
    await expectHeld(network, 1n, alice.address, false);
  });
});
