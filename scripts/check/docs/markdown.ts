/** A piece of code in a Markdown file: inline code, or one line of a fenced block. */
export interface MarkdownCode {
  text: string;
  /** Line of the file, from 1. */
  line: number;
  /** Language after the fence; empty for inline code and plain fences. */
  language: string;
}

interface MarkdownLine {
  text: string;
  line: number;
  /** Language of the fence around the line; absent outside fences. */
  fence?: string;
}

function readLines(markdown: string): MarkdownLine[] {
  const result: MarkdownLine[] = [];
  let fence: { mark: string; language: string } | undefined;
  for (const [index, text] of markdown.split("\n").entries()) {
    const mark = /^\s*(```+|~~~+)\s*([\w-]*)/.exec(text);
    if (fence && mark && text.trim().startsWith(fence.mark) && !mark[2]) fence = undefined;
    else if (!fence && mark) fence = { mark: mark[1] ?? "```", language: (mark[2] ?? "").toLowerCase() };
    else result.push({ text, line: index + 1, fence: fence?.language });
  }
  return result;
}

/** All code of a Markdown file; lines of a block that end with a backslash are joined with the next. */
export function readCode(markdown: string): MarkdownCode[] {
  const codes: MarkdownCode[] = [];
  let continued = "";
  for (const { text, line, fence } of readLines(markdown)) {
    if (fence === undefined) {
      const inline = [...text.matchAll(/(`+)(.+?)\1/g)];
      codes.push(...inline.map(([, , code = ""]) => ({ text: code.trim(), line, language: "" })));
    } else if (text.endsWith("\\")) {
      continued += `${text.slice(0, -1).trim()} `;
    } else {
      codes.push({ text: (continued + text.trim()).trim(), line, language: fence });
      continued = "";
    }
  }
  return codes;
}

/** Targets of links and images outside code, without those that name a scheme. */
export function readLinks(markdown: string): { target: string; line: number }[] {
  return readLines(markdown)
    .filter(({ fence }) => fence === undefined)
    .flatMap(({ text, line }) => {
      const prose = text.replace(/(`+).+?\1/g, "");
      const targets = [
        ...prose.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g),
        ...prose.matchAll(/^\s*\[[^\]]+\]:\s+(\S+)/g),
        ...prose.matchAll(/\bsrc(?:set)?="([^"\s]+)"/g),
      ].map(([, target = ""]) => target);
      return targets.filter((target) => !/^(?:[a-z][a-z+.-]*:|\/\/)/i.test(target)).map((target) => ({ target, line }));
    });
}

/** Anchors of the headings of a Markdown file, as GitHub derives them. */
export function readAnchors(markdown: string): Set<string> {
  const anchors = new Set<string>();
  for (const { text, fence } of readLines(markdown)) {
    const heading = fence === undefined && /^#{1,6}\s+(.+?)\s*#*$/.exec(text);
    if (!heading) continue;
    const plain = (heading[1] ?? "").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = plain
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replace(/\s/g, "-");
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count++) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** Text without fenced blocks, line by line. */
export function readProse(markdown: string): { text: string; line: number }[] {
  return readLines(markdown).filter(({ fence }) => fence === undefined);
}
