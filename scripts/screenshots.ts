/** Takes the pictures of the README from a running network: `node scripts/screenshots.ts [URL of the dApp]`. */
import { join, resolve } from "node:path";
import chromium from "@sparticuz/chromium";
import { type Browser, chromium as launcher } from "playwright-core";

/** A page with something that is there once its content has loaded. */
interface Shot {
  name: string;
  path: string;
  /** A link on that page to the one that is taken. */
  follow?: string;
  ready: string;
  theme: "light" | "dark";
}

const SHOTS: readonly Shot[] = [
  { name: "overview", path: "/", ready: "[data-testid=epoch]", theme: "light" },
  { name: "nodes", path: "/nodes", ready: "[data-node]", theme: "light" },
  { name: "node", path: "/nodes/0", ready: "[data-testid=trust-score]", theme: "light" },
  { name: "delegate", path: "/delegate", ready: "[data-delegable]", theme: "light" },
  { name: "token", path: "/token", ready: "[data-testid=emissions-left]", theme: "dark" },
  {
    ...{ name: "proposal", path: "/proposals", follow: "[data-proposal] a", theme: "light" },
    ready: "[data-testid=simulation]",
  },
];
const WIDTH = 1_280;
const HEIGHT = 860;

async function takeAll(url: string, folder: string): Promise<void> {
  const args = ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none", "--disable-dev-shm-usage"];
  const browser = await launcher.launch({ executablePath: await chromium.executablePath(), args, headless: true });
  try {
    for (const shot of SHOTS) await take(browser, { url, folder, shot });
  } finally {
    await browser.close();
  }
}

async function take(
  browser: Browser,
  { url, folder, shot }: { url: string; folder: string; shot: Shot },
): Promise<void> {
  const { name, path, follow, ready, theme } = shot;
  const context = await browser.newContext({
    viewport: { width: WIDTH, height: HEIGHT },
    colorScheme: theme,
    locale: "en-GB",
  });
  const page = await context.newPage();
  await page.goto(new URL(path, url).href);
  if (follow) await page.locator(follow).first().click();
  await page.locator(ready).first().waitFor();
  // The content security policy forbids evaluated conditions; what loads is gone when no such element is left.
  for (const loading of [".skeleton", "figure [role=img]:empty"]) {
    await page.locator(loading).first().waitFor({ state: "detached" });
  }
  const file = join(folder, `${name}.png`);
  await page.screenshot({ path: file, fullPage: true });
  console.log(file);
  await context.close();
}

const [url = "http://127.0.0.1:8080"] = process.argv.slice(2);
await takeAll(url, resolve(import.meta.dirname, "../docs/images"));
