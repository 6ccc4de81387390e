import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { GovernanceCall } from "@pqmesh/contracts/protocol/inner-calls";
import type { NetworkParameterTable } from "./network-parameters.ts";
import type { TokenUnit } from "./token-amount.ts";

/** What an action of a proposal can be; the last two are calls as they are, and a grant is an option of a round. */
export type ActionKind =
  | "parameter"
  | "payment"
  | "allowToken"
  | "stopToken"
  | "admitVoter"
  | "revokeVoter"
  | "suspendOperator"
  | "releaseOperator"
  | "setGate"
  | "admitAuthority"
  | "taintAuthority"
  | "holdAuthority"
  | "releaseAuthority"
  | "setAuthorityAccount"
  | "revokeAuthority"
  | "proposalGuardian"
  | "emergencyGuardian"
  | "pauseEntry"
  | "resumeEntry"
  | "openSeason"
  | "openGrants"
  | "openPriorities"
  | "grant"
  | "rawCall"
  | "preparedCall";

/** An action as somebody types it. */
export interface ActionDraft {
  kind: ActionKind;
  /** Texts by the names of the fields. */
  fields: Readonly<Record<string, string>>;
  /** What can be voted for, where the action opens a round. */
  options?: readonly ActionDraft[];
  /** The call itself, where it was made elsewhere. */
  call?: GovernanceCall;
}

/** What actions are checked against; as the chain has it now. */
export interface DraftContext {
  contracts: NetworkConfig["contracts"];
  parameters: NetworkParameterTable;
  /** MESH first, then tokens that leases are or were paid in. */
  tokens: readonly TokenUnit[];
  /** Further tokens that were typed, by address in lower case; undefined where there is none. */
  typedTokens: ReadonlyMap<string, TokenUnit | undefined>;
  /** What the treasury has by token address in lower case, "" for the chain's coin. */
  treasury: ReadonlyMap<string, bigint>;
  /** When the proposal could be executed at the earliest, Unix seconds. */
  executableAt: number;
  /** Number of the next season. */
  nextSeason: number;
  /** Seasons to which rounds can be added then, those of this proposal among them. */
  openSeasons: readonly number[];
}

/** A field that is wrong or empty, and what it must be. */
export class DraftProblem extends Error {
  override readonly name = "DraftProblem";
  readonly field: string;

  constructor(field: string, sentence: string) {
    super(sentence);
    this.field = field;
  }
}

/** A field of an action's form. */
export interface ActionField {
  name: string;
  label: string;
  /** Of a choice: value and words of each option. */
  choices?: (context: DraftContext) => readonly (readonly [string, string])[];
  hint?: (context: DraftContext, fields: ActionDraft["fields"]) => string;
  placeholder?: string;
  /** A text of several lines. */
  isLong?: boolean;
}

/** How an action is typed and becomes a call. */
export interface ActionTemplate {
  /** In the list of templates. */
  title: string;
  group: string;
  fields: readonly ActionField[];
  /** Kinds of the options that a round takes. */
  optionKinds?: readonly ActionKind[];
  /** Makes the call. @throws DraftProblem naming a field that is wrong. */
  read: (draft: ActionDraft, context: DraftContext) => GovernanceCall;
}

/** What a reader of fields makes of them: a value, or the field that is wrong. */
export function draftReading<T>(read: () => T): { value?: T; problem?: DraftProblem } {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof DraftProblem) return { problem: error };
    throw error;
  }
}
