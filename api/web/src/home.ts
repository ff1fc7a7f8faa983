import type { Role } from "./api/types";

export type Home = "holdings" | "desk" | "payables";

/** Where the people of a company begin, by what it is on the network; of several roles the first here. */
const HOMES: readonly (readonly [Role, Home])[] = [
  ["supplier", "holdings"],
  ["financier", "desk"],
  ["core_enterprise", "payables"],
];

/** Null: it has no work of its own here. */
export function homeOf(roles: readonly Role[]): Home | null {
  return HOMES.find(([role]) => roles.includes(role))?.[1] ?? null;
}
