const EXTENSION = { supportedGroups: 10, signatureAlgorithms: 13, supportedVersions: 43, keyShare: 51 } as const;

/** What a client offers, as the numbers on the wire (RFC 8446 section 4.1.2). */
export interface ClientHello {
  versions: number[];
  groups: number[];
  keyShares: number[];
  signatureAlgorithms: number[];
}

/** Reads the ClientHello that a recorded connection begins with. */
export function clientHello(bytes: Buffer): ClientHello {
  const extensions = helloExtensions(bytes, 1);
  return {
    versions: numbers(extensions.get(EXTENSION.supportedVersions)?.subarray(1)),
    groups: numbers(extensions.get(EXTENSION.supportedGroups)?.subarray(2)),
    keyShares: keyShareGroups(extensions.get(EXTENSION.keyShare)?.subarray(2)),
    signatureAlgorithms: numbers(extensions.get(EXTENSION.signatureAlgorithms)?.subarray(2)),
  };
}

/** Reads the ServerHello that the answer of a recorded connection begins with. */
export function serverHello(bytes: Buffer): { version: number | undefined; group: number | undefined } {
  const extensions = helloExtensions(bytes, 2);
  return {
    version: extensions.get(EXTENSION.supportedVersions)?.readUInt16BE(0),
    group: extensions.get(EXTENSION.keyShare)?.readUInt16BE(0),
  };
}

/** Skips record header, message header, legacy version, random, session id, and cipher suites. */
function helloExtensions(bytes: Buffer, messageType: 1 | 2): Map<number, Buffer> {
  if (bytes[0] !== 22 || bytes[5] !== messageType) throw new Error("record does not begin with the expected hello");
  let at = 5 + 4 + 2 + 32;
  at += 1 + bytes.readUInt8(at);
  at += messageType === 1 ? 2 + bytes.readUInt16BE(at) : 2;
  at += messageType === 1 ? 1 + bytes.readUInt8(at) : 1;
  const end = at + 2 + bytes.readUInt16BE(at);
  const extensions = new Map<number, Buffer>();
  for (at += 2; at < end;) {
    const length = bytes.readUInt16BE(at + 2);
    extensions.set(bytes.readUInt16BE(at), bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return extensions;
}

function numbers(bytes: Buffer = Buffer.alloc(0)): number[] {
  return Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readUInt16BE(2 * i));
}

function keyShareGroups(bytes: Buffer = Buffer.alloc(0)): number[] {
  const groups: number[] = [];
  for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt16BE(at + 2)) groups.push(bytes.readUInt16BE(at));
  return groups;
}
