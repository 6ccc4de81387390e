import { expect } from "chai";
import { subjectText } from "../../../relayer/cli/certificate-argument.ts";

describe("whom a certificate is of", () => {
  it("is a number, or the whole address of a relayer", () => {
    expect(subjectText("node", 7n)).to.equal("node 7");
    expect(subjectText("relayer", 0xabn)).to.equal(`relayer 0x${"ab".padStart(40, "0")}`);
  });
});
