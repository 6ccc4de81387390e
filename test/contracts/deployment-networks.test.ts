import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { encodeBytes32String } from "ethers";
import hre from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { type Address, zeroAddress } from "viem";
import { resumable } from "../../scripts/deploy/journal.ts";
import { deployPqmesh } from "../../scripts/deploy/deploy.ts";
import { parameterRows } from "../../scripts/deploy/parameter-rows.ts";
import { type DeploymentRoles, productionParameters } from "../../scripts/deploy/parameters.ts";
import { waitUntil } from "../helpers/wait-until.ts";
import { connection, MESH } from "./support/deployed-network.ts";

const root = join(import.meta.dirname, "../..");

async function rolesOf({ ethers }: NetworkConnection): Promise<DeploymentRoles> {
  const [, council, , team, investor, approver] = await ethers.getSigners();
  return {
    interimProposer: council.address as Address,
    approver: approver.address as Address,
    teamBeneficiary: team.address as Address,
    investorBeneficiary: investor.address as Address,
  };
}

describe("Deployment: a public network", () => {
  async function productionNetwork() {
    const { timestamp } = (await connection.ethers.provider.getBlock("latest"))!;
    const parameters = productionParameters(await rolesOf(connection), timestamp);
    return deployPqmesh({ connection, parameters });
  }

  it("gives the genesis shares to the wei", async () => {
    const { instances, contracts } = await connection.networkHelpers.loadFixture(productionNetwork);
    const [deployer] = await connection.ethers.getSigners();
    const { CaesarEmissions, TeamVesting, InvestorVesting, MeshTimelock } = contracts;
    const holders = [CaesarEmissions, TeamVesting, InvestorVesting, MeshTimelock, deployer.address];
    const balanceOf = instances.MeshToken.getFunction("balanceOf");
    const balances = await Promise.all(holders.map((holder) => balanceOf(holder) as Promise<bigint>));
    expect(balances, "emissions, team, investors, treasury, deployer").to.deep.equal(
      [400_000_000n, 200_000_000n, 200_000_000n, 200_000_000n, 0n].map((amount) => amount * MESH),
    );
  });

  it("deploys with the defaults of the documentation", async () => {
    const { instances } = await connection.networkHelpers.loadFixture(productionNetwork);
    for (const { id, value } of parameterRows("production", { epochSeconds: 60, horizonSeconds: 36_000 })) {
      const deployed = (await instances.NetworkParameters.getFunction("get")(encodeBytes32String(id))) as bigint;
      expect(deployed, id).to.equal(value);
    }
    expect(await instances.MeshTimelock.getFunction("getMinDelay")(), "delay").to.equal(2n * 86_400n);
    expect(await instances.MeshTimelock.getFunction("replacementDelay")(), "replacement").to.equal(30n * 86_400n);
  });

  it("refuses an approver who proposes, and one who is nobody", async () => {
    const roles = await rolesOf(connection);
    const parameters = productionParameters(roles, 0);
    const failureOf = (approver: Address): Promise<unknown> =>
      deployPqmesh({ connection, parameters: { ...parameters, approver } }).catch(String);
    expect(await failureOf(roles.interimProposer)).to.equal(
      `Error: approver ${roles.interimProposer} is the interim proposer: critical operations need a second one`,
    );
    expect(await failureOf(zeroAddress)).to.equal("Error: the approver is the zero address: nobody could approve");
  });

  it("has no test stablecoin", async () => {
    const { contracts } = await connection.networkHelpers.loadFixture(productionNetwork);
    expect(contracts).not.to.have.property("TestStablecoin");
  });

  it("refuses a public development key", async () => {
    const other = await hre.network.create({ network: "default", override: { chainId: 1_337 } });
    const { timestamp } = (await other.ethers.provider.getBlock("latest"))!;
    const parameters = productionParameters(await rolesOf(other), timestamp);
    const failure = await deployPqmesh({ connection: other, parameters }).catch((error: unknown) => error);
    expect(String(failure)).to.match(
      /deployer 0x[0-9a-fA-F]{40} is a public development account: refused on chain 1337/,
    );
    expect(await other.ethers.provider.getBlockNumber(), "blocks").to.equal(0);
  });
});

describe("Deployment: over HTTP", () => {
  function startDeployment(url: string, roles: DeploymentRoles): ChildProcess {
    const { interimProposer, approver, teamBeneficiary, investorBeneficiary } = roles;
    const args = ["--network", "devnet", "--proposer", interimProposer, "--minter", interimProposer];
    args.push("--approver", approver);
    args.push("--team", teamBeneficiary, "--investors", investorBeneficiary);
    return spawn(process.execPath, ["scripts/deploy/deploy.ts", ...args], {
      cwd: root,
      env: { ...process.env, PQMESH_RPC_URL: url },
      stdio: ["ignore", "pipe", "inherit"],
    });
  }

  /** Ignition's journal of a deployment, which `openJournal` names by the chain's genesis. */
  const fileOf = (genesis: string): string =>
    join(hre.config.paths.ignition, "deployments", `chain-31337-${genesis.slice(2, 10)}`, "journal.jsonl");

  const journalOf = (genesis: string): string =>
    existsSync(fileOf(genesis)) ? readFileSync(fileOf(genesis), "utf8") : "";

  /** As when the run is killed after it noted a deployment and before it sent it, in the middle of the next message. */
  function noteUnsent(genesis: string): void {
    const lines = journalOf(genesis).split("\n");
    const noted = lines.find((line) => line.includes('"type":"DEPLOYMENT_EXECUTION_STATE_INITIALIZE"'))!;
    const { futureId } = JSON.parse(noted) as { futureId: string };
    const unsent = noted.replaceAll(futureId, "PQMesh#QuadraticRound");
    appendFileSync(fileOf(genesis), `\n${unsent}\n${unsent.slice(0, 40)}`);
  }

  const sentIn = (journal: string): number => journal.split('"type":"TRANSACTION_SEND"').length - 1;

  async function outputOf(child: ChildProcess): Promise<string> {
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => (text += chunk.toString()));
    await new Promise((resolve) => child.on("close", resolve));
    return text;
  }

  it("continues an interrupted deployment over HTTP", async () => {
    const server = await hre.network.createServer("node", "127.0.0.1", 0);
    const { address, port } = await server.listen();
    const url = `http://${address}:${port}`;
    const remote = await hre.network.create({ network: "devnet", override: { url } });
    const { provider } = remote.ethers;
    const genesis = (await provider.getBlock(0))!.hash!;
    try {
      await provider.send("evm_setAutomine", [false]);
      const first = startDeployment(url, await rolesOf(remote));
      for (const block of [1, 2]) {
        const isSent = async (): Promise<boolean> =>
          Number(await provider.send("eth_getBlockTransactionCountByNumber", ["pending"])) > 0;
        await waitUntil(`transactions for block ${block}`, isSent, 30_000);
        await provider.send("evm_mine", []);
      }
      await waitUntil("both transactions in the journal", () => sentIn(journalOf(genesis)) >= 2, 30_000);
      first.kill("SIGKILL");
      await outputOf(first);
      noteUnsent(genesis);
      await provider.send("evm_setAutomine", [true]);
      await provider.send("evm_mine", []);
      const second = startDeployment(url, await rolesOf(remote));
      const { startBlock, contracts } = JSON.parse(await outputOf(second)) as {
        startBlock: number;
        contracts: Record<string, string>;
      };
      expect(startBlock, "block of the first contract").to.equal(1);
      for (const [name, contract] of Object.entries(contracts)) {
        expect(await provider.getCode(contract), name).not.to.equal("0x");
      }
      const early = await Promise.all(Object.values(contracts).map((contract) => provider.getCode(contract, 2)));
      expect(early.filter((code) => code !== "0x").length, "contracts of the first run").to.be.greaterThan(0);
    } finally {
      await remote.close();
      await server.close();
    }
  });

  it("ends the newest transaction anew when an earlier one was not confirmed yet", () => {
    const stepOf = (futureId: string, nonce: number, isConfirmed: boolean) => [
      { type: "DEPLOYMENT_EXECUTION_STATE_INITIALIZE", futureId },
      { type: "NETWORK_INTERACTION_REQUEST", futureId },
      { type: "TRANSACTION_PREPARE_SEND", futureId, nonce },
      { type: "TRANSACTION_SEND", futureId, nonce },
      ...(isConfirmed ? [{ type: "TRANSACTION_CONFIRM", futureId }] : []),
      ...(isConfirmed ? [{ type: "DEPLOYMENT_EXECUTION_STATE_COMPLETE", futureId }] : []),
    ];
    const noted = stepOf("third", 2, false).slice(0, 2);
    const read = (messages: object[]) =>
      resumable(messages.map((message) => `\n${JSON.stringify(message)}`).join(""))
        .split("\n")
        .flatMap((line) => (line === "" ? [] : (JSON.parse(line) as object)));
    const open = stepOf("first", 0, false);
    const left = [...open, ...stepOf("second", 1, true).slice(0, 4)];
    expect(read([...open, ...stepOf("second", 1, true), ...noted])).to.deep.equal(left);
    const inOrder = [...stepOf("first", 0, true), ...stepOf("second", 1, true)];
    expect(read(inOrder), "all confirmed").to.deep.equal(inOrder);
    const newestOpen = [...stepOf("first", 0, true), ...stepOf("second", 1, false)];
    expect(read(newestOpen), "the newest is open").to.deep.equal(newestOpen);
  });
});
