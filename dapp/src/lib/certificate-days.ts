import type { CertificateView } from "./certificate-view.ts";
import { formatRelative } from "./format.ts";

/** Certificates that end on one local day. */
export interface ExpiryDay {
  /** Local date as year-month-day. */
  day: string;
  date: Date;
  certificates: CertificateView[];
}

/** Unix seconds of a certificate's last moment: of its life, or of the overlap when another has taken its place. */
export function endOf({ notAfter, revokedAt = notAfter }: CertificateView): number {
  return Math.min(notAfter, revokedAt);
}

/** Whether another certificate has taken its place, and it is good only until the overlap ends. */
export function isReplaced({ revokedAt }: CertificateView, now: number): boolean {
  return revokedAt !== undefined && revokedAt > now;
}

/** How a certificate ends, or ended, and when. */
export function endWords(certificate: CertificateView, now: number): string {
  const when = formatRelative(endOf(certificate), now);
  if (isReplaced(certificate, now)) return `replaced, ends ${when}`;
  if (certificate.revokedAt !== undefined) return `ended ${when}`;
  return `${certificate.notAfter < now ? "expired" : "expires"} ${when}`;
}

/** Certificates that can still end by themselves, by the local day on which they do, soonest first. */
export function expiryDays(certificates: readonly CertificateView[], now: number): ExpiryDay[] {
  const coming = certificates.filter((one) => endOf(one) >= now && one.status !== "Revoked");
  const days = new Map<string, ExpiryDay>();
  for (const certificate of coming.sort((a, b) => endOf(a) - endOf(b) || bySubject(a, b))) {
    const date = new Date(endOf(certificate) * 1_000);
    const day = `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
    const found = days.get(day) ?? { day, date, certificates: [] };
    found.certificates.push(certificate);
    days.set(day, found);
  }
  return [...days.values()];
}

/** Whether less than a third of a certificate's life is left and none has taken its place: it should have been renewed. */
export function isDue({ notBefore, notAfter, revokedAt }: CertificateView, now: number): boolean {
  return revokedAt === undefined && 3 * (notAfter - now) < notAfter - notBefore;
}

/** Orders operators before nodes, and nodes by number. */
export function bySubject(a: CertificateView, b: CertificateView): number {
  return b.kind.localeCompare(a.kind) || Number(a.subject - b.subject);
}
