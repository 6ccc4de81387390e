import { createHash, X509Certificate } from "node:crypto";
import { formatMemberDid } from "@pqmesh/contracts/protocol/did";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { expect } from "chai";
import { readRequest } from "../../../dapp/src/lib/certificate-application.ts";
import { endWords, expiryDays, isDue } from "../../../dapp/src/lib/certificate-days.ts";
import { readSearch, serialInPath } from "../../../dapp/src/lib/certificate-search.ts";
import { authorityStanding, type AuthorityView, type CertificateView } from "../../../dapp/src/lib/certificate-view.ts";
import { serialHex, shortSerial, subjectWords } from "../../../dapp/src/lib/certificate-words.ts";
import { readX509 } from "../../../dapp/src/lib/x509-record.ts";
import { CONTRACTS } from "../support/draft-fixtures.ts";
import { makeAuthority } from "../support/certified-network.ts";

const CONFIG = { chainId: 31_337, contracts: CONTRACTS } as NetworkConfig;
const REGISTRY = CONTRACTS.NodeRegistry;
const NOW = 1_800_000_000;
const DAY = 86_400;

const search = (text: string): unknown => {
  const reading = readSearch(text, CONFIG);
  return "search" in reading ? reading.search : reading.problem;
};

describe("what is looked up", () => {
  it("is a serial number in decimal, hex or with colons", () => {
    expect(search("255")).to.deep.equal({ by: "serial", serial: 255n });
    expect(search(" 0xFF ")).to.deep.equal({ by: "serial", serial: 255n });
    expect(search("0a:FF")).to.deep.equal({ by: "serial", serial: 0x0affn });
    expect(search(String(2n ** 160n - 1n))).to.deep.equal({ by: "serial", serial: 2n ** 160n - 1n });
    expect(serialInPath(serialHex(0xabcn))).to.equal(0xabcn);
    expect(serialInPath("new")).to.equal(undefined);
  });

  it("is a DID of any kind of member of this network", () => {
    const did = (kind: "node" | "relayer", subject: bigint, chainId = 31_337): string =>
      formatMemberDid({ chainId, registry: REGISTRY, kind, subject });
    expect(search(did("node", 4n))).to.deep.equal({ by: "subject", kind: "node", subject: 4n });
    expect(search(did("relayer", 16n))).to.deep.equal({ by: "subject", kind: "relayer", subject: 16n });
    expect(search(did("node", 4n, 1))).to.equal("This DID is of another network.");
    expect(search("did:web:example.org")).to.include("is not a DID of the form");
  });

  it("is refused with a sentence when it is nothing of this", () => {
    expect(search("")).to.include("Enter a serial number");
    expect(search("0")).to.include("from 1 to 160 bits");
    expect(search(String(2n ** 160n))).to.include("from 1 to 160 bits");
    expect(search("node 4")).to.include("no serial number, DID or PEM certificate");
  });
});

describe("a pasted X.509 certificate", () => {
  it("gives the serial number and hash that Node's OpenSSL gives", async () => {
    const { pem } = await makeAuthority();
    const { serialNumber, raw } = new X509Certificate(pem);
    expect(readX509(`text before\n${pem}text after`)).to.deep.equal({
      serial: BigInt(`0x${serialNumber}`),
      x509Hash: `0x${createHash("sha256").update(raw).digest("hex")}`,
    });
  });

  it("is refused when it is cut short or none", async () => {
    const { pem } = await makeAuthority();
    const lines = pem.trim().split("\n");
    const cut = [...lines.slice(0, 20), lines.at(-1)].join("\n");
    expect(() => readX509(cut)).to.throw("cut short or damaged");
    expect(() => readX509(pem.replace("END CERTIFICATE", "END"))).to.throw("no complete certificate");
    expect(() => readX509("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")).to.throw("DER certificate");
  });
});

describe("a pasted request", () => {
  it("never is a private key", () => {
    expect(readRequest("-----BEGIN PRIVATE KEY-----\nAA\n-----END PRIVATE KEY-----")).to.have.property("problem");
    expect(readRequest("hello")).to.deep.equal({ problem: "This is no certificate request in PEM (PKCS #10)." });
  });

  it("is hashed as the wallet signs it", () => {
    const pem = "-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----";
    const hash = createHash("sha256")
      .update(Buffer.from([0x30, 0]))
      .digest("hex");
    expect(readRequest(pem)).to.deep.equal({ request: `${pem}\n`, requestHash: `0x${hash}` });
  });
});

describe("the expiry calendar", () => {
  const certificate = (changes: Partial<CertificateView>): CertificateView => ({
    ...{
      serial: 1n,
      authorityId: 1,
      kind: "node",
      subject: 4n,
      issuedAt: NOW,
      notBefore: NOW,
      notAfter: NOW + 47 * DAY,
    },
    ...{ reason: 0, held: false, x509Hash: "0x00", status: "Good", ...changes },
  });

  it("has what can still expire, soonest first", () => {
    const days = expiryDays(
      [
        certificate({ serial: 1n, notAfter: NOW + 9 * DAY }),
        certificate({ serial: 2n, notAfter: NOW + 2 * DAY }),
        certificate({ serial: 3n, notAfter: NOW - 1 }),
        certificate({ serial: 4n, notAfter: NOW + 3 * DAY, status: "Revoked" }),
      ],
      NOW,
    );
    expect(days.map(({ certificates }) => certificates.map(({ serial }) => serial))).to.deep.equal([[2n], [1n]]);
  });

  it("has what was replaced where its overlap ends, and calls no renewal of it due", () => {
    const replaced = certificate({ serial: 7n, revokedAt: NOW + 7 * DAY, notAfter: NOW + 8 * DAY, reason: 4 });
    const [first, second] = expiryDays([certificate({ serial: 8n, notAfter: NOW + 8 * DAY }), replaced], NOW);
    expect(first?.certificates, "ends with the overlap").to.deep.equal([replaced]);
    expect(second?.certificates.map(({ serial }) => serial)).to.deep.equal([8n]);
    expect(isDue(replaced, NOW + 6 * DAY)).to.equal(false);
    expect(endWords(replaced, NOW)).to.equal("replaced, ends in 7 d");
    expect(endWords(replaced, NOW + 9 * DAY)).to.equal("ended 2 d ago");
    expect(endWords(certificate({ notAfter: NOW + DAY }), NOW)).to.equal("expires in 1 d");
    expect(endWords(certificate({ notAfter: NOW - DAY }), NOW)).to.equal("expired 1 d ago");
  });

  it("has operators before nodes, and nodes by number, where they end together", () => {
    const [day] = expiryDays(
      [certificate({ subject: 8n }), certificate({ subject: 4n }), certificate({ kind: "operator", subject: 9n })],
      NOW,
    );
    expect(day?.certificates.map(({ subject }) => subject)).to.deep.equal([9n, 4n, 8n]);
  });

  it("calls a renewal due when a third of the life is left", () => {
    const one = certificate({ notBefore: NOW, notAfter: NOW + 30 * DAY });
    expect(isDue(one, NOW + 20 * DAY), "a third is left").to.equal(false);
    expect(isDue(one, NOW + 20 * DAY + 1), "less is left").to.equal(true);
  });
});

describe("words of certificates", () => {
  it("name relayers by their address", () => {
    expect(subjectWords("relayer", 16n)).to.equal(`relayer 0x${"0".repeat(38)}10`);
    expect(subjectWords("operator", 3n)).to.equal("operator 3");
    expect(serialHex(0xabcn)).to.equal("0x0abc");
    expect(shortSerial(0xabcn)).to.equal("0x0abc");
    expect(shortSerial(0x62fc776717f9c0fef20c66fee84e9470e7712cb9n), "no checksum").to.equal("0x62fc7767…712cb9");
  });

  it("say where an authority stands by itself", () => {
    const standing = (changes: Partial<AuthorityView>): string =>
      authorityStanding({ held: false, notAfter: NOW + 1, ...changes } as AuthorityView, NOW);
    expect(standing({})).to.equal("Good");
    expect(standing({ taintedFrom: NOW - 5, revokedAt: NOW + 5 })).to.equal("Tainted");
    expect(standing({ revokedAt: NOW })).to.equal("Revoked");
    expect(standing({ held: true })).to.equal("Held");
    expect(standing({ notAfter: NOW - 1 })).to.equal("Expired");
  });
});
