import eslint from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const everyDefaultExport = { direct: true, named: true, defaultFrom: true, namedFrom: true, namespaceFrom: true };

/** Size limits of the house; percentiles are judged by scripts/check/sizes.ts. */
const sizeLimits = {
  "max-lines": ["error", { max: 600 }],
  "max-lines-per-function": ["error", { max: 100 }],
  "max-depth": ["error", { max: 3 }],
  "max-params": "off",
  "@typescript-eslint/max-params": ["error", { max: 4 }],
};

export default defineConfig(
  globalIgnores([
    "**/artifacts/",
    "**/cache/",
    "coverage/",
    "**/dist/",
    "**/build/",
    "contracts/generated/",
    // AssemblyScript: another language in files called .ts, checked by its own compiler.
    "indexer/subgraph/",
  ]),
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [eslint.configs.recommended, tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      ...sizeLimits,
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-restricted-exports": ["error", { restrictDefaultExports: everyDefaultExport }],
      "prefer-const": "error",
      "object-shorthand": "error",
      "no-unused-vars": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/ban-ts-comment": ["error", { "ts-expect-error": "allow-with-description" }],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "separate-type-imports" }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/return-await": ["error", "in-try-catch"],
      // Options are interfaces with methods, and are taken apart.
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ["dapp/**/*.ts", "dapp/**/*.tsx"],
    extends: [reactHooks.configs.flat["recommended-latest"]],
  },
  {
    files: ["**/*.tsx"],
    rules: { "max-lines-per-function": ["error", { max: 120 }] },
  },
  {
    // ethers types the functions of a contract as any.
    files: ["test/**/*.ts", "test/**/*.tsx", "scripts/bench/**/*.ts", "scripts/deploy/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  {
    // Suites of tests are long callbacks (sizes.ts measures the tests inside), and chai asserts by properties.
    files: ["test/**/*.ts", "test/**/*.tsx"],
    rules: { "max-lines-per-function": "off", "@typescript-eslint/no-unused-expressions": "off" },
  },
  {
    // Files whose default export is demanded by the program that loads them.
    files: [
      "**/*.config.ts",
      "scripts/deploy/pqmesh*.ts",
      "scripts/hardhat/soljson.ts",
      "scripts/test/counting-reporter.ts",
    ],
    rules: { "no-restricted-exports": "off" },
  },
);
