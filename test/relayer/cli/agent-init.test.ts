import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { formatDid } from "@pqmesh/contracts/protocol/did";
import { expect } from "chai";
import { agentConfigSchema } from "../../../relayer/src/agent/config.ts";
import { loadConfig } from "../../../relayer/src/service/load-config.ts";
import { testAccount } from "../../helpers/anvil.ts";
import { type CliNetwork, startCliNetwork } from "./support/cli-network.ts";

const RELAYER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const TARGET = `${RELAYER}@127.0.0.1:9100`;
const DOMAIN = "test.pqmesh";

describe("pqmesh agent init and recover", () => {
  let network: CliNetwork;
  const file = (name: string): string => network.file(name);

  /** Registers node 0 and makes the files of its agent: certificate of node 0, and one of node 7. */
  before(async () => {
    network = await startCliNetwork();
    writeFileSync(file("network.json"), JSON.stringify({ ...network.config, trustDomain: DOMAIN }));
    for (const name of ["attestation", "tls", "authority"] as const) {
      writeFileSync(file(`${name}.pub`), `${await network.keystore(`${name}.json`, "ml-dsa-65", name)}\n`);
    }
    await network.keystore("other.json", "ml-dsa-65", "attestation");
    const send = ["--wallet", file("owner.json"), "--yes"];
    await network.ok("operator", "register", "--root-key", `0x${"5a".repeat(32)}`, ...send);
    await network.ok("operator", "register-node", "--key", file("attestation.pub"), ...send);
    await network.ok(
      ...["cert", "authority", "--keystore", file("authority.json"), "--trust-domain", DOMAIN, "--out", file("ca.pem")],
    );
    await network.ok("cert", "csr", "--keystore", file("tls.json"), "--out", file("node.csr"));
    await certify(0, "node.pem");
    await certify(7, "node-7.pem");
  });
  after(() => network.stop());

  async function certify(nodeIndex: number, out: string): Promise<void> {
    const { chainId, contracts } = network.config;
    const did = formatDid({ chainId, registry: contracts.NodeRegistry, nodeIndex });
    const ca = ["--ca", file("ca.pem"), "--ca-keystore", file("authority.json"), "--trust-domain", DOMAIN];
    await network.ok(...["cert", "issue-node", "--did", did, "--request", file("node.csr"), "--out", file(out), ...ca]);
  }

  /** Arguments of a sound call; options given again replace those before them. */
  function init(out: string, ...more: string[]): string[] {
    const keys = ["--attestation", file("attestation.json"), "--tls", file("tls.json")];
    const certificates = ["--cert", file("node.pem"), "--ca", file("ca.pem")];
    return ["agent", "init", "--node", "0", ...keys, ...certificates, "--out", file(out), ...more];
  }

  async function refusal(...args: string[]): Promise<string> {
    const { json, status } = await network.run(...args);
    expect(status, "exit code").to.equal(2);
    return json<{ error: string }>().error;
  }

  it("writes a configuration that an agent takes", async () => {
    mkdirSync(file("mine"));
    const { next, nodeIndex } = await network.ok<{ next: string; nodeIndex: number }>(
      ...init("mine/agent.json", "--relayer", TARGET, "--password-file", file("password")),
    );
    expect({ next, nodeIndex }).to.deep.equal({
      next: `npx pqmesh agent run --config ${file("mine/agent.json")}`,
      nodeIndex: 0,
    });
    const config = loadConfig(file("mine/agent.json"), agentConfigSchema);
    expect(config.relayers).to.deep.equal([{ address: RELAYER, host: "127.0.0.1", port: 9_100 }]);
    expect(config).to.deep.include({ nodeIndex: 0, rpcUrls: [network.config.rpcUrl], passwordFile: "../password" });
    const named = path.resolve(file("mine"), config.attestationKeystore);
    expect(readFileSync(named), "keystore found beside it").to.deep.equal(readFileSync(file("attestation.json")));
  });

  it("takes the relayers of network.json", async () => {
    const relayers = [{ address: RELAYER, url: "http://127.0.0.1:9140", session: "[::1]:9100" }];
    writeFileSync(file("relayers.json"), JSON.stringify({ ...network.config, trustDomain: DOMAIN, relayers }));
    await network.ok(...init("second.json", "--network", file("relayers.json")));
    const config = loadConfig(file("second.json"), agentConfigSchema);
    expect(config.relayers).to.deep.equal([{ address: RELAYER, host: "::1", port: 9_100 }]);
  });

  it("overwrites nothing", async () => {
    writeFileSync(file("there.json"), "mine");
    expect(await refusal(...init("there.json", "--relayer", TARGET))).to.include("there.json exists already");
    expect(readFileSync(file("there.json"), "utf8")).to.equal("mine");
  });

  it("says which nodes exist when one does not", async () => {
    const { status, json } = await network.run(...init("none.json", "--node", "7", "--relayer", TARGET));
    expect([status, json()]).to.deep.equal([1, { error: "node 7 does not exist; node 0 does", exitCode: 1 }]);
  });

  it("refuses files that do not belong to the node", async () => {
    const attempt = (...more: string[]) => refusal(...init("none.json", "--relayer", TARGET, ...more));
    expect(await attempt("--attestation", file("other.json"))).to.match(/but node 0 is registered with 0x/);
    expect(await attempt("--attestation", file("tls.json"))).to.match(/holds a key for tls, not for attestation$/);
    expect(await attempt("--cert", file("node-7.pem"))).to.match(/names node 7 of .*, not node 0 of /);
    expect(await attempt("--cert", file("ca.pem"))).to.match(/is no certificate of a node$/);
    expect(await attempt("--ca", file("absent.pem"))).to.match(/absent\.pem cannot be read/);
  });

  it("refuses a place that is none", async () => {
    const attempt = (...more: string[]) => refusal(...init("none.json", ...more));
    expect(await attempt("--relayer", `${RELAYER}@127.0.0.1:0`)).to.match(/^--relayer must name a host and a port/);
    expect(await attempt("--relayer", TARGET, "--listen", "9300")).to.match(/^--listen must name a host and a port/);
  });

  it("recovers nothing while relayers stall or are away, and says so in one last object", async () => {
    const stalling = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(stalling, "listening");
    const { port } = stalling.address() as AddressInfo;
    const away = [1, 2].map((unused) => `${testAccount(unused + 1).address}@127.0.0.1:${unused}`);
    const relayers = ["--relayer", `${RELAYER}@127.0.0.1:${port}`, ...away];
    await network.ok(...init("recovered.json", ...relayers));
    const { stdout, status } = await network.run("agent", "recover", "--config", file("recovered.json"), "--yes");
    stalling.close();
    const lines = stdout.trim().split("\n");
    expect(lines, "lines on standard output").to.have.length(1);
    expect(JSON.parse(lines[0]!)).to.deep.include({ exitCode: 1 });
    expect(lines[0]).to.include("only 0 of 3 relayers answered, 3 must");
    expect(status, "exit code").to.equal(1);
  });
}).timeout(60_000);
