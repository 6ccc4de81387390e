import { hashAttestation } from "@pqmesh/contracts/protocol/attestation";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { connection, deployedNetwork } from "../support/deployed-network.ts";
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
  leafEvidence,
  leafHashOf,
  openLeaf,
} from "./support/dispute-fixture.ts";
import { FLAW, NO_SUPPORT } from "./support/flaws.ts";

const { ethers, networkHelpers } = connection;
const EPOCH = FIRST_EPOCH + 1;
const GAS = { gasLimit: 16_000_000 };
const VETO_PARAMETER = ethers.encodeBytes32String("vetoPeriod");

/** A sound signature of node 0, whose key is registered, and verifiers that answer as those in force until told otherwise. */
async function networkWithSample() {
  const network = await disputedNetwork();
  const { nodes, expandedKeys, deployment } = network;
  await expandedKeys.register(nodes[0].publicKey, GAS);
  const message = ethers.toUtf8Bytes("sample");
  const sample = { key: nodes[0].publicKey, message, signature: nodes[0].signDigest(message) };
  const double = await ethers.deployContract("MLDSAVerifierDouble", [deployment.contracts.MLDSA65Verifier]);
  return { ...network, sample, double, expanded: deployment.contracts.MLDSA65KeyRegistry };
}

type Network = Awaited<ReturnType<typeof networkWithSample>>;

/** Schedules the double; returns the epoch in which it comes into force. */
async function schedule({ verifiers, timelockSigner, double, expanded, sample }: Network): Promise<number> {
  await verifiers.connect(timelockSigner).scheduleSwitch(double, expanded, sample, GAS);
  return Number(await verifiers.newestFrom());
}

/** A report whose leaf of node 1 has a forged signature. */
async function forgedReport(network: DisputedNetwork, epoch: number): Promise<Accepted> {
  const made = attest(network, 1, epoch);
  const signature = network.nodes[2].signDigest(ethers.getBytes(made.digest));
  return acceptReport(network, { epoch, leaves: new Map([[1, { ...made, signature }]]) });
}

/** Accuses the leaf of node 1 of a signature that is none. */
async function accuse(network: DisputedNetwork, accepted: Accepted, word = "accuse") {
  const { disputes, nodes, mallory } = network;
  const leaf = await openLeaf(network, accepted, 1);
  const hash = leafHashOf(leaf, hashAttestation(network.domain, leaf.attestation));
  const salt = await claim(network, mallory, leafEvidence(accepted, hash), word + accepted.digest);
  const support = { ...NO_SUPPORT, key: nodes[1].publicKey, salt };
  return disputes.connect(mallory).proveInvalid(accepted.summary, leaf, FLAW.Signature, support, GAS);
}

describe("MLDSA65Switch", () => {
  it("names the same verifiers for every epoch at first", async () => {
    const { verifiers, deployment } = await networkHelpers.loadFixture(deployedNetwork);
    for (const epoch of [0n, 1_000n, 2n ** 64n - 1n]) {
      expect(await verifiers.rawAt(epoch)).to.equal(deployment.contracts.MLDSA65Verifier);
      expect(await verifiers.expandedAt(epoch)).to.equal(deployment.contracts.MLDSA65KeyRegistry);
    }
  });

  it("switches for epochs to come only, after the veto period", async () => {
    const network = await networkHelpers.loadFixture(networkWithSample);
    const { verifiers, double, deployment, parameters } = network;
    const { timestamp } = (await ethers.provider.getBlock("latest"))!;
    const from = await schedule(network);
    const veto = (await parameters.get(VETO_PARAMETER)) as bigint;
    expect(network.genesis + from * EPOCH_SECONDS >= timestamp + Number(veto), "after the veto period").to.equal(true);
    expect(await verifiers.rawAt(from - 1), "the epoch before").to.equal(deployment.contracts.MLDSA65Verifier);
    expect(await verifiers.rawAt(from), "from its epoch on").to.equal(await double.getAddress());
    await goToEpoch(network, from + 5);
    expect(await verifiers.rawAt(from - 1), "past epochs later").to.equal(deployment.contracts.MLDSA65Verifier);
  });

  it("lets a broken verifier judge no epoch before its own", async () => {
    const network = await networkHelpers.loadFixture(networkWithSample);
    const accepted = await forgedReport(network, EPOCH);
    const honest = await acceptReport(network, {
      epoch: EPOCH + 1,
      leaves: new Map([[1, attest(network, 1, EPOCH + 1)]]),
    });
    await schedule(network);
    await network.double.getFunction("refuse")();
    await expect(accuse(network, accepted), "a forged leaf").to.emit(network.disputes, "LeafInvalid");
    await expect(accuse(network, honest), "an honest leaf").to.be.revertedWithCustomError(
      network.disputes,
      "AttestationDisputes_LeafStands",
    );
  });

  it("has the new verifier judge the epochs from its own on", async () => {
    const network = await networkHelpers.loadFixture(networkWithSample);
    const from = await schedule(network);
    await goToEpoch(network, from);
    await network.bridge.recordBeacon((await ethers.provider.getBlockNumber()) - 12);
    const beacon = (await network.bridge.recordedBeacon(from)) as `0x${string}`;
    const leaves = new Map([[1, attest(network, 1, from, { beacon })]]);
    const accepted = await acceptReport(network, { epoch: from, leaves });
    await expect(accuse(network, accepted), "while it is sound").to.be.revertedWithCustomError(
      network.disputes,
      "AttestationDisputes_LeafStands",
    );
    await network.double.getFunction("refuse")();
    await expect(accuse(network, accepted, "again"), "when it is broken").to.emit(network.disputes, "LeafInvalid");
    const { verifiers, nodes, sample } = network;
    const now = verifiers.verify(nodes[0].publicKey, sample.message, "0x", sample.signature);
    expect(await now, "as a verifier itself").to.equal(false);
  });

  it("refuses verifiers that judge the sample wrongly", async () => {
    const network = await networkHelpers.loadFixture(networkWithSample);
    const { verifiers, timelockSigner, double, expanded, sample } = network;
    const governed = verifiers.connect(timelockSigner);
    const notSigned = { ...sample, message: ethers.toUtf8Bytes("another") };
    await expect(governed.scheduleSwitch(double, expanded, notSigned, GAS), "a sample that is not signed")
      .to.be.revertedWithCustomError(verifiers, "MLDSASwitch_WrongVerdict")
      .withArgs(await double.getAddress(), false);
    await double.getFunction("refuse")();
    await expect(governed.scheduleSwitch(double, expanded, sample, GAS), "a verifier that refuses")
      .to.be.revertedWithCustomError(verifiers, "MLDSASwitch_WrongVerdict")
      .withArgs(await double.getAddress(), false);
    await expect(governed.scheduleSwitch(timelockSigner, expanded, sample, GAS), "no contract").to.revert(ethers);
    await expect(governed.scheduleSwitch(ZeroAddress, expanded, sample, GAS), "zero")
      .to.be.revertedWithCustomError(verifiers, "Governed_ZeroAddress")
      .withArgs("raw");
  });

  it("takes the adapter, behind which a precompile can take over", async () => {
    const network = await networkHelpers.loadFixture(networkWithSample);
    const { verifiers, timelockSigner, expanded, sample, deployment } = network;
    const raw = deployment.contracts.MLDSA65Verifier;
    const layout = await ethers.deployContract("MLDSA65Layout8355", [raw]);
    const adapter = await ethers.deployContract("MLDSA65Adapter", [layout, raw]);
    const governed = verifiers.connect(timelockSigner);
    await expect(governed.scheduleSwitch(adapter, expanded, sample, GAS)).to.emit(verifiers, "VerifiersScheduled");
    await governed.cancelSwitch();
    const early = await ethers.deployContract("MLDSA65Adapter", ["0x0000000000000000000000000000000000000013", raw]);
    await expect(governed.scheduleSwitch(early, expanded, sample, GAS), "no precompile yet").to.revert(ethers);
  });

  it("waits for one switch before it takes another, and calls it off before its epoch", async () => {
    const network = await networkHelpers.loadFixture(networkWithSample);
    const { verifiers, timelockSigner, double, expanded, sample, deployment } = network;
    const governed = verifiers.connect(timelockSigner);
    await expect(governed.cancelSwitch()).to.be.revertedWithCustomError(verifiers, "MLDSASwitch_NothingPending");
    const from = await schedule(network);
    await expect(governed.scheduleSwitch(double, expanded, sample, GAS))
      .to.be.revertedWithCustomError(verifiers, "MLDSASwitch_Pending")
      .withArgs(from);
    await expect(governed.cancelSwitch()).to.emit(verifiers, "SwitchCancelled").withArgs(from);
    expect(await verifiers.rawAt(from), "called off").to.equal(deployment.contracts.MLDSA65Verifier);
    const again = await schedule(network);
    await goToEpoch(network, again);
    await expect(governed.cancelSwitch()).to.be.revertedWithCustomError(verifiers, "MLDSASwitch_NothingPending");
  });
});
