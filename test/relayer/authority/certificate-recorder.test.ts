import { expect } from "chai";
import { decodeFunctionData } from "viem";
import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { recordIntent, recordKind } from "../../../relayer/src/authority/record-intent.ts";
import { AuthorityRig } from "./authority-rig.ts";

const NODES = 60;

describe("CertificateRecorder", () => {
  let rig: AuthorityRig;

  beforeEach(async () => {
    rig = await AuthorityRig.create();
    for (let i = 0; i < NODES; i++) rig.addNode(i);
  });

  const ask = async (nodes: readonly number[]) =>
    Promise.all(nodes.map(async (nodeIndex) => rig.issuer.issue(await rig.nodeRequest(nodeIndex))));
  const askOne = async (nodeIndex: number) => rig.issuer.issue(await rig.nodeRequest(nodeIndex));
  const calls = () => rig.registry.mined.map((data) => decodeFunctionData({ abi: certificateRegistryAbi, data }));
  const all = Array.from({ length: NODES }, (_, i) => i);

  it("records all that came since the last block, fifty at a time", async () => {
    const asked = await ask(all);
    await rig.mine();
    expect(calls().map(({ functionName, args }) => [functionName, (args[1] as unknown[]).length])).to.deep.equal([
      ["issueMany", 50],
      ["issueMany", 10],
    ]);
    for (const { serial, x509Hash } of asked) expect(rig.registry.certificate(serial)?.x509Hash).to.equal(x509Hash);
  });

  it("is done with a certificate once no reorg reaches it", async () => {
    const { requestHash } = await askOne(1);
    await rig.mine(12);
    expect(rig.store.byRequest(requestHash)?.state).to.equal("signed");
    await rig.mine(1);
    expect(rig.store.byRequest(requestHash)?.state).to.equal("final");
    expect(rig.registry.mined).to.have.length(1);
  });

  it("replaces good certificates with an overlap of seven days", async () => {
    const first = await askOne(1);
    await rig.mine(14);
    await ask([1]);
    const now = rig.registry.head().timestamp;
    await rig.mine();
    expect(rig.registry.certificate(first.serial)?.revokedAt).to.equal(now + 7n * 86_400n);
    expect(calls().at(-1)?.functionName).to.equal("rotateMany");
  });

  it("ends the overlap with the life of what is replaced", async () => {
    const first = await askOne(1);
    await rig.mine(14);
    await rig.mine(1, 45 * 86_400);
    await ask([1]);
    await rig.mine();
    expect(rig.registry.certificate(first.serial)?.revokedAt).to.equal(BigInt(first.notAfter));
  });

  it("issues beside what is about to expire", async () => {
    const first = await askOne(1);
    await rig.mine(14);
    await ask([1]);
    rig.registry.changeCertificate(first.serial, { notAfter: rig.registry.head().timestamp + 180n });
    await rig.mine();
    expect(calls().at(-1)?.functionName).to.equal("issueMany");
  });

  it("replaces within the last hour, too, and takes nobody else's overlap", async () => {
    const [late, other] = await ask([1, 2]);
    await rig.mine(14);
    await ask([1, 2]);
    const now = rig.registry.head().timestamp;
    rig.registry.changeCertificate(late!.serial, { notAfter: now + 181n });
    await rig.mine();
    const newest = rig.registry.certificatesOf("node", 1n).at(-1)!.serial;
    expect(rig.registry.certificate(late!.serial)).to.include({ revokedAt: now + 181n, replacedBy: newest });
    expect(rig.registry.certificate(other!.serial)?.revokedAt).to.equal(now + 7n * 86_400n);
  });

  it("does not take another certificate with the same serial number for its own", async () => {
    const asked = await askOne(1);
    rig.registry.take(asked.serial, 2);
    await rig.mine(14);
    expect(rig.store.byRequest(asked.requestHash)).to.include({
      state: "refused",
      reason: "its serial number was taken by authority 2: ask again with a new key",
    });
    expect(await rig.certify(1)).to.include({ state: "final" });
  });

  it("records nothing after what speaks against it, however it was asked for", async () => {
    const first = await askOne(1);
    await rig.mine(14);
    const asked = await rig.issuer.issue(await rig.nodeRequest(1, { by: "attestation-key" }));
    const { timestamp: now } = rig.registry.head();
    rig.registry.changeCertificate(first.serial, { notAfter: now + 100n, revokedAt: now, reason: 1 });
    await rig.mine();
    expect(rig.store.byRequest(asked.requestHash)?.reason).to.contain("a wallet of its operator asks");
    const healed = await askOne(1);
    rig.registry.changeCertificate(first.serial, { reason: 9 });
    rig.refused.push({ kind: "node", subject: 2n });
    const refused = { ...(await rig.nodeRequest(3)), subject: 3n };
    const other = await rig.issuer.issue(refused);
    rig.refused.push({ kind: "node", subject: 3n });
    await rig.mine();
    expect(rig.store.byRequest(healed.requestHash)?.reason).to.contain("only the authority's staff");
    expect(rig.store.byRequest(other.requestHash)?.reason).to.equal("this authority gives node 3 no certificate");
    expect(rig.registry.mined).to.have.length(1);
  });

  it("gives up what its authority can never record", async () => {
    const asked = await askOne(1);
    rig.registry.changeAuthority(rig.authorityId, { taintedFrom: 1n });
    await rig.mine();
    expect(rig.store.byRequest(asked.requestHash)).to.include({
      state: "refused",
      reason: `authority ${rig.authorityId} is tainted`,
    });
  });

  it("gives up what another authority signed here before", async () => {
    const asked = await askOne(1);
    rig.db.exec("UPDATE certificate_request SET authority_id = 9");
    await rig.mine();
    expect(rig.store.byRequest(asked.requestHash)?.reason).to.contain("authority 9, which signed it,");
    expect(rig.registry.mined).to.have.length(0);
  });

  it("refuses alone what the chain refuses for several blocks", async () => {
    const first = await askOne(1);
    await rig.mine(14);
    const [bad, good] = [await askOne(1), await askOne(2)];
    rig.registry.changeCertificate(first.serial, { revokedAt: 1n, reason: 1 });
    await rig.mine(2);
    expect(rig.store.byRequest(bad.requestHash)?.state).to.equal("signed");
    expect(rig.registry.recordedAt(good.serial)).not.to.equal(undefined);
    await rig.mine(2);
    expect(rig.store.byRequest(bad.requestHash)).to.include({ state: "refused" });
    expect(rig.store.byRequest(bad.requestHash)?.reason).to.contain("AlreadyRevoked");
  });

  it("submits nothing twice, also after a restart", async () => {
    await ask([1, 2]);
    rig.registry.isStuck = true;
    await rig.mine(5);
    rig.registry.isStuck = false;
    await rig.mine(2);
    expect(rig.registry.mined).to.have.length(1);
  });

  it("waits while its authority is not good, and says so", async () => {
    await ask([1]);
    rig.registry.changeAuthority(rig.authorityId, { heldAt: 1n });
    await rig.mine(3);
    expect(rig.registry.mined).to.have.length(0);
    expect(rig.recorder.health().reasons).to.deep.equal([`authority ${rig.authorityId} is on hold`]);
    rig.registry.changeAuthority(rig.authorityId, { heldAt: undefined });
    await rig.mine();
    expect(rig.registry.mined).to.have.length(1);
    expect(rig.recorder.health().ok).to.equal(true);
  });

  it("judges a batch by the records alone", async () => {
    const certificates = await ask([1, 2]);
    const { registry, authorityId } = rig;
    const now = registry.head().timestamp;
    const batch = { registry: registry.registry, authorityId, certificates, overlapUntil: now + 1n };
    const kind = recordKind(registry);
    const { key } = recordIntent(batch, now);
    expect(kind.judge(key)).to.deep.equal({ state: "wanted" });
    registry.mine(181);
    expect(kind.judge(key).state).to.equal("over");
    await rig.mine();
    expect(kind.judge(key)).to.include({ state: "achieved", blockNumber: registry.head().number });
  });
});
