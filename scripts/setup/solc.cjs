// The Solidity compiler as npm ships it (WebAssembly), behind the command line that py-solc-x, brownie and forge use:
//   solc --version
//   solc --standard-json [--base-path DIR] [--include-path DIR]... [--allow-paths DIR,...] [-]
// Standard JSON goes in on stdin and comes out on stdout. Imports that the input does not hold are read from disk as
// the native compiler does: the base path first, then each include path, and only below an allowed directory.
"use strict";

const fs = require("fs");
const path = require("path");
const solc = require("solc");

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function parseArguments(args) {
  const asked = { version: false, standardJson: false, base: "", include: [], allow: [] };
  const valued = {
    "--base-path": (value) => (asked.base = value),
    "--include-path": (value) => asked.include.push(value),
    "--allow-paths": (value) => asked.allow.push(...value.split(",").filter(Boolean)),
  };
  for (let i = 0; i < args.length; i += 1) {
    const [flag, inline] = args[i].split(/=(.*)/s);
    if (flag in valued) {
      const value = inline ?? args[(i += 1)];
      if (value === undefined) fail(`the required argument for option '${flag}' is missing`);
      valued[flag](value);
    } else if (flag === "--version") asked.version = true;
    else if (flag === "--standard-json") asked.standardJson = true;
    else if (flag !== "-") fail(`unrecognised option '${flag}'`);
  }
  return asked;
}

// The native compiler also allows the folders that remappings point to.
function remappingTargets(input) {
  try {
    const remappings = JSON.parse(input).settings?.remappings ?? [];
    return remappings.map((remapping) => remapping.slice(remapping.indexOf("=") + 1)).filter(Boolean);
  } catch {
    return []; // not JSON: the compiler itself says so, in its own words
  }
}

function importReader(asked, input) {
  const roots = [asked.base || ".", ...asked.include].map((folder) => path.resolve(folder));
  const targets = remappingTargets(input).map((target) => path.resolve(roots[0], target));
  const allowed = [...roots, ...targets, ...asked.allow.map((folder) => path.resolve(folder))]
    .filter((folder) => fs.existsSync(folder))
    .map((folder) => fs.realpathSync(folder));
  const isAllowed = (file) =>
    allowed.some((folder) => file === folder || file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep));

  return (name) => {
    const plain = name.replace(/^file:\/\//, "");
    for (const root of roots) {
      const candidate = path.resolve(root, plain);
      if (!fs.existsSync(candidate) || !fs.statSync(candidate).isFile()) continue;
      const real = fs.realpathSync(candidate);
      if (!isAllowed(real)) return { error: "File outside of allowed directories." };
      return { contents: fs.readFileSync(real, "utf8") };
    }
    return { error: "File not found." };
  };
}

function main() {
  const asked = parseArguments(process.argv.slice(2));
  if (asked.version) {
    process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`);
  } else if (asked.standardJson) {
    const input = fs.readFileSync(0, "utf8");
    process.stdout.write(`${solc.compile(input, { import: importReader(asked, input) })}\n`);
  } else fail("this compiler answers --version and --standard-json alone");
}

main();
