import type { Command } from "commander";
import { naturalArgument } from "../arguments.ts";
import { type NetworkOptions, openNetwork, type Session, withNetwork } from "../chain-session.ts";
import { ABIS, contractOf } from "../contracts.ts";
import { withExample } from "../help.ts";
import { marketTokens } from "../market-tokens.ts";
import { CliError, print } from "../output.ts";
import { permitBytes } from "../token-permit.ts";
import { type Token, tokenArgument, tokenFigure, tokenOption, tokenText } from "../tokens.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";

const ESCROW = { contract: "LeaseEscrow", abi: ABIS.LeaseEscrow } as const;

/** Adds `pqmesh bond …`. */
export function addBondCommands(program: Command): void {
  const bond = withExample(
    program.command("bond").description("bonds with which operators answer for breaches of leases"),
    "bond show 2",
  );

  withExample(
    withWallet(bond.command("deposit")),
    "bond deposit 2 500 --wallet owner.json --dry-run",
    "bond deposit 2 500 --token 0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0 --wallet any.json --yes",
  )
    .description("add to the free bond of an operator; accepting a lease locks a part of it")
    .argument("<identityId>", "identity of the operator")
    .argument("<amount>", "amount of the token, for example 500 or 0.25")
    .option("--token <address>", "token of the bond; default: the stablecoin of network.json")
    .action(depositBond);

  withExample(
    withWallet(bond.command("withdraw")),
    "bond withdraw 2 100 --wallet owner.json --dry-run",
    "bond withdraw 2 all --wallet owner.json --yes",
  )
    .description("credit free bond to the operator's beneficiary; owner or hot wallet sends")
    .argument("<identityId>", "identity of the operator")
    .argument("<amount>", 'amount of the token, or "all": what is not locked by leases')
    .option("--token <address>", "token of the bond; default: the stablecoin of network.json")
    .action(withdrawBond);

  withExample(withNetwork(bond.command("show")), "bond show 2 --json")
    .description("print free and locked bond of an operator, in every token of the Node Marketplace")
    .argument("<identityId>", "identity of the operator")
    .action(showBond);
}

interface BondOptions extends WalletOptions {
  token?: string;
}

async function depositBond(
  identityText: string,
  amountText: string,
  options: BondOptions,
  command: Command,
): Promise<void> {
  const identityId = naturalArgument("identityId", identityText);
  const session = await openWalletSession(options);
  const token = await tokenOption(session, options.token);
  const units = tokenArgument("amount", amountText, token);
  const { free } = await readBond(session, identityId, token);
  const args = [identityId, token.address, units];
  await runCall(
    session,
    {
      ...{ ...ESCROW, functionName: "depositBond", args: [...args, "0x"], takes: units, token },
      withPermit: (permit) => ({ functionName: "depositBond", args: [...args, permitBytes(permit)] }),
      sentence: `Deposit a bond of ${tokenText(units, token)} for identity ${identityId}.`,
      after: () => [`Identity ${identityId} has ${tokenText(free + units, token)} of free bond.`],
      preview: () => ({
        gets: ["Leases whose version asks for a bond can be accepted; each locks its part."],
        unlocks: ["What no lease locks can be withdrawn at any time (bond withdraw), to the operator's beneficiary."],
        risks: ["When a lease is breached, its part of the bond goes to the client."],
        figures: { amount: tokenFigure(units, token), freeAfter: tokenFigure(free + units, token) },
      }),
    },
    { options, command },
  );
}

async function withdrawBond(
  identityText: string,
  amountText: string,
  options: BondOptions,
  command: Command,
): Promise<void> {
  const identityId = naturalArgument("identityId", identityText);
  const session = await openWalletSession(options);
  const token = await tokenOption(session, options.token);
  const { free, locked } = await readBond(session, identityId, token);
  const units = /^all$/i.test(amountText.trim()) ? free : tokenArgument("amount", amountText, token);
  if (units > free || units === 0n) {
    const held = `${tokenText(free, token)} are free, leases lock ${tokenText(locked, token)}`;
    throw new CliError(`${tokenText(units, token)} cannot be withdrawn: ${held}`);
  }
  await runCall(
    session,
    {
      ...{ ...ESCROW, functionName: "withdrawBond", args: [identityId, token.address, units] },
      sentence: `Credit ${tokenText(units, token)} of the free bond of identity ${identityId} to its beneficiary.`,
      after: () => [
        `The beneficiary can take it with credit withdraw; ${tokenText(free - units, token)} of free bond are left.`,
      ],
      preview: () => ({ figures: { amount: tokenFigure(units, token), freeAfter: tokenFigure(free - units, token) } }),
    },
    { options, command },
  );
}

/** @throws the registry's refusal when there is no such identity. */
async function requireIdentity(session: Session, identityId: number): Promise<void> {
  const registry = contractOf(session, "NodeRegistry");
  await session.client.readContract({ ...registry, functionName: "operatorOf", args: [identityId] });
}

async function showBond(identityText: string, options: NetworkOptions, command: Command): Promise<void> {
  const identityId = naturalArgument("identityId", identityText);
  const session = await openNetwork(options);
  const [tokens] = await Promise.all([marketTokens(session), requireIdentity(session, identityId)]);
  const bonds = await Promise.all(
    tokens.map(async (token) => ({ token, ...(await readBond(session, identityId, token)) })),
  );
  const rows = bonds.map(({ token, free, locked }) => {
    return `  ${tokenText(free, token)} free, ${tokenText(locked, token)} locked by leases`;
  });
  const figures = bonds.map(({ token, free, locked }) => {
    return { token: token.address, free: tokenFigure(free, token), locked: tokenFigure(locked, token) };
  });
  print(command, { identityId, bonds: figures }, [`Bonds of identity ${identityId}:`, ...rows].join("\n"));
}

/** Bond of an operator in a token, smallest units. */
export async function readBond(
  session: Session,
  identityId: number,
  token: Pick<Token, "address">,
): Promise<{ free: bigint; locked: bigint }> {
  const request = { functionName: "bondOf", args: [identityId, token.address] } as const;
  return session.client.readContract({ ...contractOf(session, "LeaseEscrow"), ...request });
}
