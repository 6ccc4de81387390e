import type { EthValue } from "../abi/abi-type.ts";
import type { BlockPointer, ChainLog, FullBlock, RpcObject } from "../rpc/chain-types.ts";
import { bytesOfHex } from "../values/hex.ts";
import { ABSENT } from "./heap.ts";
import type { Heap } from "./heap.ts";
import { writeEthValue } from "./heap-values.ts";
import { TYPE } from "./type-ids.ts";

/** A log that a handler is called with. */
export interface EventTrigger {
  readonly log: ChainLog;
  readonly block: BlockPointer;
  readonly parameterNames: readonly string[];
  readonly parameters: readonly EthValue[];
  /** The whole block, once it was fetched. */
  readonly fullBlock: FullBlock | undefined;
  /** The transaction's receipt, for handlers with `receipt: true`. */
  readonly receipt: RpcObject | undefined;
}

/** Fields of a transaction behind its hash and index. */
const ABSENT_TRANSACTION: readonly number[] = new Array<number>(7).fill(ABSENT);

/** Writes the `ethereum.Event` of a trigger; block and transaction fields that were not fetched are {@link ABSENT}. */
export function writeEvent(heap: Heap, names: ReadonlyMap<string, number>, trigger: EventTrigger): number {
  const { log } = trigger;
  const logIndex = writeQuantity(heap, log.logIndex);
  const parameters = trigger.parameters.map((value, i) => {
    const name = trigger.parameterNames[i] ?? "";
    return heap.writeFields(TYPE.eventParam, [names.get(name) ?? heap.writeString(name), writeEthValue(heap, value)]);
  });
  return heap.writeFields(TYPE.ethereumEvent, [
    heap.writeBytes(bytesOfHex(log.address)),
    logIndex,
    logIndex,
    0,
    writeBlock(heap, trigger),
    writeTransaction(heap, trigger),
    heap.writePointers(TYPE.arrayEventParam, parameters),
    trigger.receipt === undefined ? 0 : writeReceipt(heap, trigger.receipt),
  ]);
}

function writeBlock(heap: Heap, { block, fullBlock }: EventTrigger): number {
  const hash = heap.writeBytes(bytesOfHex(block.hash));
  const number = writeQuantity(heap, block.number);
  const timestamp = writeQuantity(heap, block.timestamp);
  if (fullBlock === undefined) {
    const no = ABSENT;
    return heap.writeFields(TYPE.ethereumBlock, [
      hash,
      no,
      no,
      no,
      no,
      no,
      no,
      number,
      no,
      no,
      timestamp,
      no,
      no,
      no,
      no,
    ]);
  }
  const { fields } = fullBlock;
  return heap.writeFields(TYPE.ethereumBlock, [
    hash,
    ...["parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot"].map((name) =>
      data(heap, fields, name),
    ),
    number,
    quantity(heap, fields, "gasUsed"),
    quantity(heap, fields, "gasLimit"),
    timestamp,
    quantity(heap, fields, "difficulty"),
    quantity(heap, fields, "totalDifficulty"),
    quantityOrNull(heap, fields, "size"),
    quantityOrNull(heap, fields, "baseFeePerGas"),
  ]);
}

function writeTransaction(heap: Heap, { log, fullBlock }: EventTrigger): number {
  const hash = heap.writeBytes(bytesOfHex(log.transactionHash));
  const index = writeQuantity(heap, log.transactionIndex);
  if (fullBlock === undefined) {
    return heap.writeFields(TYPE.ethereumTransaction, [hash, index, ...ABSENT_TRANSACTION]);
  }
  const transaction = fullBlock.transactions.get(log.transactionHash);
  if (transaction === undefined)
    throw new Error(`block ${log.blockNumber} lacks its transaction ${log.transactionHash}`);
  return heap.writeFields(TYPE.ethereumTransaction, [
    hash,
    index,
    data(heap, transaction, "from"),
    dataOrNull(heap, transaction, "to"),
    quantity(heap, transaction, "value"),
    quantity(heap, transaction, "gas"),
    heap.writeBigInt(effectiveGasPrice(transaction, fullBlock.fields)),
    data(heap, transaction, "input"),
    quantity(heap, transaction, "nonce"),
  ]);
}

/** Price that the sender paid: the lower of its ceiling and base fee plus tip, or the legacy price. */
function effectiveGasPrice(transaction: RpcObject, block: RpcObject): bigint {
  const ceiling = toBigInt(transaction["maxFeePerGas"]);
  const baseFee = toBigInt(block["baseFeePerGas"]);
  if (ceiling === undefined) return toBigInt(transaction["gasPrice"]) ?? 0n;
  if (baseFee === undefined) return ceiling;
  const offered = baseFee + (toBigInt(transaction["maxPriorityFeePerGas"]) ?? 0n);
  return offered < ceiling ? offered : ceiling;
}

function writeReceipt(heap: Heap, receipt: RpcObject): number {
  const logs = Array.isArray(receipt["logs"]) ? (receipt["logs"] as RpcObject[]) : [];
  const pointers = logs.map((log) => writeReceiptLog(heap, log));
  return heap.writeFields(TYPE.transactionReceipt, [
    data(heap, receipt, "transactionHash"),
    quantity(heap, receipt, "transactionIndex"),
    data(heap, receipt, "blockHash"),
    quantity(heap, receipt, "blockNumber"),
    quantity(heap, receipt, "cumulativeGasUsed"),
    quantity(heap, receipt, "gasUsed"),
    dataOrNull(heap, receipt, "contractAddress"),
    heap.writePointers(TYPE.arrayLog, pointers),
    quantityOrNull(heap, receipt, "status"),
    dataOrNull(heap, receipt, "root"),
    data(heap, receipt, "logsBloom"),
  ]);
}

function writeReceiptLog(heap: Heap, log: RpcObject): number {
  const topics = Array.isArray(log["topics"]) ? (log["topics"] as string[]) : [];
  const removed = heap.allocate(TYPE.wrappedBool, 1);
  heap.writeByte(removed, log["removed"] === true ? 1 : 0);
  return heap.writeFields(TYPE.log, [
    data(heap, log, "address"),
    heap.writePointers(
      TYPE.arrayH256,
      topics.map((topic) => heap.writeBytes(bytesOfHex(topic))),
    ),
    data(heap, log, "data"),
    dataOrNull(heap, log, "blockHash"),
    quantityOrNull(heap, log, "blockNumber"),
    dataOrNull(heap, log, "transactionHash"),
    quantityOrNull(heap, log, "transactionIndex"),
    quantityOrNull(heap, log, "logIndex"),
    0,
    0,
    removed,
  ]);
}

function writeQuantity(heap: Heap, value: number): number {
  return heap.writeBigInt(BigInt(value));
}

function data(heap: Heap, source: RpcObject, name: string): number {
  const value = source[name];
  return heap.writeBytes(bytesOfHex(typeof value === "string" ? value : "0x"));
}

function dataOrNull(heap: Heap, source: RpcObject, name: string): number {
  return typeof source[name] === "string" ? data(heap, source, name) : 0;
}

function quantity(heap: Heap, source: RpcObject, name: string): number {
  return heap.writeBigInt(toBigInt(source[name]) ?? 0n);
}

function quantityOrNull(heap: Heap, source: RpcObject, name: string): number {
  const value = toBigInt(source[name]);
  return value === undefined ? 0 : heap.writeBigInt(value);
}

function toBigInt(value: unknown): bigint | undefined {
  return typeof value === "string" ? BigInt(value) : undefined;
}
