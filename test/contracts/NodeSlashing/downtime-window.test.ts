import { expect } from "chai";
import {
  acceptReport,
  disputedNetwork,
  EPOCH_SECONDS,
  goToEpoch,
  HORIZON,
} from "../disputes/support/dispute-fixture.ts";
import { connection, MIN_STAKE } from "../support/deployed-network.ts";

const { ethers, networkHelpers } = connection;
const WINDOW_EPOCHS = 3;
const UNBONDING_EPOCHS = 12;
/** First window after the fixture begins. */
const WINDOW = 5;

describe("NodeSlashing: windows of downtime", () => {
  it("are judged on the schedule of a devnet, before stake can leave", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const { slashing, staking, bob } = network;
    const first = WINDOW * WINDOW_EPOCHS;
    for (let epoch = first; epoch < first + WINDOW_EPOCHS; epoch++) {
      await acceptReport(network, { epoch, leaves: new Map(), absent: [0] });
    }
    await goToEpoch(network, first + WINDOW_EPOCHS + HORIZON);
    await expect(slashing.connect(bob).slashDowntime(0, WINDOW)).to.emit(slashing, "NodeJailed");
    expect(await staking.stakeOf(0), "a thousandth").to.equal((MIN_STAKE * 999n) / 1_000n);
  });

  it("are judged once, when they are final and as long as their stake cannot have left", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const { slashing, bob } = network;
    const first = WINDOW * WINDOW_EPOCHS;
    const judge = () => slashing.connect(bob).slashDowntime(0, WINDOW) as Promise<unknown>;
    const notOpen = [WINDOW, first, first + WINDOW_EPOCHS];
    for (let epoch = first; epoch < first + WINDOW_EPOCHS; epoch++) {
      await acceptReport(network, { epoch, leaves: new Map(), absent: [0] });
    }
    await expect(judge(), "not final")
      .to.be.revertedWithCustomError(slashing, "NodeSlashing_WindowNotOpen")
      .withArgs(...notOpen);
    await goToEpoch(network, first + WINDOW_EPOCHS + HORIZON);
    await judge();
    await expect(judge(), "twice")
      .to.be.revertedWithCustomError(slashing, "NodeSlashing_WindowJudged")
      .withArgs(0, WINDOW);
    await goToEpoch(network, first + UNBONDING_EPOCHS);
    await expect(slashing.connect(bob).slashDowntime(1, WINDOW), "too late")
      .to.be.revertedWithCustomError(slashing, "NodeSlashing_WindowNotOpen")
      .withArgs(...notOpen);
  });

  it("spare nodes that were absent in few epochs, or in a shard that was hardly reported", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const { slashing, bob } = network;
    const first = WINDOW * WINDOW_EPOCHS;
    await acceptReport(network, { epoch: first, leaves: new Map(), absent: [0, 1] });
    await acceptReport(network, { epoch: first + 1, leaves: new Map(), absent: [1] });
    await goToEpoch(network, first + WINDOW_EPOCHS + HORIZON);
    await network.bridge.markUnreported(0, 100n);
    await expect(slashing.connect(bob).slashDowntime(0, WINDOW), "absent in half of them")
      .to.be.revertedWithCustomError(slashing, "NodeSlashing_NotDown")
      .withArgs(0, 1, 2);
    await expect(slashing.connect(bob).slashDowntime(1, WINDOW), "absent in both").to.emit(slashing, "NodeJailed");
    const unreported = WINDOW + 1;
    await goToEpoch(network, (unreported + 1) * WINDOW_EPOCHS + HORIZON);
    await expect(slashing.connect(bob).slashDowntime(2, unreported), "no report at all")
      .to.be.revertedWithCustomError(slashing, "NodeSlashing_NotDown")
      .withArgs(2, 0, 0);
  });

  it("are refused at deployment when stake could leave before they are final", async () => {
    const { slashing, deployment, timelockSigner } = await networkHelpers.loadFixture(disputedNetwork);
    const { MeshToken, NodeRegistry, NetworkParameters, AttestationBridge, NodeRewards } = deployment.contracts;
    const links = {
      ...{ token: MeshToken, registry: NodeRegistry, parameters: NetworkParameters },
      ...{ bridge: AttestationBridge, rewards: NodeRewards, timelock: timelockSigner.address },
    };
    const most = UNBONDING_EPOCHS - HORIZON - 1;
    await ethers.deployContract("NodeSlashing", [links, most]);
    for (const window of [0, most + 1]) {
      await expect(ethers.deployContract("NodeSlashing", [links, window]), `${window} epochs`)
        .to.be.revertedWithCustomError(slashing, "NodeSlashing_WindowTooLong")
        .withArgs(window, (window + HORIZON) * EPOCH_SECONDS, UNBONDING_EPOCHS * EPOCH_SECONDS);
    }
  });
});
