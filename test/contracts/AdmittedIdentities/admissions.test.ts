import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { connection, deployedNetwork, type DeployedNetwork } from "../support/deployed-network.ts";
import { registerOperator } from "../support/registered-node.ts";

const { networkHelpers } = connection;
const NULLIFIER = 2n ** 32n;
const DAY = 86_400n;

async function gateOf(network: DeployedNetwork) {
  const { identities, timelockSigner } = network;
  const tomorrow = BigInt(await networkHelpers.time.latest()) + DAY;
  return { identities, gate: identities.connect(timelockSigner), tomorrow };
}

describe("AdmittedIdentities: voters", () => {
  it("are admitted until their time is over", async () => {
    const network = await networkHelpers.loadFixture(deployedNetwork);
    const { identities, gate, tomorrow } = await gateOf(network);
    const { bob } = network;
    await expect(gate.admit(bob.address, NULLIFIER, tomorrow))
      .to.emit(identities, "VoterAdmitted")
      .withArgs(NULLIFIER, bob.address, tomorrow);
    expect(await identities.identityOf(bob.address), "identity").to.equal(NULLIFIER);
    expect(await identities.accountOf(NULLIFIER), "account").to.equal(bob.address);
    await networkHelpers.time.increaseTo(tomorrow);
    expect(await identities.identityOf(bob.address), "identity when it is over").to.equal(0n);
    expect(await identities.accountOf(NULLIFIER), "account when it is over").to.equal(ZeroAddress);
    const { account } = (await identities.admissionOf(NULLIFIER)) as { account: string };
    expect(account, "the admission as it was made").to.equal(bob.address);
    expect(await identities.admissionOf(NULLIFIER + 1n), "of nobody").to.deep.equal([ZeroAddress, 0n, 0n]);
  });

  it("move to another account, and leave the one before", async () => {
    const network = await networkHelpers.loadFixture(deployedNetwork);
    const { identities, gate, tomorrow } = await gateOf(network);
    const { bob, carol } = network;
    await gate.admit(bob.address, NULLIFIER, tomorrow);
    await gate.admit(carol.address, NULLIFIER, tomorrow);
    expect(await identities.identityOf(bob.address), "before").to.equal(0n);
    expect(await identities.identityOf(carol.address), "now").to.equal(NULLIFIER);
    await gate.admit(bob.address, NULLIFIER + 1n, tomorrow);
    expect(await identities.identityOf(bob.address), "a free account takes another").to.equal(NULLIFIER + 1n);
  });

  it("have one nullifier for each account, until it is revoked", async () => {
    const network = await networkHelpers.loadFixture(deployedNetwork);
    const { identities, gate, tomorrow } = await gateOf(network);
    const { bob } = network;
    await gate.admit(bob.address, NULLIFIER, tomorrow);
    await expect(gate.admit(bob.address, NULLIFIER + 1n, tomorrow))
      .to.be.revertedWithCustomError(identities, "AdmittedIdentities_AccountTaken")
      .withArgs(bob.address, NULLIFIER);
    await expect(gate.revoke(NULLIFIER)).to.emit(identities, "VoterRevoked").withArgs(NULLIFIER, bob.address);
    expect(await identities.identityOf(bob.address), "revoked").to.equal(0n);
    await expect(gate.revoke(NULLIFIER))
      .to.be.revertedWithCustomError(identities, "AdmittedIdentities_NotAdmitted")
      .withArgs(NULLIFIER);
    await gate.admit(bob.address, NULLIFIER + 1n, tomorrow);
  });

  it("are admitted many at once, all or none", async () => {
    const network = await networkHelpers.loadFixture(deployedNetwork);
    const { identities, gate, tomorrow } = await gateOf(network);
    const { bob, carol } = network;
    const rows = [
      { account: bob.address, nullifier: NULLIFIER, expiresAt: tomorrow },
      { account: carol.address, nullifier: NULLIFIER + 1n, expiresAt: tomorrow },
    ];
    const flawed = [...rows, { account: ZeroAddress, nullifier: NULLIFIER + 2n, expiresAt: tomorrow }];
    await expect(gate.admitMany(flawed)).to.be.revertedWithCustomError(identities, "Governed_ZeroAddress");
    await gate.admitMany(rows);
    expect(await identities.identityOf(carol.address), "the second").to.equal(NULLIFIER + 1n);
  });

  it("need a nullifier above those of operators and a time to come", async () => {
    const network = await networkHelpers.loadFixture(deployedNetwork);
    const { identities, gate, tomorrow } = await gateOf(network);
    await expect(gate.admit(network.bob.address, NULLIFIER - 1n, tomorrow))
      .to.be.revertedWithCustomError(identities, "AdmittedIdentities_InvalidNullifier")
      .withArgs(NULLIFIER - 1n, NULLIFIER);
    const next = BigInt(await networkHelpers.time.latest()) + 5n;
    await networkHelpers.time.setNextBlockTimestamp(next);
    await expect(gate.admit(network.bob.address, NULLIFIER, next))
      .to.be.revertedWithCustomError(identities, "AdmittedIdentities_AlreadyExpired")
      .withArgs(next, next);
  });
});

describe("AdmittedIdentities: operators", () => {
  it("are those of the registry, by their owner", async () => {
    const network = await networkHelpers.loadFixture(deployedNetwork);
    const { identities } = await gateOf(network);
    const { registry, alice, carol } = network;
    await registerOperator(network, alice);
    expect(await identities.identityOf(alice.address), "owner").to.equal(1n);
    expect(await identities.accountOf(1n), "account").to.equal(alice.address);
    for (const nobody of [0n, 2n, NULLIFIER - 1n]) {
      expect(await identities.accountOf(nobody), `account of ${nobody}`).to.equal(ZeroAddress);
    }
    await registry.connect(alice).proposeOwner(1, carol.address);
    await networkHelpers.time.increase(100);
    await registry.connect(carol).acceptOwner(1);
    expect(await identities.identityOf(alice.address), "previous owner").to.equal(0n);
    expect(await identities.accountOf(1n), "owner").to.equal(carol.address);
  });

  it("are no voters, and voters who become operators are none any more", async () => {
    const network = await networkHelpers.loadFixture(deployedNetwork);
    const { identities, gate, tomorrow } = await gateOf(network);
    const { alice, bob } = network;
    await registerOperator(network, alice);
    await expect(gate.admit(alice.address, NULLIFIER, tomorrow))
      .to.be.revertedWithCustomError(identities, "AdmittedIdentities_IsOperator")
      .withArgs(alice.address, 1);
    await gate.admit(bob.address, NULLIFIER, tomorrow);
    await registerOperator(network, bob);
    expect(await identities.identityOf(bob.address), "operator").to.equal(2n);
    expect(await identities.accountOf(NULLIFIER), "the voter").to.equal(ZeroAddress);
    await gate.suspend(2);
    expect(await identities.identityOf(bob.address), "a suspended operator is no voter either").to.equal(0n);
  });

  it("lose their identity while they are suspended", async () => {
    const network = await networkHelpers.loadFixture(deployedNetwork);
    const { identities, gate } = await gateOf(network);
    await registerOperator(network, network.alice);
    await expect(gate.suspend(2))
      .to.be.revertedWithCustomError(identities, "AdmittedIdentities_UnknownOperator")
      .withArgs(2);
    await expect(gate.suspend(0)).to.be.revertedWithCustomError(identities, "AdmittedIdentities_UnknownOperator");
    await expect(gate.suspend(1)).to.emit(identities, "OperatorSuspended").withArgs(1);
    await expect(gate.suspend(1))
      .to.be.revertedWithCustomError(identities, "AdmittedIdentities_SuspensionUnchanged")
      .withArgs(1, true);
    expect(await identities.accountOf(1n), "suspended").to.equal(ZeroAddress);
    await expect(gate.release(1)).to.emit(identities, "OperatorReleased").withArgs(1);
    expect(await identities.accountOf(1n), "released").to.equal(network.alice.address);
  });
});
