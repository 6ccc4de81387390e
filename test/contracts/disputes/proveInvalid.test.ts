import { hashAttestation } from "@pqmesh/contracts/protocol/attestation";
import { expect } from "chai";
import { id, TypedDataEncoder, ZeroHash } from "ethers";
import type { Hex } from "viem";
import { attestationLeaf } from "@pqmesh/contracts/protocol/merkle";
import type { MadeAttestation } from "../../helpers/attesting-node.ts";
import { connection, MIN_BOND } from "../support/deployed-network.ts";
import {
  type Accepted,
  acceptReport,
  attest,
  claim,
  type DisputedNetwork,
  disputedNetwork,
  EPOCH_SECONDS,
  FIRST_EPOCH,
  goToEpoch,
  HORIZON,
  type Leaf,
  leafEvidence,
  leafHashOf,
  openLeaf,
} from "./support/dispute-fixture.ts";
import { FLAW, type FlawName, NO_SUPPORT } from "./support/flaws.ts";
import { prove } from "./support/prove-leaf.ts";

const { networkHelpers } = connection;
const EPOCH = FIRST_EPOCH + 1;
const ABSENT = 3n;
const ATTESTED = 2n;

/** A report whose leaf of node 0 is made by a test; the other nodes are honest. */
async function reportWith(network: DisputedNetwork, made: MadeAttestation, absent?: number[]): Promise<Accepted> {
  const leaves = new Map([[0, made], ...[1, 2, 3].map((i) => [i, attest(network, i, EPOCH)] as const)]);
  return acceptReport(network, { epoch: EPOCH, leaves, ...(absent ? { absent } : {}) });
}

/** Reports a leaf with a flaw, checks that it attests the node, proves it, and checks what follows. */
async function expectProven(made: (network: DisputedNetwork) => MadeAttestation, flaw: FlawName, support = {}) {
  const network = await networkHelpers.loadFixture(disputedNetwork);
  const accepted = await reportWith(network, made(network));
  const leaf = await openLeaf(network, accepted, 0);
  expect(await network.bridge.statusOf(0, EPOCH), "status before").to.equal(ATTESTED);
  await expect(prove({ network, accepted, leaf, flaw, support }))
    .to.emit(network.disputes, "LeafInvalid")
    .withArgs(accepted.digest, 0, EPOCH, FLAW[flaw], network.mallory.address, 1);
  expect(await network.bridge.statusOf(0, EPOCH), "status after").to.equal(ABSENT);
  return { network, accepted, leaf };
}

describe("AttestationDisputes: proveInvalid, flaw by flaw", () => {
  it("proves an attestation of another node", async () => {
    await expectProven(({ nodes, beacon }) => nodes[1].sign({ ...nodes[1].statement(EPOCH), beacon }), "Node");
  });

  it("proves an attestation for another epoch", async () => {
    await expectProven((network) => attest(network, 0, EPOCH - 1), "Epoch");
  });

  it("proves an attestation for another chain or contract", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const foreign = { ...network.domain, chainId: 1 };
    const statement = { ...network.nodes[0].statement(EPOCH), beacon: network.beacon };
    const accepted = await reportWith(network, network.nodes[0].sign(statement, foreign));
    const { chainId, bridge: verifyingContract } = foreign;
    const domain = TypedDataEncoder.hashDomain({ name: "PQMesh", version: "1", chainId, verifyingContract });
    const leaf = { ...(await openLeaf(network, accepted, 0)), domain };
    const attestationHash = hashAttestation(foreign, leaf.attestation);
    await prove({ network, accepted, leaf, flaw: "Domain", attestationHash });
    expect(await network.bridge.statusOf(0, EPOCH), "status").to.equal(ABSENT);
  });

  it("proves a leaf that names another node than its position", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const made = attest(network, 1, EPOCH);
    const rawLeaves = new Map<number, Hex>([[0, attestationLeaf(1, made.digest, made.signature)]]);
    const accepted = await acceptReport(network, { epoch: EPOCH, leaves: new Map([[1, made]]), rawLeaves });
    const leaf = { ...(await openLeaf(network, accepted, 1)), position: 0, proof: accepted.tree.proof(0) };
    await prove({ network, accepted, leaf, flaw: "Position" });
    expect(await network.bridge.statusOf(0, EPOCH), "node of the position").to.equal(ABSENT);
    expect(await network.bridge.statusOf(1, EPOCH), "node that the leaf names").to.equal(ATTESTED);
  });

  it("proves a leaf of a node that does not exist or is not active", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    await network.registry.connect(network.alice).exitNode(0);
    const epoch = EPOCH + 2;
    const leaves = new Map([0, 7].map((i) => [i, network.nodes[0].sign({ ...network.nodes[0].statement(epoch) })]));
    const accepted = await acceptReport(network, { epoch, leaves });
    for (const position of [0, 7]) {
      const leaf = await openLeaf(network, accepted, position);
      await expect(prove({ network, accepted, leaf, flaw: "Inactive" })).to.emit(network.disputes, "LeafInvalid");
    }
  });

  it("proves a leaf of a node that the same report names absent", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await reportWith(network, attest(network, 0, EPOCH), [0, 2]);
    const leaf = await openLeaf(network, accepted, 0);
    const support = { absent: accepted.report.absent };
    await expect(prove({ network, accepted, leaf, flaw: "Absent", support })).to.emit(network.disputes, "LeafInvalid");
    const present = await openLeaf(network, accepted, 1);
    await expect(prove({ network, accepted, leaf: present, flaw: "Absent", support }))
      .to.be.revertedWithCustomError(network.disputes, "AttestationDisputes_LeafStands")
      .withArgs(1, EPOCH, FLAW.Absent);
  });

  it("proves a beacon that was never recorded, and needs every report that might have recorded it", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const honest = new Map([0, 1, 2, 3].map((i) => [i, attest(network, i, FIRST_EPOCH)] as const));
    const before = await acceptReport(network, { epoch: FIRST_EPOCH, leaves: honest });
    const accepted = await reportWith(network, attest(network, 0, EPOCH, { beacon: id("no block") as Hex }));
    const leaf = await openLeaf(network, accepted, 0);
    await expect(prove({ network, accepted, leaf, flaw: "Beacon", support: { salt: id("Beacon salt") } }))
      .to.be.revertedWithCustomError(network.disputes, "AttestationDisputes_HistoryMissing")
      .withArgs(FIRST_EPOCH);
    const history = [before.summary];
    const all = { ...NO_SUPPORT, salt: id("Beacon salt"), history };
    const { disputes, mallory } = network;
    await disputes.connect(mallory).proveInvalid(accepted.summary, leaf, FLAW.Beacon, all);
    expect(await network.bridge.statusOf(0, EPOCH), "status").to.equal(ABSENT);
  });

  it("leaves beacons alone that a report, a call or the genesis recorded", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const honest = new Map([0, 1, 2, 3].map((i) => [i, attest(network, i, FIRST_EPOCH)] as const));
    const before = await acceptReport(network, { epoch: FIRST_EPOCH, leaves: honest });
    const accepted = await reportWith(network, attest(network, 0, EPOCH, { beacon: before.report.beacon }));
    const support = { history: [before.summary] };
    for (const position of [0, 1]) {
      const leaf = await openLeaf(network, accepted, position);
      await expect(prove({ network, accepted, leaf, flaw: "Beacon", support }))
        .to.be.revertedWithCustomError(network.disputes, "AttestationDisputes_LeafStands")
        .withArgs(position, EPOCH, FLAW.Beacon);
    }
  });

  it("proves the genesis beacon once its eight epochs are over", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const beacon = (await network.bridge.genesisBeacon()) as Hex;
    const accepted = await reportWith(network, attest(network, 0, EPOCH, { beacon }));
    const leaf = await openLeaf(network, accepted, 0);
    await expect(prove({ network, accepted, leaf, flaw: "Beacon" })).to.emit(network.disputes, "LeafInvalid");
  });

  it("proves sequence zero", async () => {
    await expectProven((network) => attest(network, 0, EPOCH, { sequence: 0n }), "Sequence");
  });

  it("proves a first attestation with a previous one", async () => {
    await expectProven((network) => attest(network, 0, EPOCH, { previous: id("before") as Hex }), "Sequence");
  });

  it("proves a later attestation without a previous one", async () => {
    await expectProven((network) => attest(network, 0, EPOCH, { sequence: 2n }), "Sequence");
  });

  it("proves a build that was not allowed in the epoch", async () => {
    await expectProven((network) => attest(network, 0, EPOCH, { measurement: id("own build") as Hex }), "Measurement");
  });

  it("proves a signature of another key, from the raw key", async () => {
    const forged = ({ nodes, beacon }: DisputedNetwork): MadeAttestation => {
      const { attestation } = nodes[0].sign({ ...nodes[0].statement(EPOCH), beacon });
      return nodes[1].sign({ ...attestation, nodeIndex: 0 });
    };
    const network = await networkHelpers.loadFixture(disputedNetwork);
    await expectProven(forged, "Signature", { key: network.nodes[0].publicKey });
  });

  it("proves a signature of another key, from the registered key", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const { nodes, beacon, expandedKeys, mallory } = network;
    await expandedKeys.connect(mallory).register(nodes[0].publicKey, { gasLimit: 16_000_000 });
    const statement = nodes[1].sign({ ...nodes[0].statement(EPOCH), beacon });
    const accepted = await reportWith(network, statement);
    const leaf = await openLeaf(network, accepted, 0);
    await expect(prove({ network, accepted, leaf, flaw: "Signature" })).to.emit(network.disputes, "LeafInvalid");
  });

  it("proves a signature of a wrong length", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const short = { ...attest(network, 0, EPOCH), signature: new Uint8Array(100).fill(7) };
    const accepted = await reportWith(network, short);
    const leaf = await openLeaf(network, accepted, 0);
    const support = { key: network.nodes[0].publicKey };
    await expect(prove({ network, accepted, leaf, flaw: "Signature", support })).to.emit(
      network.disputes,
      "LeafInvalid",
    );
  });

  it("uses the key in force in the epoch and no other", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await reportWith(network, attest(network, 0, EPOCH));
    const leaf = await openLeaf(network, accepted, 0);
    const support = { key: network.nodes[1].publicKey };
    await expect(prove({ network, accepted, leaf, flaw: "Signature", support })).to.be.revertedWithCustomError(
      network.disputes,
      "Evidence_WrongKey",
    );
  });
});

describe("AttestationDisputes: proveInvalid", () => {
  it("reverts for a valid leaf, whatever flaw it is accused of", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await reportWith(network, attest(network, 0, EPOCH));
    const leaf = await openLeaf(network, accepted, 0);
    const support = { key: network.nodes[0].publicKey, absent: accepted.report.absent };
    for (const flaw of Object.keys(FLAW) as FlawName[]) {
      await expect(prove({ network, accepted, leaf, flaw, support }), flaw)
        .to.be.revertedWithCustomError(network.disputes, "AttestationDisputes_LeafStands")
        .withArgs(0, EPOCH, FLAW[flaw]);
    }
  });

  it("takes the ECDSA share of every signer, jails them, and spares who did not sign", async () => {
    const { network } = await expectProven((n) => attest(n, 0, EPOCH, { sequence: 0n }), "Sequence");
    const { committee, members } = network;
    const share = (MIN_BOND * 200n) / 10_000n;
    for (const [seat, { address }] of members.entries()) {
      const { bond } = (await committee.relayerOf(address)) as { bond: bigint };
      const { frozenUntil, isBarred } = (await committee.relayerOf(address)) as {
        frozenUntil: bigint;
        isBarred: boolean;
      };
      expect(bond, `bond of seat ${seat}`).to.equal(seat < 3 ? MIN_BOND - share : MIN_BOND);
      expect(frozenUntil > 0n, `seat ${seat} is jailed`).to.equal(seat < 3);
      expect(isBarred, `seat ${seat} is barred`).to.equal(false);
    }
    expect(await committee.membersOf(2), "next committee").to.deep.equal([members[3].address]);
    expect(await committee.totalFrozen(), "frozen").to.equal(3n * share);
  });

  it("pays the reporter and the treasury after the delay, once", async () => {
    const { network } = await expectProven((n) => attest(n, 0, EPOCH, { sequence: 0n }), "Sequence");
    const { committee, deployment, timelock, mallory } = network;
    await expect(committee.paySlash(1)).to.be.revertedWithCustomError(committee, "RelayerCommittee_SlashNotPayable");
    const { payableAt, amount, reward } = (await committee.slashOf(1)) as Record<string, bigint>;
    await networkHelpers.time.increaseTo(payableAt);
    const accounts = [mallory.address, await timelock.getAddress(), await committee.getAddress()];
    await expect(committee.paySlash(1)).to.changeTokenBalances(
      connection.ethers,
      deployment.instances.MeshToken,
      accounts,
      [reward, amount - reward, -amount],
    );
    expect(reward, "reward").to.equal(amount / 10n);
    await expect(committee.paySlash(1)).to.be.revertedWithCustomError(committee, "RelayerCommittee_SlashNotPayable");
  });

  it("rewards no signer of the offence", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await reportWith(network, attest(network, 0, EPOCH, { sequence: 0n }));
    const leaf = await openLeaf(network, accepted, 0);
    const { provider } = connection.ethers;
    const prover = network.members[1].wallet.connect(provider);
    await prove({ network, accepted, leaf, flaw: "Sequence", prover });
    const { reporter, reward } = (await network.committee.slashOf(1)) as { reporter: string; reward: bigint };
    expect(BigInt(reporter), "reporter").to.equal(0n);
    expect(reward, "reward").to.equal(0n);
  });

  it("punishes a report once, and corrects every node of it", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const leaves = new Map([0, 1].map((i) => [i, attest(network, i, EPOCH, { sequence: 0n })] as const));
    const accepted = await acceptReport(network, { epoch: EPOCH, leaves });
    for (const position of [0, 1]) {
      await prove({ network, accepted, leaf: await openLeaf(network, accepted, position), flaw: "Sequence" });
      expect(await network.bridge.statusOf(position, EPOCH), `status of ${position}`).to.equal(ABSENT);
    }
    expect(await network.committee.totalFrozen(), "frozen").to.equal((3n * MIN_BOND * 200n) / 10_000n);
    const support = { ...NO_SUPPORT, salt: id("Sequence salt") };
    const { disputes, mallory } = network;
    const leaf = await openLeaf(network, accepted, 0);
    const again = disputes.connect(mallory).proveInvalid(accepted.summary, leaf, FLAW.Sequence, support);
    await expect(again).to.be.revertedWithCustomError(network.disputes, "AttestationDisputes_AlreadyProven");
  });

  it("refuses evidence that was not claimed by its sender two blocks before", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await reportWith(network, attest(network, 0, EPOCH, { sequence: 0n }));
    const leaf = await openLeaf(network, accepted, 0);
    const hash = leafHashOf(leaf, hashAttestation(network.domain, leaf.attestation));
    const salt = await claim(network, network.mallory, leafEvidence(accepted, hash));
    const { disputes, bob } = network;
    for (const [sender, given] of [
      [bob, salt],
      [network.mallory, ZeroHash],
    ] as const) {
      const copied = disputes
        .connect(sender)
        .proveInvalid(accepted.summary, leaf, FLAW.Sequence, { ...NO_SUPPORT, salt: given });
      await expect(copied).to.be.revertedWithCustomError(disputes, "Evidence_ClaimNotMature");
    }
  });

  it("refuses reports that were not accepted, and leaves that are not in the tree", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await reportWith(network, attest(network, 0, EPOCH, { sequence: 0n }));
    const leaf = await openLeaf(network, accepted, 0);
    const { disputes } = network;
    const call = (summary: object, given: Leaf) => disputes.proveInvalid(summary, given, FLAW.Sequence, NO_SUPPORT);
    await expect(call({ ...accepted.summary, signers: 15n }, leaf))
      .to.be.revertedWithCustomError(disputes, "Evidence_UnknownReport")
      .withArgs(0, EPOCH);
    await expect(call(accepted.summary, { ...leaf, position: 1 })).to.be.revertedWithCustomError(
      disputes,
      "AttestationDisputes_NotInTree",
    );
    await expect(call(accepted.summary, { ...leaf, position: 512 })).to.be.revertedWithCustomError(
      disputes,
      "AttestationDisputes_NotInTree",
    );
  });

  it("slashes after the horizon, and rewrites nothing then", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await reportWith(network, attest(network, 0, EPOCH, { sequence: 0n }));
    const leaf = await openLeaf(network, accepted, 0);
    await goToEpoch(network, EPOCH + HORIZON + 1);
    await networkHelpers.time.increase(EPOCH_SECONDS / 2);
    await prove({ network, accepted, leaf, flaw: "Sequence" });
    expect(await network.bridge.statusOf(0, EPOCH), "status").to.equal(ATTESTED);
    expect(await network.committee.totalFrozen(), "frozen").to.equal((3n * MIN_BOND * 200n) / 10_000n);
  });
});
