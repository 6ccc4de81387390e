import { type BaseContract, type BaseContractMethod, Contract, type ContractRunner, type InterfaceAbi } from "ethers";
import type { Abi, ContractFunctionName } from "viem";

/** An ethers contract whose functions are known by name from its generated ABI. */
export type TypedContract<A extends Abi> = Omit<BaseContract, "connect"> & {
  [Name in ContractFunctionName<A>]: BaseContractMethod;
} & { connect: (runner: ContractRunner) => TypedContract<A> };

/** A deployed contract with its generated ABI, which also names what it answers by the code of another contract. */
export function typedContract<A extends Abi>(contract: BaseContract, abi: A): TypedContract<A> {
  const ofDeployment = [contract.target, abi as InterfaceAbi, contract.runner, contract.deploymentTransaction()];
  return Reflect.construct(Contract, ofDeployment) as TypedContract<A>;
}
