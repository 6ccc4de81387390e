import type { Attestation } from "@pqmesh/contracts/protocol/attestation";
import { type BeaconSource, packRun, recordedBeacon } from "@pqmesh/contracts/protocol/provenance-run";
import { expect } from "chai";
import { getBytes, hexlify, id } from "ethers";
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
/** Bytes of a packed attestation. */
const LINK_BYTES = 76;

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
function runOf(network: DisputedNetwork, made: readonly MadeAttestation[], source?: BeaconSource) {
  const usual = source ?? recordedBeacon(BigInt(FIRST_EPOCH), network.beacon);
  return {
    ...packRun(
      made.map(({ attestation }) => attestation),
      ({ beacon }) => (beacon === usual.beacon ? usual : undefined),
    ),
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
    const { digest, summary } = before;
    const source = { epoch: summary.epoch, beacon: summary.beacon, digest, signers: summary.signers };
    const run = runOf(network, made, source);
    await network.selfAttestation.selfAttest(run);
    expect(await network.bridge.statusOf(0, epoch)).to.equal(ATTESTED);
    const forged = node.attest(epoch + 1, { beacon: network.beacon, measurement: MEASUREMENT });
    for (const changes of [
      { beacon: network.beacon },
      { signers: source.signers ^ 1n },
      { epoch: source.epoch + 1n },
    ]) {
      const wrong = { ...source, ...changes };
      const attempt = { ...runOf(network, changes.beacon ? [forged] : made, wrong) };
      await expect(network.selfAttestation.selfAttest(attempt))
        .to.be.revertedWithCustomError(network.selfAttestation, "Evidence_UnknownReport")
        .withArgs(0, wrong.epoch);
    }
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

  it("refuses chains that cannot be one, at the first wrong link", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const { made } = await commitRun(network, 3);
    await goToEpoch(network, FIRST + 5);
    const { selfAttestation } = network;
    const run = runOf(network, made);
    const links = [0, 1, 2].map((i) => run.chain.slice(2 + 2 * LINK_BYTES * i, 2 + 2 * LINK_BYTES * (i + 1)));
    const withByte = (link: string, at: number, byte: string) => link.slice(0, 2 * at) + byte + link.slice(2 * at + 2);
    for (const [what, changes, position] of [
      ["sequence 0", { sequence: 0n }, 0],
      ["a first one with a predecessor", { previous: made[0].digest }, 0],
      ["a later one without a predecessor", { sequence: 2n }, 0],
      ["sequences beyond 64 bits", { sequence: (1n << 64n) - 2n, previous: made[0].digest }, 0],
      ["an epoch twice", { chain: `0x${links[0]}${links[0]}` }, 1],
      ["a falling epoch", { chain: `0x${links[0]}${links[2]}${links[1]}` }, 2],
      ["a source that is not there", { chain: `0x${links[0]}${withByte(links[1], 8, "01")}` }, 1],
      ["no source", { sources: [] }, 0],
      ["a build that is not there", { chain: `0x${links[0]}${links[1]}${withByte(links[2], 9, "ff")}` }, 2],
    ] as [string, object, number][]) {
      await expect(selfAttestation.selfAttest({ ...run, ...changes }), what)
        .to.be.revertedWithCustomError(selfAttestation, "SelfAttestation_BrokenChain")
        .withArgs(position);
    }
    for (const length of [0, 1, LINK_BYTES - 1, LINK_BYTES + 1, 3 * LINK_BYTES - 1]) {
      await expect(selfAttestation.selfAttest({ ...run, chain: run.chain.slice(0, 2 + 2 * length) }), `${length} bytes`)
        .to.be.revertedWithCustomError(selfAttestation, "SelfAttestation_InvalidLength")
        .withArgs(length, LINK_BYTES);
    }
  });

  it("refuses heads that the node's key did not sign, whatever was changed before", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const { node, made } = await commitRun(network, 3);
    await goToEpoch(network, FIRST + 5);
    const { selfAttestation } = network;
    await network.expandedKeys.register(network.nodes[0].publicKey, { gasLimit: 16_000_000 });
    const run = { ...runOf(network, made), key: "0x" };
    const link = (i: number) => run.chain.slice(2 + 2 * LINK_BYTES * i, 2 + 2 * LINK_BYTES * (i + 1));
    const flipped = (bit: number): Hex => {
      const bytes = getBytes(run.chain);
      bytes[bit >> 3] ^= 1 << (bit & 7);
      return hexlify(bytes) as Hex;
    };
    const earlier = `0x${(FIRST - 1).toString(16).padStart(16, "0")}${run.chain.slice(18)}`;
    const fields = Array.from({ length: (LINK_BYTES - 10) * 8 }, (_, i) => 80 + i);
    for (const [what, changes] of [
      ["a gap", { chain: `0x${link(0)}${link(2)}` }],
      ["no first one", { chain: `0x${link(1)}${link(2)}` }],
      ["another build", { builds: [id("own build")] }],
      ["another beacon", { sources: [recordedBeacon(BigInt(FIRST_EPOCH), id("no block") as Hex)] }],
      ["another sequence", { sequence: 5n, previous: id("before") }],
      ["another epoch", { chain: earlier }],
      ...fields.filter((bit) => bit % 53 === 0).map((bit) => [`bit ${bit} changed`, { chain: flipped(bit) }]),
      ["another signature", { signature: node.attest(FIRST + 9).signature }],
    ] as [string, object][]) {
      await expect(selfAttestation.selfAttest({ ...run, ...changes }), what)
        .to.be.revertedWithCustomError(selfAttestation, "SelfAttestation_InvalidSignature")
        .withArgs(0, FIRST + 2);
    }
    const key = network.nodes[0].publicKey;
    await expect(selfAttestation.selfAttest({ ...run, key, nodeIndex: 1 })).to.be.revertedWithCustomError(
      selfAttestation,
      "Evidence_WrongKey",
    );
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
