import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { AttestingNode } from "../../helpers/attesting-node.ts";
import { IngestRig } from "./ingest-rig.ts";

const EPOCH = 100;
const SENT = 6;
const DIES_AT = 4;

describe("kill -9 between commit and acknowledgement", () => {
  let rig: IngestRig;

  before(async () => {
    rig = await IngestRig.open();
  });

  after(() => rig.close());

  it("loses nothing that was acknowledged", async () => {
    const node = AttestingNode.registeredIn(rig.chain, 5);
    const made = Array.from({ length: SENT }, (_, i) => node.attest(EPOCH + i));
    const files = { wires: rig.directory.file("wires"), key: rig.directory.file("key") };
    writeFileSync(files.wires, Buffer.concat(made.map(({ wire }) => wire)));
    writeFileSync(files.key, node.publicKey);
    const database = rig.directory.file("attestations.db");
    const script = path.join(import.meta.dirname, "commit-crash.ts");
    const crashed = spawnSync(process.execPath, [script, database, files.wires, files.key, `${DIES_AT}`]);
    expect(crashed.signal, crashed.stderr.toString()).to.equal("SIGKILL");
    const acknowledged = crashed.stdout.toString().trim().split("\n");
    expect(acknowledged, "acknowledged before the crash").to.deep.equal(
      made.slice(0, DIES_AT - 1).map(({ digest }) => digest),
    );

    await rig.restart();
    for (const { attestation, digest, wire } of made.slice(0, DIES_AT)) {
      const { epoch } = attestation;
      expect(rig.store.leavesOf(epoch, 0), `leaf of epoch ${epoch}`).to.deep.equal([{ nodeIndex: 5, digest }]);
      expect(Buffer.from(rig.store.wire(epoch, 5)!).equals(wire), `wire of epoch ${epoch}`).to.equal(true);
      expect(rig.store.receiptOf(epoch, 5, digest), `receipt of epoch ${epoch}`).to.not.equal(undefined);
    }
    expect(rig.store.headOf(5)?.sequence).to.equal(DIES_AT);
    rig.chain.goTo(EPOCH + DIES_AT - 1, 0.2);
    expect(await rig.send(made[DIES_AT - 1]!), "stored, but not heard of").to.equal("receipt");
    rig.chain.goTo(EPOCH + DIES_AT, 0.2);
    expect(await rig.send(made[DIES_AT]!), "never arrived").to.equal("receipt");
  });
});
