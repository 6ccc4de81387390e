import { refuseDevelopmentKeys } from "@pqmesh/contracts/protocol/development-keys";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { type Command, Option } from "commander";
import {
  type Abi,
  type Address,
  createWalletClient,
  defineChain,
  encodeFunctionData,
  formatEther,
  type Hex,
  parseEventLogs,
  type TransactionReceipt,
} from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import {
  chainTransport,
  type NetworkOptions,
  openNetwork,
  openWallet,
  type Session,
  withErrors,
  withNetwork,
} from "./chain-session.ts";
import { CliError, print } from "./output.ts";
import { type PasswordOptions, withPassword } from "./password.ts";

/** Options of every command that sends a transaction. */
export interface WalletOptions extends NetworkOptions, PasswordOptions {
  wallet: string;
  yes?: boolean;
  dryRun?: boolean;
}

/** A session with the wallet that sends. */
export interface WalletSession extends Session {
  account: PrivateKeyAccount;
}

/** One call that a command would send. */
export interface PlannedCall {
  contract: "NodeRegistry" | "NodeStaking" | "AttestationDisputes" | "SelfAttestation";
  abi: Abi;
  functionName: string;
  args: readonly unknown[];
  /** Wei sent along; default none. */
  value?: bigint;
  /** What it does, in one sentence. */
  sentence: string;
  /** What is true once it is mined, given what the simulation returns; one sentence each. */
  after(simulated: unknown): string[];
}

/** What every sending command prints with `--json`. */
interface Outcome {
  dryRun: boolean;
  sentence: string;
  after: string[];
  call: {
    from: Address;
    contract: string;
    address: Address;
    functionName: string;
    args: readonly unknown[];
    data: Hex;
  };
  gas: bigint;
  maxCostWei: bigint;
  transaction: { hash: Hex; blockNumber: bigint; gasUsed: bigint } | null;
  events: { name: string; args: unknown }[];
}

/** Longest argument that the text shows whole. */
const MAX_SHOWN = 80;
/** Gas sent for each unit of gas estimated, in percent: state may change before the transaction is mined. */
const GAS_MARGIN_PERCENT = 120n;

/** Adds `--network`, `--wallet`, `--password-file`, `--yes` and `--dry-run`. */
export function withWallet(command: Command): Command {
  return withPassword(withNetwork(command))
    .requiredOption("--wallet <file>", "keystore of the wallet that sends (key create --for wallet)")
    .option("--yes", "send; without it, only simulate and say what would happen")
    .addOption(
      new Option("--dry-run", "simulate and print call, gas and outcome; the same as without --yes").conflicts("yes"),
    );
}

/** Connects and opens the wallet. */
export async function openWalletSession(options: WalletOptions): Promise<WalletSession> {
  const session = await openNetwork(options);
  const account = await openWallet(options.wallet, options);
  refuseDevelopmentKeys(session.network.chainId, { wallet: account.address });
  return { ...session, account };
}

/** Simulates a call and, with `--yes`, sends it and waits until it is mined; prints the outcome. */
export async function runCall(
  session: WalletSession,
  plan: PlannedCall,
  { options, command }: { options: WalletOptions; command: Command },
): Promise<void> {
  const { network, client, account } = session;
  const address = network.contracts[plan.contract];
  const abi = withErrors(plan.abi);
  const { functionName, args, value } = plan;
  const { result } = await client.simulateContract({ address, abi, functionName, args, account, value });
  const { gas, maxCostWei } = await estimateCost(session, { address, abi, functionName, args, value });
  const isSent = options.yes === true;
  const receipt = isSent ? await send(session, { address, abi, functionName, args, value, gas }) : undefined;
  const outcome: Outcome = {
    dryRun: !isSent,
    sentence: plan.sentence,
    after: plan.after(result),
    call: {
      ...{ from: account.address, contract: plan.contract, address, functionName, args },
      data: encodeFunctionData({ abi, functionName, args }),
    },
    ...{ gas, maxCostWei },
    transaction: receipt
      ? { hash: receipt.transactionHash, blockNumber: receipt.blockNumber, gasUsed: receipt.gasUsed }
      : null,
    events: receipt ? eventsOf(receipt, abi, network) : [],
  };
  print(command, outcome, describe(outcome));
}

interface ContractCall {
  address: Address;
  abi: Abi;
  functionName: string;
  args: readonly unknown[];
  value?: bigint | undefined;
}

/** Gas of a call and the most that it can cost. @throws CliError when the wallet has less. */
async function estimateCost(
  { client, account }: WalletSession,
  call: ContractCall,
): Promise<{ gas: bigint; maxCostWei: bigint }> {
  const [gas, { maxFeePerGas }, balance] = await Promise.all([
    client.estimateContractGas({ ...call, account }),
    client.estimateFeesPerGas(),
    client.getBalance({ address: account.address }),
  ]);
  const maxCostWei = withMargin(gas) * maxFeePerGas;
  const needed = maxCostWei + (call.value ?? 0n);
  if (balance >= needed) return { gas, maxCostWei };
  const [has, needs] = [formatEther(balance), formatEther(needed)];
  throw new CliError(`wallet ${account.address} has ${has} of the chain's coin, ${needs} may be needed`);
}

async function send(
  { network, client, account }: WalletSession,
  { gas, ...call }: ContractCall & { gas: bigint },
): Promise<TransactionReceipt> {
  const chain = defineChain({
    id: network.chainId,
    name: network.name,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [network.rpcUrl] } },
  });
  const wallet = createWalletClient({ account, chain, transport: chainTransport(network) });
  const hash = await wallet.writeContract({ ...call, gas: withMargin(gas) });
  const receipt = await client.waitForTransactionReceipt({ hash }).catch((cause: unknown) => {
    throw new CliError(`transaction ${hash} was sent, but it is not known whether it was mined`, undefined, { cause });
  });
  if (receipt.status !== "success") throw new CliError(`transaction ${hash} was mined but reverted`);
  return receipt;
}

/** Estimates a call, sends it and waits until it is mined. @throws CliError when the wallet cannot pay for it. */
export async function sendCall(session: WalletSession, call: ContractCall): Promise<TransactionReceipt> {
  const withAll = { ...call, abi: withErrors(call.abi) };
  const { gas } = await estimateCost(session, withAll);
  return send(session, { ...withAll, gas });
}

function withMargin(gas: bigint): bigint {
  return (gas * GAS_MARGIN_PERCENT) / 100n;
}

function eventsOf({ logs }: TransactionReceipt, abi: Abi, { contracts }: NetworkConfig): Outcome["events"] {
  const known = new Set(Object.values(contracts).map((address) => address.toLowerCase()));
  return parseEventLogs({ abi, logs })
    .filter(({ address }) => known.has(address.toLowerCase()))
    .map(({ eventName, args }) => ({ name: eventName, args }));
}

function describe({ dryRun, sentence, after, call, gas, maxCostWei, transaction }: Outcome): string {
  const shown = call.args.map((arg) => shorten(String(arg))).join(", ");
  const rows = [
    sentence,
    `  call   ${call.contract}.${call.functionName}(${shown})`,
    `  to     ${call.address}`,
    `  from   ${call.from}`,
    `  gas    ${transaction ? `${transaction.gasUsed} used` : `${gas}, at most ${formatEther(maxCostWei)} ETH`}`,
    ...(transaction ? [`  sent   ${transaction.hash}, mined in block ${transaction.blockNumber}`] : []),
    dryRun ? "Afterwards:" : "Now:",
    ...after.map((line) => `  ${line}`),
  ];
  if (dryRun) rows.push("Nothing was sent; repeat with --yes to send it.");
  return rows.join("\n");
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, 20)}…${text.slice(-8)} (${text.length / 2 - 1} bytes)` : text;
}
