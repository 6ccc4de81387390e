import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import type { RootOperation } from "@pqmesh/contracts/protocol/root-order";
import type { Command } from "commander";
import { naturalArgument } from "../arguments.ts";
import { type NetworkOptions, openNetwork, withNetwork } from "../chain-session.ts";
import { withExample } from "../help.ts";
import { readOrderState } from "../order-state.ts";
import { print } from "../output.ts";
import { type OrderOptions, prepareOrder, withOrder } from "../prepare-order.ts";
import { isoTime } from "../iso-time.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";

/** Adds `pqmesh lock …`. */
export function addLockCommands(program: Command): void {
  const lock = withExample(
    program
      .command("lock")
      .description("quantum lock: stake, owner and payee of an operator under its offline root key"),
    "lock set 1 --out lock.json",
    "key sign --request lock.json --keystore root.json --out signed.json",
    "root-order submit --signed signed.json --wallet any.json --yes",
    "lock show 1",
  );
  addOrder(lock, "set", {
    operation: "Lock",
    description: "write the order that locks an operator; on a locked one it cancels what its wallets have under way",
  });
  addOrder(lock, "release", { operation: "Unlock", description: "write the order that unlocks an operator at once" });

  withExample(withNetwork(lock.command("show")), "lock show 1 --json")
    .description("print whether an operator is locked, its root key and the number of its next order")
    .argument("<identityId>", "identity of the operator")
    .action(showLock);

  withExample(withWallet(lock.command("request-unlock")), "lock request-unlock 1 --wallet owner.json --yes")
    .description("ask for an unlock without the root key, possible after one year; the owner sends")
    .argument("<identityId>", "identity of the operator")
    .action(requestUnlock);

  withExample(withWallet(lock.command("complete-unlock")), "lock complete-unlock 1 --wallet owner.json --yes")
    .description("unlock one year after request-unlock; the owner sends")
    .argument("<identityId>", "identity of the operator")
    .action(completeUnlock);
}

function addOrder(
  lock: Command,
  name: string,
  { operation, description }: { operation: RootOperation; description: string },
): void {
  withExample(withOrder(lock.command(name)), `lock ${name} 1 --out order.json`)
    .description(description)
    .argument("<identityId>", "identity of the operator")
    .action((identityText: string, options: OrderOptions, command: Command) => {
      const identityId = naturalArgument("identityId", identityText);
      return prepareOrder(() => Promise.resolve({ operation, identityId }), { options, command });
    });
}

async function showLock(identityText: string, options: NetworkOptions, command: Command): Promise<void> {
  const identityId = naturalArgument("identityId", identityText);
  const { locked, nonce, rootKey, unlockAt } = await readOrderState(await openNetwork(options), identityId);
  const unlockAtIso = unlockAt === 0n ? null : isoTime(unlockAt);
  const rows = [
    locked
      ? `Identity ${identityId} is quantum-locked: only its root key moves stake, owner, beneficiary and the lock.`
      : `Identity ${identityId} is not quantum-locked: whoever has its wallets can take its stake.`,
    `  root key   ${rootKey}`,
    `  next order ${nonce}`,
    ...(unlockAtIso === null
      ? []
      : [`  The owner has asked for an unlock and can complete it from ${unlockAtIso} on (lock set cancels that).`]),
  ];
  print(command, { identityId, locked, nonce, rootKey, unlockAt, unlockAtIso }, rows.join("\n"));
}

async function requestUnlock(identityText: string, options: WalletOptions, command: Command): Promise<void> {
  const identityId = naturalArgument("identityId", identityText);
  const session = await openWalletSession(options);
  const [{ timestamp }, delay] = await Promise.all([
    session.client.getBlock(),
    session.client.readContract({
      ...{ address: session.network.contracts.NodeRegistry, abi: nodeRegistryAbi, functionName: "UNLOCK_DELAY" },
    }),
  ]);
  await runCall(
    session,
    {
      ...{ contract: "NodeRegistry", abi: nodeRegistryAbi, functionName: "requestUnlock", args: [identityId] },
      sentence: `Ask to unlock identity ${identityId} without its root key.`,
      after: () => [
        `The owner can complete it from about ${isoTime(timestamp + delay)} on (lock complete-unlock).`,
        "Until then everything stays locked, and the root key can cancel it (lock set).",
      ],
    },
    { options, command },
  );
}

async function completeUnlock(identityText: string, options: WalletOptions, command: Command): Promise<void> {
  const identityId = naturalArgument("identityId", identityText);
  const session = await openWalletSession(options);
  await runCall(
    session,
    {
      ...{ contract: "NodeRegistry", abi: nodeRegistryAbi, functionName: "completeUnlock", args: [identityId] },
      sentence: `Unlock identity ${identityId}, one year after it was asked for.`,
      after: () => [`The wallets of identity ${identityId} can do everything again.`],
    },
    { options, command },
  );
}
