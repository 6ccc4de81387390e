import { useQueryClient } from "@tanstack/react-query";
import { errorsAbi } from "@pqmesh/contracts/generated/errors-abi";
import { useCallback, useReducer, useRef } from "react";
import { type Abi, type Address, type Hex, type TransactionReceipt, WaitForTransactionReceiptTimeoutError } from "viem";
import { type Config, useConfig } from "wagmi";
import { signTypedData, writeContract } from "wagmi/actions";
import { explainError } from "../lib/error-sentences.ts";
import type { NetworkServices } from "../lib/network-services.ts";
import type { ContractCall, TransactionPlan } from "../lib/transaction-plan.ts";
import { nextTransactionState, type TransactionEvent, type TransactionState } from "../lib/transaction-state.ts";
import { useNetwork } from "./use-network.ts";

/** Milliseconds after which a transaction counts as slow, and after which it is given up. */
const SLOW_MS = 60_000;
const GIVE_UP_MS = 600_000;

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
}

/** The only place that asks the wallet to sign or send. */
export function useTransaction(): TransactionRun {
  const services = useNetwork();
  const wagmi = useConfig();
  const queries = useQueryClient();
  const [state, dispatch] = useReducer(nextTransactionState, { phase: "review" });
  const current = useRef(0);
  const reset = useCallback(() => {
    current.current += 1;
    dispatch({ type: "reset" });
  }, []);
  const start = useCallback(
    (plan: TransactionPlan, account: Address) => {
      const run = ++current.current;
      const say = (event: TransactionEvent): void => {
        if (run === current.current) dispatch(event);
      };
      void runPlan(plan, { services, wagmi, account, say }).finally(() => {
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

/** Receipt of the last step; undefined when one failed, which has been said then. */
async function runSteps({ steps }: TransactionPlan, context: RunContext): Promise<TransactionReceipt | undefined> {
  const signatures: Hex[] = [];
  let receipt: TransactionReceipt | undefined;
  for (const [step, item] of steps.entries()) {
    if (item.kind === "sign") {
      const typedData = await item.typedData();
      context.say({ type: "confirm", step });
      signatures.push(await signTypedData(context.wagmi, { ...typedData, account: context.account }));
      continue;
    }
    receipt = await sendCall(item.call(signatures), step, context);
    if (!receipt) return undefined;
  }
  return receipt;
}

/** Simulates, sends and waits; undefined when it failed, which has been said then. */
async function sendCall(
  call: ContractCall,
  step: number,
  { services, wagmi, account, say }: RunContext,
): Promise<TransactionReceipt | undefined> {
  const request = { ...call, abi: [...call.abi, ...errorsAbi] as Abi, account };
  say({ type: "simulate", step });
  await services.client.simulateContract(request);
  say({ type: "confirm", step });
  const hash = await writeContract(wagmi, { ...request, chainId: services.config.chainId });
  say({ type: "sent", step, hash });
  const slow = setTimeout(() => say({ type: "slow" }), SLOW_MS);
  try {
    const { receipt, replaced } = await waitForReceipt(services, hash);
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
  } finally {
    clearTimeout(slow);
  }
  return undefined;
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
