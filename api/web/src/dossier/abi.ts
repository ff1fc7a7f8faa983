import { type Bytes, checksum, hex, keccak, number, utf8 } from "./bytes";

export interface Parameter {
  name: string;
  type: string;
  indexed?: boolean;
  components?: Parameter[];
}

export interface Entry {
  name: string;
  inputs: Parameter[];
}

/** Structs by name, bytes and addresses as 0x-hex. */
export type Value = bigint | boolean | string | Value[] | Values;
export interface Values {
  [name: string]: Value;
}

/** The hash of a signature: an event's topic; a function's selector is its first four bytes. */
export function signatureHash({ name, inputs }: Entry): Bytes {
  return keccak(utf8(`${name}(${inputs.map(typeString).join(",")})`));
}

function typeString({ type, components = [] }: Parameter): string {
  return type.startsWith("tuple") ? `(${components.map(typeString).join(",")})${type.slice(5)}` : type;
}

/** What stands in `data`, by name. Strict: throws where padding is not empty or a pointer leads nowhere. */
export function decoded(parameters: Parameter[], data: Bytes): Values {
  return new Reader(data).struct(parameters, 0);
}

/** An element of an array. */
function element(parameter: Parameter): Parameter {
  return { ...parameter, type: parameter.type.slice(0, -2) };
}

function isDynamic({ type, components = [] }: Parameter): boolean {
  return (
    type.endsWith("[]") || type === "bytes" || type === "string" || (type === "tuple" && components.some(isDynamic))
  );
}

/** How many bytes it takes where it stands. */
function width(parameter: Parameter): number {
  if (isDynamic(parameter) || parameter.type !== "tuple") return 32;
  return (parameter.components ?? []).reduce((sum, one) => sum + width(one), 0);
}

class Reader {
  constructor(private readonly data: Bytes) {}

  struct(parameters: Parameter[], base: number): Values {
    const found: Values = {};
    const least = base + 32 * parameters.length;
    let at = base;
    for (const one of parameters) {
      found[one.name] = this.value(one, isDynamic(one) ? this.pointer(at, base, least) : at);
      at += width(one);
    }
    return found;
  }

  private value(parameter: Parameter, at: number): Value {
    const { type } = parameter;
    if (type.endsWith("[]")) return this.array(element(parameter), at);
    if (type === "tuple") return this.struct(parameter.components ?? [], at);
    if (type === "string") return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.string(at));
    if (type === "bytes") return hex(this.string(at));
    if (type.startsWith("bytes")) return hex(this.padded(at, 0, Number(type.slice(5))));
    if (type === "address") return checksum(hex(this.padded(at, 12, 20)));
    if (type === "bool") return this.bool(at);
    if (!type.startsWith("uint")) throw new Error(`no ${type} here`);
    const size = Number(type.slice(4)) / 8;
    return number(this.padded(at, 32 - size, size));
  }

  private array(item: Parameter, at: number): Value[] {
    const base = at + 32;
    const count = this.length(at);
    const least = base + 32 * count;
    if (base + width(item) * count > this.data.length) throw new Error("too short");
    const places = Array.from({ length: count }, (_, i) => base + i * width(item));
    const starts = isDynamic(item) ? places.map((place) => this.pointer(place, base, least)) : places;
    return starts.map((start) => this.value(item, start));
  }

  private string(at: number): Bytes {
    const length = this.length(at);
    const whole = this.part(at + 32, Math.ceil(length / 32) * 32);
    if (whole.slice(length).some((byte) => byte !== 0)) throw new Error("padding");
    return whole.slice(0, length);
  }

  private bool(at: number): boolean {
    const value = number(this.padded(at, 31, 1));
    if (value > 1n) throw new Error("no bool");
    return value === 1n;
  }

  private padded(at: number, start: number, size: number): Bytes {
    const whole = this.part(at, 32);
    if (whole.some((byte, i) => byte !== 0 && (i < start || i >= start + size))) throw new Error("padding");
    return whole.slice(start, start + size);
  }

  private pointer(at: number, base: number, least: number): number {
    const place = base + this.length(at);
    if (place < least || place >= this.data.length) throw new Error("pointer");
    return place;
  }

  private length(at: number): number {
    const found = number(this.part(at, 32));
    if (found > BigInt(this.data.length)) throw new Error("too short");
    return Number(found);
  }

  private part(at: number, size: number): Bytes {
    if (at + size > this.data.length) throw new Error("too short");
    return this.data.slice(at, at + size);
  }
}
