import type { Attestation } from "@pqmesh/contracts/protocol/attestation";
import type { ReportSummary } from "@pqmesh/contracts/protocol/report-summary";
import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import type { Hex } from "viem";
import { AttestingNode, type MadeAttestation } from "../../helpers/attesting-node.ts";
import { connection } from "../support/deployed-network.ts";
import {
  acceptReport,
  attest,
  challenge,
  claim,
  type DisputedNetwork,
  disputedNetwork,
  FIRST_EPOCH,
  goToEpoch,
  HORIZON,
  leafEvidence,
  leafHashOf,
  MEASUREMENT,
  openLeaf,
  WINDOW,
} from "./support/dispute-fixture.ts";
import { FLAW, NO_SUPPORT } from "./support/flaws.ts";

const { networkHelpers } = connection;
const ATTESTED = 2n;
const ABSENT = 3n;
const UNREPORTED = 5n;
const FIRST = FIRST_EPOCH + 1;

/** The source of a beacon that was recorded without a report. */
function recorded(epoch: number, beacon: Hex): ReportSummary {
  const [zero, root] = [ZeroHash as Hex, ZeroHash as Hex];
  const lists = { absentHash: zero, degradedHash: zero, qualityHash: zero, signers: 0n };
  return { epoch: BigInt(epoch), shard: 0, round: 0, committeeVersion: 0, beaconBlock: 0n, beacon, root, ...lists };
}

/** Commits attestations of node 0 in consecutive epochs, each in its own; the chain ends in the epoch after the last. */
async function commitRun(network: DisputedNetwork, count: number, changes: Partial<Attestation> = {}) {
  const node = new AttestingNode(0, network.domain, "disputed");
  const made: MadeAttestation[] = [];
  for (let i = 0; i < count; i++) {
    await goToEpoch(network, FIRST + i);
    made.push(node.attest(FIRST + i, { beacon: network.beacon, measurement: MEASUREMENT, ...changes }));
    await network.bridge.connect(network.alice).commitAttestation(0, FIRST + i, made[i].digest);
  }
  return { node, made };
}

/** A run as `selfAttest` takes it, signed by its last attestation. */
function runOf(network: DisputedNetwork, made: readonly MadeAttestation[]) {
  return {
    nodeIndex: 0,
    chain: made.map(({ attestation }) => attestation),
    sources: [recorded(FIRST_EPOCH, network.beacon)],
    sourceOf: new Uint8Array(made.length),
    key: network.nodes[0].publicKey as Uint8Array | string,
    signature: made[made.length - 1].signature,
  };
}

const statuses = ({ bridge }: DisputedNetwork, count: number) =>
  Promise.all(Array.from({ length: count }, async (_, i) => (await bridge.statusOf(0, FIRST + i)) as bigint));

describe("SelfAttestation: selfAttest", () => {
  it("admits epochs in which a silent committee reported nothing", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const { made } = await commitRun(network, 4);
    await goToEpoch(network, FIRST + 6);
    expect(await statuses(network, 4), "before").to.deep.equal(Array(4).fill(UNREPORTED));
    const { selfAttestation, bridge } = network;
    await expect(selfAttestation.selfAttest(runOf(network, made)))
      .to.emit(selfAttestation, "RunAttested")
      .withArgs(0, FIRST, FIRST + 3, 4)
      .and.to.emit(bridge, "EpochsAdmitted")
      .withArgs(0, [FIRST, FIRST + 1, FIRST + 2, FIRST + 3]);
    expect(await statuses(network, 4), "after").to.deep.equal(Array(4).fill(ATTESTED));
    expect(await bridge.statusOf(1, FIRST), "another node").to.equal(UNREPORTED);
    const { attested, unreported } = (await bridge.uptime(0, FIRST, FIRST + 4)) as Record<string, bigint>;
    expect({ attested, unreported }, "uptime").to.deep.equal({ attested: 4n, unreported: 0n });
  });

  it("admits unreported epochs between reports, and those a report names absent", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const { made } = await commitRun(network, 3);
    await acceptReport(network, { epoch: FIRST, leaves: new Map() });
    await goToEpoch(network, FIRST + 4);
    await acceptReport(network, { epoch: FIRST + 2, leaves: new Map() });
    expect(await statuses(network, 3), "before").to.deep.equal([ABSENT, UNREPORTED, ABSENT]);
    await network.selfAttestation.selfAttest(runOf(network, made));
    expect(await statuses(network, 3), "after").to.deep.equal(Array(3).fill(ATTESTED));
    const { attested, absent, unreported } = (await network.bridge.uptime(0, FIRST, FIRST + 3)) as Record<
      string,
      bigint
    >;
    expect({ attested, absent, unreported }).to.deep.equal({ attested: 3n, absent: 0n, unreported: 0n });
  });

  it("admits a node of a report with more than 64 absent ones", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const { made } = await commitRun(network, 1);
    const absent = Array.from({ length: 100 }, (_, i) => i);
    await acceptReport(network, { epoch: FIRST, leaves: new Map(), absent });
    await network.selfAttestation.selfAttest(runOf(network, made));
    expect(await network.bridge.statusOf(0, FIRST), "node 0").to.equal(ATTESTED);
    expect(await network.bridge.statusOf(1, FIRST), "node 1").to.equal(ABSENT);
  });

  it("takes beacons of accepted reports of the shard", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const before = await acceptReport(network, { epoch: FIRST, leaves: new Map() });
    const node = new AttestingNode(0, network.domain, "disputed");
    const epoch = FIRST + 2;
    const made = [node.attest(epoch, { beacon: before.report.beacon, measurement: MEASUREMENT })];
    await network.bridge.connect(network.alice).commitAttestation(0, epoch, made[0].digest);
    await goToEpoch(network, epoch + 4);
    const run = { ...runOf(network, made), sources: [before.summary] };
    await network.selfAttestation.selfAttest(run);
    expect(await network.bridge.statusOf(0, epoch)).to.equal(ATTESTED);
    const forged = { ...run, sources: [{ ...before.summary, beacon: network.beacon }] };
    await expect(network.selfAttestation.selfAttest(forged)).to.be.revertedWithCustomError(
      network.selfAttestation,
      "Evidence_UnknownReport",
    );
  });

  it("uses a registered key", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const { made } = await commitRun(network, 2);
    await goToEpoch(network, FIRST + 4);
    await network.expandedKeys.register(network.nodes[0].publicKey, { gasLimit: 16_000_000 });
    await network.selfAttestation.selfAttest({ ...runOf(network, made), key: "0x" });
    expect(await statuses(network, 2)).to.deep.equal(Array(2).fill(ATTESTED));
  });

  it("skips epochs that were not committed, or with a wrong build or beacon", async () => {
    for (const changes of [
      { measurement: id("own build") as Hex },
      { beacon: id("no block") as Hex },
    ] as Partial<Attestation>[]) {
      const network = await networkHelpers.loadFixture(disputedNetwork);
      const { made } = await commitRun(network, 2, changes);
      await goToEpoch(network, FIRST + 4);
      await network.selfAttestation.selfAttest(runOf(network, made));
      expect(await statuses(network, 2)).to.deep.equal(Array(2).fill(UNREPORTED));
    }
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const { node, made } = await commitRun(network, 1);
    made.push(node.attest(FIRST + 1, { beacon: network.beacon, measurement: MEASUREMENT }));
    await goToEpoch(network, FIRST + 4);
    await network.selfAttestation.selfAttest(runOf(network, made));
    expect(await statuses(network, 2), "second not committed").to.deep.equal([ATTESTED, UNREPORTED]);
  });

  it("refuses broken chains, other nodes, and heads that the key did not sign", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const { node, made } = await commitRun(network, 3);
    await goToEpoch(network, FIRST + 5);
    const { selfAttestation } = network;
    const run = runOf(network, made);
    const foreign = { ...run.chain[1], nodeIndex: 1 };
    for (const [chain, position] of [
      [[run.chain[0], run.chain[2]], 1],
      [[run.chain[0], foreign], 1],
      [[{ ...run.chain[0], work: 1n }, run.chain[1]], 1],
      [[{ ...run.chain[0], sequence: 0n }], 0],
    ] as [Attestation[], number][]) {
      await expect(selfAttestation.selfAttest({ ...run, chain, sourceOf: new Uint8Array(chain.length) }))
        .to.be.revertedWithCustomError(selfAttestation, "SelfAttestation_BrokenChain")
        .withArgs(position);
    }
    const { signature } = node.attest(FIRST + 9);
    await expect(selfAttestation.selfAttest({ ...run, signature }))
      .to.be.revertedWithCustomError(selfAttestation, "SelfAttestation_InvalidSignature")
      .withArgs(0, FIRST + 2);
    await expect(selfAttestation.selfAttest({ ...run, sourceOf: new Uint8Array(1) }))
      .to.be.revertedWithCustomError(selfAttestation, "SelfAttestation_InvalidLength")
      .withArgs(1, 3);
  });

  it("changes neither final epochs nor those that can still be reported", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const { made } = await commitRun(network, HORIZON);
    await goToEpoch(network, FIRST + HORIZON + 1);
    const run = runOf(network, made);
    await network.selfAttestation.selfAttest(run);
    const after = await statuses(network, HORIZON);
    expect(after[0], "final").to.equal(UNREPORTED);
    expect(after.slice(1, HORIZON - 1), "before the horizon").to.deep.equal(Array(HORIZON - 2).fill(ATTESTED));
    expect(after[HORIZON - 1], "open").to.equal(1n);
  });

  it("stands against a proof about a leaf that the report put in its place", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const { made } = await commitRun(network, 1);
    const bad = attest(network, 0, FIRST, { sequence: 0n });
    const accepted = await acceptReport(network, { epoch: FIRST, leaves: new Map([[0, bad]]), absent: [0] });
    await network.selfAttestation.selfAttest(runOf(network, made));
    const leaf = await openLeaf(network, accepted, 0);
    const salt = await claim(network, network.mallory, leafEvidence(accepted, leafHashOf(leaf, bad.digest)));
    const { disputes, mallory } = network;
    await disputes.connect(mallory).proveInvalid(accepted.summary, leaf, FLAW.Sequence, { ...NO_SUPPORT, salt });
    expect(await network.bridge.statusOf(0, FIRST)).to.equal(ATTESTED);
  });

  it("stands against a challenge that members leave unanswered until it is too late to attest", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const { made } = await commitRun(network, 1);
    const accepted = await acceptReport(network, { epoch: FIRST, leaves: new Map([[0, made[0]]]) });
    const id_ = await challenge(network, accepted, 0);
    await goToEpoch(network, FIRST + 1 + WINDOW);
    await expect(network.selfAttestation.selfAttest(runOf(network, made)))
      .to.emit(network.selfAttestation, "RunAttested")
      .withArgs(0, FIRST, FIRST, 0)
      .and.not.to.emit(network.bridge, "EpochsAdmitted");
    await goToEpoch(network, FIRST + 1 + HORIZON);
    await expect(network.disputes.expireChallenge(id_)).not.to.emit(network.bridge, "EpochVoided");
    expect(await network.bridge.statusOf(0, FIRST)).to.equal(ATTESTED);
  });
});
