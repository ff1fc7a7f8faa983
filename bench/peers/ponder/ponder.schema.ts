import { onchainTable } from "ponder";

export const event = onchainTable("event", (t) => ({
  id: t.text().primaryKey(),
  name: t.text().notNull(),
  block: t.bigint().notNull(),
  args: t.text().notNull(),
}));
