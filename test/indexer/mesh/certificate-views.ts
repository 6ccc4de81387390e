import { CERTIFICATE_KINDS } from "@pqmesh/contracts/protocol/certificate-kind";
import { LOG_ACTIONS, logEntryHash } from "@pqmesh/contracts/protocol/log-entry";
import { MerkleLog } from "@pqmesh/contracts/protocol/merkle-log";
import { expect } from "chai";
import type { Address, Hex } from "viem";

import type { TestIndexer } from "../fixture/test-indexer.ts";
import type { MeshChain } from "./mesh-chain.ts";

type Row = Record<string, string>;

/** A certificate as the contract answers, with numbers up to 48 bits as such. */
interface Recorded {
  authorityId: number;
  kind: number;
  subject: bigint;
  issuedAt: number;
  notBefore: number;
  notAfter: number;
  revokedAt: number;
  reason: number;
  held: boolean;
  x509Hash: Hex;
}

const text = (value: unknown): string => String(value);

/** Certificates are those of the registry. */
export async function compareCertificates(mesh: MeshChain, indexer: TestIndexer): Promise<void> {
  const { certificates } = indexer.query<{ certificates: (Row & { authority: Row; isHeld: boolean })[] }>(
    `{ certificates(orderBy: issuedAt) { serial authority { id } kind subject issuedAt notBefore notAfter revokedAt reason isHeld x509Hash } }`,
  );
  expect(certificates.length, "certificates").to.be.greaterThan(6);
  for (const row of certificates) {
    const on = await mesh.read<Recorded>("CertificateRegistry", "certificateOf", [BigInt(row["serial"]!)]);
    const indexed = [row.authority["id"], row["kind"], row["subject"], row["issuedAt"], row["notBefore"]];
    const more = [row["notAfter"], row["revokedAt"] ?? "0", row["reason"] ?? "0", row["x509Hash"], row.isHeld];
    expect([...indexed, ...more].map(text), `certificate ${row["serial"]}`).to.deep.equal(
      [
        ...[on.authorityId, kindName(on.kind), on.subject, on.issuedAt, on.notBefore],
        ...[on.notAfter, on.revokedAt, on.reason, on.x509Hash, on.held],
      ].map(text),
    );
  }
}

/** Authorities are those of the registry. */
export async function compareAuthorities(mesh: MeshChain, indexer: TestIndexer): Promise<void> {
  const { authorities } = indexer.query<{ authorities: (Row & { parent: Row | null; isHeld: boolean })[] }>(
    `{ authorities(orderBy: number) { number parent { number } depth account notBefore notAfter pathLength kinds identityFrom identityUntil
       taintedFrom revokedAt reason isHeld recoveryKey trustDomain x509Hash } }`,
  );
  expect(authorities.length, "authorities").to.equal(await mesh.read<number>("CertificateRegistry", "authorityCount"));
  for (const row of authorities) {
    type Recorded = Record<string, unknown> & { terms: Record<string, unknown> };
    const on = await mesh.read<Recorded>("CertificateRegistry", "authorityOf", [Number(row["number"])]);
    const { terms } = on;
    const indexed = [row.parent?.["number"] ?? 0, row["depth"], row["account"], row["notBefore"], row["notAfter"]];
    const limits = [row["pathLength"], row["kinds"], row["identityFrom"], row["identityUntil"]];
    const state = [row["taintedFrom"] ?? 0, row["revokedAt"] ?? 0, row["reason"] ?? 0, row.isHeld];
    const hashes = [row["recoveryKey"], row["trustDomain"], row["x509Hash"]];
    expect([...indexed, ...limits, ...state, ...hashes].map(text), `authority ${row["number"]}`).to.deep.equal(
      [
        ...[on["parent"], on["depth"], (terms["account"] as Address).toLowerCase(), on["notBefore"], terms["notAfter"]],
        ...[terms["pathLength"], terms["kinds"], terms["identityFrom"], terms["identityUntil"]],
        ...[on["taintedFrom"], on["revokedAt"], on["reason"], on["held"]],
        ...[terms["recoveryKey"], terms["trustDomain"], terms["x509Hash"]],
      ].map(text),
    );
  }
}

/** Delegates are those of the registry, keys of any length among them. */
export async function compareDelegates(mesh: MeshChain, indexer: TestIndexer): Promise<void> {
  const { authorityDelegates } = indexer.query<{
    authorityDelegates: { id: string; authority: Row; signer: Hex; isAllowed: boolean }[];
  }>(`{ authorityDelegates { id authority { number } signer isAllowed } }`);
  expect(authorityDelegates.map(({ signer }) => signer.length)).to.have.members([42, 2 + 2 * 1_972]);
  for (const { id, authority, signer, isAllowed } of authorityDelegates) {
    expect(id.length, "an id that fits into an index").to.be.lessThan(100);
    const isDelegate = await mesh.read("CertificateRegistry", "isDelegate", [Number(authority["number"]), signer]);
    expect(isAllowed, `delegate ${id}`).to.equal(isDelegate);
  }
}

/** Entries lead to the root hash of the registry, and to every head that it stored. */
export async function compareLog(mesh: MeshChain, indexer: TestIndexer): Promise<void> {
  const { logEntries, logHeads } = indexer.query<{
    logEntries: (Row & { authority: Row; certificate: Row | null; x509Hash: Hex })[];
    logHeads: (Row & { root: Hex })[];
  }>(
    `{ logHeads(orderBy: size) { size root }
       logEntries(first: 1000, orderBy: index) { index action time authority { number } certificate { serial } kind subject notBefore notAfter
         x509Hash reason effectiveAt } }`,
  );
  const log = new MerkleLog(
    logEntries.map((row) =>
      logEntryHash({
        action: LOG_ACTIONS.find((action) => action.replace("-", "") === row["action"]!.toLowerCase())!,
        ...{ authorityId: Number(row.authority["number"]), serial: BigInt(row.certificate?.["serial"] ?? 0) },
        kind: CERTIFICATE_KINDS.find((kind) => kind === row["kind"]!.toLowerCase()),
        ...{ time: BigInt(row["time"]!), subject: BigInt(row["subject"]!), notBefore: BigInt(row["notBefore"]!) },
        ...{ notAfter: BigInt(row["notAfter"]!), effectiveAt: BigInt(row["effectiveAt"]!) },
        ...{ x509Hash: row.x509Hash, reason: Number(row["reason"]) },
      }),
    ),
  );
  const [size, root] = await mesh.read<[bigint, Hex]>("CertificateRegistry", "treeHead");
  expect({ size: log.size, root: log.root() }, "head").to.deep.equal({ size: Number(size), root });
  expect(logHeads.length, "stored heads").to.be.greaterThan(1);
  for (const head of logHeads) {
    expect(log.root(Number(head["size"])), `head of ${head["size"]}`).to.equal(head.root);
    const stored = await mesh.read<Hex>("CertificateRegistry", "publishedRoot", [BigInt(head["size"]!)]);
    expect(stored, `stored head of ${head["size"]}`).to.equal(head.root);
  }
}

function kindName(kind: number): string {
  const name = CERTIFICATE_KINDS[kind - 1] ?? "none";
  return name.charAt(0).toUpperCase() + name.slice(1);
}
