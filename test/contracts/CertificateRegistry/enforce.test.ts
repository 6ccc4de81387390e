import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { connection, type DeployedNetwork } from "../support/deployed-network.ts";
import {
  authorityTerms,
  DAY,
  issuance,
  issue,
  type Issuance,
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

type StatusName = keyof typeof STATUS;

/** Issues a certificate of carol's authority and brings it to a status that it has from then on. */
const WAYS: [StatusName, (network: DeployedNetwork, changes: Partial<Issuance>) => Promise<bigint>][] = [
  ["Good", (network, changes) => issue(network, changes)],
  [
    "NotYetValid",
    async (network, changes) => {
      const notBefore = (await now()) + DAY;
      return issue(network, { ...changes, notBefore, notAfter: notBefore + DAY });
    },
  ],
  [
    "Expired",
    async (network, changes) => {
      const serial = await issue(network, { ...changes, notAfter: (await now()) + 100n });
      await networkHelpers.time.increase(200);
      return serial;
    },
  ],
  [
    "Held",
    async (network, changes) => {
      const serial = await issue(network, changes);
      await network.certificates.connect(network.carol).hold([serial]);
      return serial;
    },
  ],
  [
    "Revoked",
    async (network, changes) => {
      const serial = await issue(network, changes);
      await network.certificates.connect(network.carol).revoke(serial, REASON.keyCompromise);
      return serial;
    },
  ],
  [
    "Tainted",
    async (network, changes) => {
      const serial = await issue(network, changes);
      const time = await now();
      await network.certificates.connect(network.carol).taintAuthority(1, time, time + DAY);
      return serial;
    },
  ],
  [
    "AuthorityNotGood",
    async (network, changes) => {
      const serial = await issue(network, changes);
      await network.certificates.connect(network.timelockSigner).holdAuthority(1);
      return serial;
    },
  ],
];

/** Identity and newest certificate of an account, as the gate tells them. */
async function gateOf({ certificates }: DeployedNetwork, kind: number, identity: bigint, account: string) {
  return {
    identity: (await certificates.identityOf(account)) as bigint,
    account: (await certificates.accountOf(identity)) as string,
    newest: (await certificates.newestSerialOf(kind, identity)) as bigint,
  };
}

/** Kinds whose identities count in votes, with alice's operator and bob as a voter. */
const IDENTITIES: [string, (network: DeployedNetwork) => Partial<Issuance> & { kind: number }, bigint][] = [
  ["an operator's", () => OPERATOR, 1n],
  ["a voter's", ({ bob }) => ({ kind: KIND.Voter, subject: NULLIFIER, account: bob.address }), NULLIFIER],
];

describe("CertificateRegistry: enforce of a node's certificate", () => {
  for (const [status, certify] of WAYS) {
    const isBarred = status === "Held" || status === "Revoked";
    const bars = isBarred || status === "Tainted" || status === "AuthorityNotGood";
    const effect = isBarred ? "leaves the node barred" : bars ? "bars the node" : "bars no node";
    it(`that is ${status} ${effect}`, async () => {
      const network = await networkHelpers.loadFixture(networkWithAuthority);
      const { certificates, registry, mallory } = network;
      const serial = await certify(network, {});
      expect(await certificates.statusOf(serial), "status").to.equal(STATUS[status]);
      expect(await registry.isBarred(0), "barred before").to.equal(isBarred);
      await certificates.connect(mallory).enforce([serial]);
      expect(await registry.isBarred(0), "barred").to.equal(bars);
      await certificates.connect(mallory).enforce([serial, serial]);
      expect(await registry.isBarred(0), "barred, again").to.equal(bars);
    });
  }

  it("lifts no bar while it is not yet valid, and does from its first second on", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, registry, carol, mallory } = network;
    const notBefore = (await now()) + DAY;
    const serial = await issue(network, { notBefore, notAfter: notBefore + DAY });
    await certificates.connect(carol).hold([serial]);
    await certificates.connect(carol).release([serial]);
    await certificates.connect(mallory).enforce([serial]);
    expect(await certificates.statusOf(serial), "released").to.equal(STATUS.NotYetValid);
    expect(await registry.isBarred(0), "before").to.equal(true);
    await networkHelpers.time.increaseTo(notBefore);
    await certificates.connect(mallory).enforce([serial]);
    expect(await registry.isBarred(0), "from then on").to.equal(false);
  });

  it("bars no node for one that was replaced or is over when its authority falls", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, registry, carol, mallory, timelockSigner } = network;
    const expired = await issue(network, { notAfter: (await now()) + 100n });
    await networkHelpers.time.increase(200);
    await certificates.connect(timelockSigner).holdAuthority(1);
    await certificates.connect(mallory).enforce([expired]);
    expect(await registry.isBarred(0), "by what is over").to.equal(false);
    await certificates.connect(timelockSigner).releaseAuthority(1);
    const replaced = await issue(network);
    const next = await issuance();
    await certificates.connect(carol).rotate(1, replaced, next, (await now()) + DAY);
    await certificates.connect(timelockSigner).holdAuthority(1);
    await certificates.connect(mallory).enforce([replaced]);
    expect(await registry.isBarred(0), "by what was replaced").to.equal(false);
    await certificates.connect(mallory).enforce([next.serial]);
    expect(await registry.isBarred(0), "by what replaced it").to.equal(true);
  });

  it("bars no node by a hold of what is over", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, registry, carol } = network;
    const expired = await issue(network, { notAfter: (await now()) + 100n });
    await networkHelpers.time.increase(200);
    await certificates.connect(carol).hold([expired]);
    expect(await certificates.statusOf(expired), "status").to.equal(STATUS.Held);
    await certificates.enforce([expired]);
    expect(await registry.isBarred(0), "barred").to.equal(false);
    await certificates.connect(carol).release([expired]);
    expect(await certificates.statusOf(expired), "released").to.equal(STATUS.Expired);
  });
});

for (const [whose, changesOf, identity] of IDENTITIES) {
  describe(`CertificateRegistry: enforce of ${whose} certificate`, () => {
    for (const [status, certify] of WAYS) {
      it(`that is ${status} changes no answer of the gate`, async () => {
        const network = await networkHelpers.loadFixture(networkWithAuthority);
        const changes = changesOf(network);
        const account = changes.account ?? network.alice.address;
        const serial = await certify(network, changes);
        expect(await network.certificates.statusOf(serial), "status").to.equal(STATUS[status]);
        const isHolder = status === "Good";
        const expected = {
          identity: isHolder ? identity : 0n,
          account: isHolder ? account : ZeroAddress,
          newest: serial,
        };
        expect(await gateOf(network, changes.kind, identity, account), "before").to.deep.equal(expected);
        await network.certificates.connect(network.mallory).enforce([serial]);
        expect(await gateOf(network, changes.kind, identity, account), "after").to.deep.equal(expected);
      });

      it(`${status === "Good" ? "puts" : "does not put"} one that is ${status} in the place of one that is revoked`, async () => {
        const network = await networkHelpers.loadFixture(networkWithAuthority);
        const { certificates, bob, mallory, timelockSigner } = network;
        const changes = changesOf(network);
        await certificates.connect(timelockSigner).admitRoot(await authorityTerms(mallory));
        const newest = await issue(network, changes, 2, mallory);
        const spare = await certify(network, changes);
        expect(await certificates.newestSerialOf(changes.kind, identity), "before").to.equal(newest);
        await certificates.connect(mallory).revoke(newest, REASON.cessation);
        await certificates.connect(bob).enforce([spare]);
        const expected = status === "Good" ? spare : newest;
        expect(await certificates.newestSerialOf(changes.kind, identity), "after").to.equal(expected);
      });
    }
  });
}

describe("CertificateRegistry: enforce", () => {
  it("refuses a serial number that nobody issued, with all others", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, registry, timelockSigner } = network;
    const serial = await issue(network);
    await certificates.connect(timelockSigner).holdAuthority(1);
    await expect(certificates.enforce([serial, 7n]))
      .to.be.revertedWithCustomError(certificates, "CertificateRegistry_UnknownCertificate")
      .withArgs(7n);
    expect(await registry.isBarred(0), "barred").to.equal(false);
    await certificates.enforce([]);
  });

  it("keeps the earliest end of all authorities above, whichever comes first", async () => {
    const network = await networkHelpers.loadFixture(networkWithTree);
    const { certificates, alice, timelockSigner } = network;
    const byTimelock = certificates.connect(timelockSigner);
    for (const [deep, high] of [
      [10n, 20n],
      [20n, 10n],
    ] as const) {
      const snapshot = await networkHelpers.takeSnapshot();
      const serial = await issue(network, OPERATOR, 3, alice);
      await networkHelpers.time.increase(10);
      const time = await now();
      const [deepEnd, highEnd] = [time + deep * DAY, time + high * DAY];
      await byTimelock.taintAuthority(3, time - 1n, deepEnd);
      await byTimelock.taintAuthority(1, time - 1n, highEnd);
      await certificates.enforce([serial]);
      const end = deepEnd < highEnd ? deepEnd : highEnd;
      await networkHelpers.time.increaseTo(end - 1n);
      expect(await certificates.identityOf(alice.address), "in the last second").to.equal(1n);
      await networkHelpers.time.increaseTo(end);
      expect(await certificates.identityOf(alice.address), "from the end on").to.equal(0n);
      await certificates.enforce([serial]);
      expect(await certificates.identityOf(alice.address), "from the end on, enforced").to.equal(0n);
      await snapshot.restore();
    }
  });

  it("gives back what a release of the authority does, and nothing of one that is revoked", async () => {
    const network = await networkHelpers.loadFixture(networkWithTree);
    const { certificates, registry, alice, timelockSigner } = network;
    const byTimelock = certificates.connect(timelockSigner);
    const serials = [await issue(network, {}, 3, alice), await issue(network, OPERATOR, 3, alice)];
    const expectGood = async (good: boolean, what: string) => {
      await certificates.enforce(serials);
      expect(await registry.isBarred(0), `barred, ${what}`).to.equal(!good);
      expect(await certificates.identityOf(alice.address), `identity, ${what}`).to.equal(good ? 1n : 0n);
    };
    for (const authorityId of [1, 2, 3]) {
      await byTimelock.holdAuthority(authorityId);
      await expectGood(false, `${authorityId} held`);
      await byTimelock.releaseAuthority(authorityId);
      await expectGood(true, `${authorityId} released`);
    }
    await byTimelock.revokeAuthority(2, REASON.cessation);
    await expectGood(false, "revoked");
  });
});
