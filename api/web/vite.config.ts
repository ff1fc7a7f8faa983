import { defineConfig } from "vite";

/** Served by the API at `/`: everything but index.html lands in /assets, as files (the policy allows no inline code). */
export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: "es2022",
    cssTarget: ["chrome123", "safari17.5", "firefox128"],
  },
});
