// The check of the page, run by node: `node tests/dossier/browser.mjs FOLDER` bundles it into FOLDER, then answers each
// line {"file": base64, "trusted": [hash]} with {"rule", "evidence"} or {"verdict"}.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { build } from "vite";

const folder = process.argv[2];
await build({
  configFile: false,
  logLevel: "error",
  build: {
    ssr: "api/web/src/dossier/check.ts",
    outDir: folder,
    rolldownOptions: { output: { entryFileNames: "check.mjs" } },
  },
  ssr: { noExternal: true },
});
const { check } = await import(pathToFileURL(`${folder}/check.mjs`));

for await (const line of createInterface({ input: process.stdin })) {
  const { file, trusted } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(answer(Buffer.from(file, "base64"), trusted))}\n`);
}

function answer(file, trusted) {
  try {
    return { verdict: check(new Uint8Array(file), new Set(trusted)) };
  } catch (error) {
    return { rule: error.rule ?? `${error.stack}`, evidence: error.evidence ?? {} };
  }
}
