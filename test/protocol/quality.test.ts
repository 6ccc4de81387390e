import { qualityByte } from "@pqmesh/contracts/protocol/quality";
import { expect } from "chai";

const perfect = { received: 12, expected: 12, jitterMicros: 0, intervalMicros: 5_000_000 };

describe("quality byte", () => {
  it("is 255 for every heartbeat without jitter", () => {
    expect(qualityByte(perfect)).to.equal(255);
    expect(qualityByte({ ...perfect, received: 100 }), "more than expected").to.equal(255);
  });

  it("is 0 without heartbeats", () => {
    expect(qualityByte({ ...perfect, received: 0 })).to.equal(0);
  });

  it("falls with missing heartbeats and rounds down", () => {
    expect(qualityByte({ ...perfect, received: 6 }), "half").to.equal(127);
    expect(qualityByte({ ...perfect, received: 11 }), "eleven of twelve").to.equal(233);
  });

  it("takes at most one half for jitter", () => {
    expect(qualityByte({ ...perfect, jitterMicros: 1_250_000 }), "a quarter").to.equal(191);
    expect(qualityByte({ ...perfect, jitterMicros: 2_500_000 }), "a half").to.equal(127);
    expect(qualityByte({ ...perfect, jitterMicros: 1e12 }), "any more").to.equal(127);
  });

  it("never falls when heartbeats rise or jitter falls", () => {
    for (let received = 0; received < 40; received++) {
      for (let jitterMicros = 0; jitterMicros < 3_000_000; jitterMicros += 250_000) {
        const quality = qualityByte({ ...perfect, expected: 30, received, jitterMicros });
        const better = qualityByte({ ...perfect, expected: 30, received: received + 1, jitterMicros });
        const worse = qualityByte({ ...perfect, expected: 30, received, jitterMicros: jitterMicros + 250_000 });
        expect(better, `${received} heartbeats`).to.be.at.least(quality);
        expect(worse, `${jitterMicros} of jitter`).to.be.at.most(quality);
      }
    }
  });

  it("is a byte for any input", () => {
    const inputs = [
      { received: 0, expected: 0, jitterMicros: 0, intervalMicros: 0 },
      { received: 1e9, expected: 0, jitterMicros: 1e12, intervalMicros: 0 },
      { received: 5, expected: 1e9, jitterMicros: 1, intervalMicros: 1e12 },
    ];
    for (const input of inputs) {
      const quality = qualityByte(input);
      expect(Number.isInteger(quality), "whole").to.equal(true);
      expect(quality, "byte").to.be.within(0, 255);
    }
  });
});
