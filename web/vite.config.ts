import react from "@vitejs/plugin-react";
import { loadEnv } from "vite";
import { defineConfig } from "vitest/config";

export default defineConfig(({ mode }) => {
  const server = loadEnv(mode, ".", "VISAVIS_").VISAVIS_SERVER ?? "http://127.0.0.1:8000";
  return {
    plugins: [react()],
    base: "./",
    build: {
      outDir: "../src/visavis/server/static",
      emptyOutDir: true,
      target: "es2022",
      // Nothing is inlined as a data: address, so that a strict content security policy holds.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
    worker: { format: "es" },
    server: {
      host: "127.0.0.1",
      proxy: {
        "/v1": { target: server, ws: true },
        "/readyz": server,
        "/healthz": server,
      },
    },
    test: { include: ["tests/**/*.test.ts"], environment: "node", testTimeout: 30_000 },
  };
});
