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
    rig.registry.isStuck = true;
    rig.registry.changeCertificate(first.serial, { notAfter: rig.registry.head().timestamp + 600n });
    rig.registry.isStuck = false;
    await rig.mine();
    expect(calls().at(-1)?.functionName).to.equal("issueMany");
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
