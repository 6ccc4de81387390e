import { useQueryClient } from "@tanstack/react-query";
import { errorsAbi } from "@pqmesh/contracts/generated/errors-abi";
import { useCallback, useEffect, useReducer, useRef } from "react";
import {
  type Abi,
  type Address,
  BaseError,
  ContractFunctionRevertedError,
  type Hex,
  type TransactionReceipt,
  WaitForTransactionReceiptTimeoutError,
} from "viem";
import { type Config, useConfig } from "wagmi";
import { signTypedData, writeContract } from "wagmi/actions";
import { explainError } from "../lib/error-sentences.ts";
import type { NetworkServices } from "../lib/network-services.ts";
import type { ContractCall, NextCall, TransactionPlan } from "../lib/transaction-plan.ts";
import { nextTransactionState, type TransactionEvent, type TransactionState } from "../lib/transaction-state.ts";
import { useNetwork } from "./use-network.ts";

/** Milliseconds after which a transaction counts as slow, and after which it is given up. */
const SLOW_MS = 60_000;
const GIVE_UP_MS = 600_000;

/** Gas that a transaction may use at most (EIP-7825). */
const MOST_GAS = 16_777_216n;

/** Gas of votes that begin new checkpoints: an estimate in the second of the last change only overwrites old ones. */
const CHECKPOINTS_GAS = 60_000n;

/** A transaction that a dialog drives. */
export interface TransactionRun {
  state: TransactionState;
  /** Signs, sends and waits for every step of the plan. */
  start: (plan: TransactionPlan, account: Address) => void;
  /** Forgets the run; what the wallet or chain still does with it is no longer shown. */
  reset: () => void;
}

interface RunContext {
  services: NetworkServices;
  wagmi: Config;
  account: Address;
  say: (event: TransactionEvent) => void;
  /** False once the dialog was closed: nothing more is asked of the wallet then. */
  isWatched: () => boolean;
}

/** The only place that asks the wallet to sign or send. */
export function useTransaction(): TransactionRun {
  const services = useNetwork();
  const wagmi = useConfig();
  const queries = useQueryClient();
  const [state, dispatch] = useReducer(nextTransactionState, { phase: "review" });
  const current = useRef(0);
  const abandon = useCallback(() => {
    current.current += 1;
    services.pending.release();
  }, [services]);
  const reset = useCallback(() => {
    abandon();
    dispatch({ type: "reset" });
  }, [abandon]);
  useEffect(() => abandon, [abandon]);
  const start = useCallback(
    (plan: TransactionPlan, account: Address) => {
      const run = ++current.current;
      const isWatched = (): boolean => run === current.current;
      const say = (event: TransactionEvent): void => {
        if (isWatched()) dispatch(event);
      };
      void runPlan(plan, { services, wagmi, account, say, isWatched }).finally(() => {
        void queries.invalidateQueries({ queryKey: ["wallet"] });
        void queries.invalidateQueries({ queryKey: ["network"] });
      });
    },
    [queries, services, wagmi],
  );
  return { state, start, reset };
}

async function runPlan(plan: TransactionPlan, context: RunContext): Promise<void> {
  const { say } = context;
  try {
    const receipt = await runSteps(plan, context);
    if (receipt) say({ type: "mined", hash: receipt.transactionHash, sentence: plan.outcome(receipt) });
  } catch (error) {
    console.error(error);
    const { declined, sentence } = explainError(error);
    say(declined ? { type: "declined", sentence } : { type: "failed", sentence });
  }
}

/** Receipt of the last step; undefined when one failed, which has been said then, or when nobody watches any more. */
async function runSteps(plan: TransactionPlan, context: RunContext): Promise<TransactionReceipt | undefined> {
  const signatures: Hex[] = [];
  let receipt: TransactionReceipt | undefined;
  for (const [step, item] of plan.steps.entries()) {
    if (!context.isWatched()) return undefined;
    if (item.kind === "sign") {
      const typedData = await item.typedData();
      context.say({ type: "confirm", step });
      signatures.push(await signTypedData(context.wagmi, { ...typedData, account: context.account }));
      continue;
    }
    context.say({ type: "simulate", step });
    if (item.next) await rehearse(item.next(context.account), context);
    receipt = await sendCall(item.call(signatures), { plan, step }, context);
    if (!receipt) return undefined;
  }
  return receipt;
}

/** Simulates what follows an approval as if it were given. @throws when it would be refused then. */
async function rehearse({ call, stateOverride }: NextCall, { services, account }: RunContext): Promise<void> {
  const abi = [...call.abi, ...errorsAbi] as Abi;
  try {
    await services.client.simulateContract({ ...call, abi, account, stateOverride });
  } catch (error) {
    const refusal = error instanceof BaseError && error.walk((one) => one instanceof ContractFunctionRevertedError);
    // An endpoint that knows no assumed state finds the allowance missing, or says nothing of the contract.
    if (!(refusal instanceof ContractFunctionRevertedError)) return;
    if (refusal.data?.errorName !== "ERC20InsufficientAllowance") throw error;
  }
}

/**
 * A quarter and some checkpoints more gas than a call takes now, and at most what a transaction may use (EIP-7825): an epoch that
 * ends before its block can make it dearer, and what is left over is not paid. Undefined when the endpoint cannot tell; the wallet asks then.
 */
async function gasWithRoom(
  { client }: NetworkServices,
  request: ContractCall & { account: Address },
): Promise<bigint | undefined> {
  try {
    const gas = ((await client.estimateContractGas(request)) * 5n) / 4n + CHECKPOINTS_GAS;
    return gas < MOST_GAS ? gas : MOST_GAS;
  } catch {
    return undefined;
  }
}

/** Simulates, sends and waits; undefined when it failed, which has been said then. */
async function sendCall(
  call: ContractCall,
  { plan, step }: { plan: TransactionPlan; step: number },
  { services, wagmi, account, say, isWatched }: RunContext,
): Promise<TransactionReceipt | undefined> {
  const request = { ...call, abi: [...call.abi, ...errorsAbi] as Abi, account };
  await services.client.simulateContract(request);
  say({ type: "confirm", step });
  const gas = await gasWithRoom(services, request);
  const hash = await writeContract(wagmi, { ...request, ...(gas && { gas }), chainId: services.config.chainId });
  say({ type: "sent", step, hash });
  remember(services, { hash, plan, step, account });
  if (!isWatched()) services.pending.release();
  const slow = setTimeout(() => say({ type: "slow" }), SLOW_MS);
  try {
    const { receipt, replaced } = await waitForReceipt(services, hash);
    // Who watches sees the end in the dialog; otherwise it is listed until it is dismissed.
    if (isWatched()) services.pending.remove(hash);
    if (replaced) {
      say({ type: "failed", sentence: replaced, hash: receipt.transactionHash });
      return undefined;
    }
    if (receipt.status === "success") return receipt;
    say({ type: "failed", sentence: await revertSentence(services, { request, receipt }), hash });
  } catch (error) {
    const isTimeout = error instanceof WaitForTransactionReceiptTimeoutError;
    const sentence = isTimeout
      ? "The transaction was sent but not mined within ten minutes. It may still be: look for it in your wallet, and speed it up or cancel it there."
      : `The transaction was sent, but its fate is unknown: ${explainError(error).sentence}`;
    say({ type: "failed", sentence, hash });
    services.pending.release();
  } finally {
    clearTimeout(slow);
  }
  return undefined;
}

/** Keeps a sent transaction over a reload. Its number tells later whether another one took its place. */
function remember(
  { client, clock, config, pending }: NetworkServices,
  { hash, plan, step, account }: { hash: Hex; plan: TransactionPlan; step: number; account: Address },
): void {
  const hasMore = step + 1 < plan.steps.length;
  const sentAt = Math.floor(clock.seconds() ?? 0);
  const label = plan.steps[step]!.label;
  pending.add({ hash, title: plan.title, step: label, hasMore, account, chainId: config.chainId, sentAt });
  client.getTransaction({ hash }).then(
    ({ nonce }) => pending.note(hash, { nonce }),
    () => undefined, // Asked for again when the transaction is listed.
  );
}

async function waitForReceipt(
  { client }: NetworkServices,
  hash: Hex,
): Promise<{ receipt: TransactionReceipt; replaced?: string }> {
  let replaced: string | undefined;
  const receipt = await client.waitForTransactionReceipt({
    hash,
    timeout: GIVE_UP_MS,
    retryCount: 20,
    onReplaced({ reason }) {
      if (reason === "cancelled") replaced = "You cancelled the transaction in the wallet. Nothing was changed.";
      if (reason === "replaced")
        replaced = "Another transaction of this wallet took its place. Nothing of this one happened.";
    },
  });
  return { receipt, ...(replaced && { replaced }) };
}

async function revertSentence(
  { client }: NetworkServices,
  { request, receipt }: { request: ContractCall & { account: Address }; receipt: TransactionReceipt },
): Promise<string> {
  try {
    await client.simulateContract({ ...request, blockNumber: receipt.blockNumber });
  } catch (error) {
    return `The transaction was mined but reverted. ${explainError(error).sentence}`;
  }
  return "The transaction was mined but reverted: the state changed between the preview and the block. Try again.";
}
