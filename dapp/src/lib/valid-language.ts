// A browser that takes its language from a bare system can have one that is no language tag ("en-US@posix"). The chart
// library asks for number formats of it when it loads, and would fail; American English is what the pages write anyway.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en-US", configurable: true });
}
