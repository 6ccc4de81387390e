import { randomBytes } from "node:crypto";
import { certificateRegistryAbi as abi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { certificateKindNumber } from "@pqmesh/contracts/protocol/certificate-kind";
import { formatDid } from "@pqmesh/contracts/protocol/did";
import { bytesToHex, encodeFunctionData, type Hex, keccak256, toBytes, zeroAddress } from "viem";
import { type ChainFollower, followChain } from "../../../relayer/src/chain/follow-chain.ts";
import { CertificateAuthority, type IssuedCertificate } from "../../../relayer/src/pki/certificate-authority.ts";
import { createCertificateRequest } from "../../../relayer/src/pki/certificate-request.ts";
import { certificateHash, certifiedSubject } from "../../../relayer/src/pki/peer-identity.ts";
import { recordedPeers } from "../../../relayer/src/pki/recorded-peers.ts";
import { readRevocationList } from "../../../relayer/src/pki/revocation-list.ts";
import { type CertificateKey, certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import { certificateRoutes } from "../../../relayer/src/read/certificate-routes.ts";
import { openCertificateSources } from "../../../relayer/src/read/certificate-sources.ts";
import { serveRoute } from "../../../relayer/src/read/route.ts";
import { createHttpService } from "../../../relayer/src/service/http-service.ts";
import { createLogger } from "../../../relayer/src/service/logger.ts";
import { RevocationFeed } from "../../../relayer/src/service/revocation-feed.ts";
import { connectMesh } from "../../../relayer/src/transport/connect-mesh.ts";
import { MeshCredentials } from "../../../relayer/src/transport/mesh-credentials.ts";
import { createMeshServer } from "../../../relayer/src/transport/mesh-server.ts";
import { startAnvil, testAccount } from "../../../test/helpers/anvil.ts";
import { addNodes, deployTestNetwork, freshPublicKeys, type TestNetwork } from "../../../test/helpers/test-network.ts";
import { waitFor } from "../../start/wait-for.ts";

const TIMEOUT_MS = 30_000;
const DAY = 86_400;
const ALL_KINDS = 0x1e;
const FRAMES = { 0x20: 1_024 };
const log = createLogger({ name: "bench", level: "error" });

/** Seconds, of one revocation on a chain of its own with a relayer's parts around it. */
export interface RefusalTimes {
  /** From the mined revocation until a handshake of the revoked node is refused. */
  toRefusal: number;
  /** The same until the served revocation list, all that a stock TLS stack has, names it. */
  toList: number;
  /** The first with the time until the transaction is in a block. */
  withBlock: number;
  /** From a request until its certificate is recorded. */
  issueWithBlock: number;
}

/** A member of the network: its TLS key and certificate. */
interface Member {
  key: CertificateKey;
  issued: IssuedCertificate;
}

/** Revokes a node's certificate on chain while the node connects again and again, and another does, who stays. */
export async function measureRefusal(): Promise<RefusalTimes> {
  const now = Math.floor(Date.now() / 1_000);
  const chain = await startAnvil({ timestamp: now - DAY });
  try {
    const network = await deployTestNetwork(chain, { epochSeconds: 60 });
    await addNodes(network, freshPublicKeys(2));
    await chain.mineAt(now);
    const authority = await admitRoot(network, now);
    const [relayer, node, other] = [
      await relayerOf(authority),
      await nodeOf(network, authority, 0),
      await nodeOf(network, authority, 1),
    ];
    const began = performance.now();
    const late = await nodeOf(network, authority, 0);
    await record(network, [relayer, node, other, late]);
    const issueWithBlock = secondsSince(began);
    const view = await followChain({ rpcUrls: [chain.url], network: network.config, log });
    try {
      const times = await revokeAndConnect({ network, authority, view }, { relayer, node, other });
      return { ...times, issueWithBlock };
    } finally {
      await view.stop();
    }
  } finally {
    await chain.stop();
  }
}

interface Parts {
  network: TestNetwork;
  authority: CertificateAuthority;
  view: ChainFollower;
}

async function revokeAndConnect(
  { network, authority, view }: Parts,
  { relayer, node, other }: Record<"relayer" | "node" | "other", Member>,
): Promise<Omit<RefusalTimes, "issueWithBlock">> {
  const api = createHttpService({ log, bodyLimit: 1_024 });
  const opened = { authority, config: { authorityId: 1 } };
  const sources = openCertificateSources({
    chain: view,
    network: network.config,
    url: "http://127.0.0.1",
    authority: opened,
  });
  for (const route of certificateRoutes(sources)) serveRoute(api, route);
  const listUrl = `${await api.listen({ host: "127.0.0.1", port: 0 })}/v1/crl/1`;
  const credentials = await credentialsOf(relayer, authority, listUrl);
  credentials.consult(recordedPeers(view.certificates, network.config.trustDomain));
  const changedAt = () => view.certificates.changedAt();
  const feed = new RevocationFeed({ urls: [listUrl], credentials, changedAt, everyMs: 60_000, log });
  const server = createMeshServer({ credentials, frames: FRAMES, onSession: () => ({ onFrame: () => undefined }) });
  const port = await server.listen(0);
  const isAccepted = (member: MeshCredentials) => tryConnect(port, member);
  try {
    feed.start();
    const [own, others] = [
      await credentialsOf(node, authority, listUrl),
      await credentialsOf(other, authority, listUrl),
    ];
    if (!(await isAccepted(own))) throw new Error("the node is refused before anybody revokes it");
    const sent = performance.now();
    const serial = BigInt(`0x${node.issued.serialNumber}`);
    await send(network, encodeFunctionData({ abi, functionName: "revoke", args: [serial, 1] }));
    const mined = performance.now();
    const isListed = async () => readRevocationList(await fetchBytes(listUrl)).revoked.has(node.issued.serialNumber);
    const [refused, listed] = await Promise.all([
      momentOf("refused handshake", async () => !(await isAccepted(own))),
      momentOf("revocation list", isListed),
    ]);
    if (!(await isAccepted(others))) throw new Error("another node is refused with the revoked one");
    const seconds = (from: number, to: number): number => Math.max(0, (to - from) / 1_000);
    return { toRefusal: seconds(mined, refused), toList: seconds(mined, listed), withBlock: seconds(sent, refused) };
  } finally {
    await feed.stop();
    await server.close();
    await api.close();
  }
}

async function admitRoot(network: TestNetwork, now: number): Promise<CertificateAuthority> {
  const { trustDomain } = network.config;
  const root = await CertificateAuthority.createRoot({
    commonName: "bench root",
    signer: certificateKey(),
    trustDomain,
  });
  const terms = {
    account: testAccount(0).address,
    recoveryKey: bytesToHex(randomBytes(32)),
    trustDomain: keccak256(toBytes(trustDomain)),
    x509Hash: certificateHash(root.certificate),
    ...{ notAfter: now + 3_000 * DAY, pathLength: 0, kinds: ALL_KINDS, identityFrom: 0, identityUntil: 0xffff_ffff },
  };
  await send(network, encodeFunctionData({ abi, functionName: "admitRoot", args: [terms] }));
  return root;
}

async function relayerOf(authority: CertificateAuthority): Promise<Member> {
  const key = certificateKey();
  return { key, issued: await authority.issueRelayer({ key, address: testAccount(1).address }) };
}

async function nodeOf({ config }: TestNetwork, authority: CertificateAuthority, nodeIndex: number): Promise<Member> {
  const key = certificateKey();
  const request = await createCertificateRequest(key, `node ${nodeIndex}`);
  const did = formatDid({ chainId: config.chainId, registry: config.contracts.NodeRegistry, nodeIndex });
  return { key, issued: await authority.issueNode({ key: { request }, did }) };
}

async function record(network: TestNetwork, members: Member[]): Promise<void> {
  const issuances = members.map(({ issued }) => {
    const { serial, kind, subject, x509Hash } = certifiedSubject(issued.certificate);
    const { validFromDate, validToDate } = issued.certificate;
    return {
      ...{ serial, kind: certificateKindNumber(kind), subject, account: zeroAddress, x509Hash },
      ...{ notBefore: validFromDate.getTime() / 1_000, notAfter: validToDate.getTime() / 1_000 },
    };
  });
  await send(network, encodeFunctionData({ abi, functionName: "issueMany", args: [1, issuances] }));
}

async function send({ chain, config }: TestNetwork, data: Hex): Promise<void> {
  await chain.send({ from: testAccount(0).address, to: config.contracts.CertificateRegistry, data });
}

async function credentialsOf({ key, issued }: Member, authority: CertificateAuthority, listUrl: string) {
  const { trustDomain } = authority;
  const crl = [await fetchBytes(listUrl)];
  return new MeshCredentials({ key: key.privateKey, cert: issued.pem, ca: [authority.pem], crl, trustDomain });
}

async function tryConnect(port: number, credentials: MeshCredentials): Promise<boolean> {
  try {
    const handlers = { onFrame: () => undefined };
    const session = await connectMesh({ host: "127.0.0.1", port, credentials, frames: FRAMES, handlers });
    session.close();
    return true;
  } catch {
    return false;
  }
}

/** When something is true for the first time. */
async function momentOf(what: string, isTrue: () => Promise<boolean>): Promise<number> {
  const probe = async () => ((await isTrue()) ? performance.now() : undefined);
  return waitFor(what, probe, { timeoutMs: TIMEOUT_MS, everyMs: 20 });
}

async function fetchBytes(url: string): Promise<Buffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return Buffer.from(await response.arrayBuffer());
}

function secondsSince(began: number): number {
  return (performance.now() - began) / 1_000;
}
