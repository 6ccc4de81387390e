/*
 * Query field names have to be those of graph-node, which forms them with the Rust crate Inflector. Its words that have no
 * plural are left out: they are written in lower case, and entity types are not.
 */

/** Endings and what replaces them; the part in the first group stays. The first that fits is taken. */
const PLURALS: readonly (readonly [RegExp, string])[] = [
  [/(.*eaux)$/, ""],
  [/(.*child)(?:ren)?$/, "ren"],
  [/(.*pe)(?:rson|ople)$/, "ople"],
  [/(.*[ml])(?:ice|ouse)$/, "ice"],
  [/(.*(?:matr|cod|mur|sil|vert|ind|append))(?:ix|ex)$/, "ices"],
  [/(.*(?:x|ch|ss|sh|zz))$/, "es"],
  [/(.*(?:x|ch|ss|sh|zz)es)$/, ""],
  [/(.*[^ch][ieo][ln])ey$/, "ies"],
  [/(.*(?:[^aeiouy]|qu))y$/, "ies"],
  [/(.*(?:ar|l|ea|eo|oa|hoo))f$/, "ves"],
  [/(.*(?:kni|wi|li))fe$/, "ves"],
  [/(.*)sis$/, "ses"],
  [/(.*(?:apheli|hyperbat|periheli|asyndet|noumen|phenomen|criteri|organ|prolegomen|hedr|automat))(?:a|on)$/, "a"],
  [
    /(.*(?:agend|addend|millenni|dat|extrem|bacteri|desiderat|strat|candelabr|errat|ov|symposi|curricul|automat|quor))(?:a|um)$/,
    "a",
  ],
  [/(.*(?:her|at|gr))o$/, "oes"],
  [/(.*(?:seraph|cherub))(?:im)?$/, "im"],
  [/(.*(?:alumn|alg|vertebr))(?:a|ae)$/, "ae"],
  [/(.*(?:alumn|syllab|octop|vir|radi|nucle|fung|cact|stimul|termin|bacill|foc|uter|loc|strat))(?:us|i)$/, "i"],
  [/(.*(?:[^l]ias|[aeiou]las|[emjzr]as|[iu]am))$/, ""],
  [/(.*e[mn]u)s?$/, "s"],
  [/(.*(?:alias|[^aou]us|tlas|gas|ris))$/, "es"],
  [/(.*(?:ax|test))is$/, "es"],
  [/(.*[^aeiou]ese)$/, ""],
  [/(.*)s$/, "s"],
];

/** Names of the fields of `Query` that give one entity of a type and a list of them. */
export function queryNames(typeName: string): { readonly singular: string; readonly plural: string } {
  const singular = camelCase(typeName);
  const plural = camelCase(pluralize(typeName));
  return { singular, plural: plural === singular ? `${plural}_collection` : plural };
}

function pluralize(word: string): string {
  for (const [ending, replacement] of PLURALS) {
    const match = ending.exec(word);
    if (match !== null) return (match[1] ?? "") + replacement;
  }
  return `${word}s`;
}

/** A capital starts a word only after a lower-case letter, so `SLAConfig` becomes `slaconfig` and `UserID` `userID`. */
function camelCase(word: string): string {
  let result = "";
  let previous = "";
  let startsWord = false;
  for (const char of word.replace(/^[^a-zA-Z0-9]+|[^a-zA-Z0-9]+$/g, "")) {
    if (/[^a-zA-Z0-9]/.test(char)) startsWord = true;
    else if (/\d/.test(char)) {
      startsWord = true;
      result += char;
    } else if (startsWord || (/[a-z]/.test(previous) && /[A-Z]/.test(char))) {
      startsWord = false;
      result += char.toUpperCase();
    } else {
      previous = char;
      result += char.toLowerCase();
    }
  }
  return result;
}
