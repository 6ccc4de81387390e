import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** Loaded first: lets the program believe that it runs under an old Node. */
const OLD =
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.20.2"}})';
const SENTENCE = "PQMesh needs Node 24.7 or newer, this is Node 20.20.2: run it under Node 24 with";

/** What a program says under an old Node, started by npm's script or npx when `script` is given. */
function refusal(args: string[], script?: string): string {
  const { npm_lifecycle_event: _, ...env } = process.env;
  const run = spawnSync(process.execPath, ["--import", OLD, ...args], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...env, ...(script && { npm_lifecycle_event: script }) },
  });
  expect(run.status, "exit code").to.equal(1);
  expect(run.stdout, "standard output").to.equal("");
  return run.stderr.trim();
}

describe("programs under an old Node", () => {
  it("refuse with a command that can be pasted", () => {
    expect(refusal(["relayer/cli/pqmesh.js", "key", "show", "node.json"])).to.equal(
      `${SENTENCE} npx -y -p node@24 -c "node relayer/cli/pqmesh.js key show node.json".`,
    );
    expect(refusal(["indexer/engine/main.js"])).to.contain('-c "node indexer/engine/main.js".');
  });

  it("name what npm and npx were asked for", () => {
    expect(refusal(["relayer/cli/pqmesh.js", "--version"], "npx")).to.contain('-c "pqmesh.js --version".');
    expect(refusal(["relayer/cli/pqmesh.js", "--version"], "pqmesh")).to.contain('-c "npm run pqmesh -- --version".');
    expect(refusal(["relayer/cli/pqmesh.js"], "start")).to.contain('-c "npm start".');
  });

  it("repeat no word that a shell would read otherwise", () => {
    expect(refusal(["relayer/cli/pqmesh.js", "key", "$(id)"])).to.contain("key …");
  });

  it("are all of npm's scripts", () => {
    const { scripts } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const guarded = /--import \.\/scripts\/require-node\.js|^node relayer\/cli\/pqmesh\.js$/;
    for (const [name, command] of Object.entries(scripts)) expect(command, name).to.match(guarded);
  });
});
