import { expect } from "chai";
import type { StoredRequest } from "../../../relayer/src/authority/certificate-store.ts";
import type { AuthorityRecord, CertificateRecord } from "../../../relayer/src/pki/certificate-records.ts";
import {
  type OpenRequest,
  type RequestAnswer,
  RequestRefusedError,
} from "../../../relayer/src/renewal/authority-client.ts";
import type { Problem } from "../../../relayer/src/service/problem.ts";
import { AuthorityRig, OWNER } from "../authority/authority-rig.ts";
import { REGISTRY } from "../transport/test-authority.ts";
import { SimulatedHolder } from "./simulated-holder.ts";

const DAY = 86_400;

/** As `authorityClient` tells what the service refuses. */
function refuse({ type, message }: Problem): never {
  throw new RequestRefusedError(type, message);
}
/** Reason of RFC 5280 after which a new key heals. */
const SUPERSEDED = 4;

describe("CertificateRenewer", () => {
  let rig: AuthorityRig;
  let holder: SimulatedHolder;
  let first: StoredRequest;
  /** What the service says instead of the truth. */
  let lie: RequestAnswer | undefined;
  let beforeAsk: ((asked: OpenRequest) => Promise<void>) | undefined;

  const answerOf = ({ state, serial, pem }: StoredRequest): RequestAnswer => ({
    ...{ state, serial, certificate: pem, reason: null },
  });
  const now = () => rig.registry.head().timestamp;
  const inUse = () => BigInt(`0x${holder.certificate.serialNumber}`);
  const begun = () => holder.store.begun();
  const newest = () => rig.registry.certificatesOf("node", 7n).at(-1)!;

  beforeEach(async () => {
    rig = await AuthorityRig.create();
    rig.addNode(7);
    lie = beforeAsk = undefined;
    first = await rig.certify(7);
    holder = new SimulatedHolder({
      ...{ registry: rig.registry, kind: "node", subject: 7n, cert: first.pem },
      authorities: {
        async ask({ signFor, ...asked }) {
          await beforeAsk?.({ ...asked, signFor });
          const { authorityId } = rig;
          const signature = await signFor(authorityId);
          return lie ?? answerOf(await rig.issuer.issue({ ...asked, authorityId, signature }).catch(refuse));
        },
      },
      sign: (asked) => rig.signAs(OWNER, asked),
    });
    rig.registry.mine(36 * DAY);
    await holder.look();
    await rig.mine(14);
  });

  it("puts the renewed certificate to use once it is final", async () => {
    await holder.look();
    expect(inUse()).to.equal(newest().serial).and.not.to.equal(first.serial);
    expect(await begun()).to.equal(undefined);
  });

  for (const [state, change] of Object.entries<() => Partial<CertificateRecord>>({
    revoked: () => ({ revokedAt: now(), reason: SUPERSEDED }),
    expired: () => ({ notAfter: now() - 1n }),
  })) {
    it(`begins again with a new key when the new certificate is ${state}`, async () => {
      const lost = newest().serial;
      rig.registry.changeCertificate(lost, change());
      await holder.look();
      expect(await begun(), "the begun renewal").to.equal(undefined);
      await holder.look();
      await rig.mine(14);
      await holder.look();
      expect(inUse()).to.equal(newest().serial).and.not.to.be.oneOf([first.serial, lost]);
      expect(holder.store.made).to.equal(2);
    });
  }

  for (const [state, change] of Object.entries<() => Partial<AuthorityRecord>>({
    tainted: () => ({ taintedFrom: newest().issuedAt }),
    revoked: () => ({ revokedAt: now() }),
  })) {
    it(`drops the new certificate when its authority is ${state}`, async () => {
      rig.registry.changeAuthority(rig.authorityId, change());
      await holder.look();
      expect(inUse()).to.equal(first.serial);
      expect(await begun()).to.equal(undefined);
    });
  }

  it("waits for a new certificate that is on hold or not valid yet", async () => {
    const renewed = newest();
    for (const change of [{ heldAt: now() }, { heldAt: undefined, notBefore: now() + 60n }]) {
      rig.registry.changeCertificate(renewed.serial, change);
      await holder.look();
      expect(inUse()).to.equal(first.serial);
      expect(await begun()).not.to.equal(undefined);
    }
    rig.registry.mine(60);
    await holder.look();
    expect(inUse()).to.equal(renewed.serial);
  });

  it("waits a day for a certificate that its view does not know", async () => {
    const { key } = (await begun())!;
    const did = `did:pqmesh:31337:${REGISTRY}:7`;
    const { pem, serialNumber } = await rig.authority.issueNode({
      ...{ key: { publicKey: key.publicKey }, did, now: new Date(rig.registry.nowMs()), days: 47 },
    });
    lie = { state: "final", reason: null, serial: BigInt(`0x${serialNumber}`), certificate: pem };
    await holder.look();
    expect(await begun(), "at once").not.to.equal(undefined);
    rig.registry.mine(DAY);
    await holder.look();
    expect(await begun(), "after a day").to.equal(undefined);
    expect(inUse()).to.equal(first.serial);
  });

  const expectRefused = async () => {
    await holder.look();
    expect(inUse(), "certificate in use").to.equal(first.serial);
    expect(await begun(), "the begun renewal").to.equal(undefined);
  };

  it("takes no certificate of another subject or another key", async () => {
    rig.addNode(8);
    lie = answerOf(await rig.certify(8));
    await expectRefused();
    lie = undefined;
    await holder.look();
    lie = answerOf(first);
    await expectRefused();
  });

  it("takes no certificate that its record differs from", async () => {
    rig.registry.changeCertificate(newest().serial, { x509Hash: `0x${"ab".repeat(32)}` });
    await expectRefused();
    await holder.look();
    await rig.mine(14);
    rig.registry.changeCertificate(newest().serial, { subject: 8n });
    await expectRefused();
  });

  it("makes a new key when somebody else handed in its request", async () => {
    rig.registry.changeCertificate(newest().serial, { revokedAt: now(), reason: SUPERSEDED });
    await holder.look();
    rig.addNode(8);
    beforeAsk = async ({ request }) => {
      const asked = rig.statement("node", 8n, { request });
      await rig.issuer.issue({ ...asked, request, signature: await rig.signAs(OWNER, asked) });
    };
    await expectRefused();
    beforeAsk = undefined;
    await holder.look();
    await rig.mine(14);
    await holder.look();
    expect(inUse()).to.equal(newest().serial).and.not.to.equal(first.serial);
    expect(holder.store.made).to.equal(3);
  });
});
