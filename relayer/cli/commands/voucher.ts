import {
  formatVoucher,
  parseVoucher,
  type SignedVoucher,
  voucherTypedData,
} from "@pqmesh/contracts/protocol/market-statements";
import type { Command } from "commander";
import type { Hex } from "viem";
import { readTextFile } from "../arguments.ts";
import { type NetworkOptions, openNetwork, openWallet, type Session, withNetwork } from "../chain-session.ts";
import { ABIS, contractOf } from "../contracts.ts";
import { epochText } from "../epoch-clock.ts";
import { revertName } from "../failure.ts";
import { withExample } from "../help.ts";
import { isOver, leaseArgument, type LeaseView, readLease, statusText } from "../lease-state.ts";
import { writeNewFile } from "../new-file.ts";
import { CliError, print, refuted, usageError } from "../output.ts";
import { type PasswordOptions, withPassword } from "../password.ts";
import { tokenArgument, tokenFigure, tokenText } from "../tokens.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";

const VOUCHERS = { contract: "LeaseVouchers", abi: ABIS.LeaseVouchers } as const;

/** Adds `pqmesh voucher …`. */
export function addVoucherCommands(program: Command): void {
  const voucher = withExample(
    program.command("voucher").description("what clients of metered leases sign for, and providers are paid by"),
    "voucher sign 7 12.5 --wallet client.json --out voucher.json",
  );

  withExample(
    withPassword(withNetwork(voucher.command("sign"))),
    "voucher sign 7 12.5 --wallet client.json --out voucher.json",
  )
    .description("sign what a metered lease owes in all so far and write it to a file; nothing is sent")
    .argument("<leaseId>", "number of the lease (lease list)")
    .argument("<total>", "amount of the lease's token in all, earlier vouchers included")
    .requiredOption("--wallet <file>", "keystore of the client")
    .requiredOption("--out <file>", "file for the provider; never overwritten")
    .action(sign);

  withExample(withNetwork(voucher.command("check")), "voucher check voucher.json")
    .description("check a voucher as the chain would, and say what it pays now and later; nothing is sent")
    .argument("<file>", "voucher that the client signed")
    .action(check);

  withExample(
    withWallet(voucher.command("redeem")),
    "voucher redeem voucher.json --wallet owner.json --dry-run",
    "voucher redeem voucher.json --wallet any.json --yes",
  )
    .description("pay the provider what a voucher says, as far as proven epochs cover it; anyone may")
    .argument("<file>", "voucher that the client signed")
    .action(redeem);

  withExample(withWallet(voucher.command("return")), "voucher return 7 --wallet any.json --yes")
    .description("credit the client what no voucher drew on in time; anyone may, after the lease closed")
    .argument("<leaseId>", "number of the lease (lease list)")
    .action(returnUnredeemed);
}

interface SignOptions extends NetworkOptions, PasswordOptions {
  wallet: string;
  out: string;
}

async function sign(leaseText: string, totalText: string, options: SignOptions, command: Command): Promise<void> {
  const leaseId = leaseArgument(leaseText);
  const session = await openNetwork(options);
  const account = await openWallet(options.wallet, options);
  const lease = await readLease(session, leaseId);
  requireMetered(lease);
  const { client, token, meter } = lease;
  if (client !== account.address) throw new CliError(`only the client of lease ${leaseId}, ${client}, can sign for it`);
  const amount = tokenArgument("total", totalText, token);
  if (amount <= meter.redeemed) {
    const paid = `${tokenText(meter.redeemed, token)} are paid already`;
    throw new CliError(
      `a voucher over ${tokenText(amount, token)} pays nothing: ${paid}, and a voucher says the total`,
    );
  }
  const most = meter.earned + lease.balance;
  if (amount > most) {
    throw new CliError(
      `a voucher over ${tokenText(amount, token)} is more than the lease can pay, ${tokenText(most, token)}`,
    );
  }
  const domain = domainOf(session);
  const signature = await account.signTypedData(voucherTypedData(domain, { leaseId, amount }));
  writeNewFile(options.out, formatVoucher({ ...domain, voucher: { leaseId, amount }, signature }));
  const rows = [
    `${options.out}: ${tokenText(amount, token)} in all for lease ${leaseId}; ${tokenText(meter.redeemed, token)} are paid.`,
    "Give it to the provider. A newer voucher over more replaces it; it cannot be taken back.",
  ];
  print(command, { file: options.out, ...domain, leaseId, amount: tokenFigure(amount, token) }, rows.join("\n"));
}

async function check(file: string, options: NetworkOptions, command: Command): Promise<void> {
  const session = await openNetwork(options);
  const { voucher, signature, lease } = await readOwnVoucher(session, file);
  const { leaseId, amount } = voucher;
  await requireSigned(session, [leaseId, amount, signature]);
  const { client, token, meter, balance } = lease;
  const now = payableNow(lease, amount);
  const covered = meter.earned + balance;
  const least = amount > meter.redeemed ? amount - meter.redeemed : 0n;
  const later = (amount < covered ? least : covered - meter.redeemed) - now;
  const uncovered = amount > covered ? amount - covered : 0n;
  const words = (value: bigint) => tokenText(value, token);
  const rows = [
    `${file}: ${client}, the client of lease ${leaseId}, signed for ${words(amount)} in all.`,
    `${words(meter.redeemed)} are paid, ${words(now)} can be redeemed now, ${words(later)} when enough proven epochs are settled.`,
    ...(uncovered > 0n ? [`${words(uncovered)} are more than the client paid in, less what returned to it.`] : []),
  ];
  const figures = { amount, redeemed: meter.redeemed, now, later, uncovered };
  const shown = Object.entries(figures).map(([name, value]) => [name, tokenFigure(value, token)] as const);
  print(command, { file, leaseId, client, ...Object.fromEntries(shown) }, rows.join("\n"));
}

/** Has the chain judge a signature: the contract looks at it before it looks at what is left to pay. */
async function requireSigned(session: Session, args: readonly [bigint, bigint, Hex]): Promise<void> {
  try {
    await session.client.simulateContract({ ...contractOf(session, "LeaseVouchers"), functionName: "redeem", args });
  } catch (error) {
    const refusal = revertName(error);
    if (refusal === "LeaseVouchers_InvalidSignature") {
      throw refuted(`the client of lease ${args[0]} did not sign this voucher`);
    }
    if (refusal !== "LeaseVouchers_NothingToRedeem") throw error;
  }
}

/** Reads a voucher of this network and its lease, which is metered. */
async function readOwnVoucher(session: Session, file: string): Promise<SignedVoucher & { lease: LeaseView }> {
  const signed = readVoucher(file);
  const { chainId, contract, voucher } = signed;
  const expected = domainOf(session);
  if (chainId !== expected.chainId || contract.toLowerCase() !== expected.contract.toLowerCase()) {
    throw usageError(`${file} is a voucher of another network: chain ${chainId}, contract ${contract}`);
  }
  const lease = await readLease(session, voucher.leaseId);
  requireMetered(lease);
  return { ...signed, lease };
}

/** What a voucher over an amount pays now, smallest units. */
function payableNow({ meter }: LeaseView, amount: bigint): bigint {
  const covered = amount < meter.earned ? amount : meter.earned;
  return covered > meter.redeemed ? covered - meter.redeemed : 0n;
}

async function redeem(file: string, options: WalletOptions, command: Command): Promise<void> {
  const session = await openWalletSession(options);
  const { voucher, signature, lease } = await readOwnVoucher(session, file);
  const { leaseId, amount } = voucher;
  const { token, meter } = lease;
  const payable = payableNow(lease, amount);
  if (amount <= meter.redeemed) {
    throw new CliError(
      `the voucher over ${tokenText(amount, token)} is paid: ${tokenText(meter.redeemed, token)} of lease ${leaseId} are; the client signs a newer one over more`,
    );
  }
  if (payable === 0n) {
    const earned = `${tokenText(meter.redeemed, token)} of ${tokenText(meter.earned, token)} earned are paid`;
    throw new CliError(`the voucher pays nothing now: ${earned}; lease settle ${leaseId} counts newer epochs`);
  }
  const rest = amount - meter.redeemed - payable;
  await runCall(
    session,
    {
      ...{ ...VOUCHERS, functionName: "redeem", args: [leaseId, amount, signature] },
      sentence: `Redeem ${tokenText(payable, token)} of lease ${leaseId} for its provider.`,
      after: () => [
        `They are credited to the operator's beneficiary, less ${lease.feeBp / 100} % for the treasury; credit withdraw pays them out.`,
        ...(rest > 0n ? [`${tokenText(rest, token)} of the voucher are not earned yet: redeem it again later.`] : []),
      ],
      preview: () => ({ figures: { amount: tokenFigure(payable, token), rest: tokenFigure(rest, token) } }),
    },
    { options, command },
  );
}

async function returnUnredeemed(leaseText: string, options: WalletOptions, command: Command): Promise<void> {
  const leaseId = leaseArgument(leaseText);
  const session = await openWalletSession(options);
  const lease = await readLease(session, leaseId);
  requireMetered(lease);
  if (!isOver(lease)) {
    throw new CliError(`lease ${leaseId} is ${statusText(lease.status)}: vouchers can still draw on it`);
  }
  const { meter, clock, token } = lease;
  if (clock.epoch < BigInt(meter.vouchersUntil)) {
    throw new CliError(
      `vouchers can be redeemed until ${epochText(clock, meter.vouchersUntil)}; the rest returns then`,
    );
  }
  const rest = meter.earned - meter.redeemed;
  await runCall(
    session,
    {
      ...{ ...VOUCHERS, functionName: "returnUnredeemed", args: [leaseId] },
      sentence: `Credit the client of lease ${leaseId} the ${tokenText(rest, token)} that no voucher drew on.`,
      after: () => [`${lease.client} can take them with credit withdraw.`],
      preview: () => ({ figures: { amount: tokenFigure(rest, token) } }),
    },
    { options, command },
  );
}

function domainOf({ network }: Session): { chainId: number; contract: `0x${string}` } {
  return { chainId: network.chainId, contract: network.contracts.LeaseVouchers };
}

function readVoucher(file: string): SignedVoucher {
  const text = readTextFile(file);
  try {
    return parseVoucher(text);
  } catch (cause) {
    throw usageError(`${file}: ${(cause as Error).message}`, cause);
  }
}

function requireMetered({ leaseId, isMetered }: LeaseView): void {
  if (!isMetered) throw new CliError(`lease ${leaseId} is not metered: proven epochs pay its provider, not vouchers`);
}
