import { build } from "esbuild";
import { expect } from "chai";
import path from "node:path";
import { measureBuild, measuredFiles } from "../../../relayer/src/agent/measurement.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");

describe("measurement of the agent's build", () => {
  it("covers every source file that an agent runs", async () => {
    const { metafile } = await build({
      entryPoints: [path.join(ROOT, "relayer/src/agent/run.ts")],
      absWorkingDir: ROOT,
      bundle: true,
      format: "esm",
      metafile: true,
      packages: "bundle",
      platform: "node",
      outdir: "nowhere",
      write: false,
      logLevel: "error",
    });
    const own = Object.keys(metafile.inputs).filter((file) => /^(relayer|contracts)\//.test(file));
    const measured = new Set(measuredFiles().map((file) => path.relative(ROOT, file)));
    expect(own).to.include("relayer/src/agent/run.ts");
    expect(own.filter((file) => !measured.has(file))).to.deep.equal([]);
  });

  it("is the same at every call", () => {
    expect(measureBuild()).to.match(/^0x[0-9a-f]{64}$/);
    expect(measureBuild()).to.equal(measureBuild());
  });
});
