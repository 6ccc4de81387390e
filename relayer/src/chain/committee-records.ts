import type { Address } from "viem";
import { getAddress, hexToBytes } from "viem/utils";
import type { ChainEvent } from "./chain-events.ts";
import type { CommitteeRecord } from "./chain-view.ts";
import { pushWithUndo, setWithUndo, type Undo } from "./undo.ts";

interface RelayerRecord {
  mldsaKey: Uint8Array;
  endpoint: string;
}

interface CommitteeSet {
  version: number;
  fromEpoch: bigint;
  members: readonly Address[];
}

/** Committees and the relayers in them, from the events of the RelayerCommittee. */
export class CommitteeRecords {
  readonly #relayers = new Map<Address, RelayerRecord>();
  readonly #sets: CommitteeSet[] = [];

  /** Committee in force in an epoch, with the newest endpoints known. */
  at(epoch: bigint): CommitteeRecord | undefined {
    return this.#record(this.#sets.findLast(({ fromEpoch }) => fromEpoch <= epoch));
  }

  /** Committee that was set last. */
  newest(): CommitteeRecord | undefined {
    return this.#record(this.#sets.at(-1));
  }

  #record(set: CommitteeSet | undefined): CommitteeRecord | undefined {
    if (!set) return undefined;
    const { version, fromEpoch } = set;
    const members = set.members.map((address, seat) => ({ seat, address, ...this.#relayer(address) }));
    return { version, fromEpoch, members };
  }

  apply(event: ChainEvent): Undo | undefined {
    switch (event.eventName) {
      case "RelayerBonded":
        return this.#bond(event.args.relayer, event.args.mldsaKey, event.args.endpoint);
      case "EndpointSet":
        return this.#update(event.args.relayer, { endpoint: event.args.endpoint });
      case "CommitteeSet":
        return pushWithUndo(this.#sets, {
          ...event.args,
          members: event.args.members.map((member) => getAddress(member)),
        });
      default:
        return undefined;
    }
  }

  /** The key is in the first bonding only; later ones carry none. */
  #bond(relayer: Address, mldsaKey: `0x${string}`, endpoint: string): Undo {
    return this.#update(relayer, { endpoint, ...(mldsaKey !== "0x" && { mldsaKey: hexToBytes(mldsaKey) }) });
  }

  #update(relayer: Address, change: Partial<RelayerRecord>): Undo {
    const address = getAddress(relayer);
    const before = this.#relayers.get(address) ?? { mldsaKey: new Uint8Array(), endpoint: "" };
    return setWithUndo(this.#relayers, address, { ...before, ...change });
  }

  #relayer(address: Address): RelayerRecord {
    const relayer = this.#relayers.get(address);
    if (!relayer) throw new Error(`chain seats relayer ${address}, which never bonded`);
    return relayer;
  }
}
