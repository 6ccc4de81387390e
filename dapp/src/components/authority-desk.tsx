import { type ReactNode, useState } from "react";
import { setAuthorityHoldPlan } from "../flows/change-authority.ts";
import { useNetwork } from "../hooks/use-network.ts";
import type { AuthorityRole } from "../lib/authority-role.ts";
import type { AuthorityStanding, AuthorityView } from "../lib/certificate-view.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { AuthorityStatusForm } from "./authority-status-form.tsx";
import { HandOverForm } from "./hand-over-form.tsx";
import { Panel } from "./panel.tsx";
import { SubAuthorityForm } from "./sub-authority-form.tsx";
import { TaintAuthorityForm } from "./taint-authority-form.tsx";

type Task = "admit" | "handOver" | "hold" | "taint" | "revoke";

const TASKS: readonly (readonly [Task, string])[] = [
  ["admit", "Admit one below"],
  ["handOver", "Hand over"],
  ["hold", "Hold"],
  ["taint", "Taint"],
  ["revoke", "Revoke"],
];

/** What the account of an authority, or of one above it, can do with the authority itself. */
export function AuthorityDesk({
  authority,
  role,
  standing,
  onPlan,
}: {
  authority: AuthorityView;
  role: AuthorityRole;
  standing: AuthorityStanding;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const registry = useNetwork().config.contracts.CertificateRegistry;
  const [task, setTask] = useState<Task>();
  const { authorityId } = authority;
  const tasks = TASKS.filter(([one]) => canDo(one, { authority, role, standing }));
  const form = { authority, onPlan, onCancel: () => setTask(undefined) };
  return (
    <Panel title={role.isAccount ? "As its account" : "As an authority above it"} hint={hintOf(role)}>
      <div className="grid gap-4">
        <div className="flex flex-wrap gap-2">
          {tasks.map(([one, words]) => (
            <button
              key={one}
              type="button"
              aria-expanded={task === one}
              className={`button button-small ${one === "taint" || one === "revoke" ? "button-danger" : ""}`}
              onClick={() => setTask(task === one ? undefined : one)}
            >
              {words}
            </button>
          ))}
          {authority.held && role.isAbove && standing === "Held" && (
            <button
              type="button"
              className="button button-small"
              onClick={() => onPlan(setAuthorityHoldPlan({ registry, authorityId, held: false, effects: [] }))}
            >
              Release
            </button>
          )}
        </div>
        {task === "admit" && <SubAuthorityForm {...form} />}
        {task === "handOver" && <HandOverForm {...form} />}
        {task === "taint" && <TaintAuthorityForm {...form} />}
        {(task === "hold" || task === "revoke") && <AuthorityStatusForm key={task} {...form} act={task} />}
      </div>
    </Panel>
  );
}

function hintOf({ isAccount, isAbove }: AuthorityRole): string {
  if (!isAccount) return "The connected wallet is the account of an authority above this one.";
  return isAbove
    ? "The connected wallet is the account of this authority and of one above it."
    : "The connected wallet is the account of this authority. Only one above it, or the DAO, can put it on hold.";
}

function canDo(
  task: Task,
  { authority, role, standing }: { authority: AuthorityView; role: AuthorityRole; standing: AuthorityStanding },
): boolean {
  if (standing === "Revoked") return task === "handOver" && role.isAccount;
  switch (task) {
    case "admit":
      return role.isAccount && standing === "Good" && authority.pathLength > 0;
    case "handOver":
      return role.isAccount;
    case "hold":
      return role.isAbove && !authority.held;
    case "taint":
    case "revoke":
      return true;
  }
}
