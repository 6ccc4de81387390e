import type { Command } from "commander";
import { addressArgument, naturalArgument } from "../arguments.ts";
import {
  countText,
  issuanceOf,
  MOST_AT_ONCE,
  readSubject,
  reasonArgument,
  requireFew,
  serialArgument,
  serialText,
} from "../certificate-argument.ts";
import { ABIS } from "../contracts.ts";
import { durationArgument } from "../duration-argument.ts";
import { momentText } from "../figures.ts";
import { chainTime } from "../governed.ts";
import { withExample } from "../help.ts";
import { recordedKinds, replacedInOverlap } from "../recorded-certificates.ts";
import { holdSentences, isOfMesh, isOfVotes, RELEASE_SENTENCE, revocationSentences } from "../status-sentences.ts";
import {
  openWalletSession,
  type PlannedCall,
  runCall,
  type WalletOptions,
  type WalletSession,
  withWallet,
} from "../transaction.ts";

/** What `--keep-replaced` means. */
export const KEEP_REPLACED = "leave those that they replaced good until their overlap is over";
const ONLY_AUTHORITY = "The authority's account, or one above it, sends";

interface IssueOptions extends WalletOptions {
  authority: string;
  account?: string;
}

interface RotateOptions extends IssueOptions {
  overlap: string;
}

interface RevokeOptions extends WalletOptions {
  reason: string;
  keepReplaced?: boolean;
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
    .description("record certificates on chain: until then nobody accepts them. The authority's account sends")
    .argument("<file...>", `PEM certificates (cert issue-node, issue-relayer, issue-holder), at most ${MOST_AT_ONCE}`)
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
    .description(
      "revoke certificates for ever, and those that they replaced and that are good still. An authority above them, or the operator for its own, sends",
    )
    .argument("<certificate...>", `PEM files or serial numbers, at most ${MOST_AT_ONCE}`)
    .requiredOption("--reason <name>", "RFC 5280 reason, for example keyCompromise, superseded, cessationOfOperation")
    .option("--keep-replaced", KEEP_REPLACED)
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
  const kinds = new Set(files.map((file) => readSubject(file).kind));
  await run(
    await openWalletSession(options),
    { options, command },
    {
      functionName: isOne ? "issue" : "issueMany",
      args: [authorityId, isOne ? first : issuances],
      sentence: `Record ${countText(issuances.length)} of authority ${authorityId}.`,
      after: () => [
        ...(isOfMesh(kinds)
          ? [
              "Peers accept nodes and relayers as soon as they have seen the block, from the beginning of their life on.",
            ]
          : []),
        ...(isOfVotes(kinds)
          ? ["Accounts of operators and voters vote by them, where votes follow certificates; no peer accepts them."]
          : []),
        `A log entry each tells everybody, for ever: ${issuances.map(({ serial }) => serialText(serial)).join(", ")}.`,
      ],
    },
  );
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

async function revoke(texts: string[], options: RevokeOptions, command: Command): Promise<void> {
  const reason = reasonArgument(options.reason);
  requireFew("certificate", texts.length);
  const given = [...new Set(texts.map((text) => serialArgument("certificate", text)))];
  const session = await openWalletSession(options);
  const now = await chainTime(session);
  const replaced = options.keepReplaced ? [] : await replacedInOverlap(session, given, now);
  const serials = [...given, ...replaced];
  requireFew("certificate, with those replaced and still good,", serials.length);
  const kinds = await recordedKinds(session, serials);
  await run(
    session,
    { options, command },
    {
      functionName: serials.length === 1 ? "revoke" : "revokeMany",
      args: [serials.length === 1 ? serials[0] : serials, reason],
      sentence: `Revoke ${countText(serials.length)} for ever (${options.reason}).`,
      after: () => [...replaced.map(endsToo), ...revocationSentences(kinds)],
      preview: () => ({
        risks: ["Nobody can take a revocation back; a holder who goes on needs a new certificate."],
        figures: { serials: serials.map(serialText), reason, replacedInOverlap: replaced.map(serialText) },
      }),
    },
  );
}

function endsToo(serial: bigint): string {
  return `Certificate ${serialText(serial)} ends with the one that took its place: it was good until their overlap is over.`;
}

async function setHold(
  isHeld: boolean,
  { texts, options, command }: { texts: string[]; options: WalletOptions; command: Command },
): Promise<void> {
  requireFew("certificate", texts.length);
  const serials = texts.map((text) => serialArgument("certificate", text));
  const session = await openWalletSession(options);
  const kinds = await recordedKinds(session, serials);
  await run(
    session,
    { options, command },
    {
      functionName: isHeld ? "hold" : "release",
      args: [serials],
      sentence: `${isHeld ? "Put on hold" : "Release"} ${countText(serials.length)}.`,
      after: () => (isHeld ? holdSentences(kinds) : [RELEASE_SENTENCE]),
    },
  );
}

async function run(
  session: WalletSession,
  context: { options: WalletOptions; command: Command },
  plan: Omit<PlannedCall, "contract" | "abi">,
): Promise<void> {
  await runCall(session, { contract: "CertificateRegistry", abi: ABIS.CertificateRegistry, ...plan }, context);
}

function authorityArgument({ authority }: IssueOptions): number {
  return naturalArgument("--authority", authority, { least: 1 });
}

function accountOf({ account }: IssueOptions): `0x${string}` | undefined {
  return account === undefined ? undefined : addressArgument("--account", account);
}
