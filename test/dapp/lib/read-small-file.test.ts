import { expect } from "chai";
import { readSmallFile } from "../../../dapp/src/lib/read-small-file.ts";

describe("readSmallFile", () => {
  it("reads a file of the expected size", async () => {
    expect(await readSmallFile(new File(["key"], "key.pub"))).to.deep.equal(new TextEncoder().encode("key"));
    expect(await readSmallFile(new File([new Uint8Array(65_536)], "longest"))).to.have.length(65_536);
  });

  it("reads nothing of a longer file", async () => {
    let reads = 0;
    const arrayBuffer = () => Promise.resolve(new ArrayBuffer(0)).finally(() => reads++);
    const error = await readSmallFile({ size: 65_537, arrayBuffer }).catch((reason: Error) => reason);
    expect(error).to.have.property("message").that.contains("65,537 bytes; at most 65,536");
    expect(reads, "reads").to.equal(0);
  });
});
