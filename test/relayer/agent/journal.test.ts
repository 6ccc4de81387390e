import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { attestEpoch } from "../../../relayer/src/agent/attester.ts";
import { Journal } from "../../../relayer/src/agent/journal.ts";
import { judgeHead } from "../../../relayer/src/agent/provenance-guard.ts";
import { verifyMlDsa65 } from "../../../relayer/src/keystore/verify-ml-dsa-65.ts";
import { AttestingNode, type MadeAttestation, MEASUREMENT } from "../../helpers/attesting-node.ts";
import { FixedChainView } from "../../helpers/fixed-chain-view.ts";
import { temporaryFolder } from "../../indexer/fixture/temporary-folder.ts";
import { bytesToHex } from "viem";

const WRITER = fileURLToPath(new URL("support/append-until-killed.ts", import.meta.url));

const OBSERVED = {
  host: { cpuLoadBp: 1, memoryUsedBp: 2, storageUsedBp: 3, storageBytes: 4n, cpuMillis: 5n },
  ...{ heartbeats: 6, latencyMicros: 7, stake: 8n, uptimeSeconds: 9n },
};

describe("Journal", () => {
  let file: string;
  let chain: FixedChainView;
  let node: AttestingNode;
  const opened: Journal[] = [];

  beforeEach(() => {
    file = join(temporaryFolder(), "journal.sqlite");
    chain = new FixedChainView();
    node = AttestingNode.registeredIn(chain, 7);
  });

  afterEach(() => {
    for (const journal of opened.splice(0)) journal.close();
  });

  function open(path = file, maxPages?: number): Journal {
    const journal = new Journal(path, maxPages);
    opened.push(journal);
    return journal;
  }

  function append(journal: Journal, epoch: number): MadeAttestation {
    const made = node.attest(epoch);
    journal.append(made, made.digest);
    return made;
  }

  function judge(journal: Journal, { attestation, digest, wire }: MadeAttestation): string {
    const isOwnSignature = (hash: Uint8Array, signature: Uint8Array): boolean =>
      verifyMlDsa65(node.publicKey, hash, signature);
    const head = {
      sequence: `${attestation.sequence}`,
      epoch: `${attestation.epoch}`,
      digest,
      wire: bytesToHex(wire),
    };
    return judgeHead({ nodeIndex: 7, domain: chain, journal, isOwnSignature }, head).kind;
  }

  it("loses no sequence when the disk is full, and signs nothing it cannot enter", () => {
    const small = open(file, 20);
    let refusal: unknown;
    let entered = 0;
    for (let epoch = 101; refusal === undefined && epoch < 200; epoch += 1) {
      const before = small.head();
      const options = {
        ...{ nodeIndex: 7, measurement: MEASUREMENT, shares: 5_000n, space: 1n, domain: chain, chain, journal: small },
        keys: [{ publicKey: node.publicKey, sign: (digest: Uint8Array) => node.signDigest(digest) }],
      };
      try {
        const result = attestEpoch(options, BigInt(epoch), OBSERVED);
        if ("withheld" in result) throw new Error(result.withheld);
        entered += 1;
      } catch (error) {
        refusal = error;
        expect(small.head(), "head after the refusal").to.deep.equal(before);
      }
    }
    expect(String(refusal)).to.match(/database or disk is full/);
    expect(entered, "attestations that fit").to.be.within(3, 20);
    small.close();
    opened.splice(opened.indexOf(small), 1);
    const roomy = open();
    expect(roomy.head()?.sequence, "what was entered is there").to.equal(BigInt(entered));
    const { attestation } = roomy.entry(BigInt(entered))!;
    expect(attestation.sequence).to.equal(BigInt(entered));
    const next = node.sign({
      ...node.statement(500),
      ...{ sequence: BigInt(entered) + 1n, previous: roomy.head()!.digest },
    });
    roomy.append(next, next.digest);
    expect(roomy.head()?.sequence, "with room again").to.equal(BigInt(entered) + 1n);
  });

  it("gives back what was entered, in order", () => {
    const journal = open();
    expect(journal.head()).to.equal(undefined);
    const made = [101, 102, 105].map((epoch) => append(journal, epoch));
    expect(journal.head()).to.deep.equal({ sequence: 3n, epoch: 105n, digest: made[2]!.digest });
    expect(journal.wiresFrom(2n, 10).map((wire) => bytesToHex(wire))).to.deep.equal(
      made.slice(1).map(({ wire }) => bytesToHex(wire)),
    );
    expect(journal.entry(1n)?.attestation).to.deep.equal(made[0]!.attestation);
  });

  it("takes no sequence, no epoch and no predecessor twice", () => {
    const journal = open();
    append(journal, 101);
    const { digest } = append(journal, 102);
    const refused = [
      { sequence: 2n, epoch: 103n, previous: digest },
      { sequence: 4n, epoch: 103n, previous: digest },
      { sequence: 3n, epoch: 102n, previous: digest },
      { sequence: 3n, epoch: 103n, previous: `0x${"11".repeat(32)}` as const },
    ];
    for (const changes of refused) {
      const other = node.sign({ ...node.statement(103), ...changes });
      expect(() => journal.append(other, other.digest), JSON.stringify(changes, textOf)).to.throw(/does not follow 2/);
    }
    expect(journal.head()?.sequence).to.equal(2n);
  });

  it("has on disk what it said it entered, whenever the process is killed", async function () {
    this.timeout(20_000);
    const child = spawn(process.execPath, [WRITER, file], { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    await new Promise<void>((resolve) => {
      child.stdout.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        if (said.split("\n").length > 20) resolve();
      });
    });
    child.kill("SIGKILL");
    await once(child, "close");
    const lines = said.split("\n").slice(0, -1);
    const journal = open();
    expect(journal.head()!.sequence >= BigInt(lines.length), "nothing said is missing").to.equal(true);
    for (const line of lines) {
      const [sequence, digest] = line.split(" ");
      expect(journal.digestOf(BigInt(sequence!)), `attestation ${sequence}`).to.equal(digest);
    }
  });

  it("forgets at most what was not said to be entered when its log is torn", () => {
    const journal = open();
    const made = [101, 102, 103].map((epoch) => append(journal, epoch));
    const torn = join(temporaryFolder(), "journal.sqlite");
    copyFileSync(file, torn);
    copyFileSync(`${file}-wal`, `${torn}-wal`);
    truncateSync(`${torn}-wal`, readFileSync(`${torn}-wal`).length - 100);
    const after = open(torn);
    expect(after.head()).to.deep.equal({ sequence: 2n, epoch: 102n, digest: made[1]!.digest });
    expect(judge(after, made[2]!), "the network holds the third").to.equal("behind");
  });

  it("is known as old when an older copy is restored", () => {
    const journal = open();
    append(journal, 101);
    const copy = join(temporaryFolder(), "journal.sqlite");
    copyFileSync(file, copy);
    copyFileSync(`${file}-wal`, `${copy}-wal`);
    const newest = append(journal, 102);
    const restored = open(copy);
    expect(restored.head()?.sequence).to.equal(1n);
    expect(judge(journal, newest)).to.equal("consistent");
    expect(judge(restored, newest)).to.equal("behind");
    restored.adopt(newest, newest.digest);
    expect(restored.head()).to.deep.equal({ sequence: 2n, epoch: 102n, digest: newest.digest });
    expect(judge(restored, newest)).to.equal("consistent");
  });

  it("never goes back", () => {
    const journal = open();
    const old = append(journal, 101);
    append(journal, 102);
    expect(() => journal.adopt(old, old.digest)).to.throw("it cannot go back to 1");
  });

  it("keeps the head however little it is to keep", () => {
    const journal = open();
    for (const epoch of [101, 102, 103, 104]) append(journal, epoch);
    journal.addReceipt(1n, "0x01", {});
    journal.prune(1);
    expect(journal.entry(2n)).to.equal(undefined);
    expect(journal.entry(3n)).to.not.equal(undefined);
    expect(journal.receiptCount(1n)).to.equal(0);
    journal.prune(0);
    expect(journal.head()?.sequence).to.equal(4n);
  });
});

function textOf(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}` : value;
}
