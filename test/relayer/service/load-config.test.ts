import { writeFileSync } from "node:fs";
import { expect } from "chai";
import { relayerConfigSchema } from "../../../relayer/src/config.ts";
import { besideConfig, ConfigError, loadConfig } from "../../../relayer/src/service/load-config.ts";
import { temporaryDirectory, type TemporaryDirectory } from "../store/stored-attestations.ts";

const SOUND = {
  dataDir: "data",
  network: "network.json",
  rpcUrls: ["http://127.0.0.1:8545"],
  walletKeystore: "wallet.json",
  reportKeystore: "report.json",
  tls: { keystore: "tls.json", cert: "tls.pem", ca: ["ca.pem"] },
  session: { host: "127.0.0.1", port: 7001 },
  committeeApi: { host: "127.0.0.1", port: 7002 },
  readApi: { host: "127.0.0.1", port: 7003 },
};

describe("configuration of a relayer", () => {
  let directory: TemporaryDirectory;
  let file: string;

  before(() => {
    directory = temporaryDirectory();
    file = directory.file("relayer.json");
  });

  after(() => directory.remove());

  function load(content: unknown) {
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return loadConfig(file, relayerConfigSchema);
  }

  function messageOf(content: unknown): string {
    try {
      load(content);
    } catch (error) {
      expect(error).to.be.instanceOf(ConfigError);
      return (error as Error).message;
    }
    throw new Error("the configuration was taken");
  }

  it("fills in defaults", () => {
    const config = load(SOUND);
    expect(config).to.deep.include({ heartbeatSilenceMs: 15_000, historyEpochs: 256, retentionEpochs: 2_048 });
    expect(config.tls.crl).to.deep.equal([]);
    expect(config.log).to.deep.equal({ level: "info" });
  });

  for (const field of Object.keys(SOUND)) {
    it(`names the missing field ${field}`, () => {
      const rest: Record<string, unknown> = { ...SOUND };
      delete rest[field];
      expect(messageOf(rest)).to.match(new RegExp(`^config .*relayer\\.json: ${field} is missing$`));
    });
  }

  it("names the path of a wrong value", () => {
    const port = { ...SOUND, session: { host: "x", port: 70_000 } };
    expect(messageOf(port), "port").to.include(": session.port must be at most 65535");
    expect(messageOf({ ...SOUND, rpcUrls: ["http://x", "no URL"] }), "URL").to.include(": rpcUrls[1] must be a URL");
    expect(messageOf({ ...SOUND, rpcUrls: [] }), "list").to.include(": rpcUrls must not be empty");
    expect(messageOf({ ...SOUND, retentionEpochs: 1 }), "retention").to.include(
      ": retentionEpochs must be at least 64",
    );
    expect(messageOf({ ...SOUND, historyEpochs: 8.5 }), "fraction").to.include(
      ": historyEpochs must be a whole number",
    );
    expect(messageOf({ ...SOUND, log: { level: "loud" } }), "log level").to.include(
      ": log.level must be one of trace, debug, info, warn, error",
    );
  });

  it("names unknown keys", () => {
    expect(messageOf({ ...SOUND, retention: 5 })).to.include("unknown keys: retention");
    expect(messageOf({ ...SOUND, tls: { ...SOUND.tls, key: "k" } })).to.include("tls has unknown keys: key");
  });

  it("names every field that is wrong", () => {
    const message = messageOf({ ...SOUND, dataDir: 1, network: "" });
    expect(message).to.include(": dataDir must be a text; network must not be empty");
  });

  it("says when there is no file or no JSON", () => {
    expect(() => loadConfig(directory.file("missing.json"), relayerConfigSchema)).to.throw(
      /missing\.json cannot be read: it does not exist$/,
    );
    expect(messageOf("{\n  oops secret")).to.match(/relayer\.json is not JSON at line 2, column 3$/);
    expect(messageOf("[]")).to.include("relayer.json: the whole file must be an object");
  });

  it("finds files beside the configuration", () => {
    expect(besideConfig("/etc/pqmesh/relayer.json", "tls.pem")).to.equal("/etc/pqmesh/tls.pem");
    expect(besideConfig("/etc/pqmesh/relayer.json", "/keys/tls.pem")).to.equal("/keys/tls.pem");
  });
});
