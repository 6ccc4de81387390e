import { expect } from "chai";
import { chainDirectory } from "../../../relayer/src/authority/chain-directory.ts";
import type { ChainFollower } from "../../../relayer/src/chain/follow-chain.ts";
import { RpcResponseError, RpcTransportError } from "../../../relayer/src/chain/json-rpc.ts";
import { REGISTRY } from "../transport/test-authority.ts";

const WALLET = "0x00000000000000000000000000000000000000d1";
const DIGEST = `0x${"ab".repeat(32)}` as const;
const MAGIC = `0x1626ba7e${"00".repeat(28)}`;
/** Gas of the largest transaction (EIP-7825). */
const TRANSACTION_GAS = 16_777_216;

describe("chainDirectory", () => {
  /** An endpoint with one contract, which answers every call alike. */
  const directoryOf = (answer: () => string, code = "0x60") => {
    const calls: { to: string; gas?: string }[] = [];
    const request = (method: string, [call]: readonly unknown[]) => {
      if (method === "eth_getCode") return Promise.resolve(code);
      calls.push(call as { to: string; gas?: string });
      return Promise.resolve().then(answer);
    };
    return { directory: chainDirectory({ request } as unknown as ChainFollower, REGISTRY), calls };
  };

  it("lets a contract compute no more than a transaction may", async () => {
    const { directory, calls } = directoryOf(() => MAGIC);
    expect(await directory.isContractSignature(WALLET, DIGEST, "0x01")).to.equal(true);
    expect(calls.map(({ to, gas }) => [to, Number(gas)])).to.deep.equal([[WALLET, TRANSACTION_GAS]]);
  });

  it("takes nothing but the magic value for a yes", async () => {
    for (const answer of ["0x", "0xffffffff", `0x${"00".repeat(32)}`]) {
      expect(await directoryOf(() => answer).directory.isContractSignature(WALLET, DIGEST, "0x01")).to.equal(false);
    }
    const reverting = directoryOf(() => {
      throw new RpcResponseError("execution reverted", 3, "0x");
    });
    expect(await reverting.directory.isContractSignature(WALLET, DIGEST, "0x01")).to.equal(false);
  });

  it("asks no account without code", async () => {
    const { directory, calls } = directoryOf(() => MAGIC, "0x");
    expect(await directory.isContractSignature(WALLET, DIGEST, "0x01")).to.equal(false);
    expect(calls).to.deep.equal([]);
  });

  it("takes no failing endpoint for a no", async () => {
    const { directory } = directoryOf(() => {
      throw new RpcTransportError("RPC failed");
    });
    const error = await directory.isContractSignature(WALLET, DIGEST, "0x01").catch((thrown: unknown) => thrown);
    expect(error).to.have.property("name", "RpcTransportError");
  });
});
