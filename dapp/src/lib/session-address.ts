const PORTS: Readonly<Record<string, string>> = { "https:": "443", "http:": "80" };

/** `host:port` at which relayers open TLS sessions, from the endpoint that one published; the text itself when it is no URL. */
export function sessionAddress(endpoint: string): string {
  if (!URL.canParse(endpoint)) return endpoint;
  const { protocol, hostname, port, pathname } = new URL(endpoint);
  const path = pathname === "/" ? "" : pathname;
  return hostname === "" ? endpoint : `${hostname}:${port || (PORTS[protocol] ?? "")}${path}`;
}
