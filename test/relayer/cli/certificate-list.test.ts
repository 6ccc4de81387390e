import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { certificateRegistryAbi as abi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { certificateKindNumber } from "@pqmesh/contracts/protocol/certificate-kind";
import { formatDid, formatMemberDid } from "@pqmesh/contracts/protocol/did";
import { expect } from "chai";
import {
  bytesToHex,
  type ContractFunctionArgs,
  encodeFunctionData,
  type Hex,
  keccak256,
  toBytes,
  zeroAddress,
} from "viem";
import { CertificateAuthority, type IssuedCertificate } from "../../../relayer/src/pki/certificate-authority.ts";
import { certificateHash, certifiedSubject } from "../../../relayer/src/pki/peer-identity.ts";
import { readRevocationList } from "../../../relayer/src/pki/revocation-list.ts";
import { type CertificateKey, certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import { startAnvil, testAccount } from "../../helpers/anvil.ts";
import { addNodes, deployTestNetwork, freshPublicKeys } from "../../helpers/test-network.ts";
import { stockAnswer, type StockMember, stockServer } from "../pki/stock-server.ts";
import { type CliNetwork, openCliNetwork } from "./support/cli-network.ts";

const DAY = 86_400;
type AuthorityTerms = ContractFunctionArgs<typeof abi, "nonpayable", "admitRoot">[0];
const from = testAccount(0).address;

describe("pqmesh cert crl, cert verify-crl and did resolve", () => {
  let network: CliNetwork;
  let authority: CertificateAuthority;
  let nodes: IssuedCertificate[];
  const keys = [0, 1, 2].map(() => certificateKey());
  let terms: AuthorityTerms;

  const send = (data: Hex) => network.chain.send({ from, to: network.config.contracts.CertificateRegistry, data });
  const revoke = ({ serialNumber }: IssuedCertificate) =>
    send(encodeFunctionData({ abi, functionName: "revoke", args: [BigInt(`0x${serialNumber}`), 1] }));
  const didOf = (nodeIndex: number) =>
    formatDid({ chainId: network.config.chainId, registry: network.config.contracts.NodeRegistry, nodeIndex });
  const exported = (out: string, ...more: string[]) =>
    network.ok<{ number: string; entries: number }>(
      ...["cert", "crl", "1", "--ca", network.file("ca.pem"), "--ca-keystore", network.file("ca.json")],
      ...["--out", network.file(out), ...more],
    );

  async function verified(file: string, ...more: string[]): Promise<{ status: number | null; text: string }> {
    const { json, status } = await network.run(
      "cert",
      "verify-crl",
      network.file(file),
      "--ca",
      network.file("ca.pem"),
      ...more,
    );
    return { status, text: JSON.stringify(json()) };
  }

  before(async () => {
    network = await openCliNetwork(await deployTestNetwork(await startAnvil()), true);
    await addNodes(network, freshPublicKeys(3));
    const seed = randomBytes(32);
    await network.keystore("ca.json", "ml-dsa-65", "authority", seed);
    const { trustDomain } = network.config;
    const now = new Date((await network.chain.head()).timestamp * 1_000);
    const signer = certificateKey(seed);
    const root = { commonName: "test root", signer, trustDomain, now, pathLength: 1 };
    authority = await CertificateAuthority.createRoot(root);
    writeFileSync(network.file("ca.pem"), authority.pem);
    terms = {
      ...{ account: from, recoveryKey: bytesToHex(randomBytes(32)), trustDomain: keccak256(toBytes(trustDomain)) },
      ...{ x509Hash: certificateHash(authority.certificate), notAfter: now.getTime() / 1_000 + 900 * DAY },
      ...{ pathLength: 1, kinds: 0x1e, identityFrom: 0, identityUntil: 0xffff_ffff },
    };
    await send(encodeFunctionData({ abi, functionName: "admitRoot", args: [terms] }));
    nodes = await Promise.all(keys.map((key, i) => authority.issueNode({ key, did: didOf(i), now })));
    const issuances = nodes.map(({ certificate }) => {
      const { serial, kind, subject, x509Hash } = certifiedSubject(certificate);
      const [notBefore, notAfter] = [certificate.validFromDate, certificate.validToDate].map(
        (at) => at.getTime() / 1_000,
      );
      return {
        ...{ serial, kind: certificateKindNumber(kind), subject, account: zeroAddress, x509Hash },
        ...{ notBefore: notBefore!, notAfter: notAfter! },
      };
    });
    await send(encodeFunctionData({ abi, functionName: "issueMany", args: [1, issuances] }));
    await revoke(nodes[0]!);
  });
  after(() => network.stop());

  it("makes a list that the chain confirms, also when the chain has gone on", async () => {
    const { entries, number } = await exported("first.crl");
    expect(entries).to.equal(1);
    await revoke(nodes[1]!);
    expect(await verified("first.crl")).to.deep.include({ status: 0 });
    expect(await exported("again.crl", "--block", number)).to.deep.include({ entries: 1, number });
    expect((await exported("second.crl")).entries).to.equal(2);
    const before = await network.run(
      ...["cert", "crl", "1", "--ca", network.file("ca.pem"), "--ca-keystore", network.file("ca.json")],
      ...["--out", network.file("early.crl"), "--block", "999999"],
    );
    expect(before.json<{ error: string }>().error).to.include("--block is 999999, it must be from");
  });

  it("makes a list with which a stock TLS server refuses who is revoked, and nobody else", async () => {
    await exported("stock.pem", "--pem");
    const key = certificateKey();
    const issued = await authority.issueRelayer({ key, address: from });
    const memberOf = ({ privateKey }: CertificateKey, { pem }: IssuedCertificate): StockMember => ({
      key: String(privateKey.export({ format: "pem", type: "pkcs8" })),
      ...{ cert: pem, ca: [authority.pem] },
    });
    const server = await stockServer(memberOf(key, issued), [readFileSync(network.file("stock.pem"), "utf8")]);
    const answers = await Promise.all(keys.map((each, i) => stockAnswer(server, memberOf(each, nodes[i]!))));
    server.close();
    expect(answers).to.deep.equal(["CERT_REVOKED", "CERT_REVOKED", "accepted"]);
    expect(await verified("stock.pem")).to.deep.include({ status: 0 });
  });

  it("says that a certificate bars a node", async () => {
    const barred = async (node: string) => (await network.ok<{ isBarred: boolean }>("node", "show", node)).isBarred;
    expect(await barred("0")).to.equal(true);
    expect(await barred("2")).to.equal(false);
  });

  it("knows the certificate of an authority itself, and no other without a record", async () => {
    const shown = await network.ok<{ authorityId: number; authorities: unknown[] }>(
      ...["cert", "status", network.file("ca.pem")],
    );
    expect(shown).to.deep.include({ authorityId: 1, authorities: [{ authorityId: 1, state: "good" }] });
    const { pem } = await authority.issueNode({ key: certificateKey(), did: didOf(2) });
    writeFileSync(network.file("unrecorded.pem"), pem);
    const run = await network.run("cert", "status", network.file("unrecorded.pem"));
    expect(run.json<{ error: string }>().error).to.include("nobody issued it: never good");
  });

  it("names what a list of the same authority leaves out or adds", async () => {
    const { fileOf } = await listLike("second.crl", (serials) => serials.slice(1));
    const { status, text } = await verified(fileOf);
    expect(status).to.equal(3);
    expect(text).to.match(/lacks [0-9a-f]{40}, has none besides/);
    const added = await listLike("second.crl", (serials) => [...serials, "7777"]);
    expect((await verified(added.fileOf)).text).to.include("lacks none, has 7777 besides");
    expect(await verified(added.fileOf, "--offline"), "its signature is sound").to.deep.include({ status: 0 });
  });

  it("refuses a list of a namesake", async () => {
    const signer = certificateKey();
    const namesake = await CertificateAuthority.createRoot({ commonName: "test root", signer, trustDomain: "other" });
    const { der } = await namesake.revocationList({ entries: [], number: 1n });
    writeFileSync(network.file("foreign.crl"), der);
    const { status, text } = await verified("foreign.crl", "--offline");
    expect(status).to.equal(3);
    expect(text).to.include("is signed by none of the authorities");
  });

  it("makes shards", async () => {
    const uris = [0, 1].map((i) => `http://relayer.example/v1/crl/1/${i}-of-2`);
    const counts = [];
    for (const [i, uri] of uris.entries()) {
      counts.push((await exported(`shard-${i}.crl`, "--shard", `${i}-of-2`, "--point", uri)).entries);
      expect(await verified(`shard-${i}.crl`)).to.deep.include({ status: 0 });
    }
    expect(counts[0]! + counts[1]!).to.equal(2);
  });

  it("says which revoked authority a list leaves out for want of its certificate", async () => {
    const now = new Date((await network.chain.head()).timestamp * 1_000);
    const sub = await authority.issueAuthority({ commonName: "sub", key: certificateKey(), days: 90, now });
    writeFileSync(network.file("sub.pem"), sub.pem);
    const below = { ...terms, x509Hash: certificateHash(sub.certificate), pathLength: 0 };
    await send(encodeFunctionData({ abi, functionName: "admitSubAuthority", args: [1, below] }));
    await send(encodeFunctionData({ abi, functionName: "revokeAuthority", args: [2, 1] }));
    expect(await exported("without.crl")).to.deep.include({ unlisted: [2], entries: 2 });
    const both = ["--ca", network.file("ca.pem"), network.file("sub.pem")];
    expect(await exported("with.crl", ...both)).to.deep.include({ unlisted: [], entries: 3 });
    expect(await verified("with.crl", network.file("sub.pem"))).to.deep.include({ status: 0 });
    const { status, text } = await verified("with.crl");
    expect(status, "without the certificate nobody can tell").to.equal(1);
    expect(text).to.include("revoked authorities 2 are left out");
    expect((await verified("without.crl", network.file("sub.pem"))).text).to.include(`lacks ${sub.serialNumber}`);
  });

  it("resolves DIDs with the status of their certificates", async () => {
    interface Resolution {
      didDocument: { id: string; controller?: string; verificationMethod: { id: string }[] };
      didDocumentMetadata: { certificates: { status: string }[] };
    }
    const statusOf = async (nodeIndex: number) =>
      (await network.ok<Resolution>("did", "resolve", didOf(nodeIndex))).didDocumentMetadata.certificates[0]?.status;
    expect([await statusOf(0), await statusOf(2)]).to.deep.equal(["revoked", "good"]);
    const { didDocument } = await network.ok<Resolution>("did", "resolve", didOf(0));
    const { chainId, contracts } = network.config;
    const operator = { chainId, registry: contracts.NodeRegistry, kind: "operator", subject: 1n } as const;
    expect(didDocument.controller).to.equal(formatMemberDid(operator));
    const controller = await network.ok<Resolution>("did", "resolve", formatMemberDid(operator));
    expect(controller.didDocument.verificationMethod.map(({ id }) => id.split("#")[1])).to.deep.equal([
      "root",
      "owner",
    ]);
    const unknown = await network.run("did", "resolve", formatMemberDid({ ...operator, subject: 77n }));
    expect(unknown.json<{ error: string }>().error).to.equal("operator 77 is not on chain");
    const foreign = await network.run("did", "resolve", didOf(0).replace(`:${chainId}:`, ":1:"));
    expect(foreign.json<{ error: string }>().error).to.include("is of another deployment");
  });

  /** A list of the same state, signed by the same authority, with other serial numbers. */
  async function listLike(file: string, change: (serials: string[]) => string[]): Promise<{ fileOf: string }> {
    const { number, thisUpdate, nextUpdate, state, entries } = readRevocationList(readFileSync(network.file(file)));
    const serials = change(entries().map(({ serialNumber }) => serialNumber));
    const { der } = await authority.signRevocationList({
      ...{ number, thisUpdate, nextUpdate, state: state! },
      entries: serials.map((serialNumber) => ({ serialNumber, revokedAt: thisUpdate })),
    });
    const name = `like-${serials.length}.crl`;
    writeFileSync(network.file(name), der);
    return { fileOf: name };
  }
}).timeout(60_000);
