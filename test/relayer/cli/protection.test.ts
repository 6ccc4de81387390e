import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { CONTRACT_NAMES } from "@pqmesh/contracts/protocol/network-config";
import { expect } from "chai";
import type { Hex } from "viem";
import { PROTECTION_MIGRATIONS, ProtectionLog } from "../../../relayer/src/committee/protection-log.ts";
import { lockInstance } from "../../../relayer/src/instance-lock.ts";
import { openDatabase } from "../../../relayer/src/store/database.ts";

const run = promisify(execFile);
const PQMESH = join(import.meta.dirname, "../../../relayer/cli/pqmesh.ts");
const ADDRESS: Hex = `0x${"ab".repeat(20)}`;
const OWNER = { chainId: 31_337, bridge: ADDRESS, member: `0x${"cd".repeat(20)}` } as const;
const PLACE = { epoch: 7n, shard: 0, round: 1 };
const DIGEST: Hex = `0x${"11".repeat(32)}`;

describe("pqmesh relayer protection", () => {
  let directory: string;

  /** Writes the configuration of a relayer whose data is in its own directory. */
  const configOf = (name: string) => {
    const listen = { host: "127.0.0.1", port: 1 };
    const tls = { keystore: "tls.json", cert: "cert.pem", ca: ["ca.pem"] };
    const config = {
      ...{ dataDir: name, network: "network.json", rpcUrls: ["http://127.0.0.1:1"] },
      ...{ walletKeystore: "wallet.json", reportKeystore: "report.json", tls },
      ...{ session: listen, committeeApi: listen, readApi: listen },
    };
    const file = join(directory, `${name}.json`);
    writeFileSync(file, JSON.stringify(config));
    return file;
  };

  const recordIn = (name: string, digest: Hex) => {
    mkdirSync(join(directory, name), { recursive: true });
    const db = openDatabase(join(directory, name, "relayer.db"), PROTECTION_MIGRATIONS);
    new ProtectionLog(db, OWNER).record(PLACE, digest);
    db.close();
  };

  const pqmesh = async (...args: string[]) => {
    return run(process.execPath, [PQMESH, "--json", "relayer", "protection", ...args]).then(
      ({ stdout }) => JSON.parse(stdout) as Record<string, unknown>,
      ({ stdout }: { stdout: string }) => JSON.parse(stdout) as Record<string, unknown>,
    );
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "protection-"));
    const network = {
      ...{ name: "test", chainId: 31_337, rpcUrl: "http://127.0.0.1:1", indexerUrl: "http://127.0.0.1:1" },
      ...{ relayers: [], epoch: { genesis: 1, lengthSeconds: 10 }, startBlock: 1, trustDomain: "test" },
      contracts: Object.fromEntries(CONTRACT_NAMES.map((name) => [name, ADDRESS])),
    };
    writeFileSync(join(directory, "network.json"), JSON.stringify(network));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it("moves what was signed to another machine", async () => {
    recordIn("old", DIGEST);
    const file = join(directory, "log.json");
    const exported = await pqmesh("export", "--config", configOf("old"), "--out", file);
    expect(exported).to.deep.equal({ file, member: OWNER.member, records: 1 });
    const imported = await pqmesh("import", "--config", configOf("new"), "--file", file);
    expect(imported).to.deep.equal({ member: OWNER.member, records: 1 });
    const db = openDatabase(join(directory, "new", "relayer.db"), PROTECTION_MIGRATIONS);
    expect(new ProtectionLog(db, OWNER).digestOf(PLACE)).to.equal(DIGEST);
    db.close();
  });

  it("refuses a file that contradicts the log", async () => {
    recordIn("old", DIGEST);
    recordIn("new", `0x${"22".repeat(32)}`);
    const file = join(directory, "log.json");
    await pqmesh("export", "--config", configOf("old"), "--out", file);
    const { error } = await pqmesh("import", "--config", configOf("new"), "--file", file);
    expect(error).to.contain("contradicts");
  });

  it("never overwrites a file", async () => {
    recordIn("old", DIGEST);
    const file = join(directory, "log.json");
    writeFileSync(file, "precious");
    expect(await pqmesh("export", "--config", configOf("old"), "--out", file)).to.have.property("error");
    expect(readFileSync(file, "utf8")).to.equal("precious");
  });

  it("leaves a running relayer alone", async () => {
    recordIn("old", DIGEST);
    const lock = lockInstance(join(directory, "old"), "relayer");
    const { error } = await pqmesh("export", "--config", configOf("old"), "--out", join(directory, "log.json"));
    lock.release();
    expect(error).to.contain("is in use by process");
  });

  it("says that there is no log", async () => {
    const { error } = await pqmesh("export", "--config", configOf("new"), "--out", join(directory, "log.json"));
    expect(error).to.contain("has no protection log");
  });
});
