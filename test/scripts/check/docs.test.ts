import { expect } from "chai";
import { lengthProblems } from "../../../scripts/check/docs.ts";
import { commandProblems } from "../../../scripts/check/docs/commands.ts";
import { pathProblems } from "../../../scripts/check/docs/paths.ts";
import { versionProblems } from "../../../scripts/check/docs/versions.ts";
import { projectOf } from "../project-of.ts";

const manifest = JSON.stringify({
  scripts: { start: "node scripts/start.ts", check: "node scripts/require-node.js && node scripts/check.ts" },
  devDependencies: { hardhat: "3.17.0", "@openzeppelin/contracts": "5.7.0", viem: "2.57.1" },
});

const project = (markdown: string, path = "README.md") =>
  projectOf({
    "package.json": manifest,
    ".gitignore": "artifacts/\n.pqmesh/\n",
    "scripts/start.ts": 'const help = "--help";',
    "scripts/check.ts": "",
    "relayer/cli/pqmesh.ts": "",
    "contracts/interfaces/IBridge.sol": "",
    "docs/guide.md": "# The Guide\n\n## Run it, now!\n",
    [path]: markdown,
  });

/** Help texts as the programs would print them. */
const helpTexts: Record<string, string> = {
  "scripts/start.ts": "Options:\n  --nodes N  number of nodes\n",
  "relayer/cli/pqmesh.ts": "Options:\n  --json  print JSON\n\nCommands:\n  agent  run a node\n  help [command]\n",
  "relayer/cli/pqmesh.ts agent": "Commands:\n  run [options]  start\n  recover        repair\n",
  "relayer/cli/pqmesh.ts agent recover": "",
  "relayer/cli/pqmesh.ts agent run": "Options:\n  --config <file>  settings\n",
  "node_modules/.bin/hardhat build": "",
  "node_modules/.bin/hardhat test": "",
  "node_modules/.bin/hardhat test mocha": "",
};

const commands = (markdown: string) =>
  commandProblems(project(markdown), (args) => {
    const output = helpTexts[args.join(" ")];
    return Promise.resolve(output === undefined ? { status: 1, output: "" } : { status: 0, output });
  });

describe("commandProblems", () => {
  const present = [
    "`npm start`",
    "`npm start -- --nodes 12`",
    '```sh\nnpx -y -p node@24 -c "npm ci && npm start"\n```',
    "`npm run -s check`",
    "`npm run bench:NAME -- --json`",
    "`npx hardhat build`",
    "`npx hardhat test mocha test/contracts/a.test.ts`",
    "`npx hardhat test test/contracts/a.test.ts`",
    "`node scripts/check.ts --only lint`",
    "`pqmesh agent run --config FILE`",
    "```sh\n$ pqmesh agent recover --json\n```",
    "`pqmesh …`",
    "the word pqmesh bogus in prose, `chown pqmesh file`",
  ];
  for (const text of present) {
    it(`accepts ${JSON.stringify(text)}`, async () => {
      expect(await commands(text)).to.deep.equal([]);
    });
  }

  const missing = {
    "`npm run deploy`": 'script "deploy"',
    "`npm start -- --colour red`": "option --colour of scripts/start.ts",
    "```sh\nnpm ci && npm test\n```": 'script "test"',
    "`npx hardhat launch`": "Hardhat task launch",
    "`npx hardhat test bogus`": "Hardhat task test bogus",
    "`node scripts/gone.ts`": "file scripts/gone.ts",
    "`pqmesh agent walk`": "command pqmesh agent walk",
    "`pqmesh launch`": "command pqmesh launch",
    "```\npqmesh agent run \\\n  --fast\n```": "option --fast of pqmesh agent run",
    "`node relayer/cli/pqmesh.ts agent walk`": "command pqmesh agent walk",
  };
  for (const [text, what] of Object.entries(missing)) {
    it(`refuses ${JSON.stringify(text)}`, async () => {
      const problems = await commands(text);
      expect(problems).to.have.length(1);
      expect(problems[0]).to.include(`there is no ${what}`);
    });
  }
});

describe("pathProblems", () => {
  const present = [
    "[guide](docs/guide.md)",
    "[guide](docs/guide.md#run-it-now)",
    "[site](https://example.org/x.md)",
    "`contracts/interfaces/`, `contracts/{interfaces}`, `contracts/<Folder>/I*.sol`",
    "`IBridge.sol`, `interfaces/IBridge.sol`",
    "`text/plain`, `@noble/hashes`, `and/or`, `/v1/nodes/{i}`, `artifacts/contracts/x.json`, `.pqmesh/status.json`",
    '```ts\nimport x from "./gone.ts";\n```',
    "`[not a link](gone.md)`",
  ];
  for (const text of present) {
    it(`accepts ${JSON.stringify(text)}`, () => {
      expect(pathProblems(project(text))).to.deep.equal([]);
    });
  }

  const missing = {
    "[guide](docs/gone.md)": "docs/gone.md leads nowhere",
    "![picture](docs/picture.svg)": "docs/picture.svg leads nowhere",
    "[guide](docs/guide.md#elsewhere)": "has no heading #elsewhere",
    "`contracts/gone/`": "there is no contracts/gone",
    "`contracts/{interfaces,gone}`": "there is no contracts/gone",
    "`IGone.sol`": "there is no IGone.sol",
    "`scripts/*-gone.ts`": "there is no scripts/*-gone.ts",
    "```\nscripts/gone.ts   does nothing\n```": "there is no scripts/gone.ts",
  };
  for (const [text, what] of Object.entries(missing)) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      const problems = pathProblems(project(text));
      expect(problems).to.have.length(1);
      expect(problems[0]).to.include(what);
    });
  }

  it("reads paths from the folder of the document", () => {
    expect(pathProblems(project("[IBridge](interfaces/IBridge.sol)", "contracts/README.md"))).to.deep.equal([]);
    expect(pathProblems(project("[IBridge](interfaces/IBridge.sol)"))).to.have.length(1);
  });
});

describe("versionProblems", () => {
  it("accepts the version in use, in full or in part", () => {
    expect(versionProblems(project("Hardhat 3, viem 2.57.1, `hardhat@3.17`, OpenZeppelin 5.7.0"))).to.deep.equal([]);
  });

  it("refuses any other version", () => {
    expect(versionProblems(project("Hardhat 2 and\nviem@2.57.2, OpenZeppelin Contracts 5.6"))).to.deep.equal([
      "README.md:1: names Hardhat 2, package.json has 3.17.0",
      "README.md:2: names viem 2.57.2, package.json has 2.57.1",
      "README.md:2: names OpenZeppelin Contracts 5.6, package.json has 5.7.0",
    ]);
  });

  it("reads versions in code blocks too", () => {
    expect(versionProblems(project("```sh\nnpm install viem@1.0.0\n```"))).to.have.length(1);
  });

  it("leaves history and rejected choices alone", () => {
    expect(versionProblems(project("viem 1.0.0", "CHANGELOG.md"))).to.deep.equal([]);
    expect(versionProblems(project("viem 1.0.0", "DECISIONS.md"))).to.deep.equal([]);
  });
});

describe("lengthProblems", () => {
  it("allows 120 lines in the root and 40 in folders", () => {
    const text = (lines: number) => "x\n".repeat(lines);
    expect(lengthProblems(project(text(120)))).to.deep.equal([]);
    expect(lengthProblems(project(text(121)))).to.have.length(1);
    expect(lengthProblems(project(text(40), "relayer/README.md"))).to.deep.equal([]);
    expect(lengthProblems(project(text(41), "relayer/README.md"))).to.have.length(1);
  });
});
