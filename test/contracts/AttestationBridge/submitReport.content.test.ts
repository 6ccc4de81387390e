import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { encodeIndexList, hashReport, type Report } from "@pqmesh/contracts/protocol/report";
import { expect } from "chai";
import { AbiCoder, concat, dataSlice, getBytes, hexlify, Interface, keccak256, toBeHex } from "ethers";
import type { Hex } from "viem";
import { connection } from "../support/deployed-network.ts";
import { bridgeOfFour, type BridgeFixture, goToEpoch } from "./support/bridge-fixture.ts";
import { makeReport, signReport, type Submission, submitReport } from "./support/signed-report.ts";

const { loadFixture } = connection.networkHelpers;
const abi = new Interface(attestationBridgeAbi);

async function bridgeInFirstEpoch(): Promise<BridgeFixture> {
  const fixture = await bridgeOfFour();
  await goToEpoch(fixture, 1);
  return fixture;
}

/** A list of raw 16-bit values, as wrong as a test wants it. */
function rawList(values: readonly number[]): Hex {
  return concat(values.map((value) => toBeHex(value, 2))) as Hex;
}

const range = (from: number, until: number) => Array.from({ length: until - from }, (_, i) => from + i);

/** Replaces one 32-byte word of encoded call data, counted after the selector. */
function withWord(data: string, word: number, value: bigint): string {
  const start = 4 + 32 * word;
  return concat([dataSlice(data, 0, start), toBeHex(value, 32), dataSlice(data, start + 32)]);
}

function encodeCall(submission: Submission): string {
  return abi.encodeFunctionData("submitReport", submission);
}

async function send({ bridge, alice }: BridgeFixture, data: string) {
  return alice.sendTransaction({ to: await bridge.getAddress(), data });
}

describe("AttestationBridge: submitReport, lists", () => {
  async function expectInvalid(fixture: BridgeFixture, list: Hex, position: number): Promise<void> {
    for (const change of [{ absent: list }, { degraded: list }]) {
      await expect(submitReport(fixture, 0, change))
        .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_InvalidIndexList")
        .withArgs(position);
    }
  }

  it("refuses an odd number of bytes", async () => {
    const fixture = await loadFixture(bridgeInFirstEpoch);
    await expectInvalid(fixture, "0x00", 0);
    await expectInvalid(fixture, "0x000100", 1);
    await expectInvalid(fixture, concat([encodeIndexList(range(0, 100)), "0x01"]) as Hex, 100);
  });

  it("refuses an index above 511", async () => {
    const fixture = await loadFixture(bridgeInFirstEpoch);
    await expectInvalid(fixture, rawList([512]), 0);
    await expectInvalid(fixture, rawList([5, 65535]), 1);
    await expect(submitReport(fixture, 0, { absent: rawList([0, 511]), degraded: rawList([511]) })).to.emit(
      fixture.bridge,
      "ReportAccepted",
    );
  });

  it("refuses equal and falling indices", async () => {
    const fixture = await loadFixture(bridgeInFirstEpoch);
    await expectInvalid(fixture, rawList([7, 7]), 1);
    await expectInvalid(fixture, rawList([0, 0]), 1);
    await expectInvalid(fixture, rawList([1, 2, 3, 2]), 3);
  });

  it("refuses the same mistakes in a long list", async () => {
    const fixture = await loadFixture(bridgeInFirstEpoch);
    await expectInvalid(fixture, rawList([...range(0, 99), 98]), 99);
    await expectInvalid(fixture, rawList([...range(413, 513)]), 99);
    await expectInvalid(fixture, rawList([...range(0, 512), 511]), 512);
  });

  it("refuses more quality bytes than nodes", async () => {
    const fixture = await loadFixture(bridgeInFirstEpoch);
    await expect(submitReport(fixture, 0, { quality: hexlify(new Uint8Array(513)) as Hex }))
      .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_QualityLength")
      .withArgs(513, 512);
    const most = hexlify(new Uint8Array(512).fill(255)) as Hex;
    await expect(submitReport(fixture, 0, { quality: most })).to.emit(fixture.bridge, "ReportAccepted");
  });
});

describe("AttestationBridge: submitReport, call data", () => {
  /** The report follows the three words of the head: its static fields begin at word 3. */
  const fields = { epoch: 3, shard: 4, round: 5, committeeVersion: 6, beaconBlock: 7 };
  const offsets = { absent: 10, degraded: 11, quality: 12 };

  it("refuses integers wider than their types", async () => {
    const fixture = await loadFixture(bridgeInFirstEpoch);
    const report = await makeReport(0);
    const data = encodeCall(signReport(fixture, report));
    for (const [name, word] of Object.entries(fields)) {
      const width = name === "epoch" || name === "beaconBlock" ? 64n : 32n;
      const value = BigInt(report[name as keyof typeof fields]);
      for (const excess of [1n << width, 1n << 255n]) {
        await expect(send(fixture, withWord(data, word, value | excess)), `${name}`).to.be.revertedWithoutReason(
          connection.ethers,
        );
      }
    }
    await expect(send(fixture, data)).to.emit(fixture.bridge, "ReportAccepted");
  });

  it("refuses lists that leave the call", async () => {
    const fixture = await loadFixture(bridgeInFirstEpoch);
    const report = await makeReport(0, { absent: "0x0001", degraded: "0x0002", quality: "0x0102" });
    const data = encodeCall(signReport(fixture, report));
    const length = getBytes(data).length - 4;
    for (const [name, word] of Object.entries(offsets)) {
      for (const offset of [BigInt(length), 1n << 32n, 1n << 64n, 2n ** 256n - 96n]) {
        await expect(send(fixture, withWord(data, word, offset)), `${name} at ${offset}`).to.be.revertedWithoutReason(
          connection.ethers,
        );
      }
      const lengthWord = 3 + Number(BigInt(dataSlice(data, 4 + 32 * word, 36 + 32 * word))) / 32;
      for (const bytes of [BigInt(length), 1n << 32n, 2n ** 256n - 1n]) {
        const sent = send(fixture, withWord(data, lengthWord, bytes));
        await expect(sent, `${name} of ${bytes} bytes`).to.be.revertedWithoutReason(connection.ethers);
      }
    }
  });

  it("accepts any valid encoding of the lists", async () => {
    const fixture = await loadFixture(bridgeInFirstEpoch);
    const report = await makeReport(0, { absent: "0x0007", degraded: "0x0007", quality: "0x0007" });
    const data = encodeCall(signReport(fixture, report));
    const absentOffset = BigInt(dataSlice(data, 4 + 32 * offsets.absent, 36 + 32 * offsets.absent));
    const shared = withWord(withWord(data, offsets.degraded, absentOffset), offsets.quality, absentOffset);
    await expect(send(fixture, shared)).to.emit(fixture.bridge, "ReportAccepted");
    expect(await fixture.bridge.reportCommitment(0, 0), "commitment").to.not.equal(`0x${"00".repeat(32)}`);
  });
});

describe("AttestationBridge: submitReport, acceptance", () => {
  function expectedEvent({ domain, carol }: BridgeFixture, report: Report, signers: bigint): unknown[] {
    const { epoch, shard, root, round, committeeVersion, beaconBlock, beacon, absent, degraded, quality } = report;
    const digest = hashReport(domain, report);
    const middle = [round, committeeVersion, beaconBlock, beacon, digest, signers, carol.address];
    return [epoch, shard, root, ...middle, absent, degraded, quality];
  }

  it("emits everything the report says", async () => {
    const fixture = await loadFixture(bridgeInFirstEpoch);
    const report = await makeReport(0, {
      shard: 1,
      round: 3,
      absent: encodeIndexList([0, 9, 511]),
      degraded: encodeIndexList([9, 10]),
      quality: hexlify(Uint8Array.from(range(0, 512), (i) => i % 256)) as Hex,
    });
    const submission = signReport(fixture, report, [0, 1, 3]);
    await expect(fixture.bridge.connect(fixture.carol).submitReport(...submission))
      .to.emit(fixture.bridge, "ReportAccepted")
      .withArgs(...expectedEvent(fixture, report, 0b1011n));
  });

  it("pads lists of odd sizes in the event", async () => {
    const fixture = await loadFixture(bridgeInFirstEpoch);
    const sizes: [number, number, number][] = [
      [0, 1, 31],
      [15, 16, 33],
      [16, 17, 32],
      [64, 65, 511],
    ];
    let epoch = 0;
    for (const [absent, degraded, quality] of sizes) {
      await goToEpoch(fixture, epoch + 2);
      const report = await makeReport(epoch++, {
        absent: encodeIndexList(range(0, absent)),
        degraded: encodeIndexList(range(512 - degraded, 512)),
        quality: hexlify(new Uint8Array(quality).fill(255)) as Hex,
      });
      const sent = await fixture.bridge.connect(fixture.carol).submitReport(...signReport(fixture, report));
      const { data } = (await sent.wait())!.logs.at(-1)!;
      const fragment = abi.getEvent("ReportAccepted")!;
      const types = fragment.inputs.filter((input) => !input.indexed).map(({ type }) => type);
      const values = expectedEvent(fixture, report, 0b1111n).slice(3);
      expect(data, `data with ${absent}, ${degraded}, ${quality}`).to.equal(
        AbiCoder.defaultAbiCoder().encode(types, values),
      );
    }
  });

  it("stores the commitment to digest, signers and beacon", async () => {
    const fixture = await loadFixture(bridgeInFirstEpoch);
    const report = await makeReport(0);
    expect(await fixture.bridge.reportCommitment(0, 0), "before").to.equal(`0x${"00".repeat(32)}`);
    await fixture.bridge.submitReport(...signReport(fixture, report, [1, 2, 3]));
    const preimage = AbiCoder.defaultAbiCoder().encode(
      ["bytes32", "uint256", "bytes32"],
      [hashReport(fixture.domain, report), 14, report.beacon],
    );
    expect(await fixture.bridge.reportCommitment(0, 0), "after").to.equal(keccak256(preimage));
    expect(await fixture.bridge.reportCommitment(0, 1), "another epoch").to.equal(`0x${"00".repeat(32)}`);
    const several = [keccak256(preimage), `0x${"00".repeat(32)}`];
    expect(await fixture.bridge.reportCommitments(0, [0, 1]), "several").to.deep.equal(several);
    expect(await fixture.bridge.reportCommitment(1, 0), "another shard").to.equal(`0x${"00".repeat(32)}`);
  });

  it("moves to the next epoch", async () => {
    const fixture = await loadFixture(bridgeInFirstEpoch);
    await submitReport(fixture, 0);
    expect(await fixture.bridge.nextEpoch(0), "next epoch").to.equal(1);
  });

  it("may be sent by anyone", async () => {
    const fixture = await loadFixture(bridgeInFirstEpoch);
    const submission = signReport(fixture, await makeReport(0));
    await expect(fixture.bridge.connect(fixture.mallory).submitReport(...submission)).to.emit(
      fixture.bridge,
      "ReportAccepted",
    );
  });
});
