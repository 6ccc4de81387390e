import { expect } from "chai";
import { AbiCoder, concat, dataLength, dataSlice, id, ZeroAddress, ZeroHash } from "ethers";
import { connection, type DeployedNetwork } from "../support/deployed-network.ts";
import { registerNode, registerOperator } from "../support/registered-node.ts";
import {
  authorityTerms,
  DAY,
  issuance,
  issue,
  issueMany,
  type Issuance,
  KIND,
  networkWithAuthority,
  networkWithTree,
  now,
  STATUS,
} from "./support/authorities.ts";

const { ethers, networkHelpers } = connection;
const NULLIFIER = 1n << 200n;

describe("CertificateRegistry: issuing", () => {
  it("records a certificate as it was issued", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, carol } = network;
    const asked = await issuance();
    await expect(certificates.connect(carol).issue(1, asked))
      .to.emit(certificates, "CertificateIssued")
      .withArgs(asked.serial, 1, 0, KIND.Node, ZeroAddress, asked.notBefore, asked.notAfter, asked.x509Hash, 1);
    const recorded = await certificates.certificateOf(asked.serial);
    const expected = [1n, 2n, 0n, await now(), asked.notBefore, asked.notAfter, 0n, 0n, false, asked.x509Hash];
    expect(recorded).to.deep.equal(expected);
    expect(await certificates.statusOf(asked.serial), "status").to.equal(STATUS.Good);
  });

  it("keeps subjects that are wider than a node's number", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, bob } = network;
    const voter = await issue(network, { kind: KIND.Voter, subject: NULLIFIER, account: bob.address });
    const relayer = await issue(network, { kind: KIND.Relayer, subject: BigInt(bob.address) });
    const subjectOf = async (serial: bigint) =>
      ((await certificates.certificateOf(serial)) as { subject: bigint }).subject;
    expect(await subjectOf(voter), "voter").to.equal(NULLIFIER);
    expect(await subjectOf(relayer), "relayer").to.equal(BigInt(bob.address));
  });

  it("never calls an unknown serial number good", async () => {
    const { certificates } = await networkHelpers.loadFixture(networkWithAuthority);
    expect(await certificates.statusOf(1n), "status").to.equal(STATUS.Unknown);
    const { kind } = (await certificates.certificateOf(1n)) as { kind: bigint };
    expect(kind, "kind").to.equal(0n);
  });

  it("certifies no node before there is a registry of nodes", async () => {
    const {
      timelock,
      timelockSigner,
      certificates: deployed,
      carol,
    } = await networkHelpers.loadFixture(networkWithAuthority);
    const factory = await connection.ethers.getContractFactory("CertificateRegistry", carol);
    const contract = await factory.deploy(await deployed.authorities(), await timelock.getAddress());
    const certificates = deployed.attach(await contract.getAddress()) as typeof deployed;
    await certificates.connect(timelockSigner).admitRoot(await authorityTerms(carol, { identityUntil: 0xffff_ffff }));
    for (const kind of [KIND.Node, KIND.Operator]) {
      const issued = certificates.connect(carol).issue(1, await issuance({ kind, subject: 1n }));
      await expect(issued).to.be.revertedWithoutReason(connection.ethers);
    }
    await certificates.connect(carol).issue(1, await issuance({ kind: KIND.Relayer, subject: 7n }));
  });

  it("is for the authority's account alone", async () => {
    const { certificates, mallory, timelockSigner } = await networkHelpers.loadFixture(networkWithAuthority);
    for (const stranger of [mallory, timelockSigner]) {
      await expect(certificates.connect(stranger).issue(1, await issuance()))
        .to.be.revertedWithCustomError(certificates, "CertificateRegistry_NotAuthorized")
        .withArgs(stranger.address, 1);
    }
    await expect(certificates.connect(mallory).issue(7, await issuance()))
      .to.be.revertedWithCustomError(certificates, "CertificateRegistry_UnknownAuthority")
      .withArgs(7);
  });

  it("issues all certificates of a batch or none", async () => {
    const { certificates, carol } = await networkHelpers.loadFixture(networkWithAuthority);
    const [first, second] = [await issuance(), await issuance()];
    await expect(certificates.connect(carol).issueMany(1, [first, second, first]))
      .to.be.revertedWithCustomError(certificates, "CertificateRegistry_SerialTaken")
      .withArgs(first.serial);
    expect(await certificates.statusOf(first.serial), "first").to.equal(STATUS.Unknown);
    await certificates.connect(carol).issueMany(1, [first, second]);
    expect(await certificates.statusOf(second.serial), "second").to.equal(STATUS.Good);
  });

  const refusals: [string, Partial<Issuance>, string, (() => unknown[])?][] = [
    ["a serial number of 0", { serial: 0n }, "InvalidSerial"],
    ["a serial number of 21 bytes in DER", { serial: 1n << 159n }, "InvalidSerial"],
    ["a kind of none", { kind: KIND.None }, "OutsideConstraint", () => ["kinds", 1, 0x1e]],
    ["no hash", { x509Hash: ZeroHash }, "EmptyField", () => ["x509Hash"]],
    ["a period that ends before it begins", { notBefore: 4_000_000_000n, notAfter: 3_999_999_999n }, "InvalidPeriod"],
    ["a period that is over", { notBefore: 1n, notAfter: 2n }, "InvalidPeriod"],
    ["more time than the authority has", { notAfter: 1n << 39n }, "OutsideConstraint"],
    ["an account of a node", { account: "0x00000000000000000000000000000000000000aa" }, "UnexpectedAccount"],
    ["a node's number beyond 32 bits", { subject: 1n << 32n }, "InvalidSubject"],
    ["a relayer that is no address", { kind: KIND.Relayer, subject: 1n << 160n }, "InvalidSubject"],
    ["a relayer that is nobody", { kind: KIND.Relayer, subject: 0n }, "InvalidSubject", () => [KIND.Relayer, 0n]],
    ["a voter whose nullifier is an operator's", { kind: KIND.Voter, subject: 1n }, "InvalidSubject"],
  ];
  for (const [what, changes, error, args] of refusals) {
    it(`refuses ${what}`, async () => {
      const { certificates, carol } = await networkHelpers.loadFixture(networkWithAuthority);
      const call = expect(certificates.connect(carol).issue(1, await issuance(changes)));
      const reverted = call.to.be.revertedWithCustomError(certificates, `CertificateRegistry_${error}`);
      await (args ? reverted.withArgs(...args()) : reverted);
    });
  }

  it("refuses subjects that do not exist", async () => {
    const { certificates, registry, carol } = await networkHelpers.loadFixture(networkWithAuthority);
    await expect(certificates.connect(carol).issue(1, await issuance({ subject: 7n })))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_UnknownNode")
      .withArgs(7);
    await expect(certificates.connect(carol).issue(1, await issuance({ kind: KIND.Operator, subject: 7n })))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_UnknownIdentity")
      .withArgs(7);
  });

  it("keeps to the identities of the authority, for operators and their nodes", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, bob, carol, timelockSigner } = network;
    await registerOperator(network, bob);
    const ofBob = BigInt(await registerNode(network, bob));
    const terms = await authorityTerms(carol, { identityFrom: 2, identityUntil: 3 });
    await certificates.connect(timelockSigner).admitRoot(terms);
    const outside = [await issuance(), await issuance({ kind: KIND.Operator, subject: 1n })];
    for (const certificate of outside) {
      await expect(certificates.connect(carol).issue(2, certificate))
        .to.be.revertedWithCustomError(certificates, "CertificateRegistry_OutsideConstraint")
        .withArgs("identity", 1, 2);
    }
    await certificates.connect(carol).issue(2, await issuance({ subject: ofBob }));
    await certificates.connect(carol).issue(2, await issuance({ kind: KIND.Operator, subject: 2n }));
  });

  it("keeps to the kinds of the authority", async () => {
    const { certificates, carol, timelockSigner } = await networkHelpers.loadFixture(networkWithAuthority);
    const terms = await authorityTerms(carol, { kinds: 1 << KIND.Node, x509Hash: id("nodes only") });
    await certificates.connect(timelockSigner).admitRoot(terms);
    await expect(certificates.connect(carol).issue(2, await issuance({ kind: KIND.Operator, subject: 1n })))
      .to.be.revertedWithCustomError(certificates, "CertificateRegistry_OutsideConstraint")
      .withArgs("kinds", 1 << KIND.Operator, 1 << KIND.Node);
    await certificates.connect(carol).issue(2, await issuance());
  });

  it("rotates: records the new certificate and ends the old one when the overlap does", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, carol } = network;
    const replaced = await issue(network);
    const next = await issuance();
    const overlapUntil = (await now()) + DAY;
    await expect(certificates.connect(carol).rotate(1, replaced, next, overlapUntil))
      .to.emit(certificates, "CertificateRotated")
      .withArgs(replaced, next.serial, 1, overlapUntil, 4);
    expect(await certificates.statusOf(replaced), "old during the overlap").to.equal(STATUS.Good);
    expect(await certificates.statusOf(next.serial), "new").to.equal(STATUS.Good);
    await networkHelpers.time.increaseTo(overlapUntil);
    expect(await certificates.statusOf(replaced), "old after it").to.equal(STATUS.Revoked);
    expect(await certificates.statusOf(next.serial), "new after it").to.equal(STATUS.Good);
  });

  it("rotates what has expired, without overlap", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, carol } = network;
    const replaced = await issue(network, { notAfter: (await now()) + DAY });
    await networkHelpers.time.increase(2n * DAY);
    const time = (await now()) + 10n;
    await networkHelpers.time.setNextBlockTimestamp(time);
    const next = await issuance({ notBefore: time });
    await certificates.connect(carol).rotateMany(1, [replaced], [next], time);
    expect(await certificates.statusOf(next.serial), "new").to.equal(STATUS.Good);
    expect(await certificates.statusOf(replaced), "old").to.equal(STATUS.Revoked);
  });

  it("rotates only into the same kind and subject, once, and not around a hold", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, alice, carol } = network;
    await registerNode(network, alice);
    const byCarol = certificates.connect(carol);
    const replaced = await issue(network);
    const overlap = (await now()) + DAY;
    for (const changes of [{ subject: 1n }, { kind: KIND.Operator, subject: 0n }]) {
      await expect(byCarol.rotate(1, replaced, await issuance(changes), overlap)).to.be.revertedWithCustomError(
        certificates,
        "CertificateRegistry_NotReplaceable",
      );
    }
    await byCarol.hold([replaced]);
    await expect(byCarol.rotate(1, replaced, await issuance(), overlap), "on hold").to.be.revertedWithCustomError(
      certificates,
      "CertificateRegistry_NotReplaceable",
    );
    await byCarol.release([replaced]);
    for (const wrong of [1n, overlap + 100n * DAY]) {
      await expect(byCarol.rotate(1, replaced, await issuance(), wrong), "overlap").to.be.revertedWithCustomError(
        certificates,
        "CertificateRegistry_InvalidOverlap",
      );
    }
    await byCarol.rotate(1, replaced, await issuance(), overlap);
    await expect(byCarol.rotate(1, replaced, await issuance(), overlap), "again")
      .to.be.revertedWithCustomError(certificates, "CertificateRegistry_AlreadyRevoked")
      .withArgs(replaced, overlap);
    await expect(byCarol.rotateMany(1, [replaced], [], overlap))
      .to.be.revertedWithCustomError(certificates, "CertificateRegistry_LengthMismatch")
      .withArgs(1, 0);
  });

  it("rotates no certificate of another authority but from above", async () => {
    const network = await networkHelpers.loadFixture(networkWithTree);
    const { certificates, alice, bob, carol, mallory, timelockSigner } = network;
    await certificates.connect(timelockSigner).admitRoot(await authorityTerms(mallory));
    const overlap = (await now()) + DAY;
    const [ofCarol, ofAlice] = [await issue(network), await issue(network, {}, 3, alice)];
    for (const [by, authorityId, replaced, owner] of [
      [mallory, 4, ofCarol, 1],
      [alice, 3, ofCarol, 1],
      [mallory, 4, ofAlice, 3],
    ] as const) {
      await expect(certificates.connect(by).rotate(authorityId, replaced, await issuance(), overlap))
        .to.be.revertedWithCustomError(certificates, "CertificateRegistry_NotAuthorized")
        .withArgs(by.address, owner);
    }
    await expect(certificates.connect(bob).rotate(3, ofAlice, await issuance(), overlap))
      .to.be.revertedWithCustomError(certificates, "CertificateRegistry_NotAuthorized")
      .withArgs(bob.address, 3);
    const next = await issuance();
    await certificates.connect(carol).rotate(1, ofAlice, next, overlap);
    expect(await certificates.statusOf(next.serial), "from above").to.equal(STATUS.Good);
  });
});

describe("CertificateRegistry: identities of an authority", () => {
  it("reach from the first to the one before the end", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, bob, mallory, carol, timelockSigner } = network;
    const nodes = [0n];
    for (const operator of [bob, mallory]) {
      await registerOperator(network, operator);
      nodes.push(BigInt(await registerNode(network, operator)));
    }
    await certificates
      .connect(timelockSigner)
      .admitRoot(await authorityTerms(carol, { identityFrom: 2, identityUntil: 3 }));
    for (const [identity, limit] of [
      [1n, 2],
      [3n, 3],
    ] as const) {
      for (const changes of [{ kind: KIND.Operator, subject: identity }, { subject: nodes[Number(identity) - 1] }]) {
        await expect(certificates.connect(carol).issue(2, await issuance(changes)), `${identity}`)
          .to.be.revertedWithCustomError(certificates, "CertificateRegistry_OutsideConstraint")
          .withArgs("identity", identity, limit);
      }
    }
    await issueMany(network, [{ kind: KIND.Operator, subject: 2n }, { subject: nodes[1] }], 2);
  });

  it("leave voters and relayers alone, also when there is none", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, bob, carol, timelockSigner } = network;
    const terms = await authorityTerms(carol, { identityFrom: 1, identityUntil: 1 });
    await certificates.connect(timelockSigner).admitRoot(terms);
    await expect(certificates.connect(carol).issue(2, await issuance({ kind: KIND.Operator, subject: 1n })))
      .to.be.revertedWithCustomError(certificates, "CertificateRegistry_OutsideConstraint")
      .withArgs("identity", 1, 1);
    const serials = await issueMany(
      network,
      [
        { kind: KIND.Voter, subject: NULLIFIER, account: bob.address },
        { kind: KIND.Relayer, subject: BigInt(bob.address) },
      ],
      2,
    );
    for (const serial of serials) expect(await certificates.statusOf(serial), "status").to.equal(STATUS.Good);
  });
});

describe("CertificateRegistry: encoding of a batch", () => {
  const ISSUANCE = "tuple(uint256,uint256,uint256,uint256,uint256,uint256,bytes32)";
  /** The call of `issueMany` with every field as a whole word. */
  async function encoded({ certificates }: DeployedNetwork, fields: unknown[]) {
    const data = AbiCoder.defaultAbiCoder().encode(["uint32", `${ISSUANCE}[]`], [1, [fields]]);
    return {
      to: await certificates.getAddress(),
      data: concat([certificates.interface.getFunction("issueMany")!.selector, data]),
    };
  }

  const excess: [number, string, bigint][] = [
    [0, "serial number", 1n << 160n],
    [1, "kind", 5n],
    [1, "kind", 1n << 8n],
    [3, "account", 1n << 160n],
    [4, "first moment", 1n << 40n],
    [5, "last moment", 1n << 40n],
  ];
  for (const [index, field, bits] of excess) {
    it(`refuses more than the type of the ${field} holds (${bits})`, async () => {
      const network = await networkHelpers.loadFixture(networkWithAuthority);
      const { certificates, carol } = network;
      const certificate = await issuance();
      const fields = [
        ...[certificate.serial, certificate.kind, certificate.subject, certificate.account],
        ...[certificate.notBefore, certificate.notAfter, certificate.x509Hash],
      ];
      const wrong = fields.with(index, field === "kind" ? bits : BigInt(fields[index]) | bits);
      await expect(carol.sendTransaction(await encoded(network, wrong)), field).to.be.revertedWithoutReason(ethers);
      expect(await certificates.statusOf(certificate.serial), "status").to.equal(STATUS.Unknown);
      await carol.sendTransaction(await encoded(network, fields));
      expect(await certificates.statusOf(certificate.serial), "as it is").to.equal(STATUS.Good);
    });
  }

  it("refuses a batch that is cut off", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, carol } = network;
    const data = certificates.interface.encodeFunctionData("issueMany", [1, [await issuance(), await issuance()]]);
    for (const length of [dataLength(data) - 1, dataLength(data) - 7 * 32, 4 + 32, 4]) {
      const call = { to: await certificates.getAddress(), data: dataSlice(data, 0, length) };
      await expect(carol.sendTransaction(call), `${length} bytes`).to.be.revertedWithoutReason(ethers);
    }
    await carol.sendTransaction({ to: await certificates.getAddress(), data });
  });
});
