import { refuseDevelopmentKeys } from "@pqmesh/contracts/protocol/development-keys";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { visibleText } from "@pqmesh/contracts/protocol/visible-text";
import { type Command, Option } from "commander";
import {
  type Abi,
  type Address,
  createWalletClient,
  defineChain,
  encodeFunctionData,
  formatEther,
  type Hex,
  maxUint256,
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
import { type Allowance, allowanceOverride, approvalCall, isAllowed } from "./allowance.ts";
import { addressOf } from "./contracts.ts";
import { CliError, print } from "./output.ts";
import { type PasswordOptions, withPassword } from "./password.ts";
import { type Permit, permitDomain, signPermit } from "./token-permit.ts";
import { meshToken, type Token, tokenText } from "./tokens.ts";

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

/** What somebody wants to know before sending: in sentences, and as figures for `--json`. */
export interface Preview {
  /** What I get. */
  gets?: string[];
  /** When it unlocks. */
  unlocks?: string[];
  /** What I risk. */
  risks?: string[];
  /** The same as numbers: wei beside MESH, seconds beside days. */
  figures: Record<string, unknown>;
}

/** One call that a command would send. */
export interface PlannedCall {
  contract: keyof NetworkConfig["contracts"] | "PQAccount";
  /** Where it is, when network.json does not name it. */
  address?: Address;
  abi: Abi;
  functionName: string;
  args: readonly unknown[];
  /** Wei sent along; default none. */
  value?: bigint;
  /** Smallest units that the contract takes; where it may not take so much yet, a permit or a transaction before allows it. */
  takes?: bigint;
  /** Token of `takes`; default MESH. */
  token?: Token;
  /** The same call with a permit for what it takes, signed only to be sent; without this an approval goes before. */
  withPermit?(permit: Permit): Pick<PlannedCall, "functionName" | "args">;
  /** What it does, in one sentence. */
  sentence: string;
  /** What is true once it is mined, given what the simulation returns; one sentence each. */
  after(simulated: unknown): string[];
  /** What it brings, when that unlocks, and what is at risk, given what the simulation returns. */
  preview?(simulated: unknown): Preview;
}

/** What every sending command prints with `--json`. */
interface Outcome {
  dryRun: boolean;
  sentence: string;
  after: string[];
  preview?: Preview;
  /** What the wallet allows by a transaction before; its hash once it is sent. */
  approval?: ShownAllowance & { transaction: Hex | null };
  /** What the wallet allows by a signature, which a dry run does not ask for. */
  permit?: ShownAllowance & { signed: boolean };
  call: {
    from: Address;
    contract: string;
    address: Address;
    functionName: string;
    args: readonly unknown[];
    data: Hex;
  };
  /** Null before an approval or permit that is still to be given: chain nodes cannot tell it then. */
  gas: bigint | null;
  maxCostWei: bigint | null;
  transaction: { hash: Hex; blockNumber: bigint; gasUsed: bigint } | null;
  events: { name: string; args: unknown }[];
}

/** An allowance as it is printed; `wei` are the token's smallest units. */
type ShownAllowance = Pick<Allowance, "spender" | "wei"> & { token?: Token };

/** Longest argument that the text shows whole. */
const MAX_SHOWN = 80;
/** Gas sent for each unit of gas estimated, in percent: state may change before the transaction is mined. */
const GAS_MARGIN_PERCENT = 120n;

/** Adds `--network`, `--wallet`, `--password-file`, `--yes` and `--dry-run`. */
export function withWallet(command: Command): Command {
  return withPassword(withNetwork(command))
    .requiredOption("--wallet <file>", "keystore of the wallet that sends (key create --purpose wallet)")
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
  const address = addressOfCall(network, plan);
  const abi = withErrors(plan.abi);
  const { functionName, args, value } = plan;
  const plain = { address, abi, functionName, args, value };
  const isSent = options.yes === true;
  const missing = await missingAllowance(session, plan);
  const stateOverride = missing && (await allowanceOverride(session, missing));
  if (missing && !stateOverride) refuseUnknownToken(missing);
  const { result } = await client.simulateContract({ ...plain, account, ...(stateOverride && { stateOverride }) });
  const { call, leave } = missing ? await allow(session, { plan, plain, missing, isSent }) : { call: plain, leave: {} };
  const cost = missing && !isSent ? null : await estimateCost(session, call);
  const receipt = isSent && cost ? await send(session, { ...call, gas: cost.gas }) : undefined;
  const outcome: Outcome = {
    dryRun: !isSent,
    sentence: plan.sentence,
    after: plan.after(result),
    ...(plan.preview && { preview: plan.preview(result) }),
    ...leave,
    call: {
      ...{ from: account.address, contract: plan.contract, address, functionName: call.functionName, args: call.args },
      data: encodeFunctionData(call),
    },
    ...{ gas: cost?.gas ?? null, maxCostWei: cost?.maxCostWei ?? null },
    transaction: receipt
      ? { hash: receipt.transactionHash, blockNumber: receipt.blockNumber, gasUsed: receipt.gasUsed }
      : null,
    events: receipt ? eventsOf(receipt, abi, [...Object.values(network.contracts), address]) : [],
  };
  print(command, outcome, describe(outcome));
}

/** Address of the contract that a call is for. */
export function addressOfCall(
  network: NetworkConfig,
  { contract, address }: Pick<PlannedCall, "contract" | "address">,
): Address {
  if (address) return address;
  if (contract === "PQAccount") throw new Error("an account is named by its address");
  return addressOf(network, contract);
}

/** What the contract takes but may not take yet. @throws CliError when the wallet has less. */
async function missingAllowance(
  session: WalletSession,
  { takes, token = meshToken(session), ...plan }: PlannedCall,
): Promise<Allowance | undefined> {
  if (takes === undefined || takes === 0n) return undefined;
  const allowance = { spender: addressOfCall(session.network, plan), wei: takes, token };
  return (await isAllowed(session, allowance)) ? undefined : allowance;
}

interface Allowing {
  plan: PlannedCall;
  /** The call for a contract that may take the amount already. */
  plain: ContractCall;
  missing: Allowance;
  isSent: boolean;
}

/** Lets the contract take what is missing when the call is sent, and says how; returns the call to send. */
async function allow(
  session: WalletSession,
  { plan, plain, missing, isSent }: Allowing,
): Promise<{ call: ContractCall; leave: Pick<Outcome, "approval" | "permit"> }> {
  const { token, ...allowance } = missing;
  const shown = token.address === session.network.contracts.MeshToken ? allowance : missing;
  const domain = plan.withPermit && (await permitDomain(session, token));
  if (plan.withPermit && domain) {
    const call = isSent ? { ...plain, ...plan.withPermit(await signPermit(session, domain, missing)) } : plain;
    return { call, leave: { permit: { ...shown, signed: isSent } } };
  }
  const transaction = isSent ? (await sendCall(session, approvalCall(missing))).transactionHash : null;
  return { call: plain, leave: { approval: { ...shown, transaction } } };
}

/** @throws CliError: what follows cannot be simulated before the contract may take the amount. */
function refuseUnknownToken({ spender, wei, token }: Allowance): never {
  const first = `call approve(${spender}, ${wei}) of the token ${token.address} first`;
  throw new CliError(`where ${token.symbol} keeps its allowances is not known, so nothing can be simulated: ${first}`);
}

interface ContractCall {
  address: Address;
  abi: Abi;
  functionName: string;
  args: readonly unknown[];
  value?: bigint | undefined;
  /** Least gas to send along: a call that goes on after a part of it failed needs more than an estimate tells. */
  leastGas?: bigint;
}

/** Gas of a call and the most that it can cost. @throws CliError when the wallet has less. */
async function estimateCost(
  { client, account }: WalletSession,
  { leastGas = 0n, ...call }: ContractCall,
): Promise<{ gas: bigint; maxCostWei: bigint }> {
  const [estimate, { maxFeePerGas }, balance] = await Promise.all([
    client.estimateContractGas({ ...call, account }),
    client.estimateFeesPerGas(),
    client.getBalance({ address: account.address }),
  ]);
  const gas = estimate > leastGas ? estimate : leastGas;
  const maxCostWei = withMargin(gas) * maxFeePerGas;
  const needed = maxCostWei + (call.value ?? 0n);
  if (balance >= needed) return { gas, maxCostWei };
  const [has, needs] = [formatEther(balance), formatEther(needed)];
  throw new CliError(`wallet ${account.address} has ${has} of the chain's coin, ${needs} may be needed`);
}

async function send(
  { network, client, account }: WalletSession,
  { gas, address, abi, functionName, args, value }: ContractCall & { gas: bigint },
): Promise<TransactionReceipt> {
  const chain = defineChain({
    id: network.chainId,
    name: network.name,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [network.rpcUrl] } },
  });
  const wallet = createWalletClient({ account, chain, transport: chainTransport(network) });
  const hash = await wallet.writeContract({ address, abi, functionName, args, value, gas: withMargin(gas) });
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

function eventsOf({ logs }: TransactionReceipt, abi: Abi, contracts: readonly Address[]): Outcome["events"] {
  const known = new Set(contracts.map((address) => address.toLowerCase()));
  return parseEventLogs({ abi, logs })
    .filter(({ address }) => known.has(address.toLowerCase()))
    .map(({ eventName, args }) => ({ name: eventName, args }));
}

function describe(outcome: Outcome): string {
  const { dryRun, sentence, after, approval, permit, call, transaction } = outcome;
  const shown = call.args.map(shownArgument).join(", ");
  const rows = [
    sentence,
    ...(approval ? [approvalRow(approval, call)] : []),
    ...(permit ? [permitRow(permit, call)] : []),
    `  call   ${call.contract}.${call.functionName}(${shown})`,
    `  to     ${call.address}`,
    `  from   ${call.from}`,
    `  gas    ${gasText(outcome)}`,
    ...(transaction ? [`  sent   ${transaction.hash}, mined in block ${transaction.blockNumber}`] : []),
    ...section("What you get:", outcome.preview?.gets),
    ...section("When it unlocks:", outcome.preview?.unlocks),
    ...section("What you risk:", outcome.preview?.risks),
    ...section(dryRun ? "Afterwards:" : "Now:", after),
  ];
  if (dryRun) rows.push("Nothing was sent; repeat with --yes to send it.");
  return rows.join("\n");
}

function section(title: string, lines: string[] = []): string[] {
  return lines.length > 0 ? [title, ...lines.map((line) => `  ${line}`)] : [];
}

function approvalRow({ transaction, ...allowed }: NonNullable<Outcome["approval"]>, call: Outcome["call"]): string {
  const text = `${allowed.token?.symbol ?? "MeshToken"}.approve(${call.contract}, ${allowedText(allowed)})`;
  return `  first  ${text}${transaction ? `, sent ${transaction}` : " in a transaction of its own"}`;
}

function allowedText({ wei, token }: ShownAllowance): string {
  return token ? tokenText(wei, token) : `${formatEther(wei)} MESH`;
}

function permitRow({ signed, ...allowed }: NonNullable<Outcome["permit"]>, call: Outcome["call"]): string {
  const text = `permit for ${call.contract} to take ${allowedText(allowed)}`;
  return `  first  ${text}, ${signed ? "signed" : "signed only with --yes"}`;
}

function gasText({ gas, maxCostWei, transaction }: Outcome): string {
  if (transaction) return `${transaction.gasUsed} used`;
  if (gas === null || maxCostWei === null) return "known once the contract may take the tokens";
  return `${gas}, at most ${formatEther(maxCostWei)} ETH`;
}

/** An argument as text: lists and structs in brackets, the largest number as what it means. */
function shownArgument(argument: unknown): string {
  if (argument === maxUint256) return "all";
  if (typeof argument === "string") return shorten(visibleText(argument));
  if (Array.isArray(argument)) return `[${argument.map(shownArgument).join(", ")}]`;
  if (typeof argument !== "object" || argument === null) return shorten(String(argument));
  const fields = Object.entries(argument).map(([name, value]) => `${name}: ${shortHex(shownArgument(value))}`);
  return `{${fields.join(", ")}}`;
}

/** Signatures and the like, of which the ends are enough. */
function shortHex(text: string): string {
  return /^0x[0-9a-f]{64}$/.test(text) ? `${text.slice(0, 6)}…${text.slice(-4)}` : text;
}

function shorten(text: string): string {
  if (text.length <= MAX_SHOWN) return text;
  const length = text.startsWith("0x") ? `${text.length / 2 - 1} bytes` : `${text.length} characters`;
  return `${text.slice(0, 20)}…${text.slice(-8)} (${length})`;
}
