import { constants } from "node:crypto";
import type { SecureContextOptions } from "node:tls";

/** Application protocol of framed sessions (ALPN). */
export const MESH_ALPN = "pqmesh/1";

/** Application protocol of relayer-to-relayer requests (ALPN). */
export const HTTP_ALPN = "http/1.1";

/** The only protocol version, key exchange group and signature algorithm of this network. */
export const REQUIRED = { protocol: "TLSv1.3", group: "X25519MLKEM768", signatureAlgorithm: "ML-DSA-65" } as const;

/**
 * Options that every TLS end shares, as OpenSSL 3.5 spells them. Session tickets are off because a resumed session
 * skips the certificate check and would outlive a revocation.
 */
export const TLS_POLICY = {
  minVersion: REQUIRED.protocol,
  maxVersion: REQUIRED.protocol,
  ecdhCurve: REQUIRED.group,
  sigalgs: "mldsa65",
  ciphers: "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256",
  secureOptions: constants.SSL_OP_NO_TICKET,
} as const satisfies SecureContextOptions;
