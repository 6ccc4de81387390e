import type { CertificateView } from "./certificate-view.ts";

/** Certificates that expire on one local day. */
export interface ExpiryDay {
  /** Local date as year-month-day. */
  day: string;
  date: Date;
  certificates: CertificateView[];
}

/** Certificates that can still expire, by the local day on which they do, soonest first. */
export function expiryDays(certificates: readonly CertificateView[], now: number): ExpiryDay[] {
  const coming = certificates.filter(({ notAfter, status }) => notAfter >= now && status !== "Revoked");
  const days = new Map<string, ExpiryDay>();
  for (const certificate of coming.sort((a, b) => a.notAfter - b.notAfter)) {
    const date = new Date(certificate.notAfter * 1_000);
    const day = `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
    const found = days.get(day) ?? { day, date, certificates: [] };
    found.certificates.push(certificate);
    days.set(day, found);
  }
  return [...days.values()];
}

/** Whether less than a third of a certificate's life is left, so that it should have been renewed. */
export function isDue({ notBefore, notAfter }: CertificateView, now: number): boolean {
  return 3 * (notAfter - now) < notAfter - notBefore;
}
