import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { expect } from "chai";
import { type Address, numberToHex } from "viem";
import { Faucet } from "../../../scripts/start/faucet.ts";
import type { GenesisWallet } from "../../../scripts/start/genesis-wallet.ts";

const CONTRACTS = { MeshToken: address(1) } as NetworkConfig["contracts"];

function address(number: number): Address {
  return numberToHex(number, { size: 20 });
}

describe("faucet", () => {
  let sent = 0;
  let mine: () => void;
  let faucet: Faucet;

  beforeEach(() => {
    sent = 0;
    const mined = new Promise<void>((resolve) => {
      mine = resolve;
    });
    const sendAll = async (): Promise<[]> => {
      sent += 1;
      await mined;
      return [];
    };
    faucet = new Faucet({ sendAll } as unknown as GenesisWallet, CONTRACTS);
  });

  it("serves an address once a minute", async () => {
    mine();
    expect(await faucet.give(address(7))).to.deep.equal({ transactions: [] });
    expect(await faucet.give(address(7)))
      .to.have.property("retryAfterSeconds")
      .that.is.within(1, 60);
    expect(sent).to.equal(1);
  });

  it("lets few wait, so that a flood does not shut others out for long", async () => {
    const flood = Array.from({ length: 500 }, (_, i) => faucet.give(address(100 + i)));
    expect(await faucet.give(address(7)), "while all wait").to.deep.equal({ retryAfterSeconds: 10 });
    mine();
    const served = (await Promise.all(flood)).filter((outcome) => "transactions" in outcome);
    expect(served).to.have.length(32);
    expect(sent).to.equal(32);
    expect(await faucet.give(address(7)), "after them").to.deep.equal({ transactions: [] });
  });
});
