import type { Command } from "commander";
import { addressArgument, naturalArgument } from "../arguments.ts";
import { issuanceOf, reasonArgument, serialArgument, serialText } from "../certificate-argument.ts";
import { ABIS } from "../contracts.ts";
import { durationArgument } from "../duration-argument.ts";
import { momentText } from "../figures.ts";
import { chainTime } from "../governed.ts";
import { withExample } from "../help.ts";
import { usageError } from "../output.ts";
import { openWalletSession, type PlannedCall, runCall, type WalletOptions, withWallet } from "../transaction.ts";

/** Certificates that one call takes at most: what fits into a transaction with room to spare. */
const MOST_AT_ONCE = 50;
const ONLY_AUTHORITY = "The authority's account, or one above it, sends";

interface IssueOptions extends WalletOptions {
  authority: string;
  account?: string;
}

interface RotateOptions extends IssueOptions {
  overlap: string;
}

/** Adds `pqmesh cert issue|rotate|revoke|hold|release`: what an authority does on chain. */
export function addCertificateRecordCommands(cert: Command): void {
  const withAuthority = (command: Command): Command =>
    withWallet(command)
      .requiredOption("--authority <id>", "number of the authority on chain, which issued the files")
      .option("--account <address>", "account that a voter votes with; only for a voter's certificate");

  withExample(
    withAuthority(cert.command("issue")),
    "cert issue node.pem --authority 1 --wallet ca-wallet.json --dry-run",
    "cert issue a.pem b.pem c.pem --authority 1 --wallet ca-wallet.json --yes",
  )
    .description("record certificates on chain: until then no peer accepts them. The authority's account sends")
    .argument("<file...>", `PEM certificates (cert issue-node, cert issue-relayer), at most ${MOST_AT_ONCE}`)
    .action(issue);

  withExample(
    withAuthority(cert.command("rotate")),
    'cert rotate old.pem new.pem --authority 1 --overlap "1 d" --wallet ca-wallet.json --yes',
  )
    .description("replace a certificate: the new one is good at once, the old one until the overlap ends")
    .argument("<old>", "PEM file or serial number of the certificate replaced")
    .argument("<new>", "PEM file of the certificate that takes its place: the same kind and subject")
    .option("--overlap <duration>", 'how long both are good, for example "1 d"', "1 d")
    .action(rotate);

  withExample(
    withWallet(cert.command("revoke")),
    "cert revoke node.pem --reason keyCompromise --wallet ca-wallet.json --dry-run",
    "cert revoke 5f0c…e1 --reason cessationOfOperation --wallet owner.json --yes",
  )
    .description("revoke certificates for ever. An authority above them, or the operator for its own, sends")
    .argument("<certificate...>", `PEM files or serial numbers, at most ${MOST_AT_ONCE}`)
    .requiredOption("--reason <name>", "RFC 5280 reason, for example keyCompromise, superseded, cessationOfOperation")
    .action(revoke);

  withExample(withWallet(cert.command("hold")), "cert hold node.pem --wallet ca-wallet.json --yes")
    .description(`put certificates on hold: they are refused until released. ${ONLY_AUTHORITY}`)
    .argument("<certificate...>", `PEM files or serial numbers, at most ${MOST_AT_ONCE}`)
    .action((texts: string[], options: WalletOptions, command: Command) => setHold(true, { texts, options, command }));

  withExample(withWallet(cert.command("release")), "cert release node.pem --wallet ca-wallet.json --yes")
    .description(`release certificates from a hold. ${ONLY_AUTHORITY}`)
    .argument("<certificate...>", `PEM files or serial numbers, at most ${MOST_AT_ONCE}`)
    .action((texts: string[], options: WalletOptions, command: Command) => setHold(false, { texts, options, command }));
}

async function issue(files: string[], options: IssueOptions, command: Command): Promise<void> {
  const authorityId = authorityArgument(options);
  requireFew("file", files.length);
  const account = accountOf(options);
  const issuances = files.map((file) => issuanceOf(file, account));
  const [first] = issuances;
  const isOne = issuances.length === 1;
  await run(options, command, {
    functionName: isOne ? "issue" : "issueMany",
    args: [authorityId, isOne ? first : issuances],
    sentence: `Record ${countText(issuances.length)} of authority ${authorityId}.`,
    after: () => [
      "Peers accept them as soon as they have seen the block, from the beginning of their life on.",
      `A log entry each tells everybody, for ever: ${issuances.map(({ serial }) => serialText(serial)).join(", ")}.`,
    ],
  });
}

async function rotate(old: string, file: string, options: RotateOptions, command: Command): Promise<void> {
  const authorityId = authorityArgument(options);
  const replaced = serialArgument("old", old);
  const issuance = issuanceOf(file, accountOf(options));
  const overlap = durationArgument("--overlap", options.overlap);
  const session = await openWalletSession(options);
  const now = await chainTime(session);
  const { notAfter } = await session.client.readContract({
    ...{ address: session.network.contracts.CertificateRegistry, abi: ABIS.CertificateRegistry },
    ...{ functionName: "certificateOf", args: [replaced] },
  });
  const end = now + overlap < BigInt(notAfter) ? now + overlap : BigInt(notAfter);
  await runCall(
    session,
    {
      ...{ contract: "CertificateRegistry", abi: ABIS.CertificateRegistry, functionName: "rotate" },
      args: [authorityId, replaced, issuance, Number(end)],
      sentence: `Replace certificate ${serialText(replaced)} by ${serialText(issuance.serial)}.`,
      after: () => [
        `Both are good until ${momentText(end, now)}; then the old one is revoked as superseded.`,
        "The holder needs the new certificate and its key in place by then.",
      ],
    },
    { options, command },
  );
}

async function revoke(texts: string[], options: WalletOptions & { reason: string }, command: Command): Promise<void> {
  const reason = reasonArgument(options.reason);
  requireFew("certificate", texts.length);
  const serials = texts.map((text) => serialArgument("certificate", text));
  await run(options, command, {
    functionName: serials.length === 1 ? "revoke" : "revokeMany",
    args: [serials.length === 1 ? serials[0] : serials, reason],
    sentence: `Revoke ${countText(serials.length)} for ever (${options.reason}).`,
    after: () => [
      "Peers refuse them within seconds and end their sessions; revocation lists carry them from the next number on.",
      "A revoked node earns nothing from two epochs later on, and its leases are refunded.",
    ],
    preview: () => ({
      risks: ["Nobody can take a revocation back; a holder who goes on needs a new certificate."],
      figures: { serials: serials.map(serialText), reason },
    }),
  });
}

async function setHold(
  isHeld: boolean,
  { texts, options, command }: { texts: string[]; options: WalletOptions; command: Command },
): Promise<void> {
  requireFew("certificate", texts.length);
  const serials = texts.map((text) => serialArgument("certificate", text));
  await run(options, command, {
    functionName: isHeld ? "hold" : "release",
    args: [serials],
    sentence: `${isHeld ? "Put on hold" : "Release"} ${countText(serials.length)}.`,
    after: () => [
      isHeld
        ? "Peers refuse them within seconds, until they are released or revoked; a node on hold earns nothing."
        : "They are good again, unless something else speaks against them (cert status).",
    ],
  });
}

async function run(
  options: WalletOptions,
  command: Command,
  plan: Omit<PlannedCall, "contract" | "abi">,
): Promise<void> {
  const session = await openWalletSession(options);
  await runCall(
    session,
    { contract: "CertificateRegistry", abi: ABIS.CertificateRegistry, ...plan },
    { options, command },
  );
}

function authorityArgument({ authority }: IssueOptions): number {
  return naturalArgument("--authority", authority, { least: 1 });
}

function accountOf({ account }: IssueOptions): `0x${string}` | undefined {
  return account === undefined ? undefined : addressArgument("--account", account);
}

function requireFew(name: string, count: number): void {
  if (count <= MOST_AT_ONCE) return;
  throw usageError(`${name} is given ${count} times, ${MOST_AT_ONCE} is the most for one transaction`);
}

function countText(count: number): string {
  return `${count} ${count === 1 ? "certificate" : "certificates"}`;
}
