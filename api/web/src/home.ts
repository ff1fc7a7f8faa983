import type { Role } from "./api/types";
import type { RouteName } from "./router";

/** Where the people of a company begin, by what it is on the network; of several roles the first here. */
const HOMES: readonly (readonly [Role, RouteName])[] = [
  ["supplier", "holdings"],
  ["financier", "desk"],
];

/** Null: it has no work of its own here. */
export function homeOf(roles: readonly Role[]): RouteName | null {
  return HOMES.find(([role]) => roles.includes(role))?.[1] ?? null;
}
