import type { Address, Hex } from "viem";
import { recoverAddress } from "viem";
import type { AcceptedReport } from "../src/chain/chain-view.ts";
import { reportShape } from "../src/read/shapes.ts";
import { CliError } from "./output.ts";

const TIMEOUT_MS = 5_000;

/**
 * Asks relayers, one after the other, for a member's ECDSA signature on an accepted report; one that does not verify is not
 * taken.
 *
 * @throws CliError saying what each relayer answered when none had it.
 */
export async function readMemberSignature(
  urls: readonly string[],
  report: AcceptedReport,
  member: Address,
): Promise<Hex> {
  const answers: string[] = [];
  for (const url of urls) {
    try {
      const own = await signatureFrom(url, report, member);
      if (own) return own;
      answers.push(`${url}: it has no signature of that member`);
    } catch (error) {
      answers.push(`${url}: ${(error as Error).message}`);
    }
  }
  const where = `the report of epoch ${report.epoch} and shard ${report.shard}`;
  throw new CliError(`no relayer gives a signature of ${member} on ${where} (${answers.join("; ")})`);
}

async function signatureFrom(
  url: string,
  { epoch, shard, digest }: AcceptedReport,
  member: Address,
): Promise<Hex | undefined> {
  const response = await fetch(`${url}/v1/reports/${epoch}/${shard}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`it answers ${response.status}`);
  const { signatures } = reportShape.parse(await response.json());
  for (const { ecdsa } of signatures) if (await isSignedBy(member, digest, ecdsa as Hex)) return ecdsa as Hex;
  return undefined;
}

async function isSignedBy(member: Address, hash: Hex, signature: Hex): Promise<boolean> {
  return (await recoverAddress({ hash, signature }).catch(() => undefined)) === member;
}
