import { readFileSync } from "node:fs";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Serves the network.json that PQMESH_NETWORK names during `vite dev`; in production it lies beside the built files. */
function networkFile(): Plugin {
  return {
    name: "pqmesh-network-file",
    configureServer(server) {
      const file = process.env.PQMESH_NETWORK;
      if (!file) return;
      server.middlewares.use("/network.json", (_request, response) => {
        response.setHeader("content-type", "application/json");
        response.end(readFileSync(file));
      });
    },
  };
}

/** What changes only with its own versions, so that browsers keep it over updates of the dApp. */
const REACT = /node_modules\/(react|react-dom|react-router|scheduler)\//;

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss(), networkFile()],
  build: {
    outDir: "dist",
    target: "es2023",
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: "react", test: REACT }] },
      },
    },
  },
});
