import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import page from "./vite.config.ts";

/** `check.html`: the check of dossiers as one file, to be kept and opened anywhere. Its policy allows it to ask nobody anything. */
export default defineConfig({
  ...page,
  plugins: [inOneFile()],
  build: {
    ...page.build,
    emptyOutDir: false,
    modulePreload: false,
    rolldownOptions: { input: fileURLToPath(new URL("check.html", import.meta.url)) },
  },
});

/** Puts script and styles into the page, and names them by their hashes in its policy: nothing else runs in it. */
function inOneFile(): Plugin {
  return {
    name: "in-one-file",
    enforce: "post",
    generateBundle(_, bundle) {
      const page = bundle["check.html"];
      if (page?.type !== "asset") throw new Error("no page");
      const parts: { script: string; style: string } = { script: "", style: "" };
      for (const [name, file] of Object.entries(bundle)) {
        if (file === page) continue;
        if (file.type === "chunk") parts.script += file.code.replaceAll("</script", "<\\/script");
        else if (name.endsWith(".css")) parts.style += String(file.source);
        else throw new Error(`what becomes of ${name}?`);
        delete bundle[name];
      }
      const policy =
        `default-src 'none'; script-src ${hash(parts.script)}; style-src ${hash(parts.style)}; ` +
        "base-uri 'none'; form-action 'none'";
      page.source = String(page.source)
        .replace(/\s*<(script|link)[^>]*(><\/script>|>)/g, "")
        .replace(
          "<meta charset",
          () => `<meta http-equiv="Content-Security-Policy" content="${policy}" />\n    <meta charset`,
        )
        .replace("</head>", () => `  <style>${parts.style}</style>\n  </head>`)
        .replace("</body>", () => `  <script type="module">${parts.script}</script>\n  </body>`);
    },
  };
}

function hash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
