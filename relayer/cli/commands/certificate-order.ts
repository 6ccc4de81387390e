import { type StatusOrder, statusOrderArgument } from "@pqmesh/contracts/protocol/status-order";
import { type Command, Option } from "commander";
import type { Hex } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { naturalArgument, readAttestationKeyFile } from "../arguments.ts";
import { MOST_AT_ONCE, reasonArgument, requireFew, serialArgument, serialText } from "../certificate-argument.ts";
import { type NetworkOptions, openNetwork, openWallet, type Session, withNetwork } from "../chain-session.ts";
import { ABIS, contractOf } from "../contracts.ts";
import { chainTime } from "../governed.ts";
import { withExample } from "../help.ts";
import { writeNewFile } from "../new-file.ts";
import { requireWithin } from "../order-scope.ts";
import { print, refuted, usageError } from "../output.ts";
import { type PasswordOptions, withPassword } from "../password.ts";
import { recordedKinds, replacedInOverlap } from "../recorded-certificates.ts";
import { deadlineOf, type RequestOptions, withRequest } from "../request-options.ts";
import { requireInTime, requireSameNetwork } from "../signed-statement.ts";
import {
  describeStatusOrder,
  formatStatusOrder,
  keySigner,
  readSignedStatusOrder,
  signerText,
  statusOrderData,
  statusOrderOf,
  statusOrderRequest,
  type StatusOrderRequest,
  statusOrderSentence,
} from "../status-order-file.ts";
import { holdSentences, RELEASE_SENTENCE, revocationSentences } from "../status-sentences.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";
import { KEEP_REPLACED } from "./certificate-record.ts";

type OrderOptions = NetworkOptions &
  PasswordOptions &
  RequestOptions & { authority: string; wallet?: string; key?: string };
type RevokeOptions = OrderOptions & { reason: string; keepReplaced?: boolean };

/** Adds `pqmesh cert order …`: what a delegate of an authority orders by a signature, sent by anybody. */
export function addCertificateOrderCommands(cert: Command): void {
  const order = withExample(
    cert.command("order").description("orders of an authority's delegate: sign them, or have them signed; submit"),
    "cert order hold node.pem --authority 1 --wallet delegate.json --out order.json",
    "cert order submit --signed order.json --wallet any.json --yes",
  );
  const prepare = (name: string): Command =>
    withPassword(withRequest(withNetwork(order.command(name))))
      .argument("<certificate...>", `PEM files or serial numbers, at most ${MOST_AT_ONCE}`)
      .requiredOption("--authority <id>", "authority whose delegate signs")
      .addOption(new Option("--wallet <file>", "wallet of the delegate, which signs at once").conflicts("key"))
      .option("--key <file>", "ML-DSA-65 public key of the delegate, whose keystore signs elsewhere (key sign)");

  withExample(
    prepare("revoke"),
    "cert order revoke node.pem --authority 1 --reason keyCompromise --wallet delegate.json --out order.json",
    "cert order revoke 5f0c…e1 --authority 1 --reason keyCompromise --key delegate.pub --out request.json",
  )
    .description("order that certificates are revoked, and those that they replaced and that are good still")
    .requiredOption("--reason <name>", "RFC 5280 reason, for example keyCompromise")
    .option("--keep-replaced", KEEP_REPLACED)
    .action((texts: string[], options: RevokeOptions, command: Command) =>
      prepareOrder("Revoke", { texts, options, command }),
    );
  withExample(prepare("hold"), "cert order hold node.pem --authority 1 --wallet delegate.json --out order.json")
    .description("order that certificates are put on hold: they are refused until released")
    .action((texts: string[], options: OrderOptions, command: Command) =>
      prepareOrder("Hold", { texts, options, command }),
    );
  withExample(prepare("release"), "cert order release node.pem --authority 1 --wallet delegate.json --out order.json")
    .description("order that certificates are released from a hold")
    .action((texts: string[], options: OrderOptions, command: Command) =>
      prepareOrder("Release", { texts, options, command }),
    );

  withExample(
    withWallet(order.command("submit")),
    "cert order submit --signed order.json --wallet any.json --dry-run",
    "cert order submit --signed order.json --wallet any.json --yes",
  )
    .description("check a delegate's signed order against the chain and send it; any wallet may")
    .requiredOption("--signed <file>", "signed order (cert order, key sign)")
    .action(submit);
}

async function prepareOrder(
  action: StatusOrder["action"],
  { texts, options, command }: { texts: string[]; options: OrderOptions & Partial<RevokeOptions>; command: Command },
): Promise<void> {
  const reason = action === "Revoke" ? reasonArgument(options.reason ?? "") : 0;
  const authorityId = naturalArgument("--authority", options.authority, { least: 1 });
  const given = [...new Set(texts.map((text) => serialArgument("certificate", text)))];
  const session = await openNetwork(options);
  const { signer, account } = await openDelegate(session, options);
  const now = await chainTime(session);
  await requireDelegate(session, authorityId, signer);
  await requireWithin(session, given, { authorityId, identityId: 0 });
  const isAlone = action !== "Revoke" || options.keepReplaced === true;
  const serials = [...given, ...(isAlone ? [] : await replacedInOverlap(session, given, now))];
  requireFew("certificate, with those replaced and still good,", serials.length);
  const nonce = await nextNonce(session, signer, 0n);
  const { chainId, contracts } = session.network;
  const request = statusOrderRequest(
    { chainId, registry: contracts.CertificateRegistry, signer },
    { action, authorityId, serials, reason, nonce, deadline: deadlineOf(options, now) },
  );
  const signature = await account?.signTypedData(statusOrderData(request));
  writeNewFile(options.out, formatStatusOrder(signature ? { ...request, signature } : request));
  const next = signature
    ? "signed; anybody can send it (cert order submit)."
    : "take it to the delegate's key (key sign); it holds no secret.";
  const rows = [...describeStatusOrder(request), `${options.out}: ${next}`];
  print(command, { file: options.out, isSigned: signature !== undefined, ...summaryOf(request) }, rows.join("\n"));
}

function summaryOf(request: StatusOrderRequest): object {
  const serials = request.order.serials.map((serial) => serialText(BigInt(serial)));
  return { sentence: statusOrderSentence(request), ...request, order: { ...request.order, serials } };
}

/** The delegate as the registry knows it, with the account when it is a wallet that signs here. */
async function openDelegate(
  { network }: Session,
  options: OrderOptions,
): Promise<{ signer: Hex; account?: PrivateKeyAccount }> {
  if (options.wallet !== undefined) {
    const account = await openWallet(options.wallet, options);
    return { signer: account.address, account };
  }
  if (options.key === undefined) throw usageError("name the delegate: --wallet, or --key for an ML-DSA-65 key");
  return { signer: keySigner(network.contracts.MLDSA65Verifier, readAttestationKeyFile(options.key)) };
}

async function submit(options: WalletOptions & { signed: string }, command: Command): Promise<void> {
  const signed = readSignedStatusOrder(options.signed);
  const session = await openWalletSession(options);
  requireSameNetwork(session, signed, "CertificateRegistry");
  const order = statusOrderOf(signed);
  const signer = signed.signer as Hex;
  requireInTime(order.deadline, await chainTime(session));
  await requireDelegate(session, order.authorityId, signer);
  const next = await nextNonce(session, signer, order.nonce >> 64n);
  if (next !== order.nonce)
    throw refuted(`the order was signed as number ${order.nonce} of this delegate, the next one is ${next}`);
  await requireWithin(session, order.serials, { authorityId: order.authorityId, identityId: 0 });
  const kinds = await recordedKinds(session, order.serials);
  const after = {
    Revoke: () => revocationSentences(kinds),
    Hold: () => holdSentences(kinds),
    Release: () => [RELEASE_SENTENCE],
  };
  await runCall(
    session,
    {
      ...{ contract: "CertificateRegistry", abi: ABIS.CertificateRegistry, functionName: "executeStatusOrder" },
      args: [statusOrderArgument(order), signer, signed.signature],
      sentence: statusOrderSentence(signed),
      after: after[order.action],
    },
    { options, command },
  );
}

async function requireDelegate(session: Session, authorityId: number, signer: Hex): Promise<void> {
  const isDelegate = await session.client.readContract({
    ...contractOf(session, "CertificateRegistry"),
    ...{ functionName: "isDelegate", args: [authorityId, signer] },
  });
  if (!isDelegate) throw refuted(`${signerText(signer)} is no delegate of authority ${authorityId}`);
}

function nextNonce(session: Session, signer: Hex, key: bigint): Promise<bigint> {
  return session.client.readContract({
    ...contractOf(session, "CertificateRegistry"),
    ...{ functionName: "nonceOf", args: [signer, key] },
  });
}
