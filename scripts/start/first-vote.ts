import { meshGovernorAbi } from "@pqmesh/contracts/generated/mesh-governor-abi";
import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { networkParametersAbi } from "@pqmesh/contracts/generated/network-parameters-abi";
import { quadraticVotesAbi } from "@pqmesh/contracts/generated/quadratic-votes-abi";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { governorArguments, proposalIdOf } from "@pqmesh/contracts/protocol/proposal-id";
import { createPublicClient, encodeFunctionData, http, keccak256, type PublicClient, stringToHex } from "viem";
import { developmentAccount, type Role } from "./accounts.ts";
import { GenesisWallet } from "./genesis-wallet.ts";
import type { StartOptions } from "./options.ts";
import { waitFor } from "./wait-for.ts";

/** What the first operator proposes; basis points. */
const PROPOSED = { id: stringToHex("maxCommissionBp", { size: 32 }), value: 2_500n };
const DESCRIPTION =
  "# A lower ceiling of commissions\n\nWho delegates should keep three quarters of what the MESH earns. Operators that take more lose their delegators anyway.";
const FOR = { support: 1, reason: "Delegators read this number first." };
const AGAINST = { support: 0, reason: "The market sets commissions better than a vote." };
/** `IGovernor.ProposalState.Active`. */
const ACTIVE = 1;
/** Operators of which one is against: with fewer, it would decide. */
const ENOUGH_FOR_TWO_SIDES = 4;
/** Epochs until the operators' stake is old enough to vote. */
const PATIENCE_EPOCHS = 30;

/** The first vote of a devnet: a proposal of one operator, and ballots of the others, by the transactions that people send. */
export class FirstVote {
  readonly #network: NetworkConfig;
  readonly #options: StartOptions;
  readonly #client: PublicClient;

  constructor(network: NetworkConfig, options: StartOptions) {
    this.#network = network;
    this.#options = options;
    this.#client = createPublicClient({ transport: http(network.rpcUrl), cacheTime: 0 });
  }

  /**
   * Makes the proposal once there is weight for it, and casts ballots when voting has begun.
   *
   * @param dapp URL of the dApp.
   * @returns A sentence about what there is.
   */
  async open(dapp: string, signal: AbortSignal): Promise<string> {
    await this.#sync(signal);
    const id = await this.#propose();
    await this.#wait("the beginning of the vote", async () => (await this.#state(id)) === ACTIVE, signal);
    const { operators } = this.#options;
    for (let i = Math.min(1, operators - 1); i < operators; i++) {
      await this.#vote(id, i, operators >= ENOUGH_FOR_TWO_SIDES && i === operators - 1 ? AGAINST : FOR);
    }
    return `A proposal is voted on for ${await this.#secondsLeft(id)} s, and then waits for anybody to queue and execute it: ${dapp}/proposals/${id}`;
  }

  /** Waits until every operator's stake counts, and has it counted. */
  async #sync(signal: AbortSignal): Promise<void> {
    const { QuadraticVotes: to } = this.#network.contracts;
    const identities = Array.from({ length: this.#options.operators }, (_, i) => BigInt(i + 1));
    const isOld = async (): Promise<boolean> => {
      const units = identities.map((identity) =>
        this.#client.readContract({
          address: to,
          abi: quadraticVotesAbi,
          functionName: "unitsAfterSync",
          args: [identity],
        }),
      );
      return (await Promise.all(units)).every((some) => some > 0n);
    };
    await this.#wait("votes of the operators", isOld, signal);
    const data = encodeFunctionData({ abi: quadraticVotesAbi, functionName: "syncMany", args: [identities] });
    await this.#wallet("council").sendAll([{ to, data }]);
  }

  async #propose(): Promise<bigint> {
    const { MeshGovernor: to, MeshToken, NetworkParameters } = this.#network.contracts;
    const wallet = this.#wallet("operator");
    const bond = await this.#client.readContract({ address: to, abi: meshGovernorAbi, functionName: "proposalBond" });
    const change = [PROPOSED.id, PROPOSED.value] as const;
    const set = encodeFunctionData({ abi: networkParametersAbi, functionName: "set", args: change });
    const calls = [{ target: NetworkParameters, value: 0n, data: set }];
    const description = `${DESCRIPTION}\n\n#proposer=${wallet.account.address}`;
    const descriptionHash = keccak256(stringToHex(description));
    const [targets, values, calldatas] = governorArguments({ calls, descriptionHash });
    const propose = [targets, values, calldatas, description] as const;
    await wallet.sendAll([
      { to: MeshToken, data: encodeFunctionData({ abi: meshTokenAbi, functionName: "approve", args: [to, bond] }) },
      { to, data: encodeFunctionData({ abi: meshGovernorAbi, functionName: "propose", args: propose }) },
    ]);
    return proposalIdOf({ calls, description });
  }

  async #vote(id: bigint, operator: number, { support, reason }: typeof FOR): Promise<void> {
    const args = [id, support, reason] as const;
    const data = encodeFunctionData({ abi: meshGovernorAbi, functionName: "castVoteWithReason", args });
    await this.#wallet("operator", operator).sendAll([{ to: this.#network.contracts.MeshGovernor, data }]);
  }

  #state(id: bigint): Promise<number> {
    const { MeshGovernor: address } = this.#network.contracts;
    return this.#client.readContract({ address, abi: meshGovernorAbi, functionName: "state", args: [id] });
  }

  async #secondsLeft(id: bigint): Promise<bigint> {
    const { MeshGovernor: address } = this.#network.contracts;
    const deadline = { address, abi: meshGovernorAbi, functionName: "proposalDeadline", args: [id] } as const;
    const [end, { timestamp }] = await Promise.all([this.#client.readContract(deadline), this.#client.getBlock()]);
    return end - timestamp;
  }

  #wallet(role: Role, number = 0): GenesisWallet {
    return new GenesisWallet(developmentAccount(role, this.#network.chainId, number), this.#network.rpcUrl);
  }

  async #wait(what: string, isSo: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
    const timeoutMs = PATIENCE_EPOCHS * this.#options.epochSeconds * 1_000;
    const probe = async (): Promise<true | undefined> => ((await isSo()) ? true : undefined);
    await waitFor(what, probe, { timeoutMs, everyMs: 1_000, signal });
  }
}
