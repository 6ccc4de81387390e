import { expect } from "chai";
import {
  type Address,
  concat,
  encodeFunctionData,
  erc20Abi,
  type Hex,
  maxUint256,
  numberToHex,
  pad,
  parseAbi,
  stringToHex,
  toFunctionSelector,
  zeroAddress,
  zeroHash,
} from "viem";
import { CONTRACT_ABIS, type NamedContract } from "../../contracts/protocol/contract-abis.ts";
import type { CallFacts } from "../../contracts/protocol/call-words.ts";
import { decodeCalls } from "../../contracts/protocol/decode-call.ts";

const MESH = 10n ** 18n;
const STRANGER: Address = "0x00000000000000000000000000000000DeaDBeef";
const DOLLAR: Address = "0x00000000000000000000000000000000000D011a";
const names = Object.keys(CONTRACT_ABIS) as NamedContract[];
const addressOf = (name: NamedContract): Address => pad(numberToHex(0x1000 + names.indexOf(name)), { size: 20 });
const parameter = { value: 10_000n * MESH, min: MESH, max: 100_000n * MESH, notice: 86_400n };
const facts: CallFacts = {
  contracts: Object.fromEntries(names.map((name) => [name, addressOf(name)])),
  parameters: new Map([["minNodeStake", parameter]]),
  tokens: new Map([[DOLLAR.toLowerCase(), { symbol: "TUSD", decimals: 6 }]]),
};
const id = (name: string): Hex => stringToHex(name, { size: 32 });
const SET = { abi: CONTRACT_ABIS.NetworkParameters, functionName: "set" } as const;
const setStake = (value: bigint): Hex => encodeFunctionData({ ...SET, args: [id("minNodeStake"), value] });
const TRANSFER = { abi: erc20Abi, functionName: "transfer" } as const;
const pay = (to: Address, amount: bigint): Hex => encodeFunctionData({ ...TRANSFER, args: [to, amount] });

const decodeTo = (target: Address, data: Hex, more: { value?: bigint; facts?: CallFacts } = {}) =>
  decodeCalls([{ target, data, value: more.value ?? 0n }], more.facts ?? facts)[0]!;
const decode = (name: NamedContract, data: Hex, value = 0n) => decodeTo(addressOf(name), data, { value });

describe("decodeCalls", () => {
  it("says a change of a parameter from what it is, and from when on it holds", () => {
    const call = decode("NetworkParameters", setStake(12_000n * MESH));
    expect(call.sentence).to.equal(
      "Sets the minimum stake of a node (minNodeStake) from 10,000 MESH to 12,000 MESH, 1 d after it is executed",
    );
    expect(call.warnings).to.deep.equal([]);
    expect(call.args).to.deep.equal([
      { name: "id", type: "bytes32", text: "minNodeStake" },
      { name: "value", type: "uint256", text: "12,000 MESH" },
    ]);
    const executableAt = BigInt(Date.UTC(2026, 10, 30, 12) / 1_000);
    const known = decodeTo(addressOf("NetworkParameters"), setStake(MESH), { facts: { ...facts, executableAt } });
    expect(known.sentence).to.match(/ to 1 MESH, from 2026-12-01 12:00:00 UTC on at the earliest$/);
  });

  it("counts units of the identity house in roots of MESH", () => {
    const season = { startsAt: 1_800_000_000, endsAt: 1_800_600_000, credits: 1, minUnits: 10 ** 9 };
    const request = { abi: CONTRACT_ABIS.QuadraticRound, functionName: "openSeason", args: [1, season] } as const;
    const call = decode("QuadraticRound", encodeFunctionData(request));
    expect(call.sentence).to.include("every identity with at least 1 unit spends 1 voice credit from");
    expect(call.args[1]?.text).to.include("minUnits: 1 unit}");
  });

  it("says that a value is out of bounds, and that a parameter does not exist", () => {
    expect(decode("NetworkParameters", setStake(1n)).sentence).to.equal(
      "Sets the minimum stake of a node (minNodeStake) from 10,000 MESH to 0.000000000000000001 MESH, which is refused: it must be from 1 MESH to 100,000 MESH",
    );
    expect(decode("NetworkParameters", setStake(100_001n * MESH)).sentence).to.include("which is refused");
    expect(decode("NetworkParameters", setStake(100_000n * MESH)).sentence).not.to.include("refused");
    const data = encodeFunctionData({ ...SET, args: [id('min"\u202eStake'), 5n] });
    expect(decode("NetworkParameters", data).sentence).to.match(
      /^Sets "0x[0-9a-f]{64}", which is no governed number of this network, to 5$/,
    );
  });

  it("names who is paid, in exact amounts", () => {
    expect(decode("MeshToken", pay(STRANGER, 500n * MESH + 1n)).sentence).to.equal(
      `Pays 500.000000000000000001 MESH from the treasury to ${STRANGER}`,
    );
    expect(decodeTo(DOLLAR, pay(addressOf("NodeStaking"), 1_234_500_000n)).sentence).to.equal(
      "Pays 1,234.5 TUSD from the treasury to NodeStaking",
    );
    const approve = encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [STRANGER, maxUint256] });
    expect(decode("MeshToken", approve).sentence).to.equal(
      `Allows ${STRANGER} to take up to any amount of MESH from the treasury, at any time`,
    );
    expect(decodeTo(STRANGER, "0x", { value: MESH / 2n }).sentence).to.equal(
      `Pays 0.5 ETH from the treasury to ${STRANGER}`,
    );
  });

  it("says what an account does with its own votes", () => {
    const votes = (functionName: "lock" | "requestUnlock") =>
      decode("QuadraticVotes", encodeFunctionData({ abi: CONTRACT_ABIS.QuadraticVotes, functionName, args: [MESH] }));
    expect(votes("lock").sentence).to.match(/^Locks 1 MESH of the treasury for votes in the identity house/);
    expect(votes("requestUnlock").sentence).to.match(/^Unlocks 1 MESH that the treasury locked for votes/);
  });

  it("says plainly what it does not know", () => {
    const unknown = decodeTo(STRANGER, pay(STRANGER, 1n), { value: 1n });
    expect(unknown).to.deep.include({ contract: null, functionName: null, selector: "0xa9059cbb" });
    expect(unknown.sentence).to.equal(
      `Calls an unknown contract ${STRANGER}, selector 0xa9059cbb, with 68 bytes of data and sends 0.000000000000000001 ETH along: what it does is not known here`,
    );
    expect(unknown.warnings[0]).to.include("find out what it does before you vote");
    const selector = decode("NodeStaking", "0x12345678");
    expect(selector.sentence).to.equal("Calls NodeStaking with the selector 0x12345678, of which it has no function");
    expect(decode("NodeStaking", "0x1234").sentence).to.include("2 bytes of data, which name no function");
  });

  it("does not trust data that do not fit their function", () => {
    const data = setStake(MESH);
    const cut = decode("NetworkParameters", data.slice(0, -2) as Hex);
    expect(cut.sentence).to.equal("Calls NetworkParameters.set with data that do not fit its arguments");
    const [trailing] = decode("NetworkParameters", concat([data, "0x00ff"])).warnings;
    expect(trailing).to.include("not as these arguments are encoded: 2 bytes too many");
    const dirty = pay(STRANGER, MESH).replace("a9059cbb00", "a9059cbbff") as Hex;
    expect(decode("MeshToken", dirty).warnings[0]).to.include("written in an unusual way");
    expect(decode("MeshToken", pay(STRANGER, MESH), 1n).warnings).to.deep.equal([
      "It sends 0.000000000000000001 ETH along, which this function refuses.",
    ]);
  });

  it("does not say that a contract refuses data that it may read", () => {
    const open = encodeFunctionData({
      ...{ abi: CONTRACT_ABIS.MeshTimelock, functionName: "executeBatch" },
      args: [[STRANGER, STRANGER], [0n, 0n], ["0x12345678", "0x12345678"], zeroHash, zeroHash],
    });
    const word = (value: number): string => value.toString(16).padStart(64, "0");
    const payloads = open.indexOf(`${word(2)}${word(64)}${word(128)}`);
    const shared = `${open.slice(0, payloads)}${word(9)}${word(64).repeat(9)}${word(999)}` as Hex;
    const call = decode("MeshTimelock", shared);
    expect(call.sentence).to.equal("Calls MeshTimelock.executeBatch with data that do not fit its arguments");
    expect(call.warnings[0]).to.include("may read them all the same");
  });

  it("does not say that a token refuses what ERC-20 does not name", () => {
    const data = encodeFunctionData({
      abi: parseAbi(["function increaseAllowance(address spender, uint256 addedValue)"]),
      args: [STRANGER, maxUint256],
    });
    const call = decodeTo(DOLLAR, data);
    expect(call.sentence).to.match(
      /^Calls the token TUSD .*, which is none of ERC-20: what it does is not known here$/,
    );
    expect(call.warnings[0]).to.include("find out what it does before you vote");
    const test = addressOf("TestStablecoin");
    const mint = encodeFunctionData({ abi: CONTRACT_ABIS.TestStablecoin, functionName: "mint", args: [STRANGER, 5n] });
    const tokens = new Map([[test.toLowerCase(), { symbol: "TUSD", decimals: 6 }]]);
    expect(decodeTo(test, mint, { facts: { ...facts, tokens } }).sentence).to.match(/^Makes 5 new smallest units/);
  });

  it("is not drowned by data that name the same bytes again and again", () => {
    const abi = parseAbi(["function multicall(bytes[])"]);
    const bomb = (count: number, inner: Hex): Hex => {
      const one = encodeFunctionData({ abi, args: [[inner]] });
      const offsets = numberToHex(32 * count, { size: 32 })
        .slice(2)
        .repeat(count);
      const length = numberToHex(count, { size: 32 }).slice(2);
      return `${one.slice(0, 74)}${length}${offsets}${one.slice(202)}` as Hex;
    };
    let data: Hex = `0x${"11".repeat(20_000)}`;
    for (let depth = 0; depth < 3; depth++) data = bomb(800, data);
    const call = decodeTo(STRANGER, data);
    expect(call.calls).to.deep.equal([]);
    expect(call.sentence).to.include("what it does is not known here");
    expect(decodeTo(STRANGER, bomb(1, "0x12345678")).calls).to.have.length(1);
  });

  it("decodes what timelocks carry, with the treasury as who pays", () => {
    const data = encodeFunctionData({
      ...{ abi: CONTRACT_ABIS.MeshTimelock, functionName: "scheduleBatch" },
      args: [
        [addressOf("NetworkParameters"), addressOf("MeshToken")],
        [0n, 0n],
        [setStake(MESH), pay(STRANGER, MESH)],
        zeroHash,
        zeroHash,
        86_400n,
      ],
    });
    const batch = decode("MeshTimelock", data);
    expect(batch.sentence).to.equal("Schedules with MeshTimelock 2 calls");
    expect(batch.calls.map(({ functionName }) => functionName)).to.deep.equal(["set", "transfer"]);
    expect(batch.calls[1]?.sentence).to.equal(`Pays 1 MESH from the treasury to ${STRANGER}`);
    expect(batch.args.find(({ name }) => name === "delay")?.text).to.equal("1 d");
  });

  it("says who pays in what the governor carries: the treasury, or the governor for what it relays", () => {
    const abi = CONTRACT_ABIS.MeshGovernor;
    const token = addressOf("MeshToken");
    const lists = [[token], [0n], [pay(STRANGER, MESH)]] as const;
    const run = encodeFunctionData({ abi, functionName: "execute", args: [...lists, zeroHash] });
    expect(decode("MeshGovernor", run).calls[0]?.sentence).to.equal(`Pays 1 MESH from the treasury to ${STRANGER}`);
    const relay = encodeFunctionData({ abi, functionName: "relay", args: [token, 0n, pay(STRANGER, MESH)] });
    expect(decode("MeshGovernor", relay).calls[0]?.sentence).to.equal(`Pays 1 MESH from MeshGovernor to ${STRANGER}`);
  });

  it("decodes what unknown accounts carry, without believing them", () => {
    const abi = parseAbi(["function executeBatch(address[],uint256[],bytes[],bytes32,bytes32)"]);
    const targets = [addressOf("MeshToken"), STRANGER];
    const data = encodeFunctionData({ abi, args: [targets, [0n], [pay(DOLLAR, MESH)], zeroHash, zeroHash] });
    const call = decodeTo(STRANGER, data);
    expect(call.sentence).to.include("If that contract is what the selector says, it carries 2 calls");
    expect(call.warnings[1]).to.include("differ in length");
    expect(call.calls[0]?.sentence).to.equal(`Pays 1 MESH from ${STRANGER} to ${DOLLAR}`);
  });

  it("decodes what an account with a post-quantum key carries", () => {
    const abi = parseAbi(["function execute((address target, uint256 value, bytes data)[], uint256, bytes)"]);
    const calls = [{ target: addressOf("MeshToken"), value: 0n, data: pay(DOLLAR, MESH) }];
    const call = decodeTo(STRANGER, encodeFunctionData({ abi, args: [calls, 1n, "0x"] }));
    expect(call.calls.map(({ sentence }) => sentence)).to.deep.equal([`Pays 1 MESH from ${STRANGER} to ${DOLLAR}`]);
  });

  it("decodes the calls that a round of priorities puts to the vote", () => {
    const terms = { season: 1, kind: 1, winners: 1, minVotes: 1, token: zeroAddress, budget: 0n };
    const options = [setStake(MESH), setStake(2n * MESH)].map((data) => {
      return { target: addressOf("NetworkParameters"), most: 0n, data };
    });
    const open = { abi: CONTRACT_ABIS.QuadraticRound, functionName: "openRound" } as const;
    const round = decode(
      "QuadraticRound",
      encodeFunctionData({ ...open, args: [terms, options, "Less stake\nOr more?"] }),
    );
    expect(round.sentence).to.include('Adds a round of priorities to season 1, "Less stake": of 2 calls');
    expect(round.calls.map(({ functionName }) => functionName)).to.deep.equal(["set", "set"]);
  });

  it("stops at a depth and at a number of calls, and says so", () => {
    const abi = parseAbi(["function multicall(bytes[])"]);
    let data: Hex = "0x12345678";
    for (let i = 0; i < 20; i++) data = encodeFunctionData({ abi, args: [[data]] });
    let call = decodeTo(STRANGER, data);
    for (let depth = 0; depth < 6; depth++) call = call.calls[0]!;
    expect(call.calls).to.have.length(0);
    expect(call.warnings.at(-1)).to.equal("1 further call within it is not decoded here.");
    const wide = encodeFunctionData({ abi, args: [Array<Hex>(900).fill("0x12345678")] });
    expect(decodeTo(STRANGER, wide).warnings[1]).to.equal("389 further calls within it are not decoded here.");
  });

  it("shows what is invisible in a text", () => {
    const to = "https://a.example/\u202egpj.exe\u0000\u200b";
    const abi = CONTRACT_ABIS.RelayerCommittee;
    const call = decode("RelayerCommittee", encodeFunctionData({ abi, functionName: "setEndpoint", args: [to] }));
    expect(call.args[0]?.text).to.equal('"https://a.example/\\u{202e}gpj.exe\\u{0}\\u{200b}"');
    expect(call.sentence).to.equal(`Calls RelayerCommittee.setEndpoint(endpoint ${call.args[0]?.text})`);
  });

  it("reads any data of any function without failing", () => {
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const word = (): string => {
      const small = [0, 1, 32, 64, 96, 2 ** 31, random(4_096)][random(7)]!;
      return random(3) === 0
        ? random(2 ** 31)
            .toString(16)
            .padStart(64, "f")
        : small.toString(16).padStart(64, "0");
    };
    for (const name of names) {
      for (const item of CONTRACT_ABIS[name]) {
        if (item.type !== "function") continue;
        for (let round = 0; round < 12; round++) {
          const body = Array.from({ length: random(12) }, word)
            .join("")
            .slice(random(3) * 2);
          const { sentence } = decode(name, `${toFunctionSelector(item)}${body}`);
          expect(sentence, `${name}.${item.name}`).to.have.length.above(5);
          expect(sentence).not.to.match(/undefined|NaN|\[object/);
        }
      }
    }
  });
});
