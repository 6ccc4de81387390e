import { openCredential } from "@pqmesh/contracts/protocol/sealed-credential";
import { type ReactNode, useState } from "react";
import type { Hex } from "viem";
import { useDeliveryKey } from "../hooks/use-delivery-key.ts";
import { useNetwork } from "../hooks/use-network.ts";
import type { LeaseView } from "../lib/lease-view.ts";
import { Copyable } from "./copyable.tsx";
import { Fact } from "./fact.tsx";
import { Panel } from "./panel.tsx";

/** What the provider delivered: sealed for everybody but the client. */
export function CredentialPanel({
  lease,
  sealed,
  isClient,
}: {
  lease: LeaseView;
  /** Newest sealed credential. */
  sealed: Hex | undefined;
  isClient: boolean;
}): ReactNode {
  if (!isClient || (lease.status !== "Active" && sealed === undefined)) return null;
  return (
    <Panel title="Endpoint and credential">
      {sealed === undefined ? (
        <p className="text-muted">
          Not delivered yet. The node&rsquo;s agent delivers with accepting; if it does not, ask the provider or give
          notice.
        </p>
      ) : (
        <Sealed lease={lease} sealed={sealed} />
      )}
    </Panel>
  );
}

function Sealed({ lease, sealed }: { lease: LeaseView; sealed: Hex }): ReactNode {
  const { config } = useNetwork();
  const { key } = useDeliveryKey(lease.client);
  const [opened, setOpened] = useState<{ endpoint: string; serverKeyHash: Hex } | { problem: string }>();
  if (!key) {
    return (
      <p className="text-muted">
        Delivered, sealed for a delivery key that this browser does not hold. Load its file under My leases, or use the
        command line.
      </p>
    );
  }
  const open = (): void => {
    const context = { chainId: config.chainId, escrow: config.contracts.LeaseEscrow, leaseId: BigInt(lease.id) };
    try {
      const { endpoint, serverKeyHash } = openCredential({ ...context, client: lease.client }, sealed, key.seed);
      setOpened({ endpoint, serverKeyHash });
    } catch {
      setOpened({
        problem:
          "It does not open with the key in this browser: it was sealed for another one. Ask the provider to deliver again.",
      });
    }
  };
  if (!opened) {
    return (
      <button type="button" className="button button-primary" onClick={open}>
        Open the credential
      </button>
    );
  }
  if ("problem" in opened) return <p className="text-bad text-sm">{opened.problem}</p>;
  return (
    <dl className="grid gap-3" data-testid="credential">
      <Fact name="Endpoint">
        <Copyable value={opened.endpoint} label="endpoint" full />
      </Fact>
      <Fact name="SHA-256 of the server's key">
        <Copyable value={opened.serverKeyHash} label="hash of the server's key" lead={10} tail={8} />
      </Fact>
      <Fact name="Connect, with the file of the delivery key">
        <Copyable value={`npx pqmesh lease connect ${lease.id} --key delivery-key.json`} label="command" full />
      </Fact>
    </dl>
  );
}
