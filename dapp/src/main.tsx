import "./lib/valid-language.ts";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { BootErrorPage } from "./app/boot-error-page.tsx";
import { CrashBoundary } from "./app/crash-boundary.tsx";
import { preloadAllPages, preloadPage } from "./app/pages.ts";
import { loadNetworkFile } from "./lib/network-file.ts";
import "./app/app.css";

const root = createRoot(document.getElementById("root")!);
preloadPage(location.pathname);
loadNetworkFile().then(
  (config) => {
    root.render(
      <CrashBoundary>
        <App config={config} />
      </CrashBoundary>,
    );
    preloadAllPages();
  },
  (error: Error) => root.render(<BootErrorPage problem={error.message} />),
);
