import type { UnsignedTransaction } from "@pqmesh/contracts/protocol/catalog-api";
import { type Abi, type Address, encodeFunctionData, erc20Abi, type Hex } from "viem";

import { CatalogProblem } from "../catalog-problem.ts";
import type { Action, BodyOf } from "./actions.ts";
import { ABIS, type MarketChain, type MarketContract, type UnsignedCall } from "./market-chain.ts";
import { PLANS } from "./plans.ts";

/** A call that was checked as far as a contract's reads allow, before it is simulated. */
export interface Plan {
  readonly contract: MarketContract;
  readonly functionName: string;
  readonly args: readonly unknown[];
  /** What it does, for whoever signs it. */
  readonly sentence: string;
  /** What the contract takes from the sender. */
  readonly spends?: {
    readonly token: Address;
    readonly amount: bigint;
    readonly permit: Hex | undefined;
    readonly field: string;
  };
}

/** Builds transactions for wallets to sign. It has no key, and sends nothing. */
export class TransactionBuilder {
  readonly #chain: MarketChain;

  constructor(chain: MarketChain) {
    this.#chain = chain;
  }

  /** @throws CatalogProblem that says what the contracts would refuse, and which field is to blame where that is known. */
  async build<Name extends Action>(action: Name, body: BodyOf<Name>): Promise<UnsignedTransaction> {
    const plan = await PLANS[action](body, this.#chain);
    const { contract, functionName, args, sentence } = plan;
    const abi: Abi = ABIS[contract];
    const data = encodeFunctionData({ abi, functionName, args });
    const call: UnsignedCall = { from: body.from, to: this.#chain.contracts[contract], data };
    const approval = await this.#approvalFor(plan, call);
    const gas = approval === null ? String(await this.#chain.gasOf(call)) : null;
    return { chainId: this.#chain.chainId, to: call.to, data, value: "0", gas, sentence, approval };
  }

  /** The approval that a call needs first; null when it needs none. */
  async #approvalFor({ spends }: Plan, { from, to }: UnsignedCall): Promise<UnsignedTransaction["approval"]> {
    if (spends === undefined) return null;
    const { token, amount, permit, field } = spends;
    const { balance, allowance } = await this.#chain.funds(token, from, to);
    if (balance < amount) {
      const [has, needs] = await Promise.all([balance, amount].map((value) => this.#chain.amountText(token, value)));
      const detail = `${from} has ${has}, and ${needs} are needed`;
      throw new CatalogProblem(field, detail, { status: 409, type: "insufficient-funds" });
    }
    if (allowance >= amount || permit !== undefined) return null;
    const data = encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [to, amount] });
    const gas = String(await this.#chain.gasOf({ from, to: token, data }));
    const sentence = `Allows ${to} to take ${await this.#chain.amountText(token, amount)}`;
    return { to: token, data, value: "0", gas, sentence };
  }
}
