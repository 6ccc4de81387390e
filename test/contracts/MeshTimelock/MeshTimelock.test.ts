import { meshTimelockAbi } from "@pqmesh/contracts/generated/mesh-timelock-abi";
import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";
import { connection, namedSigners } from "../support/deployed-network.ts";
import { key, tableArguments } from "../support/parameter-table.ts";
import { typedContract } from "../support/typed-contract.ts";

const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const DELAY = 100;
const REPLACEMENT = 10_000;
const KIND = { unlisted: 0, authorization: 1, execution: 2, rollback: 3, governance: 4 } as const;

/** A timelock that governs a table of one number: `set` is free, `setMany` is critical, the rest is not listed. */
async function dualControl() {
  const { deployer, council, alice, bob, mallory } = await namedSigners();
  const roles = [council.address, alice.address, ZeroAddress];
  const contract = await ethers.deployContract("MeshTimelock", [DELAY, REPLACEMENT, ...roles]);
  const timelock = typedContract(contract, meshTimelockAbi);
  const at = await contract.getAddress();
  const table = await ethers.deployContract("NetworkParameters", [...tableArguments(at, [{ id: "a", value: 5n }])]);
  const target = await table.getAddress();
  const selector = (name: string) => table.interface.getFunction(name)!.selector;
  await timelock.setPrivileges([
    { target, selector: selector("set"), kind: KIND.governance, isCritical: false },
    { target, selector: selector("setMany"), kind: KIND.governance, isCritical: true },
  ]);
  const call = (name: string, args: unknown[]) => ({
    to: target,
    data: table.interface.encodeFunctionData(name, args),
  });
  const self = (name: string, args: unknown[]) => ({ to: at, data: contract.interface.encodeFunctionData(name, args) });
  const calls = {
    free: call("set", [key("a"), 6n]),
    critical: call("setMany", [[{ id: key("a"), value: 7n }]]),
    unlisted: call("setEmergencyGuardian", [ZeroAddress, 0n]),
  };
  return { timelock, deployer, council, approver: alice, bob, mallory, calls, self, target, selector };
}

type DualControl = Awaited<ReturnType<typeof dualControl>>;
type Call = { to: string; data: string };

const batch = (calls: Call[]) =>
  [calls.map(({ to }) => to), calls.map(() => 0n), calls.map(({ data }) => data), ZeroHash, ZeroHash] as const;

/** Schedules calls and waits until they are ready; returns the operation's id. */
async function ready({ timelock, council }: DualControl, calls: Call[]): Promise<string> {
  await timelock.connect(council).scheduleBatch(...batch(calls), DELAY);
  await time.increase(DELAY);
  return (await timelock.hashOperationBatch(...batch(calls))) as string;
}

const execute = ({ timelock, mallory }: DualControl, calls: Call[]) =>
  timelock.connect(mallory).executeBatch(...batch(calls));

describe("MeshTimelock", () => {
  it("needs an approval", async () => {
    const dual = await loadFixture(dualControl);
    const operation = await ready(dual, [dual.calls.critical]);
    await expect(execute(dual, [dual.calls.critical]))
      .to.be.revertedWithCustomError(dual.timelock, "MeshTimelock_NotApproved")
      .withArgs(operation, 0);
    await expect(dual.timelock.connect(dual.approver).approve(operation))
      .to.emit(dual.timelock, "OperationApproved")
      .withArgs(operation, dual.approver.address);
    await expect(execute(dual, [dual.calls.critical])).to.emit(dual.timelock, "CallExecuted");
    expect(await dual.timelock.isApproved(operation), "after it").to.equal(false);
  });

  it("finds the approval of calls that are encoded in an unusual way", async () => {
    const dual = await loadFixture(dualControl);
    const { timelock, approver, mallory, calls } = dual;
    const operation = await ready(dual, [calls.critical]);
    const data = timelock.interface.encodeFunctionData("executeBatch", batch([calls.critical]));
    const transaction = { to: await timelock.getAddress(), data: `${data}00` };
    await expect(mallory.sendTransaction(transaction))
      .to.be.revertedWithCustomError(timelock, "MeshTimelock_NotApproved")
      .withArgs(operation, 0);
    await timelock.connect(approver).approve(operation);
    await expect(mallory.sendTransaction(transaction)).to.emit(timelock, "CallExecuted");
    expect(await timelock.isApproved(operation), "after it").to.equal(false);
  });

  it("needs an approval for a single call, too", async () => {
    const dual = await loadFixture(dualControl);
    const { timelock, council, approver, mallory, calls } = dual;
    const call = [calls.critical.to, 0n, calls.critical.data, ZeroHash, ZeroHash] as const;
    await timelock.connect(council).schedule(...call, DELAY);
    await time.increase(DELAY);
    const operation = (await timelock.hashOperation(...call)) as string;
    await expect(timelock.connect(mallory).execute(...call))
      .to.be.revertedWithCustomError(timelock, "MeshTimelock_NotApproved")
      .withArgs(operation, 0);
    await timelock.connect(approver).approve(operation);
    await expect(timelock.connect(mallory).execute(...call)).to.emit(timelock, "CallExecuted");
    expect(await timelock.isApproved(operation), "after it").to.equal(false);
  });

  it("is critical when one call of a batch is", async () => {
    const dual = await loadFixture(dualControl);
    const calls = [dual.calls.free, dual.calls.critical];
    await ready(dual, calls);
    await expect(execute(dual, calls)).to.be.revertedWithCustomError(dual.timelock, "MeshTimelock_NotApproved");
  });

  it("is critical when its function is not in the table", async () => {
    const dual = await loadFixture(dualControl);
    const { timelock, council, mallory, calls } = dual;
    await ready(dual, [calls.unlisted]);
    await expect(execute(dual, [calls.unlisted])).to.be.revertedWithCustomError(timelock, "MeshTimelock_NotApproved");
    const payment = [mallory.address, 0n, "0x", ZeroHash, ZeroHash] as const;
    await timelock.connect(council).schedule(...payment, DELAY);
    await time.increase(DELAY);
    await expect(timelock.execute(...payment)).to.be.revertedWithCustomError(timelock, "MeshTimelock_NotApproved");
  });

  it("needs another approval after it was cancelled", async () => {
    const dual = await loadFixture(dualControl);
    const { timelock, council, approver, calls } = dual;
    const operation = await ready(dual, [calls.critical]);
    await timelock.connect(approver).approve(operation);
    await timelock.connect(council).cancel(operation);
    await ready(dual, [calls.critical]);
    await expect(execute(dual, [calls.critical])).to.be.revertedWithCustomError(timelock, "MeshTimelock_NotApproved");
  });

  it("needs the delay alone", async () => {
    const dual = await loadFixture(dualControl);
    await dual.timelock.connect(dual.council).scheduleBatch(...batch([dual.calls.free]), DELAY);
    await expect(execute(dual, [dual.calls.free])).to.be.revertedWithCustomError(
      dual.timelock,
      "TimelockUnexpectedOperationState",
    );
    await time.increase(DELAY);
    await expect(execute(dual, [dual.calls.free])).to.emit(dual.timelock, "CallExecuted");
  });

  it("replaces the approver without approval after the long delay", async () => {
    const dual = await loadFixture(dualControl);
    const { timelock, approver, bob, self } = dual;
    const role = id("APPROVER_ROLE");
    const calls = [self("revokeRole", [role, approver.address]), self("grantRole", [role, bob.address])];
    const operation = await ready(dual, calls);
    const from = Number(await timelock.getTimestamp(operation)) + REPLACEMENT;
    await time.setNextBlockTimestamp(from - 1);
    await expect(execute(dual, calls))
      .to.be.revertedWithCustomError(timelock, "MeshTimelock_NotApproved")
      .withArgs(operation, from);
    await time.setNextBlockTimestamp(from);
    await execute(dual, calls);
    expect(await timelock.hasRole(role, bob.address), "new approver").to.equal(true);
    expect(await timelock.hasRole(role, approver.address), "old approver").to.equal(false);
  });

  it("lets nothing else through with it", async () => {
    const dual = await loadFixture(dualControl);
    const { timelock, bob, calls, self } = dual;
    const grant = self("grantRole", [id("APPROVER_ROLE"), bob.address]);
    const proposer = self("grantRole", [id("PROPOSER_ROLE"), bob.address]);
    for (const smuggled of [
      [grant, calls.critical],
      [grant, proposer],
    ]) {
      await ready(dual, smuggled);
      await time.increase(10 * REPLACEMENT);
      await expect(execute(dual, smuggled)).to.be.revertedWithCustomError(timelock, "MeshTimelock_NotApproved");
    }
  });

  it("refuses approvals by others and of what is not scheduled", async () => {
    const dual = await loadFixture(dualControl);
    const { timelock, council, approver, calls } = dual;
    const operation = await ready(dual, [calls.free]);
    await expect(timelock.connect(council).approve(operation)).to.be.revertedWithCustomError(
      timelock,
      "AccessControlUnauthorizedAccount",
    );
    await execute(dual, [calls.free]);
    for (const gone of [operation, ZeroHash]) {
      await expect(timelock.connect(approver).approve(gone))
        .to.be.revertedWithCustomError(timelock, "MeshTimelock_NotPending")
        .withArgs(gone);
    }
  });

  it("refuses one account both roles", async () => {
    const dual = await loadFixture(dualControl);
    const { timelock, approver, council, self } = dual;
    for (const [role, account] of [
      ["PROPOSER_ROLE", approver.address],
      ["APPROVER_ROLE", council.address],
    ] as const) {
      const calls = [self("grantRole", [id(role), account])];
      await timelock.connect(approver).approve(await ready(dual, calls));
      await expect(execute(dual, calls))
        .to.be.revertedWithCustomError(timelock, "MeshTimelock_RoleConflict")
        .withArgs(account);
    }
  });

  it("takes the table of the deployer once, then of itself alone", async () => {
    const dual = await loadFixture(dualControl);
    const { timelock, deployer, approver, target, selector, calls, self } = dual;
    const rows = [{ target, selector: selector("setMany"), kind: KIND.governance, isCritical: false }];
    await expect(timelock.connect(deployer).setPrivileges(rows))
      .to.be.revertedWithCustomError(timelock, "MeshTimelock_TableClosed")
      .withArgs(deployer.address);
    const change = [self("setPrivileges", [rows])];
    await timelock.connect(approver).approve(await ready(dual, change));
    await execute(dual, change);
    expect(await timelock.privilegeOf(target, selector("setMany")), "row").to.deep.equal([4n, false]);
    await ready(dual, [calls.critical]);
    await expect(execute(dual, [calls.critical])).to.emit(timelock, "CallExecuted");
  });

  it("takes a row that names no kind as critical", async () => {
    const dual = await loadFixture(dualControl);
    const { timelock, approver, target, selector, self } = dual;
    const row = { target, selector: selector("set"), kind: KIND.unlisted, isCritical: false };
    const change = [self("setPrivileges", [[row]])];
    await timelock.connect(approver).approve(await ready(dual, change));
    await execute(dual, change);
    expect(await timelock.privilegeOf(target, selector("set")), "row").to.deep.equal([0n, true]);
  });

  it("runs a single call that is not critical after the delay alone", async () => {
    const { timelock, council, mallory, calls } = await loadFixture(dualControl);
    const single = [calls.free.to, 0n, calls.free.data, ZeroHash, ZeroHash] as const;
    await timelock.connect(council).schedule(...single, DELAY);
    await time.increase(DELAY);
    await expect(timelock.connect(mallory).execute(...single)).to.emit(timelock, "CallExecuted");
  });

  it("refuses what is not ready, or of lengths that differ, as the stock timelock does", async () => {
    const dual = await loadFixture(dualControl);
    const { timelock, council, mallory, calls } = dual;
    await timelock.connect(council).scheduleBatch(...batch([calls.critical]), DELAY);
    await expect(execute(dual, [calls.critical])).to.be.revertedWithCustomError(
      timelock,
      "TimelockUnexpectedOperationState",
    );
    const { to, data } = calls.free;
    await expect(
      timelock.connect(mallory).executeBatch([to], [0n], [data, data], ZeroHash, ZeroHash),
    ).to.be.revertedWithCustomError(timelock, "TimelockInvalidOperationLength");
  });

  it("takes no short call of itself for a replacement, and a removal alone for one", async () => {
    const dual = await loadFixture(dualControl);
    const { timelock, approver, self } = dual;
    const short = [self("getMinDelay", [])];
    await ready(dual, short);
    const removal = [self("revokeRole", [id("APPROVER_ROLE"), approver.address])];
    await ready(dual, removal);
    const renouncing = [self("renounceRole", [id("APPROVER_ROLE"), approver.address])];
    await ready(dual, renouncing);
    await time.increase(REPLACEMENT);
    for (const calls of [short, renouncing]) {
      await expect(execute(dual, calls)).to.be.revertedWithCustomError(timelock, "MeshTimelock_NotApproved");
    }
    await expect(execute(dual, removal)).to.emit(timelock, "RoleRevoked");
  });
});
