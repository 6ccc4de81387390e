import { expect } from "chai";
import { ZeroAddress, type Signer } from "ethers";
import { connection, type DeployedNetwork } from "../support/deployed-network.ts";
import { registerOperator } from "../support/registered-node.ts";
import { DAY, issuance, issue, KIND, networkWithAuthority, now, REASON } from "./support/authorities.ts";

const { ethers, networkHelpers } = connection;
const OPERATOR = { kind: KIND.Operator, subject: 1n };
const [FIRST, SECOND] = [2n ** 32n, 2n ** 32n + 1n];

type Account = Signer & { address: string };

function ofVoter(nullifier: bigint, { address }: Account) {
  return { kind: KIND.Voter, subject: nullifier, account: address };
}

/** Checks which account each identity has, and that every account has the identity that names it. */
async function expectAccounts({ certificates }: DeployedNetwork, accounts: [bigint, Account | undefined][]) {
  for (const [identity, account] of accounts) {
    expect(await certificates.accountOf(identity), `account of ${identity}`).to.equal(account?.address ?? ZeroAddress);
    if (account) expect(await certificates.identityOf(account.address), "its identity").to.equal(identity);
  }
}

/** Hands an operator from one wallet to another. */
async function moveOperator({ registry }: DeployedNetwork, identityId: bigint, from: Account, to: Account) {
  await registry.connect(from).proposeOwner(identityId, to.address);
  const { owner } = (await registry.pendingChanges(identityId)) as unknown as { owner: { readyAt: bigint } };
  await networkHelpers.time.increaseTo(owner.readyAt);
  await registry.connect(to).acceptOwner(identityId);
}

describe("CertificateRegistry: accounts of operators that move", () => {
  it("take nothing from a voter when the operator has no certificate", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { alice, bob } = network;
    await issue(network, ofVoter(FIRST, bob));
    await moveOperator(network, 1n, alice, bob);
    await expectAccounts(network, [
      [1n, undefined],
      [FIRST, bob],
    ]);
    await issue(network, OPERATOR);
    await expectAccounts(network, [
      [1n, bob],
      [FIRST, undefined],
    ]);
  });

  it("leave a voter's certificate with the account that it was issued to", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { bob, mallory } = network;
    const voter = await issue(network, ofVoter(FIRST, bob));
    await registerOperator(network, bob);
    await moveOperator(network, 2n, bob, mallory);
    await expectAccounts(network, [
      [2n, undefined],
      [FIRST, bob],
    ]);
    expect(await network.certificates.identityOf(mallory.address), "the new owner").to.equal(0n);
    expect(await network.certificates.newestSerialOf(KIND.Voter, FIRST), "newest").to.equal(voter);
  });

  it("leave the previous owner free to be a voter, or another operator", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { alice, bob } = network;
    await issue(network, OPERATOR);
    await moveOperator(network, 1n, alice, bob);
    await issue(network, ofVoter(FIRST, alice));
    await expectAccounts(network, [
      [1n, bob],
      [FIRST, alice],
    ]);
    await registerOperator(network, alice);
    await issue(network, { kind: KIND.Operator, subject: 2n });
    await expectAccounts(network, [
      [1n, bob],
      [2n, alice],
      [FIRST, undefined],
    ]);
  });

  it("take a certificate with them that is on hold, expired or not yet valid, as it is", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, registry, alice, bob, carol } = network;
    const held = await issue(network, OPERATOR);
    await certificates.connect(carol).hold([held]);
    await moveOperator(network, 1n, alice, bob);
    await expectAccounts(network, [[1n, undefined]]);
    await certificates.connect(carol).release([held]);
    await expectAccounts(network, [[1n, bob]]);
    const [from, end] = [(await now()) + 100n * DAY, (await now()) + 200n * DAY];
    const later = await issue(network, { ...OPERATOR, notBefore: from, notAfter: end });
    await moveOperator(network, 1n, bob, alice);
    await expectAccounts(network, [[1n, undefined]]);
    await networkHelpers.time.increaseTo(from);
    await expectAccounts(network, [[1n, alice]]);
    await networkHelpers.time.increaseTo(end + 1n);
    await moveOperator(network, 1n, alice, bob);
    await expectAccounts(network, [[1n, undefined]]);
    expect(await certificates.newestSerialOf(KIND.Operator, 1n), "newest").to.equal(later);
    expect(await registry.ownerOf(1n), "owner").to.equal(bob.address);
  });

  it("take spare certificates with them", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, alice, bob, carol } = network;
    const [spare, newest] = [await issue(network, OPERATOR), await issue(network, OPERATOR)];
    await moveOperator(network, 1n, alice, bob);
    await certificates.connect(carol).revoke(newest, REASON.keyCompromise);
    await certificates.enforce([spare]);
    await expectAccounts(network, [[1n, bob]]);
    expect(await certificates.identityOf(alice.address), "the previous owner").to.equal(0n);
  });

  it("move no identity but that of their operator", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, registry, alice, bob } = network;
    await issue(network, OPERATOR);
    const registrySigner = await ethers.getImpersonatedSigner(await registry.getAddress());
    await networkHelpers.setBalance(registrySigner.address, 10n ** 18n);
    await certificates.connect(registrySigner).ownerChanged(2, alice.address, bob.address);
    await expectAccounts(network, [[1n, alice]]);
  });
});

describe("CertificateRegistry: accounts of voters", () => {
  it("are the next voter's once the certificate of the one before is revoked", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, bob, carol, mallory } = network;
    const first = await issue(network, ofVoter(FIRST, bob));
    await certificates.connect(carol).revoke(first, REASON.cessation);
    const second = await issue(network, ofVoter(SECOND, bob));
    await expectAccounts(network, [
      [FIRST, undefined],
      [SECOND, bob],
    ]);
    expect(await certificates.newestSerialOf(KIND.Voter, FIRST), "newest of the first").to.equal(0n);
    expect(await certificates.newestSerialOf(KIND.Voter, SECOND), "newest of the second").to.equal(second);
    await issue(network, ofVoter(FIRST, mallory));
    await expectAccounts(network, [
      [FIRST, mallory],
      [SECOND, bob],
    ]);
  });

  it("are not taken back by a spare of the voter before", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, bob, carol } = network;
    const [spare, newest] = [await issue(network, ofVoter(FIRST, bob)), await issue(network, ofVoter(FIRST, bob))];
    await certificates.connect(carol).revoke(newest, REASON.cessation);
    await issue(network, ofVoter(SECOND, bob));
    await certificates.enforce([spare]);
    await expectAccounts(network, [
      [FIRST, undefined],
      [SECOND, bob],
    ]);
  });

  it("are an operator's from its certificate on, and no voter's spare takes them back", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, bob, carol } = network;
    const voter = await issue(network, ofVoter(FIRST, bob));
    await registerOperator(network, bob);
    const operator = await issue(network, { kind: KIND.Operator, subject: 2n });
    await certificates.connect(carol).revoke(operator, REASON.cessation);
    await certificates.enforce([voter]);
    await expectAccounts(network, [
      [2n, undefined],
      [FIRST, undefined],
    ]);
    const again = await issuance(ofVoter(FIRST, bob));
    await expect(certificates.connect(carol).issue(1, again))
      .to.be.revertedWithCustomError(certificates, "CertificateRegistry_AccountTaken")
      .withArgs(bob.address, 2n);
  });

  it("stay an operator's when the voter that they were goes on elsewhere", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { bob, mallory } = network;
    await issue(network, ofVoter(FIRST, bob));
    await registerOperator(network, bob);
    await issue(network, { kind: KIND.Operator, subject: 2n });
    await issue(network, ofVoter(FIRST, mallory));
    await expectAccounts(network, [
      [2n, bob],
      [FIRST, mallory],
    ]);
  });
});
