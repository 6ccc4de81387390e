import type { Command } from "commander";
import type { Address } from "viem";
import type { AcceptedReport } from "../../src/chain/chain-view.ts";
import type { ChainFollower } from "../../src/chain/follow-chain.ts";
import { summaryOf } from "../../src/disputes/evidence-intents.ts";
import { collectedAtOnce, unpaidReports } from "../../src/seat/unpaid-reports.ts";
import { hasSigned, reportsByShard, silentAfter, silentRow, unsignedRow } from "../../src/seat/unsigned-row.ts";
import { addressArgument, naturalArgument } from "../arguments.ts";
import { readTerms } from "../committee-state.ts";
import { ABIS } from "../contracts.ts";
import { reportOf, withChainView } from "../disputed-leaf.ts";
import { meshFigure, meshText } from "../figures.ts";
import { withExample } from "../help.ts";
import { readMemberSignature } from "../member-signature.ts";
import { CliError, usageError } from "../output.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";

const FEES = { contract: "CommitteeFees", abi: ABIS.CommitteeFees } as const;

/** Adds what relayers do about fees and seats by turns, and anyone may. */
export function addCommitteeDutyCommands(committee: Command): void {
  withExample(
    withWallet(committee.command("collect")),
    "committee collect --wallet any.json --dry-run",
    "committee collect --member 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --wallet any.json --yes",
  )
    .description("credit the members for final reports that were not paid yet, oldest first; anyone may")
    .option("--member <relayer>", "only reports that this relayer signed")
    .action(collect);

  withExample(
    withWallet(committee.command("show-signature")),
    "committee show-signature 0 1200 --wallet relayer.json --dry-run",
    "committee show-signature 0 1200 --member 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --wallet any.json --yes",
  )
    .description("show that a member signed a report with which its signature was not sent, so that it is not silent")
    .argument("<shard>", "shard of 512 nodes")
    .argument("<epoch>", "epoch of the report, which must not be final")
    .option("--member <relayer>", "the member; default: the wallet itself")
    .option("--relayer <url>", "read API to ask for the signature; default: those of network.json")
    .action(showSignature);

  withExample(
    withWallet(committee.command("remove-silent")),
    "committee remove-silent 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --wallet any.json --dry-run",
    "committee remove-silent 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --wallet any.json --yes",
  )
    .description("take the seat of a member that signed none of the newest reports of a shard; anyone may")
    .argument("<relayer>", "wallet of the member")
    .action(removeSilent);
}

async function collect(options: WalletOptions & { member?: string }, command: Command): Promise<void> {
  const named = options.member === undefined ? undefined : addressArgument("--member", options.member);
  const session = await openWalletSession(options);
  const { fee, reserve } = await readTerms(session);
  const { reports, left } = await withChainView(session.network, (chain) => {
    const unpaid = unpaidReports(chain).filter((report) => !named || hasSigned(chain, report, named));
    const collected = collectedAtOnce(unpaid);
    return Promise.resolve({ reports: collected, left: unpaid.length - collected.length });
  });
  if (reports.length === 0) throw new CliError("every final report is paid, as far as this command looks back");
  if (reserve < fee) throw new CliError(`the reserve holds ${meshText(reserve)}, a report pays ${meshText(fee)}`);
  const count = reports.length === 1 ? "1 final report" : `${reports.length} final reports`;
  await runCall(
    session,
    {
      ...{ ...FEES, functionName: "collect", args: [reports.map(summaryOf)] },
      sentence: `Credit the members of the committee for ${count}.`,
      after: (wei) => [
        `${meshText(wei as bigint)} are credited to those who signed; committee fees withdraw pays a member.`,
        ...(left > 0 ? [`${left} more final reports are not paid: committee collect again.`] : []),
      ],
      preview: (wei) => ({ figures: { amount: meshFigure(wei as bigint), reports: reports.length, left } }),
    },
    { options, command },
  );
}

async function showSignature(
  shardText: string,
  epochText: string,
  options: WalletOptions & { member?: string; relayer?: string },
  command: Command,
): Promise<void> {
  const shard = naturalArgument("shard", shardText);
  const epoch = BigInt(naturalArgument("epoch", epochText));
  if (options.relayer !== undefined && !URL.canParse(options.relayer)) throw usageError("--relayer must be a URL");
  const named = options.member === undefined ? undefined : addressArgument("--member", options.member);
  const session = await openWalletSession(options);
  const member = named ?? session.account.address;
  const report = await withChainView(session.network, (chain) => {
    return Promise.resolve(unsignedReport(chain, { shard, epoch, member }));
  });
  const urls = options.relayer === undefined ? session.network.relayers.map(({ url }) => url) : [options.relayer];
  const signature = await readMemberSignature(urls, report, member);
  await runCall(
    session,
    {
      ...{ ...FEES, functionName: "showSignature", args: [summaryOf(report), signature] },
      sentence: `Show that ${member} signed the report of epoch ${epoch} and shard ${shard}.`,
      after: () => [`Until later reports make a row of their own, ${member} is not silent. It pays nothing.`],
    },
    { options, command },
  );
}

interface MissingSignature {
  shard: number;
  epoch: bigint;
  member: Address;
}

/** @throws CliError when there is no such report, or a member has no signature to show of it. */
function unsignedReport(chain: ChainFollower, { shard, epoch, member }: MissingSignature): AcceptedReport {
  const report = reportOf(chain, shard, epoch);
  const isSigned = hasSigned(chain, report, member);
  if (isSigned === undefined) throw new CliError(`${member} had no seat in epoch ${epoch}`);
  if (!isSigned) return report;
  throw new CliError(`the signature of ${member} went with the report of epoch ${epoch}: there is nothing to show`);
}

async function removeSilent(relayerText: string, options: WalletOptions, command: Command): Promise<void> {
  const member = addressArgument("relayer", relayerText);
  const session = await openWalletSession(options);
  const row = await withChainView(session.network, (chain) => Promise.resolve(longestRow(chain, member)));
  const newest = row.at(-1)!;
  await runCall(
    session,
    {
      ...{ ...FEES, functionName: "removeSilent", args: [member, row.map(summaryOf)] },
      sentence: `Take the seat of ${member}, which signed none of the newest ${row.length} reports of shard ${newest.shard}.`,
      after: () => [
        "The next committee, two epochs later, is without it; a candidate whose time has come takes the seat.",
        "Its bond is not touched.",
      ],
      preview: () => ({ figures: { reports: row.length, shard: newest.shard, lastEpoch: newest.epoch } }),
    },
    { options, command },
  );
}

/** Reports that make a member silent. @throws CliError when there are none, with how many it takes. */
function longestRow(chain: ChainFollower, member: Address): readonly AcceptedReport[] {
  const rows = reportsByShard(chain).map((reports) => unsignedRow(chain, reports, member));
  const [longest = []] = rows.sort((a, b) => b.length - a.length);
  const silent = silentRow(chain, longest);
  if (silent) return silent;
  const needed = silentAfter(chain, longest);
  const found = `${longest.length} reports of a shard in a row`;
  throw new CliError(`the signature of ${member} is missing in the newest ${found} at most; it takes ${needed}`);
}
