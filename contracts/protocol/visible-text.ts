/** What a reader would not see, or what changes the order of what is read: controls, bidi marks, lone surrogates. */
const INVISIBLE = /[\p{C}\p{Default_Ignorable_Code_Point}\u2028\u2029]|(?! )\p{Zs}/gu;
/** Longest text that is shown whole. */
const MAX_SHOWN = 400;

/** A text of a stranger, in which nothing is invisible: what could mislead is written as its number, as in `\u{202e}`. */
export function visibleText(text: string): string {
  return text.replaceAll("\\", "\\\\").replace(INVISIBLE, (found) => `\\u{${found.codePointAt(0)!.toString(16)}}`);
}

/** A text of a stranger within a sentence: visible, in quotation marks, and cut where it is too long. */
export function quotedText(text: string): string {
  const cut = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}` : text;
  const rest = text.length > MAX_SHOWN ? ` and ${text.length - MAX_SHOWN} more characters` : "";
  return `"${visibleText(cut).replaceAll('"', '\\"')}"${rest}`;
}
