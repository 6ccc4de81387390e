import { parseArgs } from "node:util";
import { isAddress, type Contract } from "ethers";
import hre from "hardhat";
import { approveOperation, executeOperation, scheduleOperation, type TimelockOperation } from "./timelock-operation.ts";

/** Who hands the timelock over to whom. */
export interface HandOver {
  interimProposer: string;
  governor: string;
}

/**
 * The operation by which the timelock itself makes the governor its only proposer and canceller. It is critical, so that
 * the approver approves it. The approver stays: from then on it can withhold what the governor decided, and nothing else,
 * and the governor can replace it, without its approval once `replacementDelay` is over.
 *
 * @throws Error when governor and interim proposer are the same, or the governor is no contract.
 */
export async function handOverOperation(
  timelock: Contract,
  { interimProposer, governor }: HandOver,
): Promise<TimelockOperation> {
  if (governor.toLowerCase() === interimProposer.toLowerCase()) {
    throw new Error(`governor ${governor} is the interim proposer: after the hand-over nobody could propose`);
  }
  if ((await timelock.runner?.provider?.getCode(governor)) === "0x") {
    throw new Error(`governor ${governor} is not a contract: a wallet must not own the timelock for good`);
  }
  const to = await timelock.getAddress();
  const role = (name: string): Promise<string> => timelock.getFunction(name)() as Promise<string>;
  const roles = [await role("PROPOSER_ROLE"), await role("CANCELLER_ROLE")];
  const encode = (name: string, role: string, account: string): string =>
    timelock.interface.encodeFunctionData(name, [role, account]);
  const calls = [
    ...roles.map((role) => ({ to, data: encode("grantRole", role, governor) })),
    ...roles.map((role) => ({ to, data: encode("revokeRole", role, interimProposer) })),
  ];
  return { calls, name: `hand over to ${governor.toLowerCase()}` };
}

const help = `Usage: node scripts/deploy/hand-over.ts schedule|approve|execute [options]

Makes a governor the only proposer and canceller of the timelock. "schedule" is sent by the interim proposer, "approve"
by the approver, "execute" by anyone once it is approved and the timelock's delay has passed; the account is the first
one of the network. The approver stays; the DAO can replace it.

Options:
  --network NETWORK    network of hardhat.config.ts
  --timelock ADDRESS   the timelock
  --proposer ADDRESS   interim proposer that loses its roles
  --governor ADDRESS   governor that receives them
  --help               show this text`;

async function main(): Promise<void> {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { network: text, timelock: text, proposer: text, governor: text, help: { type: "boolean" } },
  });
  const [step] = positionals;
  if (values.help || step === undefined || values.network === undefined) return console.log(help);
  if (step !== "schedule" && step !== "approve" && step !== "execute")
    throw new Error(`there is no step "${step}"; see --help`);
  const address = (option: "timelock" | "proposer" | "governor"): string => {
    const value: unknown = values[option];
    if (!isAddress(value)) throw new Error(`--${option} must be an address, it is "${String(value)}"`);
    return value;
  };
  const { ethers } = await hre.network.create(values.network);
  const timelock = await ethers.getContractAt("MeshTimelock", address("timelock"));
  const parties = { interimProposer: address("proposer"), governor: address("governor") };
  const operation = await handOverOperation(timelock, parties);
  if (step === "schedule") {
    const readyAt = await scheduleOperation(timelock, operation);
    console.log(`scheduled; it can be executed from ${new Date(readyAt * 1000).toISOString()} on`);
  } else if (step === "approve") {
    console.log(`approved; it is operation ${await approveOperation(timelock, operation)}`);
  } else {
    await executeOperation(timelock, operation);
    console.log(`executed; ${parties.governor} is the only proposer`);
  }
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
}
