// The compiler kept running: one standard-JSON input a line on stdin, one output a line on stdout.
"use strict";

const fs = require("fs");
const readline = require("readline");
const solc = require("solc");

function read(name) {
  return fs.existsSync(name) ? { contents: fs.readFileSync(name, "utf8") } : { error: "File not found." };
}

readline
  .createInterface({ input: process.stdin, crlfDelay: Infinity })
  .on("line", (line) => process.stdout.write(`${solc.compile(line, { import: read })}\n`));
