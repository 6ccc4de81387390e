import { expect } from "chai";
import { EXIT_CODE_SENTENCES } from "../../../relayer/cli/output.ts";
import { EXIT_CODES } from "../../../relayer/src/service/exit-codes.ts";
import { createProgram } from "../../../relayer/cli/program.ts";
import { pqmesh } from "./support/run-pqmesh.ts";

type Command = ReturnType<typeof createProgram>;

/** Every command by its full name. */
function everyCommand(command: Command, prefix = ""): [string, Command][] {
  const name = `${prefix}${command.name()}`;
  return [[name, command], ...command.commands.flatMap((sub) => everyCommand(sub, `${name} `))];
}

/** The help that a command prints. */
function helpOf(command: Command): string {
  let help = "";
  command.configureOutput({ writeOut: (text) => void (help += text) });
  command.outputHelp();
  return help;
}

const commands = everyCommand(createProgram({ isJson: false }));

describe("pqmesh --help", () => {
  it("knows the commands that documents name", () => {
    const names = commands.map(([name]) => name.replace("pqmesh ", ""));
    expect(names).to.include.members([
      ...["agent run", "agent recover", "relayer run", "relayer protection export", "key create", "key sign"],
      ...["key rotate prepare", "key rotate submit", "operator propose-owner", "operator accept-owner", "stake cancel"],
    ]);
  });

  for (const [name, command] of commands) {
    it(`explains ${name}`, () => {
      const help = helpOf(command);
      expect(command.description(), "sentence").to.have.length.above(15);
      expect(help, "usage").to.include(`Usage: ${name}`);
      expect(help, "options").to.include("Options:").and.include("--json");
      for (const code of Object.keys(EXIT_CODE_SENTENCES))
        expect(help, "exit code").to.match(new RegExp(`^  ${code}  `, "m"));
      const examples = [...help.matchAll(/^ {2}\$ (pqmesh .*)$/gm)].map(([, line]) => line!);
      expect(examples, "examples").not.to.be.empty;
      expect(`${examples[0]} `, "first example").to.include(name === "pqmesh" ? name : `${name} `);
      if (command.commands.length > 0) return;
      const options = examples.flatMap((example) => example.match(/--[a-z-]+/g) ?? []);
      for (const option of options) expect(help, "option of an example").to.match(new RegExp(`^ +${option}\\b`, "m"));
    });
  }

  it("gives every exit code a number of its own and a sentence", () => {
    const codes = Object.values(EXIT_CODES);
    expect(new Set(codes).size, "different").to.equal(codes.length);
    expect(Object.keys(EXIT_CODE_SENTENCES).map(Number)).to.have.members(codes);
  });

  it("is what the program prints", async () => {
    const { status, stdout, stderr } = await pqmesh(["operator", "propose-owner", "--help"]);
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: "" });
    expect(stdout).to.include("Usage: pqmesh operator propose-owner").and.include("Exit codes:");
  }).timeout(30_000);
});
