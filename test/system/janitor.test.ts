import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { testStablecoinAbi } from "@pqmesh/contracts/generated/test-stablecoin-abi";
import { DEVNET_CHAIN_ID } from "@pqmesh/contracts/protocol/development-keys";
import { LEASE_STATUSES } from "@pqmesh/contracts/protocol/lease-status";
import { expect } from "chai";
import { type Address, createPublicClient, http, type PublicClient } from "viem";
import { developmentAccount } from "../../scripts/start/accounts.ts";
import { eventually, portArguments, StartedNetwork } from "./devnet.ts";
import { PqmeshFiles } from "./pqmesh-files.ts";

const EPOCH_SECONDS = 6;
const READY_MS = 150_000;
const LEASE_ID = 1n;
/** Of the node that serves it. */
const PROVIDER = "agent-0";

describe("a lease whose provider dies, with every keeper switched off", function () {
  this.timeout(300_000);
  const network = new StartedNetwork();
  const person = new PqmeshFiles(network);
  let client: PublicClient;

  before("start", async () => {
    const size = ["--nodes", "3", "--operators", "3", "--relayers", "4", "--epoch", String(EPOCH_SECONDS)];
    network.start([...size, "--no-dapp", "--no-keeper", ...portArguments(24_000)]);
    await network.untilReady(READY_MS);
    client = createPublicClient({ transport: http(network.network().rpcUrl), cacheTime: 0 });
  });

  after("stop", () => network.dispose());

  const escrow = () => ({ address: network.network().contracts.LeaseEscrow, abi: leaseEscrowAbi }) as const;
  const token = (): Address => network.network().contracts.TestStablecoin!;

  async function statusOf(leaseId: bigint): Promise<string> {
    const [lease] = await client.readContract({ ...escrow(), functionName: "leaseOf", args: [leaseId] });
    return LEASE_STATUSES[lease.status]!;
  }

  function creditOf(account: Address): Promise<bigint> {
    return client.readContract({ ...escrow(), functionName: "creditOf", args: [token(), account] });
  }

  function balanceOf(account: Address): Promise<bigint> {
    return client.readContract({
      ...{ address: token(), abi: testStablecoinAbi },
      functionName: "balanceOf",
      args: [account],
    });
  }

  it("is closed by a stranger, who earns the fee, and the client withdraws", async () => {
    const isActive = async (): Promise<true | undefined> =>
      (await statusOf(LEASE_ID).catch(() => "None")) === "Active" ? true : undefined;
    await eventually("an agent accepted the lease", isActive, 120_000);
    const stranger = developmentAccount("holder", DEVNET_CHAIN_ID, 3).address;
    const wallet = await person.wallet("stranger.json", "holder", 3);
    process.kill(network.pid(PROVIDER), "SIGKILL");

    const swept = await eventually(
      "the janitor finds the lease",
      async () => {
        const { sweeps } = (await person.ok("janitor", "--once", "--wallet", wallet, "--yes")) as { sweeps: unknown[] };
        return sweeps.length > 0 ? sweeps : undefined;
      },
      180_000,
    );
    expect(swept, "sweeps").to.have.length(1);
    expect(await statusOf(LEASE_ID), "lease").to.equal("Breached");
    const { janitorFee } = await client.readContract({ ...escrow(), functionName: "tokenRuleOf", args: [token()] });
    expect(await creditOf(stranger), "what the stranger earned").to.equal(janitorFee);

    const tenant = developmentAccount("client", DEVNET_CHAIN_ID).address;
    const [before, credit] = [await balanceOf(tenant), await creditOf(tenant)];
    await person.ok("credit", "withdraw", "--wallet", await person.wallet("client.json", "client"), "--yes");
    expect(await balanceOf(tenant), "the client's balance").to.equal(before + credit);
    expect(credit > 0n, "something came back").to.equal(true);
  });
});
