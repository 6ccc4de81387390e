import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { createKeystore, writeKeystore } from "../../../relayer/src/keystore/keystore.ts";
import { testAccount } from "../../helpers/anvil.ts";
import { EPOCH } from "../committee/committee-rig.ts";
import { SelfProofRig } from "../self-proof/self-proof-rig.ts";
import { PASSWORD, pqmesh, type Run } from "./support/run-pqmesh.ts";

/** scrypt's cheapest cost: these keys guard nothing. */
const SCRYPT_COST = 2 ** 14;
/** Account of somebody else than the operator. */
const STRANGER = 22;
const [ATTESTED, ABSENT] = [2, 3];

describe("pqmesh receipts, self-attest and prove-omission", function () {
  this.timeout(90_000);

  let rig: SelfProofRig;
  const file = (name: string) => join(rig.folder, name);

  beforeEach(async () => {
    rig = await SelfProofRig.create();
    await rig.goTo(EPOCH);
    const secret = testAccount(STRANGER).getHdKey().privateKey!;
    const kind = { kind: "secp256k1", purpose: "wallet", secret } as const;
    const keystore = await createKeystore({ ...kind, password: PASSWORD, scryptCost: SCRYPT_COST });
    await writeKeystore(file("wallet.json"), keystore);
    writeFileSync(file("network.json"), JSON.stringify(rig.committee.network.config));
  });
  afterEach(() => rig.stop());

  const run = (...args: string[]): Promise<Run> => pqmesh(["--json", ...args, "--journal", file("journal.sqlite")], {});
  const send = (...args: string[]): Promise<Run> => {
    return run(...args, "--wallet", file("wallet.json"), "--network", file("network.json"));
  };
  const error = (ended: Run) => ended.json<{ error: string }>().error;

  it("proves a committed epoch that the committee left out", async () => {
    const { digest } = await rig.attest(EPOCH);
    await rig.goTo(EPOCH + 1n);
    await rig.report(EPOCH);
    expect(error(await send("self-attest", "0", "--yes"))).to.match(
      /^no epoch of node 0 is missing that was committed/,
    );
    await rig.committee.network.call("AttestationBridge", "commitAttestation", [0, EPOCH, digest]);
    const preview = await send("self-attest", "0", "--dry-run");
    expect(preview.status, preview.stdout).to.equal(0);
    expect(preview.json<{ after: string[] }>().after[0]).to.match(/^1 epochs .* now count as attested: 6\.$/);
    expect(await rig.statusOf(EPOCH), "nothing sent").to.equal(ABSENT);
    const proven = await send("self-attest", "0", "--yes");
    expect(proven.status, proven.stdout).to.equal(0);
    expect(await rig.statusOf(EPOCH)).to.equal(ATTESTED);
    expect(error(await send("self-attest", "1", "--yes"))).to.match(/is the journal of node 0, not 1$/);
  });

  it("shows receipts, and convicts by them", async () => {
    const made = await rig.attest(EPOCH);
    const offender = rig.committee.relayers[1]!.address;
    await rig.acknowledge(made, [1]);
    const shown = (await run("receipts", "0")).json<{ attestations: { relayers: string[]; digest: string }[] }>();
    expect(shown.attestations).to.have.length(1);
    expect(shown.attestations[0]).to.deep.include({ relayers: [offender], digest: made.digest });
    await rig.goTo(EPOCH + 1n);
    await rig.report(EPOCH);
    const preview = await send("prove-omission", "0", `${EPOCH}`, "--dry-run");
    expect(preview.json()).to.deep.include({ relayers: [offender], dryRun: true, transactions: [] });
    await rig.committee.chain.rpc("evm_setIntervalMining", 1);
    const proven = await send("prove-omission", "0", `${EPOCH}`, "--yes");
    expect(proven.status, proven.stdout).to.equal(0);
    expect(proven.json<{ transactions: string[] }>().transactions).to.have.length(2);
    expect(error(await send("prove-omission", "0", `${EPOCH}`, "--yes"))).to.match(
      /^no relayer that acknowledged epoch 6/,
    );
  });
});
