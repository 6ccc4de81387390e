import { expect } from "chai";
import { layoutFailures } from "../../../scripts/check/layout.ts";
import { projectOf } from "../project-of.ts";

const layout = (...paths: string[]) => layoutFailures(projectOf(Object.fromEntries(paths.map((path) => [path, ""]))));

describe("layoutFailures", () => {
  it("allows twenty entries in the root", () => {
    const entries = Array.from({ length: 21 }, (_, index) => `entry-${index}/a.md`);
    expect(layout(...entries.slice(1))).to.deep.equal([]);
    expect(layout(...entries)[0]).to.include("the root has 21 entries");
  });

  it("refuses folders that collect anything", () => {
    for (const folder of ["utils", "common", "misc"]) expect(layout(`relayer/${folder}/a.ts`)).to.have.length(1);
    expect(layout("relayer/transport/a.ts")).to.deep.equal([]);
  });

  it("asks for kebab-case in TypeScript", () => {
    expect(layout("dapp/src/node-page.tsx", "dapp/vite.config.ts", "a/ml-dsa-65.test.ts", "a/b.d.ts")).to.deep.equal(
      [],
    );
    for (const name of ["NodePage.tsx", "nodePage.ts", "node_page.ts"]) expect(layout(`a/${name}`)).to.have.length(1);
  });

  it("lets tests of contracts carry the contract's name", () => {
    expect(layout("test/contracts/MeshToken.test.ts", "test/contracts/A/submitReport.test.ts")).to.deep.equal([]);
    expect(layout("test/relayer/MeshToken.test.ts")).to.have.length(1);
  });
});
