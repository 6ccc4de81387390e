import { X509Certificate } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import {
  type CertificateRequest,
  certificateRequestTypedData,
  hashCertificateRequest,
} from "@pqmesh/contracts/protocol/certificate-request";
import { formatDid } from "@pqmesh/contracts/protocol/did";
import { expect } from "chai";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { bytesToHex, encodeFunctionData, hexToBytes, keccak256, sha256, stringToHex } from "viem";
import { serialText } from "../../../relayer/cli/certificate-argument.ts";
import { EXIT_CODES } from "../../../relayer/src/service/exit-codes.ts";
import { AUTHORITY_MIGRATIONS } from "../../../relayer/src/authority/certificate-store.ts";
import { recordKind } from "../../../relayer/src/authority/record-intent.ts";
import { type RunningAuthority, startAuthority } from "../../../relayer/src/authority/start-authority.ts";
import { type ChainFollower, followChain } from "../../../relayer/src/chain/follow-chain.ts";
import { createKeystore, openKeystore, writeKeystore } from "../../../relayer/src/keystore/keystore.ts";
import { CertificateAuthority } from "../../../relayer/src/pki/certificate-authority.ts";
import { createCertificateRequest } from "../../../relayer/src/pki/certificate-request.ts";
import { certificateHash } from "../../../relayer/src/pki/peer-identity.ts";
import { recordedPeers } from "../../../relayer/src/pki/recorded-peers.ts";
import { fromPem } from "../../../relayer/src/pki/signed-der.ts";
import { type CertificateKey, certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import { serveRoute } from "../../../relayer/src/read/route.ts";
import { authorityClient, type RequestAnswer } from "../../../relayer/src/renewal/authority-client.ts";
import { CertificateRenewer } from "../../../relayer/src/renewal/certificate-renewer.ts";
import { newestRenewed, RenewalFiles } from "../../../relayer/src/renewal/renewal-files.ts";
import { createHttpService } from "../../../relayer/src/service/http-service.ts";
import { openDatabase } from "../../../relayer/src/store/database.ts";
import { OUTBOX_MIGRATIONS } from "../../../relayer/src/submit/outbox-store.ts";
import { createSubmitter, type Submitter } from "../../../relayer/src/submit/submitter.ts";
import { MeshCredentials } from "../../../relayer/src/transport/mesh-credentials.ts";
import { runHere } from "../cli/support/run-here.ts";
import { PASSWORD as RUN_PASSWORD } from "../cli/support/run-pqmesh.ts";
import { startAnvil, type TestChain, testAccount } from "../../helpers/anvil.ts";
import { addNodes, deployTestNetwork, type TestNetwork } from "../../helpers/test-network.ts";
import { waitUntil } from "../../helpers/wait-until.ts";

/** Account of the authority. */
const ISSUER = 21;
const PASSWORD = "a password of tests";
const DAY = 86_400;
/** The chain begins so long ago that certificates of its first day are due for renewal today, by the clock of TLS. */
const START_SECONDS = Math.floor(Date.now() / 1_000) - 36 * DAY;
/** Bits of operators, nodes and relayers. */
const KINDS = 0b10110;

const log = pino({ level: process.env.TEST_LOG ?? "silent" });

describe("renewal of a certificate on chain", function () {
  this.timeout(120_000);

  const attestation: CertificateKey = certificateKey();
  /** Of node 1, which is certified by hand. */
  const handAttestation: CertificateKey = certificateKey();
  let chain: TestChain;
  let network: TestNetwork;
  let authority: CertificateAuthority;
  let view: ChainFollower;
  let directory: string;
  let db: DatabaseSync;
  let submitter: Submitter;
  let service: RunningAuthority;
  let app: FastifyInstance;
  let url: string;

  const send = (functionName: "admitRoot" | "taintAuthority" | "revoke", args: readonly unknown[], from = 0) => {
    const call = { abi: certificateRegistryAbi, functionName, args } as Parameters<typeof encodeFunctionData>[0];
    const data = encodeFunctionData(call);
    return chain.send({ from: testAccount(from).address, to: network.config.contracts.CertificateRegistry, data });
  };

  const admit = () => {
    const { certificate, trustDomain } = authority;
    return send("admitRoot", [
      {
        account: testAccount(ISSUER).address,
        recoveryKey: bytesToHex(new Uint8Array(32).fill(7)),
        trustDomain: keccak256(stringToHex(trustDomain)),
        x509Hash: certificateHash(certificate),
        notAfter: certificate.validToDate.getTime() / 1_000,
        ...{ pathLength: 1, kinds: KINDS, identityFrom: 1, identityUntil: 1_000 },
      },
    ]);
  };

  const openService = () => {
    const account = testAccount(ISSUER);
    const kinds = [recordKind(view.certificates)];
    submitter = createSubmitter({ db, chain: view, account, kinds, lockDirectory: directory, log });
    const lifeDays = { operator: 90, node: 47, relayer: 47 };
    const config = { authorityId: 1, cert: "", lifeDays, overlapHours: 168, refused: [] };
    const opened = { authority, config, close: () => undefined };
    service = startAuthority({ opened, db, chain: view, network: network.config, submitter, log });
  };

  before(async () => {
    chain = await startAnvil({ timestamp: START_SECONDS });
    network = await deployTestNetwork(chain, { epochSeconds: 1_000 });
    await addNodes(network, [attestation.publicKey, handAttestation.publicKey, certificateKey().publicKey]);
    const now = new Date((await chain.head()).timestamp * 1_000);
    const identity = { commonName: "root", signer: certificateKey(), trustDomain: network.config.trustDomain };
    authority = await CertificateAuthority.createRoot({ ...identity, now: new Date(now.getTime() - DAY * 1_000) });
    await admit();
    view = await followChain({ rpcUrls: [chain.url], network: network.config, log, pollMs: 20 });
    directory = mkdtempSync(join(tmpdir(), "renewal-"));
    db = openDatabase(join(directory, "relayer.db"), [...OUTBOX_MIGRATIONS, ...AUTHORITY_MIGRATIONS]);
    openService();
    app = createHttpService({ log, bodyLimit: 1_024 });
    for (const route of service.routes) serveRoute(app, route);
    url = await app.listen({ port: 0, host: "127.0.0.1" });
  });

  after(async () => {
    await app.close();
    await service.stop();
    await submitter.stop();
    await view.stop();
    db.close();
    await chain.stop();
    rmSync(directory, { recursive: true });
  });

  const statement = (request: string, subject = 0n): CertificateRequest => {
    const requestHash = sha256(fromPem("CERTIFICATE REQUEST", request));
    return {
      authorityId: 1,
      kind: "node",
      subject,
      requestHash,
      deadline: BigInt(Math.floor(view.nowMs() / 1_000)) + 600n,
    };
  };

  const signAsOwner = (asked: CertificateRequest) =>
    testAccount(0).signTypedData(certificateRequestTypedData(view.certificates, asked));

  const askAsOwner = async (key: CertificateKey, subject = 0n): Promise<RequestAnswer> => {
    const request = await createCertificateRequest(key, "node");
    const asked = statement(request, subject);
    const body = { ...asked, request, signFor: () => signAsOwner(asked) };
    return untilFinal(() => authorityClient([url]).ask(body));
  };

  /** Blocks come until the answer is final. */
  const untilFinal = async (ask: () => Promise<RequestAnswer>): Promise<RequestAnswer> => {
    let answer = await ask();
    await waitUntil("the certificate is final", async () => {
      await chain.mine();
      answer = await ask();
      return answer.state === "final" || answer.state === "refused";
    });
    return answer;
  };

  const credentialsOf = (key: CertificateKey, cert: string) =>
    new MeshCredentials({
      key: key.privateKey,
      cert,
      ca: [authority.pem],
      crl: [],
      trustDomain: network.config.trustDomain,
    });

  const signAsNode = (request: CertificateRequest) => {
    const digest = hexToBytes(hashCertificateRequest(view.certificates, request));
    return Promise.resolve(bytesToHex(attestation.sign(digest) as Uint8Array));
  };

  it("issues by the owner's wallet and renews by the attestation key, with a new key and an overlap", async () => {
    const firstKey = certificateKey();
    const first = await askAsOwner(firstKey);
    expect(first).to.include({ state: "final", reason: null });
    expect(view.certificates.statusNow(first.serial)).to.equal("good");

    const credentials = credentialsOf(firstKey, first.certificate);
    const files = new RenewalFiles({
      directory: join(directory, "certificates"),
      password: PASSWORD,
      scryptCost: 2 ** 14,
    });
    const renewer = new CertificateRenewer({
      holder: { kind: "node", subject: 0n },
      ...{ records: view.certificates, store: files, authorities: authorityClient([url]), sign: signAsNode, log },
      inUse: () => credentials.certificate,
      install: ({ key, cert }) => credentials.replace({ key: key.privateKey, cert }),
      nowMs: () => view.nowMs(),
    });
    await renewer.look();
    expect(await files.begun(), "begun too early").to.equal(undefined);

    await chain.mineAt(Math.floor(Date.now() / 1_000) - 3_600);
    const { number } = await chain.head();
    await waitUntil("the view is there", () => view.head().number >= BigInt(number));
    await renewer.look();
    const begun = await files.begun();
    expect(begun, "renewal after 36 of 47 days").not.to.equal(undefined);
    await waitUntil("the renewed certificate is in use", async () => {
      await chain.mine();
      await renewer.look();
      return credentials.certificate.checkPrivateKey(begun!.key.privateKey);
    });

    const serial = BigInt(`0x${credentials.certificate.serialNumber}`);
    const [old, renewed] = [view.certificates.certificate(first.serial)!, view.certificates.certificate(serial)!];
    expect(old).to.include({ replacedBy: serial, reason: 4 });
    expect(Number(old.revokedAt! - renewed.issuedAt)).to.be.within(7 * DAY - 300, 7 * DAY + 300);
    expect(view.certificates.statusNow(first.serial), "old one in its overlap").to.equal("good");
    const peer = credentialsOf(firstKey, first.certificate);
    peer.consult(recordedPeers(view.certificates, network.config.trustDomain));
    expect(peer.verifyPeer(credentials.certificate)).to.include({ kind: "node", nodeIndex: 0 });

    const kept = newestRenewed(join(directory, "certificates"))!;
    expect(kept.cert).to.equal(credentials.certificate.toString());
    const { secret } = await openKeystore(kept.keystore, PASSWORD);
    expect(Buffer.from(secret).equals(begun!.key.seed)).to.equal(true);
    expect(readdirSync(join(directory, "certificates"))).to.have.length(2);
    expect(await files.begun()).to.equal(undefined);
  });

  it("goes on after a restart of the service, without a second transaction", async () => {
    const key = certificateKey();
    const request = await createCertificateRequest(key, "node");
    const asked = statement(request);
    const body = { ...asked, request, signFor: () => signAsOwner(asked) };
    const { serial } = await authorityClient([url]).ask(body);
    await service.stop();
    await submitter.stop();
    openService();
    const answer = await untilFinal(() => authorityClient([url]).ask(body));
    expect(answer).to.include({ state: "final", serial });
    const issued = db.prepare("SELECT count(*) AS n FROM outbox_transaction").get() as { n: number };
    expect(issued.n, "transactions kept").to.be.at.most(1);
  });

  it("does not renew what its operator revoked", async () => {
    const { serial } = view.certificates.certificatesOf("node", 0n).at(-1)!;
    await send("revoke", [serial, 1]);
    await waitUntil("the view knows", () => view.certificates.statusNow(serial) === "revoked");
    const request = await createCertificateRequest(certificateKey(), "node");
    const asked = statement(request);
    const refusal = await authorityClient([url])
      .ask({ ...asked, request, signFor: () => signAsNode(asked) })
      .catch((error: unknown) => error as Error);
    expect(refusal).to.include({ name: "RequestRefusedError", type: "not-permitted" });
    const healed = await askAsOwner(certificateKey());
    expect(view.certificates.statusNow(healed.serial)).to.equal("good");
  });

  /** Runs `cert renew` for a certificate at a service, with files of its own. */
  const renewByHand = async (service: string, certificate: string, name: string) => {
    const at = (file: string) => join(directory, `${name}-${file}`);
    writeFileSync(at("node.pem"), certificate);
    writeFileSync(at("network.json"), JSON.stringify(network.config));
    const keystore = async (file: string, purpose: "tls" | "attestation", secret?: Uint8Array) => {
      const options = { kind: "ml-dsa-65", purpose, password: RUN_PASSWORD, scryptCost: 2 ** 14 } as const;
      await writeKeystore(at(file), await createKeystore({ ...options, ...(secret && { secret }) }));
    };
    await keystore("next.json", "tls");
    await keystore("attestation.json", "attestation", handAttestation.seed);
    const signing = ["--keystore", at("next.json"), "--attestation", at("attestation.json")];
    const words = [
      "cert",
      "renew",
      at("node.pem"),
      ...signing,
      "--service",
      service,
      "--out",
      at("next.pem"),
      "--json",
    ];
    const blocks = setInterval(() => void chain.mine(), 100);
    const run = await runHere(words, at("network.json")).finally(() => clearInterval(blocks));
    return { run, out: at("next.pem") };
  };

  it("is done by hand with cert renew", async () => {
    const { certificate } = await askAsOwner(certificateKey(), 1n);
    const { run, out } = await renewByHand(url, certificate, "own");
    expect(run.status, run.stderr).to.equal(0);
    const renewed = BigInt(`0x${new X509Certificate(readFileSync(out)).serialNumber}`);
    expect(run.json()).to.include({ serialNumber: serialText(renewed) });
    await waitUntil("the view has it", () => view.certificates.certificate(renewed) !== undefined);
    expect(view.certificates.certificatesOf("node", 1n).at(-2)?.replacedBy).to.equal(renewed);
  });

  it("takes nothing by hand that the chain does not have for this holder and key", async () => {
    const { certificate, serial } = await askAsOwner(certificateKey(), 1n);
    const did = formatDid({
      chainId: network.config.chainId,
      registry: network.config.contracts.NodeRegistry,
      nodeIndex: 1,
    });
    const unrecorded = await authority.issueNode({ key: { publicKey: certificateKey().publicKey }, did });
    const answers = [
      { certificate, sentence: `the new certificate ${serial.toString(16)} belongs to another key` },
      { certificate: unrecorded.pem, sentence: "the chain does not record certificate" },
    ];
    for (const [i, { certificate: sent, sentence }] of answers.entries()) {
      const liar = createHttpService({ log, bodyLimit: 1_024 });
      liar.get("/v1/authority", () => ({ authorityId: 1 }));
      liar.post("/v1/certificate-requests", { bodyLimit: 65_536 }, () => ({
        ...{ state: "final", reason: null, serial: "1", certificate: sent },
      }));
      const service = await liar.listen({ port: 0, host: "127.0.0.1" });
      const { run, out } = await renewByHand(service, certificate, `lie-${i}`).finally(() => liar.close());
      expect(run.json<{ error: string }>().error).to.contain(sentence);
      expect(run.status).to.equal(EXIT_CODES.refuted);
      expect(existsSync(out), "file written").to.equal(false);
    }
  });

  /** Runs `cert request` of account 0 at a service, with files of its own. */
  const requestByHand = async (name: string, words: string[], service = url) => {
    const at = (file: string) => join(directory, `${name}-${file}`);
    writeFileSync(at("network.json"), JSON.stringify(network.config));
    const secret = testAccount(0).getHdKey().privateKey!;
    const wallet = { kind: "secp256k1", purpose: "wallet", password: RUN_PASSWORD, scryptCost: 2 ** 14 } as const;
    if (!existsSync(at("wallet.json")))
      await writeKeystore(at("wallet.json"), await createKeystore({ ...wallet, secret }));
    const files = ["--wallet", at("wallet.json"), "--out", at("first.pem")];
    const blocks = setInterval(() => void chain.mine(), 100);
    const command = ["cert", "request", ...words, "--service", service, ...files, "--json"];
    const run = await runHere(command, at("network.json")).finally(() => clearInterval(blocks));
    return { run, out: at("first.pem") };
  };

  it("begins by hand with cert request, which makes the key", async () => {
    const keystore = join(directory, "asked-tls.json");
    const words = ["--node", "2", "--keystore", keystore];
    const dry = await requestByHand("asked", [...words, "--dry-run"]);
    expect(dry.run.status, dry.run.stdout).to.equal(0);
    expect(dry.run.json()).to.include({ dryRun: true, kind: "node", subject: "2", authorityId: 1, flaw: null });
    expect(dry.run.json()).to.include({ wallet: testAccount(0).address, isSigner: true });
    expect(
      [keystore, dry.out].map((file) => existsSync(file)),
      "nothing made",
    ).to.deep.equal([false, false]);

    const { run, out } = await requestByHand("asked", words);
    expect(run.status, run.stdout + run.stderr).to.equal(0);
    const certificate = new X509Certificate(readFileSync(out));
    const serial = BigInt(`0x${certificate.serialNumber}`);
    expect(run.json()).to.include({ serialNumber: serialText(serial), file: out });
    const { secret } = await openKeystore(keystore, RUN_PASSWORD);
    expect(certificate.checkPrivateKey(certificateKey(secret).privateKey), "of the key made").to.equal(true);
    await waitUntil("the view has it", () => view.certificates.statusNow(serial) === "good");

    const again = await requestByHand("asked", words);
    expect(again.run.json<{ error: string }>().error).to.equal(`${out} exists already and is not overwritten`);
  });

  it("certifies a request of a key that is elsewhere, and the same one again", async () => {
    const csr = join(directory, "operator.csr");
    const key = certificateKey();
    writeFileSync(csr, await createCertificateRequest(key, "operator"));
    const runs = [];
    for (const name of ["elsewhere", "lost"]) runs.push(await requestByHand(name, ["--operator", "1", "--csr", csr]));
    const [first, again] = runs.map(({ run, out }) => {
      expect(run.status, run.stdout + run.stderr).to.equal(0);
      return readFileSync(out, "utf8");
    });
    expect(again, "the same certificate").to.equal(first);
    expect(new X509Certificate(first!).checkPrivateKey(key.privateKey)).to.equal(true);
  });

  it("asks for nobody that there is not, and no service of another network", async () => {
    const csr = join(directory, "refused.csr");
    writeFileSync(csr, await createCertificateRequest(certificateKey(), "refused"));
    const refusal = async (words: string[], service?: string) => {
      const { run, out } = await requestByHand("refused", [...words, "--csr", csr], service);
      expect(existsSync(out), "file written").to.equal(false);
      return { status: run.status, error: run.json<{ error: string }>().error };
    };
    const unknown = await refusal(["--node", "77"]);
    expect(unknown.error).to.equal("node 77 does not exist; nodes 0 to 2 do");
    const stranger = await refusal(["--relayer", testAccount(5).address]);
    expect(stranger.error).to.contain("has no seat in the committee");
    expect(await refusal([])).to.deep.include({ status: EXIT_CODES.usage });
    const elsewhere = createHttpService({ log, bodyLimit: 1_024 });
    const { chainId, contracts } = network.config;
    const registry = contracts.NodeRegistry;
    elsewhere.get("/v1/authority", () => ({ authorityId: 1, chainId, registry, trustDomain: "a.b", flaw: null }));
    const service = await elsewhere.listen({ port: 0, host: "127.0.0.1" });
    const other = await refusal(["--operator", "1"], service).finally(() => elsewhere.close());
    expect(other.status).to.equal(EXIT_CODES.refuted);
    expect(other.error).to.contain(`the service issues for registry ${registry}`);
  });
});
