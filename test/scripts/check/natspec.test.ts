import { expect } from "chai";
import { undocumented } from "../../../scripts/check/natspec.ts";

const inInterface = (body: string) => undocumented("I.sol", `/// @notice Something.\ninterface I {\n${body}\n}\n`);

describe("undocumented", () => {
  it("accepts a documented interface", () => {
    const body = `
      /// @notice Moves.
      function f(uint256 a) external;
      /**
       * @notice Moved.
       * @param a How far.
       */
      event E(uint256 a);
      /// @notice Thrown when it does not move.
      error X(uint256 a);
      /// @notice Where.
      /// @param x Metres.
      struct S {
        uint256 x;
        /// @dev Metres.
        uint256 y;
      }`;
    expect(inInterface(body)).to.deep.equal([]);
  });

  it("names undocumented functions, events, errors and structs of an interface", () => {
    const body = "function f() external;\nevent E();\nerror X();\nstruct S { uint256 a; }";
    expect(inInterface(body)).to.deep.equal([
      "I.sol:3: function f has no NatSpec",
      "I.sol:4: event E has no NatSpec",
      "I.sol:5: error X has no NatSpec",
      "I.sol:6: struct S has no NatSpec",
      "I.sol:6: field S.a has no NatSpec",
    ]);
  });

  it("does not take a plain comment or another item's comment for NatSpec", () => {
    const body =
      "// @notice Moves.\nfunction f() external;\n/// @notice Moves.\nfunction g() external;\nfunction h() external;";
    expect(inInterface(body)).to.deep.equal([
      "I.sol:4: function f has no NatSpec",
      "I.sol:7: function h has no NatSpec",
    ]);
  });

  it("asks contracts for their reachable functions only", () => {
    const text = `contract C {
      event E();
      constructor() {}
      /// @inheritdoc I
      function f() external {}
      function g() public {}
      function h() internal {}
    }`;
    expect(undocumented("C.sol", text)).to.deep.equal(["C.sol:6: function g has no NatSpec"]);
  });

  it("asks for a sentence, not only a tag", () => {
    expect(inInterface("/// @notice\nfunction f() external;")).to.have.length(1);
  });
});
