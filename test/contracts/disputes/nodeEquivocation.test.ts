import { expect } from "chai";
import { AbiCoder, keccak256, type Signer, ZeroAddress } from "ethers";
import type { MadeAttestation } from "../../helpers/attesting-node.ts";
import { attestationKey } from "../support/attestation-key.ts";
import { connection } from "../support/deployed-network.ts";
import {
  acceptReport,
  attest,
  claim,
  type DisputedNetwork,
  disputedNetwork,
  FIRST_EPOCH,
  goToEpoch,
  HORIZON,
  honestReport,
} from "./support/dispute-fixture.ts";

const { networkHelpers } = connection;
const EPOCH = FIRST_EPOCH + 1;
const ATTESTED = 2n;
const ABSENT = 3n;
const coder = AbiCoder.defaultAbiCoder();

/** What a proof is about, by node and either epoch or sequence. */
function offenceId(node: number, isSameEpoch: boolean, subject: number): string {
  return keccak256(coder.encode(["uint32", "bool", "uint64"], [node, isSameEpoch, subject]));
}

async function prove(
  network: DisputedNetwork,
  [first, second]: [MadeAttestation, MadeAttestation],
  { by = network.bob, key = network.nodes[0].publicKey }: { by?: Signer; key?: Uint8Array | string } = {},
) {
  const evidence = keccak256(coder.encode(["bytes", "bytes"], [first.signature, second.signature]));
  const salt = await claim(network, by, evidence, `${first.digest} ${second.digest}`);
  return network.nodeOffences.connect(by).proveEquivocation(first, second, key, salt, { gasLimit: 16_000_000 });
}

/** Two attestations of node 0 for one epoch; the report has the first. */
async function forkOfOneEpoch() {
  const network = await disputedNetwork();
  const first = attest(network, 0, EPOCH);
  const second = attest(network, 0, EPOCH, { sequence: 2n, previous: first.digest });
  await acceptReport(network, { epoch: EPOCH, leaves: new Map([[0, first]]) });
  return { network, pair: [first, second] as [MadeAttestation, MadeAttestation] };
}

describe("NodeOffences: proveEquivocation", () => {
  it("records two attestations of one epoch and voids it", async () => {
    const { network, pair } = await networkHelpers.loadFixture(forkOfOneEpoch);
    const { nodeOffences, bridge, slashing, staking, bob } = network;
    const id = offenceId(0, true, EPOCH);
    const stake = (await staking.stakeOf(0)) as bigint;
    expect(await bridge.statusOf(0, EPOCH), "before").to.equal(ATTESTED);
    const sent = await prove(network, pair);
    await expect(sent)
      .to.emit(nodeOffences, "NodeEquivocated")
      .withArgs(id, 0, EPOCH, EPOCH, pair[0].digest, pair[1].digest, bob.address);
    const provenAt = await networkHelpers.time.latest();
    expect(await nodeOffences.equivocationOf(id)).to.deep.equal([0n, BigInt(EPOCH), BigInt(provenAt), bob.address]);
    expect(await bridge.statusOf(0, EPOCH), "after").to.equal(ABSENT);
    expect(await staking.stakeOf(0), "half of the stake is taken").to.equal(stake / 2n);
    expect(await slashing.jailedUntil(0), "barred for ever").to.equal(2n ** 64n - 1n);
    expect((await sent.wait())!.gasUsed < 9_000_000n, "gas of both checks").to.equal(true);
  });

  for (const order of ["in order", "the later one first"]) {
    it(`records one sequence in two epochs, ${order}, and voids both`, async () => {
      const network = await networkHelpers.loadFixture(disputedNetwork);
      const made = [attest(network, 0, EPOCH), attest(network, 0, EPOCH + 1)] as [MadeAttestation, MadeAttestation];
      await acceptReport(network, { epoch: EPOCH, leaves: new Map([[0, made[0]]]) });
      await acceptReport(network, { epoch: EPOCH + 1, leaves: new Map([[0, made[1]]]) });
      await prove(network, order === "in order" ? made : [made[1], made[0]]);
      for (const epoch of [EPOCH, EPOCH + 1]) {
        expect(await network.bridge.statusOf(0, epoch), `epoch ${epoch}`).to.equal(ABSENT);
      }
      const record = (await network.nodeOffences.equivocationOf(offenceId(0, false, 1))) as { epoch: bigint };
      expect(record.epoch, "the earlier epoch").to.equal(BigInt(EPOCH));
    });
  }

  it("is none for one attestation, two nodes, or a chain that goes on", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const first = attest(network, 0, EPOCH);
    const next = attest(network, 0, EPOCH + 1, { sequence: 2n, previous: first.digest });
    for (const second of [first, attest(network, 1, EPOCH), next]) {
      await expect(prove(network, [first, second]))
        .to.be.revertedWithCustomError(network.nodeOffences, "NodeOffences_NoEquivocation")
        .withArgs(first.digest, second.digest);
    }
  });

  it("needs both signatures by the key in force", async () => {
    const { network, pair } = await networkHelpers.loadFixture(forkOfOneEpoch);
    const { nodes, nodeOffences } = network;
    const byAnother = { ...pair[1], signature: nodes[1].signDigest(Buffer.from(pair[1].digest.slice(2), "hex")) };
    for (const forged of [
      [pair[0], byAnother],
      [byAnother, pair[0]],
    ] as [MadeAttestation, MadeAttestation][]) {
      await expect(prove(network, forged))
        .to.be.revertedWithCustomError(nodeOffences, "NodeOffences_NotSigned")
        .withArgs(0, EPOCH);
    }
    const otherKey = prove(network, pair, { key: nodes[1].publicKey });
    await expect(otherKey).to.be.revertedWithCustomError(nodeOffences, "Evidence_WrongKey");
  });

  it("lets an operator that rotated its key begin a new chain", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const { registry, nodes, nodeOffences } = network;
    const newKey = attestationKey("after a lost disk");
    const deadline = 2n ** 40n;
    const digest = (await registry.rotationDigest(0, keccak256(newKey), 0, deadline)) as string;
    const signature = nodes[0].signDigest(Buffer.from(digest.slice(2), "hex"));
    await registry.rotateAttestationKeyByKey(0, newKey, deadline, nodes[0].publicKey, signature);
    const pair: [MadeAttestation, MadeAttestation] = [attest(network, 0, EPOCH), attest(network, 0, EPOCH + 1)];
    await expect(prove(network, pair))
      .to.be.revertedWithCustomError(nodeOffences, "NodeOffences_KeyChanged")
      .withArgs(EPOCH, EPOCH + 1);
  });

  it("is proven once for each epoch", async () => {
    const { network, pair } = await networkHelpers.loadFixture(forkOfOneEpoch);
    await prove(network, pair);
    const third = attest(network, 0, EPOCH, { work: 1n });
    await expect(prove(network, [pair[0], third], { by: network.carol }))
      .to.be.revertedWithCustomError(network.nodeOffences, "NodeOffences_AlreadyProven")
      .withArgs(offenceId(0, true, EPOCH));
  });

  it("names no reporter when the node's own wallet proves it", async () => {
    const { network, pair } = await networkHelpers.loadFixture(forkOfOneEpoch);
    await prove(network, pair, { by: network.alice });
    const record = (await network.nodeOffences.equivocationOf(offenceId(0, true, EPOCH))) as { reporter: string };
    expect(record.reporter).to.equal(ZeroAddress);
  });

  it("records after the horizon, and rewrites nothing then", async () => {
    const { network, pair } = await networkHelpers.loadFixture(forkOfOneEpoch);
    await goToEpoch(network, EPOCH + HORIZON + 1);
    await expect(prove(network, pair)).to.emit(network.nodeOffences, "NodeEquivocated");
    expect(await network.bridge.statusOf(0, EPOCH), "status").to.equal(ATTESTED);
  });

  it("punishes no member that signed the report", async () => {
    const { network, pair } = await networkHelpers.loadFixture(forkOfOneEpoch);
    await prove(network, pair);
    await honestReport(network, EPOCH + 1);
    expect(await network.committee.totalFrozen(), "frozen").to.equal(0n);
    expect(await network.committee.latestVersion(), "committee").to.equal(1n);
  });
});
