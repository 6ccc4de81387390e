import { type Command, Option } from "commander";
import { type Address, zeroAddress } from "viem";
import { type NetworkOptions, openNetwork, type Session, withNetwork } from "../chain-session.ts";
import { ABIS, contractOf } from "../contracts.ts";
import { durationText, meshFigure, meshText, momentText, timeFigure } from "../figures.ts";
import { withExample } from "../help.ts";
import { CliError, print } from "../output.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";
import { type Vault, VAULTS, readVault, type VaultState } from "../vesting-state.ts";

const FULL_BP = 10_000n;

interface VaultOptions {
  vault: Vault;
}

/** Adds `pqmesh vesting …`. */
export function addVestingCommands(program: Command): void {
  const vesting = withExample(
    program.command("vesting").description("locked MESH of team and investors: cliff, linear vesting, release"),
    "vesting show",
  );

  withExample(withNetwork(vesting.command("show")), "vesting show --json")
    .description("print both vaults: what has vested, what can be released, and when the rest comes")
    .action(showVesting);

  withExample(
    withWallet(vesting.command("release")),
    "vesting release --vault team --wallet any.json --dry-run",
    "vesting release --vault team --wallet any.json --yes",
  )
    .description("pay what has vested to the owner of a vault; anyone may")
    .addOption(vaultOption())
    .action(release);
}

function vaultOption(): Option {
  return new Option("--vault <name>", "which vault").choices(Object.keys(VAULTS)).makeOptionMandatory();
}

async function showVesting(options: NetworkOptions, command: Command): Promise<void> {
  const session = await openNetwork(options);
  const vaults = await Promise.all((Object.keys(VAULTS) as Vault[]).map((vault) => readVault(session, vault)));
  print(command, { vaults: vaults.map(vaultFigures) }, vaults.flatMap(vaultRows).join("\n"));
}

function vaultFigures({ total, vested, released, releasable, start, cliff, end, now, ...state }: VaultState) {
  return {
    ...{ ...state, total: meshFigure(total), vested: meshFigure(vested) },
    ...{ released: meshFigure(released), releasable: meshFigure(releasable), locked: meshFigure(total - vested) },
    ...{ start: timeFigure(start, now), cliff: timeFigure(cliff, now), end: timeFigure(end, now) },
  };
}

function vaultRows({
  vault,
  owner,
  votes,
  total,
  vested,
  released,
  releasable,
  cliff,
  end,
  now,
}: VaultState): string[] {
  const vestedBp = total === 0n ? 0n : (vested * FULL_BP) / total;
  return [
    `Vault of the ${vault}: ${meshText(total)}, owner ${owner}`,
    `  vested     ${meshText(vested)} (${Number(vestedBp) / 100} %), ${meshText(released)} of it released`,
    `  releasable ${meshText(releasable)} now`,
    `  cliff      ${momentText(cliff, now)}`,
    `  all vested ${momentText(end, now)}`,
    `  votes      ${votes === zeroAddress ? "delegated to nobody" : `delegated to ${votes}`}`,
  ];
}

async function release(options: WalletOptions & VaultOptions, command: Command): Promise<void> {
  const session = await openWalletSession(options);
  const state = await readVault(session, options.vault);
  const { owner, releasable, total, vested, cliff, end, now } = state;
  const contract = VAULTS[options.vault];
  requireReleasable(state);
  await runCall(
    session,
    {
      ...{ contract, abi: ABIS[contract], functionName: "release", args: [tokenOf(session)] },
      sentence: `Release what has vested in the vault of the ${options.vault}.`,
      after: () => [`${meshText(releasable)} are with ${owner}; ${meshText(total - vested)} stay locked.`],
      preview: () => ({
        gets: [`${owner} gets ${meshText(releasable)}${owner === session.account.address ? " (this wallet)" : ""}.`],
        unlocks: [unlockSentence({ cliff, end, now })],
        figures: { releasable: meshFigure(releasable), owner, end: timeFigure(end, now) },
      }),
    },
    { options, command },
  );
}

/** @throws CliError before the cliff, and when everything that vested was released. */
function requireReleasable({ vault, releasable, cliff, end, now }: VaultState): void {
  if (releasable > 0n) return;
  const when = unlockSentence({ cliff, end, now });
  throw new CliError(
    `the vault of the ${vault} has nothing to release: ${when.charAt(0).toLowerCase()}${when.slice(1, -1)}`,
  );
}

function unlockSentence({ cliff, end, now }: Pick<VaultState, "cliff" | "end" | "now">): string {
  if (now < cliff) return `Nothing vests before the cliff at ${momentText(cliff, now)}.`;
  if (now >= end) return "Everything has vested.";
  return `The rest vests by the second, over ${durationText(end - now)}, until ${momentText(end, now)}.`;
}

function tokenOf(session: Session): Address {
  return contractOf(session, "MeshToken").address;
}
