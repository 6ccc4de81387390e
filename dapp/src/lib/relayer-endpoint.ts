/** Longest endpoint in bytes: `RelayerCommittee` refuses longer ones. */
const MAX_BYTES = 256;

/** Sentence that says why a text is no endpoint of a relayer; undefined when it is one. */
export function endpointProblem(text: string): string | undefined {
  const url = text.trim();
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) return "Enter a URL that begins with https:// or http://.";
  const bytes = new TextEncoder().encode(url).length;
  return bytes > MAX_BYTES ? `The URL has ${bytes} bytes; at most ${MAX_BYTES} are allowed.` : undefined;
}
