import { expect } from "chai";
import { Route, type RelayerTarget, type RouteHandlers } from "../../../relayer/src/agent/route.ts";
import { RoutePool } from "../../../relayer/src/agent/route-pool.ts";
import { createLogger } from "../../../relayer/src/service/logger.ts";
import { SESSION_VERSION } from "../../../relayer/src/session/frames.ts";
import { MeshCredentials } from "../../../relayer/src/transport/mesh-credentials.ts";
import { MEASUREMENT } from "../../helpers/attesting-node.ts";
import { FixedChainView } from "../../helpers/fixed-chain-view.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { TestAuthority } from "../transport/test-authority.ts";
import { ScriptedRelayer } from "./support/scripted-relayer.ts";

const NODE = 7;

describe("RoutePool", function () {
  this.timeout(20_000);
  let network: TestAuthority;
  let chain: FixedChainView;
  let relayers: ScriptedRelayer[];
  let pool: RoutePool;

  before(async () => {
    network = await TestAuthority.create();
  });

  beforeEach(async () => {
    chain = new FixedChainView();
    relayers = await Promise.all(Array.from({ length: 4 }, () => ScriptedRelayer.start(network, chain)));
  });

  afterEach(async () => {
    await pool.stop("the test is over");
    await Promise.all(relayers.map((relayer) => relayer.stop()));
  });

  async function start(targets: RelayerTarget[] = relayers.map(({ target }) => target)): Promise<void> {
    const credentials = new MeshCredentials(await network.node(NODE));
    const fixed = {
      version: SESSION_VERSION as typeof SESSION_VERSION,
      nodeIndex: NODE,
      agentVersion: "test",
      heartbeatMs: 500,
    };
    const handlers: RouteHandlers = {
      onWelcome: (_welcome, route) => pool.noteSuccess(route.target),
      onReceipt: () => undefined,
      onRefused: () => undefined,
      onRoundTrip: () => undefined,
    };
    const open = (target: RelayerTarget): Promise<Route> =>
      Route.open(target, { credentials, hello: { ...fixed, measurement: MEASUREMENT }, expected: chain, handlers });
    pool = new RoutePool({ targets, size: 3, open, log: createLogger({ name: "test", level: "error" }) });
    pool.start();
  }

  /** Which relayers have a route that is ready, by their place. */
  const ready = (): number[] =>
    pool.ready.map(({ target }) => relayers.findIndex(({ account }) => account.address === target.address)).sort();

  const untilReady = (places: number[]): Promise<void> =>
    waitUntil(`routes to ${places.join(", ")}`, () => ready().join() === places.join(), 15_000);

  it("keeps three routes, to the relayers it likes most", async () => {
    await start();
    await untilReady([0, 1, 2]);
    expect(relayers.map(({ sessions }) => sessions.length)).to.deep.equal([1, 1, 1, 0]);
  });

  it("takes the next relayer when one dies, and never two routes to one", async () => {
    await start();
    await untilReady([0, 1, 2]);
    await relayers[1]!.stop();
    await untilReady([0, 2, 3]);
    expect(relayers[0]!.sessions.length, "sessions of one that lives").to.equal(1);
  });

  it("goes past a relayer that is dead from the start", async () => {
    await relayers[0]!.stop();
    await start();
    await untilReady([1, 2, 3]);
  });

  it("goes past a relayer that is not the one it is said to be", async () => {
    const [first, ...others] = relayers.map(({ target }) => target);
    await start([{ ...first!, address: `0x${"99".repeat(20)}` }, ...others]);
    await untilReady([1, 2, 3]);
    expect(pool.ready.length).to.equal(3);
  });

  it("goes past a relayer of another network", async () => {
    const elsewhere = await ScriptedRelayer.start(network, new FixedChainView({ bridge: `0x${"77".repeat(20)}` }));
    await start([elsewhere.target, ...relayers.slice(1).map(({ target }) => target)]);
    await untilReady([1, 2, 3]);
    await elsewhere.stop();
  });

  it("leaves a relayer that never says WELCOME", async () => {
    relayers[0]!.answers = false;
    await start();
    await waitUntil("the silent one was asked", () => relayers[0]!.sessions.length > 0);
    await untilReady([1, 2]);
    await untilReady([1, 2, 3]);
  });
});
