import type { ReactNode } from "react";
import { type CsvValue, toCsv } from "../lib/csv.ts";
import { Icon } from "./icon.tsx";

/** Downloads a table as CSV. */
export function CsvButton({
  file,
  header,
  rows,
}: {
  file: string;
  header: readonly string[];
  rows: () => readonly (readonly CsvValue[])[];
}): ReactNode {
  const download = (): void => {
    const url = URL.createObjectURL(new Blob([toCsv(header, rows())], { type: "text/csv;charset=utf-8" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = file;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <button type="button" className="button button-small" onClick={download}>
      <Icon name="download" size={15} />
      CSV
    </button>
  );
}
