import type { ReactNode } from "react";

/** What browsers say when a part of the code cannot be fetched. */
const MISSING_PART = /dynamically imported module|importing a module script failed|preload CSS/i;

/** Says why a screen broke and what to do. */
export function CrashScreen({ problem }: { problem: string }): ReactNode {
  const isMissing = MISSING_PART.test(problem);
  return (
    <section className="mx-auto grid max-w-xl content-center gap-4 p-6">
      <h1>{isMissing ? "A part of this site is missing" : "This screen broke"}</h1>
      <p role="alert" className="bg-bad-soft rounded-lg px-4 py-3">
        {isMissing
          ? "This page's code could not be fetched: the site was updated since you opened it, or its server is away."
          : problem}
      </p>
      <p className="text-muted">
        Nothing was sent by this.{" "}
        {isMissing
          ? "Reload to get the newest version."
          : "Reload to go on; if it comes back, report the sentence above."}
      </p>
      <div>
        <button type="button" className="button button-primary" onClick={() => location.reload()}>
          Reload
        </button>
      </div>
    </section>
  );
}
