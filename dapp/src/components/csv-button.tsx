import type { ReactNode } from "react";
import { type CsvValue, toCsv } from "../lib/csv.ts";
import { downloadFile } from "../lib/download-file.ts";
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
  const download = (): void => downloadFile(file, toCsv(header, rows()), "text/csv");
  return (
    <button type="button" className="button button-small" onClick={download}>
      <Icon name="download" size={15} />
      CSV
    </button>
  );
}
