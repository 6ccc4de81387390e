import {
  emergencyOrder,
  emergencyOrderArgument,
  emergencyOrderRequest,
  type EmergencyOrder,
  emergencySentence,
  MAX_EMERGENCY_SERIALS,
} from "@pqmesh/contracts/protocol/emergency-order";
import { formatEmergencyRequest } from "@pqmesh/contracts/protocol/emergency-order-file";
import { type Command, Option } from "commander";
import type { Hex } from "viem";
import { addressArgument, hashArgument, naturalArgument } from "../arguments.ts";
import { readCertificateFile, reasonArgument, serialArgument, serialText } from "../certificate-argument.ts";
import { type NetworkOptions, openNetwork, type Session, withNetwork } from "../chain-session.ts";
import { ABIS, contractOf } from "../contracts.ts";
import { describeEmergency, emergencySummary, readSignedEmergency } from "../emergency-file.ts";
import { chainTime } from "../governed.ts";
import { withExample } from "../help.ts";
import { writeNewFile } from "../new-file.ts";
import { type OrderSigner, requireWithin } from "../order-scope.ts";
import { print, refuted, usageError } from "../output.ts";
import { replacedInOverlap } from "../recorded-certificates.ts";
import { deadlineOf, type RequestOptions, withRequest } from "../request-options.ts";
import { requireInTime, requireSameNetwork } from "../signed-statement.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";
import { KEEP_REPLACED } from "./certificate-record.ts";
import { certificateHash } from "../../src/pki/peer-identity.ts";

type PrepareOptions = NetworkOptions & RequestOptions & { operator?: string; authority?: string };

/** Adds `pqmesh cert emergency …`: what an offline SLH-DSA key orders when everything else is lost. */
export function addCertificateEmergencyCommands(cert: Command): void {
  const emergency = withExample(
    cert.command("emergency").description("orders of an offline SLH-DSA key: prepare, sign (key sign), submit"),
    "cert emergency revoke node.pem --operator 1 --reason keyCompromise --out order.json",
    "key sign --request order.json --keystore root.json --out signed.json",
    "cert emergency submit --signed signed.json --wallet any.json --yes",
  );
  const prepare = (name: string): Command => withRequest(withNetwork(emergency.command(name)));
  const recovery = (name: string): Command =>
    prepare(name).requiredOption("--authority <id>", "authority whose recovery key signs");

  withExample(
    prepare("revoke"),
    "cert emergency revoke node.pem --operator 1 --reason keyCompromise --out order.json",
    "cert emergency revoke 5f0c…e1 --authority 2 --reason keyCompromise --out order.json",
  )
    .description(
      "write an order that revokes certificates of an operator, or below an authority, and those that they replaced and that are good still",
    )
    .argument("<certificate...>", `PEM files or serial numbers, at most ${MAX_EMERGENCY_SERIALS}`)
    .requiredOption("--reason <name>", "RFC 5280 reason, for example keyCompromise")
    .addOption(new Option("--operator <identityId>", "operator whose root key signs").conflicts("authority"))
    .option("--authority <id>", "authority whose recovery key signs")
    .option("--keep-replaced", KEEP_REPLACED)
    .action(prepareRevocation);

  withExample(
    recovery("revoke-authority"),
    "cert emergency revoke-authority --authority 2 --reason keyCompromise --out order.json",
  )
    .description("write an order that revokes an authority and everything below it")
    .requiredOption("--reason <name>", "RFC 5280 reason, for example caCompromise")
    .action(prepareAuthorityRevocation);

  withExample(
    recovery("succeed"),
    "cert emergency succeed --authority 2 --account 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --recovery-key $(cat new.pub) --ca new-ca.pem --out order.json",
  )
    .description("write an order that puts a new authority in the place of one whose keys are lost or stolen")
    .requiredOption("--account <address>", "account of the new authority")
    .requiredOption("--recovery-key <hex>", "recovery key of the new authority, 32 bytes in hex")
    .requiredOption("--ca <file>", "PEM certificate of the new authority")
    .action(prepareSuccession);

  withExample(
    withWallet(emergency.command("submit")),
    "cert emergency submit --signed signed.json --wallet any.json --dry-run",
    "cert emergency submit --signed signed.json --wallet any.json --yes",
  )
    .description("check a signed order against the chain and send it; any wallet may")
    .requiredOption("--signed <file>", "signed order (key sign)")
    .action(submit);
}

async function prepareRevocation(
  texts: string[],
  options: PrepareOptions & { reason: string; keepReplaced?: boolean },
  command: Command,
): Promise<void> {
  const reason = reasonArgument(options.reason);
  const given = [...new Set(texts.map((text) => serialArgument("certificate", text)))];
  const signer = signerOf(options);
  const session = await openNetwork(options);
  const now = await chainTime(session);
  await requireWithin(session, given, signer);
  const replaced = options.keepReplaced ? [] : await replacedInOverlap(session, given, now);
  const serials = [...given, ...replaced];
  if (serials.length > MAX_EMERGENCY_SERIALS)
    throw usageError(
      `certificate, with those replaced and still good, is given ${serials.length} times, ${MAX_EMERGENCY_SERIALS} is the most for one order`,
    );
  await prepareOrder("Revoke", { fields: { serials, reason }, options, command });
}

async function prepareAuthorityRevocation(
  options: PrepareOptions & { reason: string },
  command: Command,
): Promise<void> {
  const reason = reasonArgument(options.reason);
  await prepareOrder("RevokeAuthority", { fields: { reason }, options, command });
}

async function prepareSuccession(
  options: PrepareOptions & { account: string; recoveryKey: string; ca: string },
  command: Command,
): Promise<void> {
  const certificate = readCertificateFile(options.ca);
  if (!certificate.ca) throw usageError(`${options.ca} is not marked as an authority's`);
  const fields = {
    successor: addressArgument("--account", options.account),
    successorKey: hashArgument("--recovery-key", options.recoveryKey),
    successorHash: certificateHash(certificate),
  };
  await prepareOrder("AdmitAuthority", { fields, options, command });
}

async function prepareOrder(
  action: EmergencyOrder["action"],
  { fields, options, command }: { fields: Partial<EmergencyOrder>; options: PrepareOptions; command: Command },
): Promise<void> {
  const session = await openNetwork(options);
  const signer = signerOf(options);
  const { key, nonce } = await readSigner(session, signer);
  const deadline = deadlineOf(options, await chainTime(session));
  const request = emergencyOrderRequest({
    ...{ chainId: session.network.chainId, registry: session.network.contracts.CertificateRegistry, key },
    order: emergencyOrder(action, { ...signer, ...fields, nonce, deadline }),
  });
  writeNewFile(options.out, formatEmergencyRequest(request));
  const rows = [
    ...describeEmergency(request),
    `${options.out}: take it to the offline key (key sign); it holds no secret.`,
  ];
  print(command, { file: options.out, ...emergencySummary(request) }, rows.join("\n"));
}

function signerOf({ operator, authority }: PrepareOptions): OrderSigner {
  const least = { least: 1 };
  if (authority !== undefined) {
    return { authorityId: naturalArgument("--authority", authority, least), identityId: 0 };
  }
  if (operator !== undefined) return { authorityId: 0, identityId: naturalArgument("--operator", operator, least) };
  throw usageError("name whose offline key signs: --operator or --authority");
}

/** The key in force of who signs, and the number of its next order. */
async function readSigner(session: Session, signer: OrderSigner): Promise<{ key: Hex; nonce: number }> {
  const { authorityId, identityId } = signer;
  const registry = contractOf(session, "CertificateRegistry");
  const [nonce, key] = await Promise.all([
    session.client.readContract({
      ...registry,
      ...{ functionName: "emergencyNonceOf", args: [authorityId, identityId] },
    }),
    authorityId === 0 ? readRootKey(session, identityId) : readRecoveryKey(session, authorityId),
  ]);
  return { key, nonce };
}

async function readRecoveryKey(session: Session, authorityId: number): Promise<Hex> {
  const { terms } = await session.client.readContract({
    ...contractOf(session, "CertificateRegistry"),
    ...{ functionName: "authorityOf", args: [authorityId] },
  });
  return terms.recoveryKey;
}

async function readRootKey(session: Session, identityId: number): Promise<Hex> {
  const { rootKey } = await session.client.readContract({
    ...contractOf(session, "NodeRegistry"),
    ...{ functionName: "operatorOf", args: [identityId] },
  });
  return rootKey;
}

async function submit(options: WalletOptions & { signed: string }, command: Command): Promise<void> {
  const signed = readSignedEmergency(options.signed);
  const session = await openWalletSession(options);
  requireSameNetwork(session, signed, "CertificateRegistry");
  const { key, nonce } = await readSigner(session, signed.order);
  if (signed.order.nonce !== nonce) {
    throw refuted(`the order was signed as number ${signed.order.nonce} of this key, the next one is ${nonce}`);
  }
  requireInTime(signed.order.deadline, await chainTime(session));
  if (signed.key !== key.toLowerCase())
    throw refuted(`the key in force is ${key}, the order was signed with ${signed.key}`);
  await runCall(
    session,
    {
      ...{ contract: "CertificateRegistry", abi: ABIS.CertificateRegistry, functionName: "executeEmergencyOrder" },
      args: [emergencyOrderArgument(signed.order), signed.signature],
      sentence: emergencySentence(signed.order),
      after: () => consequences(signed.order),
    },
    { options, command },
  );
}

function consequences({ action, authorityId, serials }: EmergencyOrder): string[] {
  if (action === "Revoke")
    return [`Peers refuse ${serials.map(serialText).join(", ")} within seconds and end their sessions.`];
  if (action === "RevokeAuthority") return [`Nothing below authority ${authorityId} is accepted any more.`];
  return [`Authority ${authorityId} issues nothing any more; its successor issues from now on.`];
}
