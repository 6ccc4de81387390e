import type { Command } from "commander";
import type { Address } from "viem";
import { addressArgument } from "../arguments.ts";
import { type NetworkOptions, openNetwork, type Session, withNetwork } from "../chain-session.ts";
import { ABIS, contractOf } from "../contracts.ts";
import { withExample } from "../help.ts";
import { marketTokens } from "../market-tokens.ts";
import { CliError, print } from "../output.ts";
import { readToken, type Token, tokenFigure, tokenText } from "../tokens.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";

/** Contracts of the Node Marketplace that hold balances to withdraw. */
const HOLDERS = ["LeaseEscrow", "LeaseDisputes"] as const;

/** What an account can withdraw from one contract in one token. */
interface Credit {
  contract: (typeof HOLDERS)[number];
  token: Token;
  units: bigint;
}

/** Adds `pqmesh credit …`. */
export function addCreditCommands(program: Command): void {
  const credit = withExample(
    program.command("credit").description("what leases credited: refunds, rent, bonds and janitors' fees"),
    "credit show 0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc",
  );

  withExample(withNetwork(credit.command("show")), "credit show 0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc --json")
    .description("print what an account can withdraw, in every token of the Node Marketplace")
    .argument("<account>", "wallet that was credited")
    .action(showCredit);

  withExample(
    withWallet(credit.command("withdraw")),
    "credit withdraw --wallet client.json --dry-run",
    "credit withdraw --account 0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc --wallet any.json --yes",
  )
    .description("pay out what an account was credited, to itself; anyone may")
    .option("--account <address>", "account that is paid; default: the wallet")
    .option("--token <address>", "only this token; default: the first in which something is credited")
    .action(withdrawCredit);
}

async function showCredit(accountText: string, options: NetworkOptions, command: Command): Promise<void> {
  const account = addressArgument("account", accountText);
  const session = await openNetwork(options);
  const credits = await creditsOf(session, account, await marketTokens(session));
  const rows = credits.map(({ contract, token, units }) => `${tokenText(units, token)} from ${contract}`);
  print(
    command,
    { account, credits: credits.map(({ contract, token, units }) => ({ contract, ...tokenFigure(units, token) })) },
    [`${account} can withdraw:`, ...(rows.length > 0 ? rows : ["nothing"]).map((row) => `  ${row}`)].join("\n"),
  );
}

interface WithdrawOptions extends WalletOptions {
  account?: string;
  token?: string;
}

async function withdrawCredit(options: WithdrawOptions, command: Command): Promise<void> {
  const named = options.account === undefined ? undefined : addressArgument("--account", options.account);
  const tokenAddress = options.token === undefined ? undefined : addressArgument("--token", options.token);
  const session = await openWalletSession(options);
  const account = named ?? session.account.address;
  const tokens = tokenAddress === undefined ? await marketTokens(session) : [await readToken(session, tokenAddress)];
  const [first, ...rest] = await creditsOf(session, account, tokens);
  if (!first) throw new CliError(`${account} has nothing to withdraw`);
  const { contract, token, units } = first;
  await runCall(
    session,
    {
      ...{ contract, abi: ABIS[contract], functionName: "withdraw", args: [token.address, account] },
      sentence: `Pay ${account} the ${tokenText(units, token)} that ${contract} credited it.`,
      after: (paid) => [
        `${tokenText(paid as bigint, token)} are on ${account}.`,
        ...rest.map((left) => `${tokenText(left.units, left.token)} of ${left.contract} are left: withdraw again.`),
      ],
      preview: (paid) => ({ figures: { account, amount: tokenFigure(paid as bigint, token) } }),
    },
    { options, command },
  );
}

/** What an account can withdraw, without what is zero. */
async function creditsOf(session: Session, account: Address, tokens: readonly Token[]): Promise<Credit[]> {
  const places = tokens.flatMap((token) => HOLDERS.map((contract) => ({ token, contract })));
  const units = await Promise.all(
    places.map(({ token, contract }) => {
      const { address } = contractOf(session, contract);
      const request = { functionName: "creditOf", args: [token.address, account] } as const;
      return session.client.readContract({ address, abi: ABIS.LeaseEscrow, ...request });
    }),
  );
  return places.map((place, i) => ({ ...place, units: units[i] ?? 0n })).filter((credit) => credit.units > 0n);
}
