import chromium from "@sparticuz/chromium";
import { type Browser, type BrowserContext, chromium as launcher, type Page } from "playwright-core";

let shared: Promise<Browser> | undefined;

/** The one browser of a test run. */
function openBrowser(): Promise<Browser> {
  shared ??= (async () => {
    const executablePath = await chromium.executablePath();
    // Its own arguments put everything into one process without web security; the dApp is tested with both.
    const args = ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none", "--disable-dev-shm-usage"];
    return launcher.launch({ executablePath, args, headless: true });
  })();
  return shared;
}

/** Closes it, when it was opened. */
export async function closeBrowser(): Promise<void> {
  const browser = shared;
  shared = undefined;
  await (await browser)?.close();
}

/** How a page is opened. */
export interface PageOptions {
  width?: number;
  height?: number;
  colorScheme?: "light" | "dark";
}

/** A page in a fresh profile, with everything that went wrong in it. */
export interface TestPage {
  page: Page;
  context: BrowserContext;
  /** Errors that nobody caught, and violations of the content security policy. */
  errors: string[];
  close(): Promise<void>;
}

/** Opens an empty page in a fresh profile. */
export async function openPage({
  width = 1_280,
  height = 900,
  colorScheme = "light",
}: PageOptions = {}): Promise<TestPage> {
  const browser = await openBrowser();
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale: "en-GB" });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text())) errors.push(message.text());
  });
  return { page, context, errors, close: () => context.close() };
}
