import { slh_dsa_sha2_128s } from "@noble/post-quantum/slh-dsa.js";
import { expect } from "chai";
import type { BaseContract } from "ethers";
import { network } from "hardhat";

import { BETA, decodeResponse } from "../../../scripts/generate/pqc/core-kernels.ts";
import { coreParts } from "../../../scripts/generate/pqc/core.ts";
import { deployMlDsa } from "./support/ml-dsa-deployment.ts";
import * as forgery from "./support/ml-dsa-forgery.ts";
import { generateMlDsaKeyPair, signMlDsa } from "./support/ml-dsa-keys.ts";
import type { MlDsaCase } from "./support/ml-dsa-keys.ts";
import * as model from "./support/ml-dsa-model.ts";
import { compileMutant, compileYulMutant } from "./support/mutants.ts";
import type { Change } from "./support/mutants.ts";
import { flipBit } from "./support/random.ts";
import { generateSlhDsaKeyPair, signWithOpenSsl } from "./support/slh-dsa-keys.ts";
import { callTrimmed } from "./support/trimmed-call.ts";

/** A change of a verifier that removes or bends one check, and a case on which it errs. */
interface Mutant {
  /** What is changed. */
  readonly change: string;
  /** Title of the test that has the case, in the verifier's own suite. */
  readonly killedBy: string;
  readonly changes?: readonly Change[];
  /** Position of the argument that is declared a byte shorter than it is. */
  readonly trimmed?: number;
  /** The right verdict on the case. */
  readonly right: boolean;
  case(): MlDsaCase;
}

const NONE = new Uint8Array();
const BY_BYTES = "verify(bytes,bytes,bytes,bytes)";
const BY_WORD = "verify(bytes32,bytes,bytes,bytes)";
const BOUND = model.GAMMA1 - model.BETA;

const { ethers, provider } = await network.create();
const mldsa = await deployMlDsa(ethers);
const sample = signMlDsa(generateMlDsaKeyPair(), new Uint8Array(32).fill(1), NONE);

const malformed = (name: string): MlDsaCase => {
  const hints = forgery.MALFORMED_HINTS[name];
  if (hints === undefined) throw new Error(`no hints are called ${name}`);
  return forgery.forgeMalformed(hints);
};
const challengeChanged = (byte: number): MlDsaCase => {
  const c = forgery.forge(forgery.prefixed(NONE), forgery.smallResponse());
  return { ...c, signature: flipBit(c.signature, 8 * byte) };
};

const forgeAtZero = (): MlDsaCase => {
  return forgery.forge(forgery.prefixed(NONE), model.zeroResponse(), { hints: [[0, 1], [2], [], [], [], [255]] });
};
const parts = coreParts();

const CORE_MUTANTS: readonly (Mutant & { parts?: () => Map<string, string> })[] = [
  {
    change: "no check of the norm of z",
    killedBy: "rejects a coefficient of 524092 anywhere",
    changes: [{ from: "valid := iszero(and(flags, {{NORM_FLAGS}}))", to: "valid := 1" }],
    right: false,
    case: () => forgery.forgeWithCoefficient(0, 0, BOUND),
  },
  {
    change: "no check of the norm of z3 and z4",
    killedBy: "rejects a coefficient of -524092 anywhere",
    changes: [
      { from: 'flags := verbatim_3i_1o(hex"{{decodeTwo}}"', to: 'let unused := verbatim_3i_1o(hex"{{decodeTwo}}"' },
    ],
    right: false,
    case: () => forgery.forgeWithCoefficient(4, 255, -BOUND),
  },
  {
    change: "a norm one larger allowed",
    killedBy: "rejects a coefficient of 524092 anywhere",
    parts: () => new Map(parts).set("decodeThree", decodeResponse(3, BETA - 1n).code.hex),
    right: false,
    case: () => forgery.forgeWithCoefficient(1, 2, BOUND),
  },
  {
    change: "a norm one smaller demanded",
    killedBy: "accepts a coefficient of 524091 anywhere",
    parts: () => new Map(parts).set("decodeThree", decodeResponse(3, BETA + 1n).code.hex),
    right: true,
    case: () => forgery.forgeWithCoefficient(2, 1, BOUND - 1),
  },
  {
    change: "no check of the order of hints",
    killedBy: "rejects positions in falling order",
    changes: [{ from: "if iszero(gt(next, position)) { leave }", to: "" }],
    right: false,
    case: () => malformed("positions in falling order"),
  },
  {
    change: "repeated hints allowed",
    killedBy: "rejects a repeated position that cancels out",
    changes: [{ from: "if iszero(gt(next, position)) { leave }", to: "if lt(next, position) { leave }" }],
    right: false,
    case: () => malformed("a repeated position that cancels out"),
  },
  {
    change: "no limit of 55 hints",
    killedBy: "rejects 56 positions",
    changes: [{ from: "if or(lt(end, index), gt(end, 55)) { leave }", to: "if lt(end, index) { leave }" }],
    right: false,
    case: () => malformed("56 positions"),
  },
  {
    change: "falling counts of hints allowed",
    killedBy: "rejects a falling count",
    changes: [{ from: "if or(lt(end, index), gt(end, 55)) { leave }", to: "if gt(end, 55) { leave }" }],
    right: false,
    case: () => malformed("a falling count"),
  },
  {
    change: "no check of the padding of hints",
    killedBy: "rejects a position behind the last count",
    changes: [{ from: "if byte(0, calldataload(add({{HINTS}}, index))) { leave }", to: "" }],
    right: false,
    case: () => malformed("a position behind the last count"),
  },
  {
    change: "a low part of 0 taken for positive",
    killedBy: "lowers a high part of 0 to 15 where w is 0",
    changes: [{ from: "if gt(r, mul(high, {{ALPHA}}))", to: "if iszero(lt(r, mul(high, {{ALPHA}})))" }],
    right: true,
    case: () =>
      forgery.forge(forgery.prefixed(NONE), model.zeroResponse(), { hints: [[0, 1], [2], [], [], [], [255]] }),
  },
  {
    change: "q not taken for 0",
    killedBy: "lowers a high part of 0 to 15 where w is 0",
    changes: [{ from: "r := mul(r, lt(r, {{Q}}))", to: "" }],
    right: true,
    case: () =>
      forgery.forge(forgery.prefixed(NONE), model.zeroResponse(), { hints: [[0, 1], [2], [], [], [], [255]] }),
  },
  {
    change: "no wrap from 15 to 0",
    killedBy: "raises a high part of 15 to 0",
    changes: [{ from: "hinted := and(add(high, 1), 15)", to: "hinted := add(high, 1)" }],
    right: true,
    case: forgery.forgeAtFifteen,
  },
  {
    change: "no wrap from 0 to 15",
    killedBy: "lowers a high part of 0 to 15 where w is 0",
    changes: [{ from: "let hinted := and(add(high, 15), 15)", to: "let hinted := mul(sub(high, 1), gt(high, 0))" }],
    right: true,
    case: forgeAtZero,
  },
  {
    change: "a high part of 16 not taken for 0",
    killedBy: "lowers a high part of 0 to 15 where w is q - 1",
    changes: [{ from: "xor(and(high, 15), hinted)", to: "xor(high, hinted)" }],
    right: true,
    case: () => forgery.forgeAtUnit(-1),
  },
  {
    change: "the end of the challenge not compared",
    killedBy: "is compared in full, also where nothing else depends on it",
    changes: [{ from: "for { let at := 0 } lt(at, 192)", to: "for { let at := 0 } lt(at, 160)" }],
    right: false,
    case: () => challengeChanged(44),
  },
  {
    change: "the start of the challenge not compared",
    killedBy: "is compared in full, also where nothing else depends on it",
    changes: [{ from: "for { let at := 0 } lt(at, 192)", to: "for { let at := 32 } lt(at, 192)" }],
    right: false,
    case: () => challengeChanged(4),
  },
  {
    change: "the key's hash not in mu",
    killedBy: "accepts a valid signature",
    changes: [{ from: "calldatacopy({{BYTES}}, 0, 64)", to: "calldatacopy({{BYTES}}, 64, 64)" }],
    right: true,
    case: () => sample,
  },
  {
    change: "the message not in mu",
    killedBy: "accepts a valid signature",
    changes: [{ from: "calldatacopy(add({{BYTES}}, 64), {{MESSAGE}}, sub(length, 64))", to: "" }],
    right: true,
    case: () => sample,
  },
  {
    change: "the signs of the challenge ignored",
    killedBy: "accepts a valid signature",
    changes: [{ from: "if and(signs, 1) { sign := {{MINUS_ONE}} }", to: "" }],
    right: true,
    case: () => sample,
  },
  {
    change: "places of the challenge not rejected",
    killedBy: "accepts a valid signature",
    changes: [{ from: "if iszero(gt(from, to)) { break }", to: "break" }],
    right: true,
    case: () => sample,
  },
  {
    change: "a challenge of 48 coefficients",
    killedBy: "accepts a valid signature",
    changes: [{ from: "let to := {{C_FIRST}}", to: "let to := add({{C_FIRST}}, 32)" }],
    right: true,
    case: () => sample,
  },
  {
    change: "no end of the last hash's input",
    killedBy: "accepts a valid signature",
    changes: [{ from: "mstore(add({{LANES}}, 3328), 0x1f)", to: "" }],
    right: true,
    case: () => sample,
  },
];

const WRAPPER_MUTANTS: readonly (Mutant & { file: string })[] = [
  {
    change: "no limit of the context's length",
    killedBy: "rejects a context of 256 bytes whose length wraps to zero",
    file: "MLDSA65Verifier",
    changes: [{ from: "if (context.length > 255) return false;", to: "" }],
    right: false,
    case: () => {
      const [context, message] = [new Uint8Array(256).fill(9), Uint8Array.from([7])];
      const c = forgery.forge(forgery.prefixed(Uint8Array.from([...context, ...message])), model.zeroResponse());
      return { ...c, context, message };
    },
  },
  {
    change: "longer keys allowed",
    killedBy: "rejects keys and signatures of any other length",
    file: "MLDSA65Verifier",
    changes: [{ from: "publicKey.length != PUBLIC_KEY_LENGTH ||", to: "publicKey.length < PUBLIC_KEY_LENGTH ||" }],
    right: false,
    case: () => ({ ...sample, publicKey: Uint8Array.from([...sample.publicKey, 0]) }),
  },
  {
    change: "longer signatures allowed",
    killedBy: "rejects keys and signatures of any other length",
    file: "MLDSA65Verifier",
    changes: [{ from: "signature.length != SIGNATURE_LENGTH", to: "signature.length < SIGNATURE_LENGTH" }],
    right: false,
    case: () => ({ ...sample, signature: Uint8Array.from([...sample.signature, 0]) }),
  },
  {
    change: "shorter keys allowed",
    killedBy: "rejects a key or a signature that is declared a byte shorter than it is",
    file: "MLDSA65Verifier",
    changes: [{ from: "publicKey.length != PUBLIC_KEY_LENGTH ||", to: "publicKey.length > PUBLIC_KEY_LENGTH ||" }],
    trimmed: 0,
    right: false,
    case: () => sample,
  },
  {
    change: "shorter signatures allowed",
    killedBy: "rejects a key or a signature that is declared a byte shorter than it is",
    file: "MLDSA65Verifier",
    changes: [{ from: "signature.length != SIGNATURE_LENGTH", to: "signature.length > SIGNATURE_LENGTH" }],
    trimmed: 3,
    right: false,
    case: () => sample,
  },
  {
    change: "no length of the context in the prefix",
    killedBy: "accepts a valid signature",
    file: "MLDSA65",
    changes: [{ from: "uint8(context.length), context, message", to: "uint8(0), context, message" }],
    right: true,
    case: () => signMlDsa(generateMlDsaKeyPair(), sample.message, Uint8Array.from([1, 2])),
  },
  {
    change: "the verdict of the core not read",
    killedBy: "rejects a change in any part of the key",
    file: "MLDSA65",
    changes: [{ from: "valid := eq(mload(0), 1)", to: "valid := 1" }],
    right: false,
    case: () => ({ ...sample, publicKey: flipBit(sample.publicKey, 3) }),
  },
  {
    change: "another domain separator",
    killedBy: "accepts a valid signature",
    file: "MLDSA65",
    changes: [
      {
        from: "abi.encodePacked(uint8(0), uint8(context.length)",
        to: "abi.encodePacked(uint8(1), uint8(context.length)",
      },
    ],
    right: true,
    case: () => sample,
  },
];

const slhPair = generateSlhDsaKeyPair();
const slhMessage = Uint8Array.from([1, 2, 3]);
const slhSignature = signWithOpenSsl(slhPair.privateKey, slhMessage, NONE);
const slhSample = { publicKey: slhPair.publicKey, message: slhMessage, context: NONE, signature: slhSignature };

const SLH_MUTANTS: readonly (Mutant & { file: string })[] = [
  {
    change: "no limit of the context's length",
    killedBy: "rejects a context of 256 bytes whose length wraps to zero",
    file: "SLHDSASHA2128sVerifier",
    changes: [{ from: "if (context.length > 255) return false;", to: "" }],
    right: false,
    case: () => {
      const pair = slh_dsa_sha2_128s.keygen(new Uint8Array(48).fill(5));
      const [context, message] = [new Uint8Array(256).fill(9), Uint8Array.from([7])];
      const signature = slh_dsa_sha2_128s.internal.sign(
        Uint8Array.from([0, 0, ...context, ...message]),
        pair.secretKey,
      );
      return { publicKey: pair.publicKey, message, context, signature };
    },
  },
  {
    change: "longer signatures allowed",
    killedBy: "rejects signatures of any other length",
    file: "SLHDSASHA2128s",
    changes: [{ from: "signature.length != SIGNATURE_LENGTH", to: "signature.length < SIGNATURE_LENGTH" }],
    right: false,
    case: () => ({ ...slhSample, signature: Uint8Array.from([...slhSignature, 0]) }),
  },
  {
    change: "shorter signatures allowed",
    killedBy: "rejects a signature that is declared a byte shorter than it is",
    file: "SLHDSASHA2128s",
    changes: [{ from: "signature.length != SIGNATURE_LENGTH", to: "signature.length > SIGNATURE_LENGTH" }],
    trimmed: 3,
    right: false,
    case: () => slhSample,
  },
  {
    change: "R not in the digest",
    killedBy: "accepts a valid signature",
    file: "SLHDSASHA2128s",
    changes: [{ from: "abi.encodePacked(r, publicKey, message)", to: "abi.encodePacked(publicKey, message)" }],
    right: true,
    case: () => slhSample,
  },
  {
    change: "PK.root not in the digest",
    killedBy: "accepts a valid signature",
    file: "SLHDSASHA2128s",
    changes: [
      { from: "abi.encodePacked(r, publicKey, message)", to: "abi.encodePacked(r, bytes16(publicKey), message)" },
    ],
    right: true,
    case: () => slhSample,
  },
  {
    change: "the message not in the digest",
    killedBy: "accepts a valid signature",
    file: "SLHDSASHA2128s",
    changes: [{ from: "abi.encodePacked(r, publicKey, message)", to: "abi.encodePacked(r, publicKey)" }],
    right: true,
    case: () => slhSample,
  },
  {
    change: "a shorter index of the tree",
    killedBy: "accepts a valid signature",
    file: "SLHDSASHA2128s",
    changes: [{ from: "(2 ** 54 - 1)", to: "(2 ** 18 - 1)" }],
    right: true,
    case: () => slhSample,
  },
  {
    change: "FORS roots hashed under another address",
    killedBy: "accepts a valid signature",
    file: "SLHDSASHA2128s",
    changes: [{ from: "mstore(T_ADDRESS, or(base, FORS_ROOTS))", to: "mstore(T_ADDRESS, or(base, FORS_TREE))" }],
    right: true,
    case: () => slhSample,
  },
  {
    change: "one tree of FORS left out",
    killedBy: "accepts a valid signature",
    file: "SLHDSASHA2128s",
    changes: [{ from: "offset < 14 << 12", to: "offset < 13 << 12" }],
    right: true,
    case: () => slhSample,
  },
  {
    change: "a shorter path in FORS",
    killedBy: "accepts a valid signature",
    file: "SLHDSASHA2128s",
    changes: [{ from: "_climb(cursor, 12, adrs, index)", to: "_climb(cursor, 11, adrs, index)" }],
    right: true,
    case: () => slhSample,
  },
  {
    change: "a shorter path in the hypertree",
    killedBy: "accepts a valid signature",
    file: "SLHDSASHA2128s",
    changes: [{ from: "_climb(cursor, 9, adrs | TREE, leaf)", to: "_climb(cursor, 8, adrs | TREE, leaf)" }],
    right: true,
    case: () => slhSample,
  },
  {
    change: "the next leaf not taken from the tree index",
    killedBy: "accepts a valid signature",
    file: "SLHDSASHA2128s",
    changes: [{ from: "leaf = tree & (2 ** 9 - 1);", to: "" }],
    right: true,
    case: () => slhSample,
  },
  {
    change: "layers not told apart",
    killedBy: "accepts a valid signature",
    file: "SLHDSASHA2128s",
    changes: [{ from: "layer | (tree << 104)", to: "(layer & 0) | (tree << 104)" }],
    right: true,
    case: () => slhSample,
  },
  {
    change: "the context not in the prefix",
    killedBy: "rejects another context",
    file: "SLHDSASHA2128sVerifier",
    changes: [
      {
        from: "abi.encodePacked(uint8(0), uint8(context.length), context, message)",
        to: "abi.encodePacked(uint8(0), uint8(0), message)",
      },
    ],
    right: false,
    case: () => ({ ...slhSample, context: Uint8Array.from([1]) }),
  },
  {
    change: "PK.root not compared",
    killedBy: "rejects a change in any node of the signature",
    file: "SLHDSASHA2128s",
    changes: [{ from: "== bytes16(publicKey << 128)", to: "!= 0" }],
    right: false,
    case: () => ({ ...slhSample, signature: flipBit(slhSignature, 4000) }),
  },
  {
    change: "the top layer left out",
    killedBy: "accepts a valid signature",
    file: "SLHDSASHA2128s",
    changes: [{ from: "layer < 7 << 168", to: "layer < 6 << 168" }],
    right: true,
    case: () => slhSample,
  },
  {
    change: "another checksum of the digits",
    killedBy: "accepts a valid signature",
    file: "SLHDSASHA2128s",
    changes: [{ from: "480 - (sums % 0xffff)", to: "481 - (sums % 0xffff)" }],
    right: true,
    case: () => slhSample,
  },
];

function verdictOf(contract: BaseContract, signature: string, { case: make, trimmed }: Mutant): Promise<boolean> {
  const c = make();
  const args = [c.publicKey, c.message, c.context, c.signature];
  if (trimmed !== undefined) return callTrimmed(contract, signature, args, trimmed);
  return contract.getFunction(signature)(...args) as Promise<boolean>;
}

describe("mutants of the verifiers", () => {
  describe("of the ML-DSA-65 core", () => {
    for (const m of CORE_MUTANTS) {
      it(`${m.change}: killed by "${m.killedBy}"`, async () => {
        const code = compileYulMutant("MLDSA65Core", m.parts?.() ?? parts, m.changes ?? []);
        const core = await mldsa.core.getAddress();
        const original = await ethers.provider.getCode(core);
        expect(await mldsa.verifyRaw(m.case()), "the original").to.equal(m.right);
        await provider.request({ method: "hardhat_setCode", params: [core, `0x${code}`] });
        const verdict = await mldsa.verifyRaw(m.case());
        await provider.request({ method: "hardhat_setCode", params: [core, original] });
        expect(verdict, "the mutant").to.equal(!m.right);
      });
    }
  });

  describe("of the ML-DSA-65 contracts", () => {
    for (const m of WRAPPER_MUTANTS) {
      it(`${m.change}: killed by "${m.killedBy}"`, async () => {
        const code = compileMutant("MLDSA65Verifier", m.file, m.changes ?? []);
        const factory = await ethers.getContractFactory("MLDSA65Verifier");
        const mutant = await new ethers.ContractFactory(factory.interface, code, factory.runner).deploy(
          mldsa.core,
          mldsa.expander,
        );
        const verdicts = [mldsa.verifier, mutant].map((v) => verdictOf(v, BY_BYTES, m));
        expect(await Promise.all(verdicts), "the original and the mutant").to.deep.equal([m.right, !m.right]);
      });
    }
  });

  describe("of the SLH-DSA-SHA2-128s contracts", () => {
    for (const m of SLH_MUTANTS) {
      it(`${m.change}: killed by "${m.killedBy}"`, async () => {
        const code = compileMutant("SLHDSASHA2128sVerifier", m.file, m.changes ?? []);
        const factory = await ethers.getContractFactory("SLHDSASHA2128sVerifier");
        const original = await factory.deploy();
        const mutant = await new ethers.ContractFactory(factory.interface, code, factory.runner).deploy();
        const verdicts = [original, mutant].map((v) => verdictOf(v, BY_WORD, m));
        expect(await Promise.all(verdicts), "the original and the mutant").to.deep.equal([m.right, !m.right]);
      });
    }
  });
});
