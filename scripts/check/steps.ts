import { docsStep } from "./docs.ts";
import { formatStep } from "./format.ts";
import { gasStep } from "./gas.ts";
import { generatedStep } from "./generated.ts";
import { hygieneStep } from "./hygiene.ts";
import { importsStep } from "./imports.ts";
import { invariantsStep } from "./invariants.ts";
import { layoutStep } from "./layout.ts";
import { lintStep } from "./lint.ts";
import { sizesStep } from "./sizes.ts";
import { solidityStep } from "./solidity.ts";
import type { CheckStep } from "./step.ts";
import { typesStep } from "./types.ts";
import { unusedStep } from "./unused.ts";

/** The steps of `npm run check`, cheap ones first; `generated` compiles the contracts before `gas` reads their size. */
export const steps: CheckStep[] = [
  hygieneStep,
  layoutStep,
  importsStep,
  invariantsStep,
  formatStep,
  sizesStep,
  solidityStep,
  generatedStep,
  gasStep,
  typesStep,
  lintStep,
  unusedStep,
  docsStep,
];
