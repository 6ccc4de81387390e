import { countedWords } from "@pqmesh/contracts/protocol/exact-words";
import { CERTIFICATE_KINDS } from "@pqmesh/contracts/protocol/certificate-kind";
import { withinAuthority } from "./authority-role.ts";
import { MOST_CERTIFICATES, readIssued } from "./certificate-list.ts";
import { type CertificateView, readAuthorities } from "./certificate-view.ts";
import { formatTime } from "./format.ts";
import type { NetworkServices } from "./network-services.ts";

/** What is done to an authority. */
export type AuthorityAct =
  | { kind: "hold" }
  | { kind: "revoke" }
  /** Unix seconds since when what it issued is not good, and until when the rest is. */
  | { kind: "taint"; from: number; rotateBy: number };

/** What an act on an authority breaks, one sentence each. */
export async function readAuthorityEffects(
  services: NetworkServices,
  authorityId: number,
  act: AuthorityAct,
): Promise<string[]> {
  const ids = withinAuthority(await readAuthorities(services), authorityId);
  const issued = await readIssued(services, ids);
  const good = issued.filter(({ status }) => status === "Good");
  const [lost, rest] = act.kind === "taint" ? splitAt(good, act.from) : [good, []];
  return [
    act.kind === "hold"
      ? "It and everything below it issues nothing until it is released."
      : "It issues nothing any more, for ever.",
    ...(ids.length > 1 ? [`${countedWords(ids.length - 1, "authority", "authorities")} below it: the same.`] : []),
    lost.length === 0
      ? "No certificate stops being good at once."
      : `${goodWords(lost, issued.length)} not good at once: ${lossWords(lost)}.`,
    ...(act.kind === "taint" && rest.length > 0
      ? [
          `${goodWords(rest, issued.length)} good until ${formatTime(act.rotateBy)}, and must be replaced by another authority's before.`,
        ]
      : []),
    ...(lost.some(({ kind }) => kind === "node")
      ? [
          "Nodes go on earning until somebody brings them in line with their certificates: this page offers it then, to any wallet.",
        ]
      : []),
  ];
}

function splitAt(certificates: CertificateView[], from: number): [CertificateView[], CertificateView[]] {
  return [
    certificates.filter(({ issuedAt }) => issuedAt >= from),
    certificates.filter(({ issuedAt }) => issuedAt < from),
  ];
}

function lossWords(lost: readonly CertificateView[]): string {
  const votes = lost.some(({ kind }) => kind === "operator" || kind === "voter");
  const refused = "whoever shows one is refused at the next handshake";
  return votes ? `${refused}, and operators and voters cannot vote` : refused;
}

/** How many there are of each kind; the verb follows. */
function goodWords(certificates: readonly CertificateView[], read: number): string {
  const counts = CERTIFICATE_KINDS.map(
    (kind) => [kind, certificates.filter((one) => one.kind === kind).length] as const,
  );
  const words = counts.filter(([, count]) => count > 0).map(([kind, count]) => countedWords(count, kind));
  const more = read < MOST_CERTIFICATES ? "" : `, of the newest ${MOST_CERTIFICATES},`;
  return `Certificates of ${words.join(", ")}${more} are`;
}
