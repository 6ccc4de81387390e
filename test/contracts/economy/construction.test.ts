import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { connection, deployedNetwork } from "../support/deployed-network.ts";

const { ethers, networkHelpers } = connection;

/** Addresses that a contract is built from, by the name that its refusal gives them, and what else it takes. */
interface Construction {
  contract: string;
  addresses: Record<string, string>;
  /** Whether the addresses are fields of one struct. */
  isStruct?: boolean;
  numbers?: Record<string, bigint | number>;
}

async function constructions(): Promise<Construction[]> {
  const network = await networkHelpers.loadFixture(deployedNetwork);
  const at = async (contract: { getAddress(): Promise<string> }) => contract.getAddress();
  const [token, parameters, registry] = [
    await at(network.token),
    await at(network.parameters),
    await at(network.registry),
  ];
  const [bridge, rewards, timelock] = [await at(network.bridge), await at(network.rewards), await at(network.timelock)];
  const [delegation, slashing] = [await at(network.delegation), await at(network.slashing)];
  const [identities, votes] = [await at(network.identities), await at(network.votes)];
  const [committee, disputes] = [await at(network.committee), await at(network.disputes)];
  const emissions = await at(network.emissions);
  const clock = { genesis: 1_700_000_000, length: 60 };
  return [
    {
      contract: "NodeStaking",
      addresses: { token, registry, parameters, rewards, delegation, slashing, votes },
      isStruct: true,
    },
    { contract: "AdmittedIdentities", addresses: { registry, timelock } },
    { contract: "QuadraticVotes", addresses: { token, parameters, gate: identities, timelock } },
    { contract: "NodeDelegation", addresses: { token, registry, parameters, rewards, slashing } },
    { contract: "RelayerCommittee", addresses: { token, parameters, timelock }, numbers: clock },
    { contract: "CommitteeFees", addresses: { token, bridge, committee, disputes, parameters } },
    {
      contract: "CaesarEmissions",
      addresses: { timelock, parameters },
      numbers: { start: 1, years: 16, decay: 8_500 },
    },
    {
      contract: "NodeRewards",
      addresses: { token, emissions, bridge, registry, parameters },
      isStruct: true,
      numbers: { epochGenesis: clock.genesis, epochLength: clock.length },
    },
  ];
}

async function build({ contract, addresses, isStruct, numbers = {} }: Construction): Promise<void> {
  const values = { ...addresses, ...numbers };
  await ethers.deployContract(contract, isStruct ? [values] : Object.values(values));
}

describe("Stake economy: construction", () => {
  it("refuses to be built without any of its contracts", async () => {
    for (const construction of await constructions()) {
      await build(construction);
      for (const missing of Object.keys(construction.addresses)) {
        const addresses = { ...construction.addresses, [missing]: ZeroAddress };
        const refused = await build({ ...construction, addresses }).then(
          () => "nothing",
          (error: Error) => error.message,
        );
        expect(refused, `${construction.contract} without ${missing}`).to.include(`Governed_ZeroAddress("${missing}")`);
      }
    }
  });

  it("refuses to slash or to propose slashes without any of its contracts", async () => {
    const network = await networkHelpers.loadFixture(deployedNetwork);
    const { token, registry, parameters, bridge, rewards, timelock, slashing } = network;
    const links: Record<string, string> = {};
    for (const [name, contract] of Object.entries({ token, registry, parameters, bridge, rewards, timelock })) {
      links[name] = await contract.getAddress();
    }
    const message = (building: Promise<unknown>) =>
      building.then(
        () => "nothing",
        (error: Error) => error.message,
      );
    for (const missing of Object.keys(links)) {
      const refused = await message(ethers.deployContract("NodeSlashing", [{ ...links, [missing]: ZeroAddress }, 16]));
      expect(refused, `NodeSlashing without ${missing}`).to.include(`Governed_ZeroAddress("${missing}")`);
    }
    for (const [name, tokenAt, parametersAt] of [
      ["token", ZeroAddress, links["parameters"]],
      ["parameters", links["token"], ZeroAddress],
    ]) {
      const args = [tokenAt, parametersAt, await slashing.getAddress(), 1, 60];
      const refused = await message(ethers.deployContract("SlashProposals", args));
      expect(refused, `SlashProposals without ${name}`).to.include(`Governed_ZeroAddress("${name}")`);
    }
  });

  it("refuses to be bound to no staking contract, and to be bound twice", async () => {
    const network = await networkHelpers.loadFixture(deployedNetwork);
    const { token, registry, parameters, rewards, slashing } = network;
    const links = await Promise.all([token, registry, parameters, rewards, slashing].map((each) => each.getAddress()));
    const delegation = await ethers.deployContract("NodeDelegation", links);
    const bind = delegation.getFunction("bindStaking");
    await expect(bind(ZeroAddress)).to.be.revertedWithCustomError(delegation, "Governed_ZeroAddress");
    await bind(links[0]);
    await expect(bind(links[0])).to.be.revertedWithCustomError(delegation, "Governed_BindingClosed");
  });
});
