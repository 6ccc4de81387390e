import type { ReactNode } from "react";
import type { Address } from "viem";
import { useVoterCertificates } from "../hooks/use-certificate-queries.ts";
import { CertificateTable } from "./certificate-table.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

/** Certificates of the voter whom a wallet stands for. @param otherwise Shown when it stands for none. */
export function VoterCertificates({ wallet, otherwise }: { wallet: Address; otherwise: ReactNode }): ReactNode {
  const query = useVoterCertificates(wallet);
  return (
    <QueryView query={query} height="8rem">
      {(certificates) =>
        certificates.length === 0 ? (
          otherwise
        ) : (
          <Panel
            title="You as a voter"
            hint="You vote while the newest is good. The authority that certified you issues the next one, or revokes it"
            flush
          >
            <CertificateTable {...{ certificates }} />
          </Panel>
        )
      }
    </QueryView>
  );
}
