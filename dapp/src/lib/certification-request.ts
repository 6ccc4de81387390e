const [INTEGER, BIT_STRING, OID, UTF8_STRING, SEQUENCE, SET, ATTRIBUTES] = [0x02, 0x03, 0x06, 0x0c, 0x30, 0x31, 0xa0];
/** 2.5.4.3, commonName. */
const COMMON_NAME = Uint8Array.of(0x55, 0x04, 0x03);
/** 2.16.840.1.101.3.4.3.18, id-ml-dsa-65 (RFC 9881 section 2). */
const ML_DSA_65 = Uint8Array.of(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x12);
const PEM_LINE = /.{1,64}/g;

/**
 * Makes a certificate request (PKCS #10, RFC 2986) for an ML-DSA-65 key, in PEM.
 *
 * @param name Common name of its subject.
 * @param sign Signs the DER of what is requested by the key itself, with empty context.
 */
export function certificationRequest(
  name: string,
  publicKey: Uint8Array,
  sign: (content: Uint8Array) => Uint8Array,
): string {
  const algorithm = der(SEQUENCE, der(OID, ML_DSA_65));
  const attribute = der(SEQUENCE, der(OID, COMMON_NAME), der(UTF8_STRING, new TextEncoder().encode(name)));
  const content = der(
    SEQUENCE,
    der(INTEGER, Uint8Array.of(0)),
    der(SEQUENCE, der(SET, attribute)),
    der(SEQUENCE, algorithm, bits(publicKey)),
    der(ATTRIBUTES),
  );
  const text = btoa(String.fromCharCode(...der(SEQUENCE, content, algorithm, bits(sign(content)))));
  const lines = text.match(PEM_LINE) ?? [];
  return ["-----BEGIN CERTIFICATE REQUEST-----", ...lines, "-----END CERTIFICATE REQUEST-----", ""].join("\n");
}

function bits(bytes: Uint8Array): Uint8Array {
  return der(BIT_STRING, Uint8Array.of(0), bytes);
}

/** One element of DER from the concatenation of its parts. */
function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Uint8Array.from([tag, ...lengthOf(length), ...parts.flatMap((part) => [...part])]);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>= 8) bytes.unshift(rest & 0xff);
  return [0x80 | bytes.length, ...bytes];
}
