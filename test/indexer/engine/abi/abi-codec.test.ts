import { expect } from "chai";
import { encodeAbiParameters, parseAbiParameters } from "viem";

import { decodeSequence, decodeTopic, decodeValue } from "../../../../indexer/engine/abi/abi-decode.ts";
import { encodeValue } from "../../../../indexer/engine/abi/abi-encode.ts";
import type { EthValue } from "../../../../indexer/engine/abi/abi-type.ts";
import { ETH_KIND, parseAbiType } from "../../../../indexer/engine/abi/abi-type.ts";
import { bytesOfHex, toHex } from "../../../../indexer/engine/values/hex.ts";

const OWNER = "0x00000000000000000000000000000000000000aa";
/** Types, values as viem takes them, and what they read back as. */
const CASES: readonly (readonly [types: string, values: readonly unknown[], read: readonly unknown[]])[] = [
  ["uint256, uint8, bool", [2n ** 256n - 1n, 7, true], [2n ** 256n - 1n, 7n, true]],
  ["int256, int8", [-(2n ** 255n), -1], [-(2n ** 255n), -1n]],
  [
    "address, bytes4, bytes32",
    [OWNER, "0x01020304", `0x${"11".repeat(32)}`],
    [OWNER, "0x01020304", `0x${"11".repeat(32)}`],
  ],
  [
    "string, bytes",
    ["héllo wörld, longer than one word of thirty-two bytes", "0x"],
    ["héllo wörld, longer than one word of thirty-two bytes", "0x"],
  ],
  [
    "uint256[], string[]",
    [
      [1n, 2n, 3n],
      ["a", ""],
    ],
    [
      [1n, 2n, 3n],
      ["a", ""],
    ],
  ],
  [
    "uint16[2][3], bytes[2]",
    [
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      ["0x01", "0x0203"],
    ],
    [
      [
        [1n, 2n],
        [3n, 4n],
        [5n, 6n],
      ],
      ["0x01", "0x0203"],
    ],
  ],
  [
    "(address owner, (string name, int64[] weights) inner)[] list",
    [[{ owner: OWNER, inner: { name: "x", weights: [-5n, 6n] } }]],
    [[[OWNER, ["x", [-5n, 6n]]]]],
  ],
];

describe("ABI codec", () => {
  for (const [types, values, read] of CASES) {
    it(`decodes ${types}`, () => {
      const data = bytesOfHex(encode(types, values));
      const parsed = parseAbiParameters(types).map((parameter) => parseAbiType(canonical(parameter)));
      expect(decodeSequence(parsed, data).map(plain)).to.deep.equal(read);
    });

    it(`encodes ${types} as it was`, () => {
      const type = parseAbiType(`(${parseAbiParameters(types).map(canonical).join(",")})`);
      const data = encodeAbiParameters(
        [{ type: "tuple", components: parseAbiParameters(types) as never }],
        [named(types, values) as never],
      );
      expect(toHex(encodeValue(decodeValue(type, bytesOfHex(data))))).to.equal(data);
    });
  }

  it("refuses data that ends too early", () => {
    expect(() => decodeSequence([parseAbiType("uint256")], new Uint8Array(31))).to.throw(RangeError, "ends at byte 31");
    const data = bytesOfHex(encode("string", ["hello"]));
    expect(() => decodeSequence([parseAbiType("string")], data.subarray(0, 64))).to.throw(RangeError);
  });

  it("refuses lengths that point outside of the data", () => {
    const data = Buffer.from(bytesOfHex(encode("uint256[]", [[1n]])));
    data.fill(0xff, 32, 64);
    expect(() => decodeSequence([parseAbiType("uint256[]")], data)).to.throw(RangeError, "beyond its end");
  });

  it("reads indexed dynamic values as their hash", () => {
    const topic = Buffer.alloc(32, 7);
    expect(decodeTopic(parseAbiType("string"), topic)).to.deep.equal({ kind: ETH_KIND.fixedBytes, value: topic });
    expect(decodeTopic(parseAbiType("int256"), Buffer.alloc(32, 0xff))).to.deep.equal({
      kind: ETH_KIND.int,
      value: -1n,
    });
  });

  it("refuses integers that do not fit", () => {
    expect(() => encodeValue({ kind: ETH_KIND.uint, value: -1n })).to.throw(RangeError, "uint256");
    expect(() => encodeValue({ kind: ETH_KIND.int, value: 2n ** 255n })).to.throw(RangeError, "int256");
  });

  it("refuses types that Solidity does not have", () => {
    for (const type of ["uint7", "int264", "bytes33", "bytes0", "tuple", "uint256[", ""]) {
      expect(() => parseAbiType(type), type).to.throw("not a Solidity ABI type");
    }
  });
});

function encode(types: string, values: readonly unknown[]): `0x${string}` {
  return encodeAbiParameters(parseAbiParameters(types) as never, values as never);
}

/** viem wants an object when the components of a tuple have names, and an array otherwise. */
function named(types: string, values: readonly unknown[]): unknown {
  const names = parseAbiParameters(types).map((parameter) => parameter.name);
  return names.some((name) => name === undefined)
    ? values
    : Object.fromEntries(names.map((name, i) => [name, values[i]]));
}

interface Parameter {
  readonly type: string;
  readonly components?: readonly Parameter[];
}

function canonical(parameter: Parameter): string {
  if (!parameter.type.startsWith("tuple")) return parameter.type;
  return `(${(parameter.components ?? []).map(canonical).join(",")})${parameter.type.slice(5)}`;
}

function plain({ value }: EthValue): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  return Array.isArray(value) ? (value as readonly EthValue[]).map(plain) : value;
}
