// Writes src/api/schema.ts: the types of what the page asks and is told, out of the API's OpenAPI document.
//   node api/web/types.mjs [DOCUMENT] [--check]     --check compares instead, and exits 1 when they differ
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";
import { format } from "prettier";

/** What this page asks for; everything that bodies and answers are made of goes into the file, and nothing else. */
const ASKED = {
  get: [
    "/status",
    "/search",
    "/parties",
    "/parties/{id}",
    "/receivables",
    "/receivables/{id}",
    "/receivables/{id}/fund-flow",
    "/receivables/{id}/claims",
    "/notes",
    "/notes/{id}",
    "/notes/{id}/trace",
    "/auth/me",
    "/auth/providers",
    "/auth/signing-key",
    "/approvals",
    "/approvals/{id}",
    "/operations/{id}",
    "/parties/{id}/deposits",
    "/parties/{id}/position",
    "/quotes",
    "/quote-requests",
    "/imports/plan",
    "/jobs",
    "/certificates/{code}",
    "/reports/{name}",
    "/alerts",
    "/network/policy",
    "/network/changes",
    "/freezes",
    "/reassignments",
    "/key-changes",
    "/recourse",
    "/problems",
  ],
  post: [
    "/auth/sessions",
    "/auth/siwe/nonces",
    "/auth/siwe/sessions",
    "/auth/enrolments",
    "/auth/enrolments/confirm",
    "/auth/providers/{id}/sign-ins",
    "/auth/providers/{id}/enrolments",
    "/auth/providers/{id}/enrolments/confirm",
    "/auth/signing-key",
    "/approvals/{id}/signatures",
    "/operations/requests",
    "/operations/relayed",
    "/imports",
    "/imports/checks",
    "/jobs/confirmations",
    "/parties/{id}/recovery/word",
  ],
};

const TARGET = new URL("src/api/schema.ts", import.meta.url);
const PREFIX = "#/components/schemas/";

const [file = "build/openapi.json"] = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const text = await schemaText(JSON.parse(await readFile(file, "utf8")));
if (process.argv.includes("--check")) {
  if ((await readFile(TARGET, "utf8")) !== text) {
    console.error("api/web/src/api/schema.ts is not what the API answers; next: npm run types");
    process.exit(1);
  }
} else {
  await writeFile(TARGET, text);
}

async function schemaText(document) {
  const names = new Set();
  for (const [method, paths] of Object.entries(ASKED)) {
    for (const path of paths) {
      const asked = document.paths[path]?.[method];
      if (!asked) throw new Error(`the API no longer has ${method.toUpperCase()} ${path}`);
      collect([asked.requestBody, asked.responses], document, names);
    }
  }
  const schemas = Object.fromEntries([...names].sort().map((name) => [name, document.components.schemas[name]]));
  const { openapi, info } = document;
  const ast = await openapiTS({ openapi, info: { ...info, version: "" }, paths: {}, components: { schemas } });
  const code = `// Made by \`npm run types\` from the API's OpenAPI document: do not edit.\n${astToString(ast)}`;
  return format(code, { parser: "typescript", printWidth: 120 });
}

/** Adds the schemas that `part` refers to, and those that these refer to. */
function collect(part, document, names) {
  if (!part || typeof part !== "object") return;
  const name = part.$ref?.startsWith(PREFIX) ? part.$ref.slice(PREFIX.length) : null;
  if (name !== null && !names.has(name)) {
    names.add(name);
    collect(document.components.schemas[name], document, names);
  }
  for (const inner of Object.values(part)) collect(inner, document, names);
}
