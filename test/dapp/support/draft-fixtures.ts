import { parameterNotes } from "@pqmesh/contracts/generated/parameter-notes";
import { CONTRACT_NAMES, type NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { type Address, numberToHex, parseEther } from "viem";
import type { ActionDraft, ActionKind, DraftContext } from "../../../dapp/src/lib/action-draft.ts";

/** Time at which the proposal could be executed at the earliest. */
export const EXECUTABLE_AT = 1_800_000_000;
/** Somebody who is paid or admitted. */
export const SOMEBODY: Address = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

/** Every contract at an address of its own. */
export const CONTRACTS = Object.fromEntries(
  CONTRACT_NAMES.map((name, i) => [name, numberToHex(0xc0_0000 + i, { size: 20 })]),
) as NetworkConfig["contracts"];

/** A token with six decimals that was typed by its address. */
export const DOLLAR = { address: numberToHex(0xd0, { size: 20 }), symbol: "TUSD", decimals: 6 } as const;

/** A network in which every number has its standard value, from a tenth to ten times of it, and a notice of a day. */
export function contextOf(changes: Partial<DraftContext> = {}): DraftContext {
  const parameters = new Map(
    Object.entries(parameterNotes).map(([name, { standard }]) => {
      const value = BigInt(standard);
      return [name, { value, min: value / 10n, max: value * 10n, notice: 86_400 }] as const;
    }),
  );
  return {
    ...{ contracts: CONTRACTS, parameters, tokens: [{ address: CONTRACTS.MeshToken, symbol: "MESH", decimals: 18 }] },
    ...{ typedTokens: new Map([[DOLLAR.address, DOLLAR]]), executableAt: EXECUTABLE_AT },
    treasury: new Map([
      ["", parseEther("2")],
      [CONTRACTS.MeshToken.toLowerCase(), parseEther("1000")],
    ]),
    ...{ nextSeason: 3, openSeasons: [] },
    ...changes,
  };
}

/** An action of a kind with its texts. */
export function draftOf(
  kind: ActionKind,
  fields: Record<string, string>,
  options?: readonly ActionDraft[],
): ActionDraft {
  return { kind, fields, ...(options && { options }) };
}
