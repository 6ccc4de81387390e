import { tmpdir } from "node:os";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { writeFileSync } from "node:fs";
import { CONTRACT_NAMES } from "@pqmesh/contracts/protocol/network-config";
import { expect } from "chai";
import { freePorts } from "../../helpers/relayer-files.ts";
import { temporaryDirectory } from "../keystore/temporary-directory.ts";
import { pqmesh } from "./support/run-pqmesh.ts";

const SECRET = "c0ffee".repeat(11);

describe("pqmesh with a wrong command line", () => {
  const mistakes: [string, string[], string][] = [
    ["an unknown command", ["stak"], "unknown command 'stak' (did you mean stake?)"],
    ["an unknown subcommand", ["key", "creat"], "unknown command 'creat' (did you mean create?)"],
    ["a command of other groups", ["verify"], "or pqmesh attestation verify or pqmesh indexer verify?)"],
    [
      "an unknown option",
      ["stake", "show", "1", "--netwrok", "x"],
      "unknown option '--netwrok' (did you mean --network?)",
    ],
    ["a missing argument", ["stake", "show"], "missing required argument 'nodeIndex'"],
    ["a missing option", ["key", "create", "--purpose", "tls"], "required option '--out <file>' not specified"],
    ["an argument too many", ["key", "show", "a", "b"], "too many arguments"],
    ["a group without its command", ["key", "rotate"], "pqmesh key rotate needs a command: prepare, submit"],
    ["a choice that is none", ["key", "create", "--purpose", "door", "--out", "x"], "Allowed choices are attestation"],
    [
      "both --dry-run and --yes",
      ["stake", "withdraw", "1", "--wallet", "w", "--yes", "--dry-run"],
      "cannot be used with",
    ],
    ["a node that is no number", ["stake", "show", "one"], 'nodeIndex is "one", it must be a whole number'],
    ["a listing that cannot be", ["listing", "show", "0"], 'listingId is "0", it must be a whole number from 1 to'],
    ["a page that is too long", ["lease", "list", "--limit", "1001"], "it must be a whole number from 1 to 1000"],
    [
      "a pause longer than a timer counts",
      ["lease", "probe", "1", "--key", "k", "--every", "2147484"],
      '--every is "2147484", it must be a whole number from 0 to 86400',
    ],
    [
      "a patience longer than a timer counts",
      ["lease", "connect", "1", "--key", "k", "--timeout", "4294967295"],
      "it must be a whole number from 1 to 86400",
    ],
    ["an amount that is none", ["stake", "add", "1", "1e5", "--wallet", "w"], 'amount is "1e5"'],
    ["an address that is none", ["operator", "set-wallet", "1", "0x12", "--wallet", "w"], "address must be an address"],
    [
      "a root key that is none",
      ["operator", "register", "--root-key", "0x12", "--wallet", "w"],
      "must be 32 bytes in hex",
    ],
    [
      "a network file that is absent",
      ["network", "status", "--network", "absent.json"],
      "absent.json is no network.json: it does not exist",
    ],
    ["a keystore that is absent", ["key", "show", "absent.json"], "absent.json cannot be opened: it does not exist"],
  ];
  for (const [name, args, sentence] of mistakes) {
    it(`says one sentence about ${name}`, async () => {
      const { status, stdout, stderr } = await pqmesh([...args, "--json"]);
      const { error, exitCode } = JSON.parse(stdout) as { error: string; exitCode: number };
      expect(error).to.include(sentence).and.not.include("\n");
      expect(exitCode, "exit code").to.equal(status).and.to.equal(2);
      expect(stderr, "standard error").to.equal("");
    });
  }

  it("says where the default network.json is", async () => {
    const { status, stderr } = await pqmesh(["node", "show", "1"], {}, tmpdir());
    expect(stderr).to.equal(
      "pqmesh: data/devnet/network.json is no network.json: it does not exist; that default exists only in a clone where npm start runs: name another with --network\n",
    );
    expect(status, "exit code").to.equal(2);
  });

  it("writes the sentence to standard error as text", async () => {
    const { status, stdout, stderr } = await pqmesh(["stake", "shwo"]);
    expect(stderr).to.equal(
      "pqmesh: unknown command 'shwo' (did you mean show?); \"pqmesh stake --help\" says what it takes\n",
    );
    expect({ status, stdout }).to.deep.equal({ status: 2, stdout: "" });
  });

  const misplaced: string[][] = [
    [SECRET],
    ["stake", "show", SECRET],
    ["stake", "show", "1", `--password=${SECRET}`],
    ["stake", "add", "1", SECRET, "--wallet", "w"],
    ["operator", "set-wallet", "1", SECRET, "--wallet", "w"],
    ["operator", "register", "--root-key", `0x${SECRET}`, "--wallet", "w"],
    ["key", "create", "--purpose", SECRET, "--out", "x"],
  ];
  for (const args of misplaced) {
    it(`does not repeat a secret in the place of ${args.indexOf(args.find((arg) => arg.includes(SECRET))!)} of ${args[0] === SECRET ? "pqmesh" : args.slice(0, 2).join(" ")}`, async () => {
      const { status, stdout, stderr } = await pqmesh(args);
      expect(`${stdout}${stderr}`).not.to.include(SECRET);
      expect(status, "exit code").to.equal(2);
    });
  }
}).timeout(30_000);

describe("pqmesh and a chain node that is not right", () => {
  const path = temporaryDirectory();
  const address = `0x${"ab".repeat(20)}`;
  let server: Server;
  let answer: () => { status: number; body: string };

  /** Runs a command against an RPC URL. */
  const status = async (rpcUrl: string): Promise<{ error: string; exitCode: number }> => {
    const network = {
      ...{ name: "test", chainId: 31_337, rpcUrl, indexerUrl: "http://127.0.0.1:1", relayers: [], startBlock: 1 },
      ...{ epoch: { genesis: 1, lengthSeconds: 10 }, trustDomain: "test" },
      contracts: Object.fromEntries(CONTRACT_NAMES.map((name) => [name, address])),
    };
    writeFileSync(path("network.json"), JSON.stringify(network));
    const run = await pqmesh(["network", "status", "--network", path("network.json"), "--json"]);
    expect(run.json<{ exitCode: number }>().exitCode, "exit code").to.equal(run.status);
    return run.json();
  };
  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/v3/${SECRET}`;

  before(async () => {
    server = createServer((request, response) => {
      request.resume().on("end", () => {
        const { status: code, body } = answer();
        response.writeHead(code, { "content-type": "application/json" }).end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  after(() => new Promise((resolve) => server.close(resolve)));

  it("says that it does not answer", async () => {
    const { session: port } = await freePorts();
    const { error, exitCode } = await status(`http://127.0.0.1:${port}/${SECRET}`);
    expect(error).to.equal(`the chain node http://127.0.0.1:${port} does not answer (ECONNREFUSED)`);
    expect(exitCode, "exit code").to.equal(4);
  });

  it("says which status it answers, and not its access key", async () => {
    answer = () => ({ status: 503, body: JSON.stringify({ error: "down" }) });
    const { error, exitCode } = await status(url());
    expect(error).to.match(/^the chain node http:\/\/127\.0\.0\.1:\d+ does not answer \(HTTP status 503\)$/);
    expect(exitCode, "exit code").to.equal(4);
  });

  it("says that its answer is not JSON", async () => {
    answer = () => ({ status: 200, body: "<html>" });
    expect((await status(url())).error).to.match(/does not answer \(its answer is not JSON\)$/);
  });

  it("names both chain ids when it is of another chain", async () => {
    answer = () => ({ status: 200, body: JSON.stringify({ jsonrpc: "2.0", id: 1, result: "0x1" }) });
    const { error, exitCode } = await status(url());
    expect(error).to.include("is of chain 1,").and.include("for chain 31337").and.not.include(SECRET);
    expect(exitCode, "exit code").to.equal(2);
  });

  it("says what the node refuses", async () => {
    const refusal = { jsonrpc: "2.0", id: 1, error: { code: -32_601, message: "no such method" } };
    answer = () => ({ status: 200, body: JSON.stringify(refusal) });
    const { error, exitCode } = await status(url());
    expect(error).to.include("the chain node refuses: no such method");
    expect(exitCode, "exit code").to.equal(1);
  });
}).timeout(30_000);
