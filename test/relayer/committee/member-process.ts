/**
 * One committee member as a process of its own. Its first message says what to start; then it takes attestations and
 * answers questions about itself.
 */
import { createPrivateKey } from "node:crypto";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Hex } from "viem";
import type { MeshMaterial } from "../../../relayer/src/transport/mesh-credentials.ts";
import { connectChain } from "../../helpers/anvil.ts";
import { perfectHeartbeats, startMember, type TestMember } from "../../helpers/test-committee.ts";
import { networkOf, type TestRelayer } from "../../helpers/test-network.ts";

/** What a member process is told. */
export type MemberOrder =
  | {
      kind: "start";
      config: NetworkConfig;
      relayer: Omit<TestRelayer, "mldsaKey"> & { mldsaKey: string };
      seat: number;
      material: MeshMaterial & { key: string };
      rpcUrl: string;
      directory: string;
      nodes: number[];
      /** True: it proves what it finds of others, and leads no round. */
      watches?: boolean;
    }
  | { kind: "hold"; attestations: { wire: string; digest: Hex }[] }
  | { kind: "describe" };

/** What a member process answers, one answer for each order. */
export interface MemberAnswer {
  /** Digests in the protection log, by epoch and round. */
  records: { epoch: string; round: number; digest: string }[];
}

let member: TestMember | undefined;

process.on("message", (order: MemberOrder) => {
  obey(order).then(
    () => process.send?.({ records: member?.committee.protection.export().records ?? [] } satisfies MemberAnswer),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});

async function obey(order: MemberOrder): Promise<void> {
  if (order.kind === "start") {
    const { config, relayer, nodes, watches = false, ...options } = order;
    const policy = { watch: "act", bondBudgetWei: 0n } as const;
    const network = networkOf(config, connectChain(config.rpcUrl));
    const mldsaKey = createPrivateKey(relayer.mldsaKey);
    member = await startMember({
      ...options,
      ...(watches && { policy, leads: false }),
      network,
      relayer: { ...relayer, mldsaKey },
    });
    member.heartbeats = perfectHeartbeats(nodes);
  } else if (order.kind === "hold") {
    const attestations = order.attestations.map(({ wire, digest }) => ({ wire: Buffer.from(wire, "hex"), digest }));
    await member?.hold(attestations);
  }
}
