const ENDPOINT = /^(\[[0-9a-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253}):([1-9][0-9]{0,4})$/;
const MAX_PORT = 65_535;

/** Host, without brackets, and port of `host:port`; an IPv6 address stands in brackets. @throws RangeError when it is none. */
export function splitEndpoint(endpoint: string): { host: string; port: number } {
  const [, host = "", port] = ENDPOINT.exec(endpoint) ?? [];
  if (host === "" || Number(port) > MAX_PORT) {
    throw new RangeError(`endpoint "${endpoint.slice(0, 80)}" is not host:port`);
  }
  return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
}

/** Tells whether a text is `host:port`. */
export function isEndpoint(text: string): boolean {
  const [, , port] = ENDPOINT.exec(text) ?? [];
  return port !== undefined && Number(port) <= MAX_PORT;
}
