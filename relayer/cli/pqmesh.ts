#!/usr/bin/env node
import { EXIT_CODES } from "../src/service/exit-codes.ts";
import { failureOf } from "./failure.ts";
import { createProgram } from "./program.ts";

const isJson = process.argv.includes("--json");

try {
  await createProgram({ isJson }).parseAsync();
} catch (error) {
  const { message, exitCode } = failureOf(error);
  if (exitCode !== EXIT_CODES.ok) {
    if (isJson) console.log(JSON.stringify({ error: message, exitCode }));
    else console.error(`pqmesh: ${message}`);
  }
  process.exitCode = exitCode;
}
