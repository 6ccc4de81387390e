import { expect } from "chai";
import type { Signer } from "ethers";
import { connection } from "../support/deployed-network.ts";
import {
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

/** A relayer's certificate of an account. */
function ofRelayer({ address }: { address: string }) {
  return { kind: KIND.Relayer, subject: BigInt(address) };
}

describe("CertificateRegistry: relayers", () => {
  it("are held and released by their authority, those above and the timelock, not by themselves", async () => {
    const network = await networkHelpers.loadFixture(networkWithTree);
    const { certificates, alice, bob, carol, mallory, timelockSigner } = network;
    const serial = await issue(network, ofRelayer(mallory), 3, alice);
    for (const by of [alice, bob, carol, timelockSigner] as Signer[]) {
      await certificates.connect(by).hold([serial]);
      expect(await certificates.statusOf(serial), "held").to.equal(STATUS.Held);
      await certificates.connect(by).release([serial]);
      expect(await certificates.statusOf(serial), "released").to.equal(STATUS.Good);
    }
    for (const call of [
      () => certificates.connect(mallory).hold([serial]),
      () => certificates.connect(mallory).revoke(serial, REASON.keyCompromise),
    ]) {
      await expect(call())
        .to.be.revertedWithCustomError(certificates, "CertificateRegistry_NotAuthorized")
        .withArgs(mallory.address, 3);
    }
  });

  it("are revoked for ever, whatever is enforced, and bar no node", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, registry, bob, carol, timelockSigner } = network;
    const serials = await issueMany(network, [ofRelayer(bob), ofRelayer(carol)]);
    await certificates.connect(timelockSigner).revokeMany(serials, REASON.privilegeWithdrawn);
    await certificates.enforce(serials);
    for (const serial of serials) expect(await certificates.statusOf(serial), "status").to.equal(STATUS.Revoked);
    expect(await registry.isBarred(0), "node 0").to.equal(false);
  });

  it("have no identity in votes, also with everything enforced", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, bob } = network;
    const serial = await issue(network, ofRelayer(bob));
    await certificates.enforce([serial]);
    expect(await certificates.identityOf(bob.address), "identity").to.equal(0n);
    expect(await certificates.newestSerialOf(KIND.Relayer, BigInt(bob.address)), "newest").to.equal(0n);
  });

  it("keep the identity that they have as operators and voters", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, alice, bob, carol } = network;
    await issue(network, { kind: KIND.Operator, subject: 1n });
    await issue(network, { kind: KIND.Voter, subject: 1n << 40n, account: bob.address });
    const serials = await issueMany(network, [ofRelayer(alice), ofRelayer(bob)]);
    await certificates.connect(carol).revokeMany(serials, REASON.keyCompromise);
    await certificates.enforce(serials);
    expect(await certificates.identityOf(alice.address), "operator").to.equal(1n);
    expect(await certificates.identityOf(bob.address), "voter").to.equal(1n << 40n);
  });

  it("rotate into the same address alone, with an overlap", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, bob, carol, mallory } = network;
    const replaced = await issue(network, ofRelayer(bob));
    const overlapUntil = (await now()) + DAY;
    const byCarol = certificates.connect(carol);
    await expect(
      byCarol.rotate(1, replaced, await issuance(ofRelayer(mallory)), overlapUntil),
    ).to.be.revertedWithCustomError(certificates, "CertificateRegistry_NotReplaceable");
    const next = await issuance(ofRelayer(bob));
    await byCarol.rotate(1, replaced, next, overlapUntil);
    const { subject } = (await certificates.certificateOf(next.serial)) as { subject: bigint };
    expect(subject, "subject").to.equal(BigInt(bob.address));
    await networkHelpers.time.increaseTo(overlapUntil);
    expect(await certificates.statusOf(replaced), "replaced").to.equal(STATUS.Revoked);
    expect(await certificates.statusOf(next.serial), "next").to.equal(STATUS.Good);
  });
});
