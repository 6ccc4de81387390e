import { get, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect } from "chai";
import { hexToBytes } from "viem";
import { waitUntil } from "../../helpers/wait-until.ts";
import { ReadRig } from "./read-rig.ts";

describe("live events", () => {
  let rig: ReadRig;
  let port: number;

  beforeEach(async () => {
    rig = await ReadRig.open();
    await rig.app.listen({ host: "127.0.0.1", port: 0 });
    port = (rig.app.server.address() as AddressInfo).port;
  });

  afterEach(() => rig.close());

  it("streams heartbeats, attestations and reports", async () => {
    const [made] = await rig.attest([7]);
    const events = await follow(port);
    rig.heartbeats.record(7, 1_000, { counter: 1, agentMicros: 1n, cpuLoadBp: 1, memoryUsedBp: 2, storageUsedBp: 3 });
    rig.feed.emit("heartbeat", rig.heartbeats.live(7)!);
    rig.feed.emit("attestation", { nodeIndex: 7, epoch: 100, sequence: 1, digest: hexToBytes(made!.digest) });
    rig.feed.emit("report", rig.accept([made!]));
    await waitUntil("three events came", () => events.text.split("event:").length === 4);
    const parsed = parse(events.text);
    expect(parsed.map(({ event }) => event)).to.deep.equal(["heartbeat", "attestation", "report"]);
    expect(parsed[0]!.data).to.deep.include({ nodeIndex: 7, state: "live" });
    expect(parsed[1]!.data).to.deep.equal({ nodeIndex: 7, epoch: "100", sequence: "1", digest: made!.digest });
    expect(parsed[2]!.data).to.have.nested.property("report.epoch", "100");
    expect(events.response.headers["access-control-allow-origin"]).to.equal("*");
    events.response.destroy();
  });

  it("cuts off readers that do not read", async () => {
    const idle = connect(port, "127.0.0.1");
    idle.on("error", () => undefined);
    idle.pause();
    idle.write("GET /v1/events HTTP/1.1\r\nhost: x\r\n\r\n");
    const events = await follow(port);
    await waitUntil("both readers are connected", async () => (await connections(rig)) === 2);
    const digest = new Uint8Array(32);
    let sequence = 0;
    await waitUntil("the idle reader is cut off", async () => {
      for (let i = 0; i < 700; i++) {
        rig.feed.emit("attestation", { nodeIndex: 7, epoch: 1, sequence: sequence++, digest });
      }
      return (await connections(rig)) === 1;
    });
    rig.feed.emit("attestation", { nodeIndex: 8, epoch: 1, sequence: 1, digest });
    await waitUntil("the other one goes on", () => events.text.includes('"nodeIndex":8'));
    idle.destroy();
    events.response.destroy();
  });

  it("shows a node's heartbeats once a second at most", async () => {
    const events = await follow(port);
    rig.heartbeats.record(7, 1_000, { counter: 1, agentMicros: 1n, cpuLoadBp: 1, memoryUsedBp: 2, storageUsedBp: 3 });
    const live = rig.heartbeats.live(7)!;
    for (let i = 0; i < 20; i++) rig.feed.emit("heartbeat", live);
    rig.feed.emit("heartbeat", { ...live, nodeIndex: 8 });
    await waitUntil("the other node's came", () => events.text.includes('"nodeIndex":8'));
    expect(parse(events.text).filter(({ data }) => data.nodeIndex === 7)).to.have.length(1);
    events.response.destroy();
  });

  it("gives one address 16 places and leaves the others to the rest", async () => {
    const streams = [];
    for (let i = 0; i < 16; i++) streams.push(await follow(port));
    expect((await rig.getFrom("127.0.0.1", "/v1/events", 429)).headers).to.include({ "retry-after": "10" });
    const other = await follow(port, "127.0.0.2");
    for (const { response } of [...streams, other]) response.destroy();
  });

  it("ends its streams when it closes", async () => {
    const events = await follow(port);
    const ended = new Promise((resolve) => events.response.once("close", resolve));
    await rig.app.close();
    await ended;
  });
});

function connections(rig: ReadRig): Promise<number> {
  return new Promise((resolve, reject) => {
    rig.app.server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}

async function follow(port: number, localAddress = "127.0.0.1"): Promise<{ response: IncomingMessage; text: string }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ host: "127.0.0.1", port, localAddress, path: "/v1/events" }, resolve).on("error", reject);
  });
  const events = { response, text: "" };
  response.on("data", (chunk: Buffer) => (events.text += chunk.toString()));
  response.on("error", () => undefined);
  await waitUntil("the stream begins", () => events.text.includes("retry"));
  return events;
}

function parse(text: string): { event: string; data: Record<string, unknown> }[] {
  return text
    .split("\n\n")
    .filter((block) => block.startsWith("event: "))
    .map((block) => {
      const [event = "", data = ""] = block.split("\n");
      return { event: event.slice("event: ".length), data: JSON.parse(data.slice("data: ".length)) as never };
    });
}
