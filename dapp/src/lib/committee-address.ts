const PORTS: Readonly<Record<string, string>> = { "https:": "443", "http:": "80" };

/**
 * `host:port` of the post-quantum HTTPS that relayers speak to each other, from a published endpoint; the text itself when
 * it is no URL of HTTP.
 */
export function committeeAddress(endpoint: string): string {
  if (!URL.canParse(endpoint)) return endpoint;
  const { protocol, hostname, port, pathname } = new URL(endpoint);
  const standard = PORTS[protocol];
  if (standard === undefined) return endpoint;
  return `${hostname}:${port || standard}${pathname === "/" ? "" : pathname}`;
}
