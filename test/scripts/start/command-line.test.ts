import { expect } from "chai";
import { commandLine } from "../../../scripts/start/processes.ts";

describe("a command that brings a part back", () => {
  const words = ["relayer/cli/pqmesh.js", "agent", "run", "--config", "/data/agent.json"];

  it("needs nothing but Node where Node is installed", () => {
    expect(commandLine(words, "/usr/bin/node")).to.equal(`node ${words.join(" ")}`);
  });

  it("fetches Node where npx fetched it", () => {
    const fetched = "/opt/npm-cache/.npm/_npx/1a2b/node_modules/node/bin/node";
    expect(commandLine(words, fetched)).to.equal(`npx -y -p node@24 node ${words.join(" ")}`);
  });

  it("quotes what a shell would read otherwise", () => {
    expect(commandLine(["--config", "/my data/it's"], "/usr/bin/node")).to.equal(
      String.raw`node --config '/my data/it'\''s'`,
    );
  });
});
