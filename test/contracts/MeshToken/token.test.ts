import { expect } from "chai";
import { Signature } from "ethers";
import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { connection, MESH, namedSigners } from "../support/deployed-network.ts";
import { typedContract } from "../support/typed-contract.ts";

const { ethers, networkHelpers } = connection;
const SUPPLY = 1_000_000_000n * MESH;

/** A token whose four shares went to alice, bob, carol and mallory. */
async function genesisToken() {
  const signers = await namedSigners();
  const receivers = [signers.alice, signers.bob, signers.carol, signers.mallory].map(({ address }) => address);
  const contract = await ethers.deployContract("MeshToken", receivers);
  return { ...signers, token: typedContract(contract, meshTokenAbi), receivers };
}

describe("MeshToken", () => {
  it("mints the supply once, split to the wei", async () => {
    const { token, receivers } = await networkHelpers.loadFixture(genesisToken);
    const shares = await Promise.all(receivers.map((receiver) => token.balanceOf(receiver) as Promise<bigint>));
    expect(shares, "shares").to.deep.equal(
      [400_000_000n, 200_000_000n, 200_000_000n, 200_000_000n].map((n) => n * MESH),
    );
    expect(await token.totalSupply(), "supply").to.equal(SUPPLY);
  });

  it("announces the split", async () => {
    const { token, receivers } = await networkHelpers.loadFixture(genesisToken);
    const [event, ...others] = await token.queryFilter("GenesisSplit");
    expect(others, "further events").to.deep.equal([]);
    const args = event && "args" in event ? [...event.args] : [];
    expect(args, "event").to.deep.equal([...receivers, (SUPPLY * 2n) / 5n, SUPPLY / 5n, SUPPLY / 5n, SUPPLY / 5n]);
  });

  it("refuses a missing receiver or one listed twice", async () => {
    const { receivers } = await networkHelpers.loadFixture(genesisToken);
    const factory = await ethers.getContractFactory("MeshToken");
    for (const wrong of [ethers.ZeroAddress, receivers[0]]) {
      await expect(factory.deploy(...receivers.slice(0, 3), wrong))
        .to.be.revertedWithCustomError(factory, "MeshToken_InvalidReceiver")
        .withArgs(wrong);
    }
  });

  it("has no function that mints or burns", () => {
    const names = meshTokenAbi.flatMap((item) => (item.type === "function" ? item.name : []));
    expect(names.filter((name) => /mint|burn|pause|owner|upgrade|role/i.test(name))).to.deep.equal([]);
  });

  it("counts time in seconds", async () => {
    const { token } = await networkHelpers.loadFixture(genesisToken);
    expect(await token.clock(), "clock").to.equal(await networkHelpers.time.latest());
    expect(await token.CLOCK_MODE(), "mode").to.equal("mode=timestamp");
  });

  it("keeps past votes by timestamp", async () => {
    const { token, alice, bob, faucet } = await networkHelpers.loadFixture(genesisToken);
    await token.connect(alice).delegate(faucet.address);
    const then = await networkHelpers.time.latest();
    await networkHelpers.time.increase(100);
    await token.connect(alice).transfer(bob.address, MESH);
    await networkHelpers.time.increase(100);
    expect(await token.getPastVotes(faucet.address, then + 50), "votes before").to.equal((SUPPLY * 2n) / 5n);
    expect(await token.getVotes(faucet.address), "votes now").to.equal((SUPPLY * 2n) / 5n - MESH);
    expect(await token.getPastTotalSupply(then), "supply then").to.equal(SUPPLY);
  });

  async function permitOfAlice() {
    const network = await networkHelpers.loadFixture(genesisToken);
    const { token, alice, bob } = network;
    const domain = { name: "PQMesh", version: "1", chainId: 31_337, verifyingContract: await token.getAddress() };
    const fields = ["owner:address", "spender:address", "value:uint256", "nonce:uint256", "deadline:uint256"];
    const types = { Permit: fields.map((field) => ({ name: field.split(":")[0], type: field.split(":")[1] })) };
    const message = { owner: alice.address, spender: bob.address, value: 5n, nonce: 0n, deadline: 4_000_000_000n };
    const { v, r, s } = Signature.from(await alice.signTypedData(domain, types, message));
    return { ...network, args: [alice.address, bob.address, 5n, 4_000_000_000n, v, r, s] };
  }

  it("sets an allowance by signature", async () => {
    const { token, alice, bob, mallory, args } = await permitOfAlice();
    await token.connect(mallory).permit(...args);
    expect(await token.allowance(alice.address, bob.address), "allowance").to.equal(5n);
    expect(await token.nonces(alice.address), "nonce").to.equal(1n);
  });

  it("refuses a permit that was used", async () => {
    const { token, args } = await permitOfAlice();
    await token.permit(...args);
    await expect(token.permit(...args)).to.be.revertedWithCustomError(token, "ERC2612InvalidSigner");
  });
});
