import type { Address } from "viem";
import type { Session } from "./chain-session.ts";
import { contractOf } from "./contracts.ts";
import { chainTime } from "./governed.ts";

/** The vaults by the name that people use. */
export const VAULTS = { team: "TeamVesting", investors: "InvestorVesting" } as const;

/** Name of a vault. */
export type Vault = keyof typeof VAULTS;

/** A vesting vault. Amounts are MESH wei, times Unix seconds. */
export interface VaultState {
  vault: Vault;
  address: Address;
  owner: Address;
  /** Whom its votes are delegated to; zero when nobody. */
  votes: Address;
  /** What the vault ever held: still there, and released. */
  total: bigint;
  vested: bigint;
  released: bigint;
  releasable: bigint;
  start: bigint;
  cliff: bigint;
  end: bigint;
  now: bigint;
}

/** Reads a vault. */
export async function readVault(session: Session, vault: Vault): Promise<VaultState> {
  const { client } = session;
  const contract = contractOf(session, VAULTS[vault]);
  const token = contractOf(session, "MeshToken");
  const args = [token.address] as const;
  const [owner, start, cliff, end, released, releasable, balance, votes, now] = await Promise.all([
    client.readContract({ ...contract, functionName: "owner" }),
    client.readContract({ ...contract, functionName: "start" }),
    client.readContract({ ...contract, functionName: "cliff" }),
    client.readContract({ ...contract, functionName: "end" }),
    client.readContract({ ...contract, functionName: "released", args }),
    client.readContract({ ...contract, functionName: "releasable", args }),
    client.readContract({ ...token, functionName: "balanceOf", args: [contract.address] }),
    client.readContract({ ...token, functionName: "delegates", args: [contract.address] }),
    chainTime(session),
  ]);
  const vested = released + releasable;
  const total = released + balance;
  return {
    vault,
    address: contract.address,
    owner,
    votes,
    total,
    vested,
    released,
    releasable,
    start,
    cliff,
    end,
    now,
  };
}
