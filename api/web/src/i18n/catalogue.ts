import type { en } from "./en";
import type { zh } from "./zh";

type En = typeof en;
type Zh = typeof zh;

export type Key = keyof En;

/** Every other language holds exactly the keys of English. */
export type Catalogue = { readonly [K in Key]: string };

type NameIn<P extends string> = P extends `${infer Name}|${string}` ? Name : P;

/** The names that a text wants filled in: "{n} of {total}" → "n" | "total". */
export type Params<S extends string> = S extends `${string}{${infer P}}${infer Rest}`
  ? NameIn<P> | Params<Rest>
  : never;

type Differs<K extends Key> = [Params<En[K]>] extends [Params<Zh[K]>]
  ? [Params<Zh[K]>] extends [Params<En[K]>]
    ? never
    : K
  : K;

/** Does not compile when a text wants other values in one language than in the other. */
export const sameParams: { [K in Key]: Differs<K> }[Key] extends never ? true : { [K in Key]: Differs<K> }[Key] = true;

export type ParamsOf<K extends Key> = Params<En[K]>;

/** Keys whose text wants nothing filled in. */
export type PlainKey = { [K in Key]: [ParamsOf<K>] extends [never] ? K : never }[Key];
