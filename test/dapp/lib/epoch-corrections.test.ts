import { expect } from "chai";
import { correctCells } from "../../../dapp/src/lib/epoch-corrections.ts";

describe("correctCells", () => {
  it("makes voided epochs absent and admitted ones attested", () => {
    const cells = new Map([
      [1, { epoch: 1, status: "Attested" as const, quality: 250 }],
      [2, { epoch: 2, status: "Absent" as const }],
    ]);
    const corrected = correctCells(
      cells,
      new Map([
        [1, "Voided" as const],
        [2, "Admitted" as const],
      ]),
    );
    expect(corrected.get(1)).to.deep.equal({ epoch: 1, status: "Absent" });
    expect(corrected.get(2)).to.deep.equal({ epoch: 2, status: "Attested", quality: 255 });
    expect(cells.get(1)!.status, "its argument stays").to.equal("Attested");
  });
});
