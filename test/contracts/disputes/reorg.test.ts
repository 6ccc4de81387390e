import { expect } from "chai";
import { concat, id } from "ethers";
import type { Hex } from "viem";
import { connection } from "../support/deployed-network.ts";
import {
  acceptReport,
  answer,
  attest,
  buildReport,
  challenge,
  type DisputedNetwork,
  disputedNetwork,
  FIRST_EPOCH,
  goToEpoch,
  honestReport,
  seatWallet,
  WINDOW,
} from "./support/dispute-fixture.ts";

const { ethers, networkHelpers } = connection;
const EPOCH = FIRST_EPOCH + 1;
const REORG_DEPTH = 12;
const ATTESTED = 2n;
const ABSENT = 3n;
const STATE = { open: 2n, answered: 3n, upheld: 4n };

async function viewOf({ disputes }: DisputedNetwork, challengeId: bigint) {
  return (await disputes.challengeOf(challengeId)) as { state: bigint; until: bigint };
}

/** Replaces what `before` did by other blocks, as a reorg of the supported depth does. */
async function reorg(before: () => Promise<unknown>): Promise<void> {
  const snapshot = await networkHelpers.takeSnapshot();
  await before();
  await snapshot.restore();
  await networkHelpers.mine(3);
}

describe("Disputes: reorgs inside the windows", () => {
  it("accepts a report again in other blocks, with the beacon that was signed", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    await goToEpoch(network, EPOCH + WINDOW);
    await networkHelpers.mine(REORG_DEPTH + 2);
    const leaves = new Map([0, 1, 2, 3].map((i) => [i, attest(network, i, EPOCH)] as const));
    const made = await buildReport(network, { epoch: EPOCH, leaves });
    const signatures = concat([0, 1, 2].map((seat) => network.members[seat].signEcdsa(made.digest)));
    const submit = () => network.bridge.submitReport(made.report, made.summary.signers, signatures);
    await reorg(submit);
    await submit();
    expect(await network.bridge.statusOf(0, EPOCH)).to.equal(ATTESTED);
  });

  it("takes an answer again that a reorg dropped, while its time lasts", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await honestReport(network, EPOCH);
    const asked = await challenge(network, accepted, 0);
    const respond = () => network.disputes.connect(seatWallet(network, 1)).respond(asked, ...answer(accepted, 0, 1));
    await reorg(respond);
    expect((await viewOf(network, asked)).state, "after the reorg").to.equal(STATE.open);
    await respond();
    expect((await viewOf(network, asked)).state, "sent again").to.equal(STATE.answered);
    expect(await network.committee.totalFrozen(), "slashed").to.equal(0n);
  });

  it("gives a challenge that a reorg moved a clock of its own", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await honestReport(network, EPOCH);
    let first = 0n;
    await reorg(async () => (first = (await viewOf(network, await challenge(network, accepted, 0))).until));
    await networkHelpers.time.increase(100);
    const asked = await challenge(network, accepted, 0);
    expect((await viewOf(network, asked)).until > first, "later").to.equal(true);
    await networkHelpers.time.increaseTo(first);
    await network.disputes.connect(seatWallet(network, 0)).respond(asked, ...answer(accepted, 0, 0));
    expect((await viewOf(network, asked)).state, "answered after the first clock").to.equal(STATE.answered);
  });

  it("ends an unanswered challenge the same way before and after a reorg", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const leaves = new Map([1, 2, 3].map((i) => [i, attest(network, i, EPOCH)] as const));
    const rawLeaves = new Map([[0, id("garbage") as Hex]]);
    const accepted = await acceptReport(network, { epoch: EPOCH, leaves, rawLeaves });
    const asked = await challenge(network, accepted, 0);
    await networkHelpers.time.increaseTo((await viewOf(network, asked)).until);
    const { disputes, committee, bridge } = network;
    const frozen: bigint[] = [];
    const expire = async () => {
      await disputes.expireChallenge(asked);
      frozen.push((await committee.totalFrozen()) as bigint);
    };
    await reorg(expire);
    await expire();
    expect(frozen[0], "slashed once in either history").to.equal(frozen[1]);
    expect((await viewOf(network, asked)).state).to.equal(STATE.upheld);
    expect(await bridge.statusOf(0, EPOCH)).to.equal(ABSENT);
  });

  it("needs a claim that is old enough in the chain that counts", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const { disputes, mallory } = network;
    const claim = id("a claim");
    await reorg(() => disputes.connect(mallory).claimEvidence(claim));
    expect(await disputes.claimedAt(claim), "after the reorg").to.equal(0n);
    await disputes.connect(mallory).claimEvidence(claim);
    expect(await disputes.claimedAt(claim), "made again").to.equal(await ethers.provider.getBlockNumber());
  });
});
