import type { BaseContract, BaseContractMethod, ContractRunner } from "ethers";
import type { Abi, ContractFunctionName } from "viem";

/** An ethers contract whose functions are known by name from its generated ABI. */
export type TypedContract<A extends Abi> = Omit<BaseContract, "connect"> & {
  [Name in ContractFunctionName<A>]: BaseContractMethod;
} & { connect: (runner: ContractRunner) => TypedContract<A> };

/** Names the functions of an ethers contract by its generated ABI, which the contract must have been made from. */
export function typedContract<A extends Abi>(contract: BaseContract, _abi: A): TypedContract<A> {
  return contract as unknown as TypedContract<A>;
}
