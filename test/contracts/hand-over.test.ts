import { meshTimelockAbi } from "@pqmesh/contracts/generated/mesh-timelock-abi";
import { expect } from "chai";
import { type Contract, id } from "ethers";
import { type Address, encodeFunctionData, type Hex } from "viem";
import { handOverOperation } from "../../scripts/deploy/hand-over.ts";
import {
  approveOperation,
  executeOperation,
  scheduleOperation,
  type TimelockOperation,
} from "../../scripts/deploy/timelock-operation.ts";
import { connection, deployedNetwork } from "./support/deployed-network.ts";

const { ethers, networkHelpers } = connection;

async function networkWithGovernor() {
  const network = await deployedNetwork();
  const governor = network.deployment.contracts.MeshGovernor;
  const plain = network.deployment.instances.MeshTimelock;
  const timelockOf = (signer: typeof network.council): Contract => plain.connect(signer) as Contract;
  const operation = await handOverOperation(plain, { interimProposer: network.council.address, governor });
  const roles = [
    (await network.timelock.PROPOSER_ROLE()) as string,
    (await network.timelock.CANCELLER_ROLE()) as string,
  ];
  return { ...network, governor, timelockOf, operation, roles };
}

function roleCall(functionName: "grantRole" | "revokeRole", account: string): Hex {
  const args = [id("APPROVER_ROLE") as Hex, account as Address] as const;
  return encodeFunctionData({ abi: meshTimelockAbi, functionName, args });
}

describe("Hand-over of the timelock", () => {
  it("makes the governor the only proposer and canceller", async () => {
    const { timelock, timelockOf, operation, roles, governor, council, approver, mallory } =
      await networkHelpers.loadFixture(networkWithGovernor);
    await networkHelpers.time.increaseTo(await scheduleOperation(timelockOf(council), operation));
    await approveOperation(timelockOf(approver), operation);
    await executeOperation(timelockOf(mallory), operation);
    for (const role of roles) {
      expect(await timelock.hasRole(role, governor), "governor").to.equal(true);
      expect(await timelock.hasRole(role, council.address), "interim proposer").to.equal(false);
    }
    const again = { ...operation, name: "again" };
    await expect(scheduleOperation(timelockOf(council), again))
      .to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount")
      .withArgs(council.address, roles[0]);
  });

  it("waits for the approver, who stays", async () => {
    const { timelock, timelockOf, operation, council, approver, mallory } =
      await networkHelpers.loadFixture(networkWithGovernor);
    await networkHelpers.time.increaseTo(await scheduleOperation(timelockOf(council), operation));
    await expect(executeOperation(timelockOf(mallory), operation)).to.be.revertedWithCustomError(
      timelock,
      "MeshTimelock_NotApproved",
    );
    await approveOperation(timelockOf(approver), operation);
    await executeOperation(timelockOf(mallory), operation);
    const role = (await timelock.APPROVER_ROLE()) as string;
    expect(await timelock.hasRole(role, approver.address), "approver").to.equal(true);
  });

  it("leaves the governor able to replace an approver who refuses", async () => {
    const { timelock, timelockOf, operation, governor, council, approver, mallory, alice } =
      await networkHelpers.loadFixture(networkWithGovernor);
    await networkHelpers.time.increaseTo(await scheduleOperation(timelockOf(council), operation));
    await approveOperation(timelockOf(approver), operation);
    await executeOperation(timelockOf(mallory), operation);
    const to = (await timelock.getAddress()) as Address;
    const replacement: TimelockOperation = {
      name: "another approver",
      calls: [
        { to, data: roleCall("revokeRole", approver.address) },
        { to, data: roleCall("grantRole", alice.address) },
      ],
    };
    const asGovernor = await ethers.getImpersonatedSigner(governor);
    await networkHelpers.setBalance(governor, 10n ** 18n);
    const readyAt = await scheduleOperation(timelockOf(asGovernor), replacement);
    const unapprovedFrom = readyAt + Number(await timelock.replacementDelay());
    await networkHelpers.time.setNextBlockTimestamp(unapprovedFrom - 1);
    await expect(executeOperation(timelockOf(mallory), replacement)).to.be.revertedWithCustomError(
      timelock,
      "MeshTimelock_NotApproved",
    );
    await networkHelpers.time.setNextBlockTimestamp(unapprovedFrom);
    await executeOperation(timelockOf(mallory), replacement);
    const role = (await timelock.APPROVER_ROLE()) as string;
    expect(await timelock.hasRole(role, alice.address), "new approver").to.equal(true);
    expect(await timelock.hasRole(role, approver.address), "old approver").to.equal(false);
  });

  it("waits for the timelock's delay", async () => {
    const { timelock, timelockSigner, timelockOf, operation, council } =
      await networkHelpers.loadFixture(networkWithGovernor);
    await timelock.connect(timelockSigner).updateDelay(1_000n);
    const now = await networkHelpers.time.latest();
    const readyAt = await scheduleOperation(timelockOf(council), operation);
    expect(readyAt, "ready").to.be.at.least(now + 1_000);
    await expect(executeOperation(timelockOf(council), operation)).to.be.revertedWithCustomError(
      timelock,
      "TimelockUnexpectedOperationState",
    );
  });

  it("cannot be started by anybody but the proposer", async () => {
    const { timelock, timelockOf, operation, deployer, mallory } =
      await networkHelpers.loadFixture(networkWithGovernor);
    for (const stranger of [deployer, mallory]) {
      await expect(scheduleOperation(timelockOf(stranger), operation)).to.be.revertedWithCustomError(
        timelock,
        "AccessControlUnauthorizedAccount",
      );
    }
  });

  it("refuses a governor without code", async () => {
    const { deployment, council, mallory } = await networkHelpers.loadFixture(networkWithGovernor);
    const parties = { interimProposer: council.address, governor: mallory.address };
    const failure = await handOverOperation(deployment.instances.MeshTimelock, parties).catch(String);
    expect(failure).to.equal(
      `Error: governor ${mallory.address} is not a contract: a wallet must not own the timelock for good`,
    );
  });

  it("refuses to hand over to the interim proposer", async () => {
    const { deployment, council } = await networkHelpers.loadFixture(networkWithGovernor);
    const parties = { interimProposer: council.address, governor: ethers.getAddress(council.address) };
    const failure = await handOverOperation(deployment.instances.MeshTimelock, parties).catch(String);
    expect(failure).to.match(/is the interim proposer: after the hand-over nobody could propose/);
  });
});
