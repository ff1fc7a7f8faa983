// Each event decoded and kept as one row; nothing is derived from it.
import { readFileSync } from "node:fs";
import { ponder } from "ponder:registry";
import { event as events } from "ponder:schema";

const { contracts } = JSON.parse(readFileSync("deployed.json", "utf8"));
const plain = (_key: string, value: unknown) => (typeof value === "bigint" ? value.toString() : value);

for (const [contract, { abi }] of Object.entries<{ abi: { type: string; name: string }[] }>(contracts)) {
  for (const { name } of abi.filter((item) => item.type === "event")) {
    ponder.on(`${contract}:${name}`, async ({ event, context }) => {
      const row = { id: event.id, name, block: event.block.number, args: JSON.stringify(event.args ?? {}, plain) };
      await context.db.insert(events).values(row);
    });
  }
}
