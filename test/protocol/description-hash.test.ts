import { expect } from "chai";
import { encodeAbiParameters, type Hex, keccak256, parseAbiParameters, stringToHex, zeroAddress } from "viem";
import { descriptionHash } from "../../contracts/protocol/description-hash.ts";

const CREATED = parseAbiParameters(
  "uint256, address, address[], uint256[], string[], bytes[], uint256, uint256, bytes",
);

function created(description: Hex): Hex {
  return encodeAbiParameters(CREATED, [7n, zeroAddress, [zeroAddress], [0n], [""], ["0x01"], 1n, 2n, description]);
}

describe("descriptionHash", () => {
  it("is of the bytes of a description, also where they are no text", () => {
    for (const written of [stringToHex("# Pay Ada"), "0x", "0xefbbbf4e6f", "0x61ff62", "0x610062"] as const) {
      expect(descriptionHash(created(written)), written).to.equal(keccak256(written));
    }
  });
});
