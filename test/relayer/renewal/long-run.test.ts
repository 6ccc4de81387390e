import { X509Certificate } from "node:crypto";
import { expect } from "chai";
import { numberToHex, pad } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { StoredRequest } from "../../../relayer/src/authority/certificate-store.ts";
import { authorityRoutes } from "../../../relayer/src/authority/authority-routes.ts";
import { createCertificateRequest } from "../../../relayer/src/pki/certificate-request.ts";
import { certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import type { AuthorityClient, RequestAnswer } from "../../../relayer/src/renewal/authority-client.ts";
import { AuthorityRig, OWNER } from "../authority/authority-rig.ts";
import { TRUST_DOMAIN } from "../transport/test-authority.ts";
import { SimulatedHolder } from "./simulated-holder.ts";

/** Nodes' certificates live 47 days, relayers' 90. */
const NODES = 250;
const RELAYERS = 750;
const DAYS = 400;
const LOOKS_A_DAY = 2;
const HOUR = 3_600;
/** Days on which the authority's service is down, and on which no transaction is mined. */
const SERVICE_DOWN_DAY = 130;
const CHAIN_STUCK_DAY = 220;

describe("400 days of 1,000 certificates", function () {
  this.timeout(600_000);

  let rig: AuthorityRig;
  let holders: SimulatedHolder[];
  let isServiceDown = false;

  const authorities = (): AuthorityClient => {
    const { issuer, store, registry, authorityId, authority } = rig;
    const sources = {
      issuer,
      store,
      records: registry,
      authorityId,
      trustDomain: TRUST_DOMAIN,
      certificate: authority.pem,
    };
    const route = authorityRoutes(sources).find(({ path }) => path === "/v1/certificate-requests")!;
    return {
      async ask({ subject, deadline, signFor, ...body }) {
        if (isServiceDown) throw new Error("the service is down");
        const signature = await signFor(authorityId);
        const asked = route.body!.parse({
          ...body,
          authorityId,
          signature,
          subject: `${subject}`,
          deadline: `${deadline}`,
        });
        const reply = {} as Parameters<typeof route.handle>[1];
        const answer = await route.handle({ params: {}, query: {}, body: asked, asker: "test" }, reply);
        return { ...(answer as RequestAnswer), serial: BigInt((answer as { serial: string }).serial) };
      },
    };
  };

  /** First certificates: nodes' by their operator's wallet, relayers' by their account. */
  const certifyAll = async () => {
    const client = authorities();
    const drafts: ((cert: string) => SimulatedHolder)[] = [];
    const requests: StoredRequest[] = [];
    for (let i = 0; i < NODES; i++) {
      rig.addNode(i);
      requests.push(await rig.issuer.issue(await rig.nodeRequest(i, { by: OWNER })));
      const sign = (asked: Parameters<AuthorityRig["signAsNode"]>[1]) => Promise.resolve(rig.signAsNode(i, asked));
      const holder = { kind: "node", subject: BigInt(i), authorities: client, sign } as const;
      drafts.push((cert) => new SimulatedHolder({ ...holder, registry: rig.registry, cert }));
    }
    for (let i = 0; i < RELAYERS; i++) {
      const account = privateKeyToAccount(pad(numberToHex(i + 1_000)));
      rig.members.add(account.address);
      const request = await createCertificateRequest(certificateKey(), "any");
      const asked = rig.statement("relayer", BigInt(account.address), { request });
      requests.push(await rig.issuer.issue({ ...asked, request, signature: await rig.signAs(account, asked) }));
      const sign = (wanted: typeof asked) => rig.signAs(account, wanted);
      const holder = { kind: "relayer", subject: asked.subject, authorities: client, sign } as const;
      drafts.push((cert) => new SimulatedHolder({ ...holder, registry: rig.registry, cert }));
    }
    await rig.mine(14);
    return drafts.map((draft, i) => draft(requests[i]!.pem));
  };

  before(async () => {
    rig = await AuthorityRig.create();
    holders = await certifyAll();
    for (let look = 0; look < DAYS * LOOKS_A_DAY; look++) {
      const day = look / LOOKS_A_DAY;
      isServiceDown = Math.floor(day) === SERVICE_DOWN_DAY;
      rig.registry.isStuck = Math.floor(day) === CHAIN_STUCK_DAY;
      await lookAround(day);
      if (rig.store.allUnderWay().length > 0) {
        await rig.mine(13);
        await lookAround(day);
      }
      rig.registry.mine((24 * HOUR) / LOOKS_A_DAY);
    }
  });

  /** Every holder but those that are down looks at its certificate; each is down for one day of the year, or longer. */
  const lookAround = async (day: number) => {
    for (const [i, holder] of holders.entries()) {
      const downFrom = (i * 37) % (DAYS - 1);
      if (day < downFrom || day >= downFrom + 1) await holder.look();
    }
  };

  it("leaves not a second without a good certificate", () => {
    expect(holders.flatMap((holder) => holder.gaps())).to.deep.equal([]);
    for (const { uses } of holders) {
      expect(uses.length, "renewals").to.be.at.least(6);
      uses.slice(1).forEach(({ from }, i) => expect(from, "next use").to.equal(uses[i]!.until));
    }
  });

  it("uses no key twice", () => {
    const certificates = rig.db.prepare("SELECT pem, state FROM certificate_request").all() as {
      pem: string;
      state: string;
    }[];
    const keys = certificates.map(({ pem }) => new X509Certificate(pem).publicKey.export({ format: "jwk" }).pub);
    expect(new Set(keys).size).to.equal(certificates.length);
    const renewals = holders.reduce((sum, { uses }) => sum + uses.length - 1, 0);
    expect(renewals).to.be.greaterThan(8_000);
    expect(certificates.filter(({ state }) => state === "refused")).to.have.length(0);
    expect(certificates.length - renewals - holders.length, "signed and not in use yet").to.be.within(0, 100);
  });

  it("spreads renewals that began on one day", () => {
    const batches = rig.registry.mined.length;
    expect(batches).to.be.greaterThan(holders.length / 4);
  });
});
