import { expect } from "chai";
import {
  answer,
  challenge,
  disputedNetwork,
  FIRST_EPOCH,
  goToEpoch,
  HORIZON,
  honestReport,
  seatWallet,
} from "../disputes/support/dispute-fixture.ts";
import { connection, MESH } from "../support/deployed-network.ts";
import type { Payment } from "./support/reward-model.ts";
import { paymentIn } from "./support/reward-payment.ts";

const { networkHelpers } = connection;
const WORD = 256;
const EPOCH = FIRST_EPOCH + 1;

/** Word 0 is final, with a challenge about node 0 that has not ended. */
async function heldWord({ isAnswered }: { isAnswered: boolean }) {
  const network = await networkHelpers.loadFixture(disputedNetwork);
  const { disputes, rewards } = network;
  const accepted = await honestReport(network, EPOCH);
  const id = await challenge(network, accepted, 0);
  if (isAnswered) await disputes.connect(seatWallet(network, 0)).respond(id, ...answer(accepted, 0, 0));
  await goToEpoch(network, WORD + HORIZON);
  await rewards.closeWords(1);
  return { ...network, id };
}

type Held = Awaited<ReturnType<typeof heldWord>>;

async function paid(network: Held, node: number): Promise<Payment | undefined> {
  return paymentIn(network, network.rewards.claim([node]));
}

describe("NodeRewards: disputed words", () => {
  it("wait for a challenge that nobody answered, and are paid once after its end", async () => {
    const network = await heldWord({ isAnswered: false });
    const { disputes, rewards } = network;
    expect(await paid(network, 0), "held").to.equal(undefined);
    expect(await rewards.nextWordOf(0), "not claimed").to.equal(0n);
    expect((await rewards.preview(0)).untilWord, "preview").to.equal(0n);
    const other = await paid(network, 1);
    expect(other!.toOperator > 0n, "another node is paid").to.equal(true);
    await disputes.expireChallenge(network.id);
    const late = await paid(network, 0);
    expect(late!.toOperator < other!.toOperator && late!.returned > other!.returned, "an absence less").to.equal(true);
    expect(late!.toOperator + late!.returned, "of the same").to.equal(other!.toOperator + other!.returned);
    expect(await paid(network, 0), "once").to.equal(undefined);
  });

  it("are paid in full after an answer that stood", async () => {
    const network = await heldWord({ isAnswered: true });
    expect(await paid(network, 0), "held").to.equal(undefined);
    await network.disputes.dismissChallenge(network.id);
    expect(await paid(network, 0), "as another node").to.deep.equal(await paid(network, 1));
    expect(await paid(network, 0), "once").to.equal(undefined);
  });

  it("do not hold back the words before them", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const { bridge, rewards, disputes } = network;
    await goToEpoch(network, 2 * WORD);
    await network.bridge.markUnreported(0, 2 * WORD);
    const arbiter = await connection.ethers.getImpersonatedSigner(await disputes.getAddress());
    await networkHelpers.setBalance(arbiter.address, MESH);
    await bridge.connect(arbiter).countDispute(0, WORD, false);
    await goToEpoch(network, 2 * WORD + HORIZON);
    await rewards.claim([0]);
    expect(await rewards.nextWordOf(0), "up to the dispute").to.equal(1n);
    await bridge.connect(arbiter).countDispute(0, WORD, true);
    await rewards.claim([0]);
    expect(await rewards.nextWordOf(0), "beyond it").to.equal(2n);
  });

  it("let nobody join before they are paid", async () => {
    const network = await heldWord({ isAnswered: false });
    const { delegation, rewards, disputes, mallory } = network;
    const joining = () => delegation.connect(mallory).delegate(0, 10n * MESH, 0n) as Promise<unknown>;
    await expect(joining()).to.be.revertedWithCustomError(rewards, "NodeRewards_NotSettled").withArgs(0, 0, 1);
    await disputes.expireChallenge(network.id);
    await joining();
    expect(await rewards.nextWordOf(0), "settled").to.equal(1n);
  });
});
