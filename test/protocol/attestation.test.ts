import {
  ATTESTATION_BYTES,
  AttestationHasher,
  decodeSignedAttestation,
  encodeAttestation,
  encodeSignedAttestation,
  hashAttestation,
  SIGNATURE_BYTES,
  SIGNED_ATTESTATION_BYTES,
} from "@pqmesh/contracts/protocol/attestation";
import { statementTypes } from "@pqmesh/contracts/protocol/eip712";
import { expect } from "chai";
import { bytesToHex, hexToBytes } from "viem";
import { attestationVectors } from "./support/vectors.ts";

const { cases, signed } = attestationVectors();
const typical = cases[0]!.message;
const signature = new Uint8Array(SIGNATURE_BYTES).fill(7);

const change = (name: string, value: unknown) => ({ ...typical, [name]: value });

describe("attestation codec", () => {
  for (const { name, domain, message, wire, digest } of cases) {
    it(`hashes and encodes the vector "${name}"`, () => {
      expect(hashAttestation(domain, message), "digest").to.equal(digest);
      expect(bytesToHex(encodeAttestation(message)), "wire form").to.equal(wire);
      expect(bytesToHex(new AttestationHasher(domain).digest(hexToBytes(wire))), "digest of the wire form").to.equal(
        digest,
      );
      const decoded = decodeSignedAttestation(encodeSignedAttestation({ attestation: message, signature }));
      expect(decoded.attestation, "decoded").to.deep.equal(message);
    });
  }

  it("covers every field at both ends", () => {
    const names = cases.map(({ name }) => name);
    expect(names).to.include.members(["all zero", "all largest"]);
    expect(names).to.include.members(statementTypes.Attestation.map(({ name }) => `${name} largest`));
  });

  it("encodes 182 and 3,491 bytes", () => {
    expect([ATTESTATION_BYTES, SIGNED_ATTESTATION_BYTES]).to.deep.equal([182, 3_491]);
    expect(encodeAttestation(typical).length).to.equal(182);
  });

  it("encodes and decodes a signed attestation", () => {
    const bytes = encodeSignedAttestation({ ...signed, signature: hexToBytes(signed.signature) });
    expect(bytesToHex(bytes), "wire form").to.equal(signed.wire);
    const decoded = decodeSignedAttestation(hexToBytes(signed.wire));
    expect(decoded.attestation, "attestation").to.deep.equal(signed.attestation);
    expect(bytesToHex(decoded.signature), "signature").to.equal(signed.signature);
    expect(bytesToHex(new AttestationHasher(signed.domain).digest(bytes)), "digest").to.equal(signed.digest);
  });

  it("gives another digest when any bit of the wire form flips", () => {
    const wire = encodeAttestation(typical);
    const hasher = new AttestationHasher(signed.domain);
    const seen = new Set([bytesToHex(hasher.digest(wire))]);
    for (let bit = 0; bit < 8 * wire.length; bit++) {
      const flipped = Uint8Array.from(wire);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      seen.add(bytesToHex(hasher.digest(flipped)));
    }
    expect(seen.size).to.equal(8 * wire.length + 1);
  });

  it("does not keep the buffer it decodes from", () => {
    const bytes = hexToBytes(signed.wire);
    const decoded = decodeSignedAttestation(bytes);
    bytes.fill(0);
    expect(bytesToHex(decoded.signature)).to.equal(signed.signature);
  });

  for (const { name, type } of statementTypes.Attestation) {
    it(`names ${name} when its value does not fit`, () => {
      const bits = type === "bytes32" ? 256 : Number(type.slice(4));
      const tooLarge = 1n << BigInt(bits);
      const wrong =
        type === "bytes32"
          ? ["0x", `0x${"00".repeat(31)}`, `0x${"00".repeat(33)}`, `0x${"0g".repeat(32)}`, "00".repeat(32)]
          : bits <= 32
            ? [-1, Number(tooLarge), 0.5, Number.NaN, Number.POSITIVE_INFINITY]
            : [-1n, tooLarge];
      for (const value of wrong) {
        expect(() => encodeAttestation(change(name, value)), `${value}`).to.throw(
          RangeError,
          `attestation field ${name} is`,
        );
      }
    });
  }

  it("refuses signatures of another length", () => {
    for (const length of [0, SIGNATURE_BYTES - 1, SIGNATURE_BYTES + 1]) {
      const attempt = () => encodeSignedAttestation({ attestation: typical, signature: new Uint8Array(length) });
      expect(attempt).to.throw(RangeError, `signature has ${length} bytes, expected 3309`);
    }
  });

  it("refuses truncated and over-long bytes", () => {
    for (const length of [0, 1, ATTESTATION_BYTES, SIGNED_ATTESTATION_BYTES - 1, SIGNED_ATTESTATION_BYTES + 1, 1e6]) {
      expect(() => decodeSignedAttestation(new Uint8Array(length))).to.throw(
        RangeError,
        `signed attestation has ${length} bytes, expected 3491`,
      );
    }
  });
});
