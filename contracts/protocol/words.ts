/** The words of a text as a tuple type. */
export type Words<Text extends string> = Text extends `${infer First} ${infer Rest}` ? [First, ...Words<Rest>] : [Text];

/** The words of a literal text, each with its own type. */
export function wordsOf<Text extends string>(text: Text): Readonly<Words<Text>> {
  return text.split(" ") as Words<Text>;
}
