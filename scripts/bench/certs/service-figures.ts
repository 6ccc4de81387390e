import { CertificateAuthority } from "../../../relayer/src/pki/certificate-authority.ts";
import { createCertificateRequest } from "../../../relayer/src/pki/certificate-request.ts";
import { certificateStatus } from "../../../relayer/src/pki/certificate-status.ts";
import { chainRevocationList } from "../../../relayer/src/pki/chain-revocation-list.ts";
import { certifiedSubject } from "../../../relayer/src/pki/peer-identity.ts";
import { certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import { MeshCredentials } from "../../../relayer/src/transport/mesh-credentials.ts";
import { ManyRecords } from "./many-records.ts";

const TRUST_DOMAIN = "bench.pqmesh";
const DID = "did:pqmesh:31337:0x00000000000000000000000000000000000000aa";
const RELAYER = "0x00000000000000000000000000000000000000b1";
/** Certificates in the network whose peers are verified and revoked. */
const CERTIFICATES = 1_000;
const LISTED = 100_000;
const LIST_RUNS = 5;
/** Runs in front that are not counted. */
const WARM_UP = 20;

/** Milliseconds of each run, by what was done. */
export interface ServiceTimes {
  issue: number[];
  verify: number[];
  renew: number[];
  revoke: number[];
  list: number[];
  /** Bytes of the list. */
  listBytes: number;
}

/** Does each thing `samples` times in this process and measures it. */
export async function measureService(samples: number): Promise<ServiceTimes> {
  const signer = certificateKey();
  const authority = await CertificateAuthority.createRoot({ commonName: "bench", signer, trustDomain: TRUST_DOMAIN });
  const records = new ManyRecords(authority, { certificates: CERTIFICATES });
  const credentials = await relayerCredentials(authority, records);
  const certify = async (nodeIndex: number) => {
    const key = certificateKey();
    const request = await createCertificateRequest(key, `node ${nodeIndex}`);
    return { key, request, issue: () => authority.issueNode({ key: { request }, did: `${DID}:${nodeIndex}` }) };
  };
  const times: ServiceTimes = { issue: [], verify: [], renew: [], revoke: [], list: [], listBytes: 0 };
  for (let i = -WARM_UP; i < samples; i++) {
    const counted = i >= 0;
    const { issue } = await certify(i + WARM_UP);
    const issued = await timed(counted ? times.issue : [], async () => {
      const made = await issue();
      certifiedSubject(made.certificate);
      return made;
    });
    const serial = BigInt(`0x${issued.serialNumber}`);
    records.add(serial);
    await timed(counted ? times.verify : [], () => {
      credentials.verifyPeer(issued.certificate);
      const status = certificateStatus(records, serial, records.now);
      if (status !== "good") throw new Error(`a fresh certificate is ${status}`);
    });
    const renewed = await timed(counted ? times.renew : [], async () => {
      const next = await certify(i + WARM_UP);
      const { pem, serialNumber } = await next.issue();
      const { crl } = credentials.contextOptions() as { crl: string[] };
      const key = next.key.privateKey;
      new MeshCredentials({ key, cert: pem, ca: [authority.pem], crl, trustDomain: TRUST_DOMAIN });
      return serialNumber;
    });
    records.add(BigInt(`0x${renewed}`));
    await timed(counted ? times.revoke : [], async () => {
      records.add(serial, { revokedAt: records.now, reason: 1 });
      credentials.replace({ crl: [(await listOf(authority, records)).pem] });
    });
    if (credentials.refusal(issued.certificate) !== "revoked") throw new Error("a revoked certificate is accepted");
  }
  const long = new ManyRecords(authority, { certificates: LISTED, areRevoked: true });
  for (let i = 0; i < LIST_RUNS; i++) {
    times.listBytes = (await timed(times.list, () => listOf(authority, long))).der.length;
  }
  return times;
}

async function relayerCredentials(authority: CertificateAuthority, records: ManyRecords): Promise<MeshCredentials> {
  const key = certificateKey();
  const { pem: cert } = await authority.issueRelayer({ key, address: RELAYER });
  const crl = [(await listOf(authority, records)).pem];
  return new MeshCredentials({ key: key.privateKey, cert, ca: [authority.pem], crl, trustDomain: TRUST_DOMAIN });
}

function listOf(authority: CertificateAuthority, records: ManyRecords) {
  const authorities = [authority.certificate];
  return authority.signRevocationList(chainRevocationList(records, { authorityId: 1, authorities }));
}

async function timed<T>(times: number[], work: () => T | Promise<T>): Promise<T> {
  const begin = performance.now();
  const result = await work();
  times.push(performance.now() - begin);
  return result;
}
