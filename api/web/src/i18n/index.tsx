import type { ComponentChildren } from "preact";
import { locale } from "../state/preferences";
import type { Key, ParamsOf } from "./catalogue";
import { en } from "./en";
import { zh } from "./zh";

export type { Key, PlainKey } from "./catalogue";

type Values<K extends Key, V> = [ParamsOf<K>] extends [never] ? [] : [Record<ParamsOf<K>, V>];

const SLOT = /\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g;

function isKey(key: string): key is Key {
  return key in en;
}

function text(key: Key): string {
  return (locale.value === "zh" ? zh : en)[key];
}

function fill<V>(template: string, values: Record<string, V>): (string | V)[] {
  const parts: (string | V)[] = [];
  let end = 0;
  for (const match of template.matchAll(SLOT)) {
    const [slot, name = "", one, many] = match;
    parts.push(template.slice(end, match.index));
    const value = values[name] as V;
    parts.push(one === undefined ? value : Number(value) === 1 ? one : (many ?? ""));
    end = match.index + slot.length;
  }
  parts.push(template.slice(end));
  return parts;
}

/** The text of `key` in the present language. */
export function t<K extends Key>(key: K, ...[values]: Values<K, string | number>): string {
  return values ? fill(text(key), values).join("") : text(key);
}

/** The same with elements filled in: for sentences that hold amounts and links. */
export function rich<K extends Key>(key: K, ...[values]: Values<K, ComponentChildren>): ComponentChildren {
  return values ? <>{fill<ComponentChildren>(text(key), values)}</> : text(key);
}

/** What a cash leg is called; the API may come to know kinds that this page does not. */
export function legName(kind: string): string {
  const key = `leg.${kind}`;
  return isKey(key) ? text(key) : kind.replaceAll("_", " ");
}

/** Joins names as the language does. */
export function list(items: string[]): string {
  return items.join(locale.value === "zh" ? "、" : ", ");
}
