import { type Bytes, hex, keccak } from "./bytes";
import { bytesOf, type Item, listOf, rlp } from "./rlp";

/** The root of a trie that holds nothing. */
const BLANK = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";

/**
 * Merkle-Patricia proofs. All nodes of all proofs lie in one pool, by their hashes: what a root does not reach through it
 * is not proven, and what no proof needs has no place in it.
 */
export class Pool {
  private readonly nodes = new Map<string, Bytes>();
  private readonly needed = new Set<string>();

  constructor(nodes: Iterable<Bytes>) {
    for (const node of nodes) this.nodes.set(hex(keccak(node)), node);
  }

  /** What the trie of `root` holds at `key`; empty when the proof is that it holds nothing. Throws when it is not proven. */
  read(root: Bytes, key: Bytes): Bytes {
    if (hex(root) === BLANK) return new Uint8Array();
    let node = this.node(root);
    let rest = nibbles(key);
    for (;;) {
      if (node instanceof Uint8Array) {
        if (node.length) throw new Error("no node");
        return node;
      }
      if (node.length === 17) {
        const [next] = rest;
        if (next === undefined) return bytesOf(node[16]);
        node = this.child(node[next]);
        rest = rest.slice(1);
        continue;
      }
      if (node.length !== 2) throw new Error("no node");
      const { path, leaf } = keyOf(bytesOf(node[0]));
      const along = path.every((nibble, i) => nibble === rest[i]);
      if (leaf) return along && path.length === rest.length ? bytesOf(node[1]) : new Uint8Array();
      if (!along) return new Uint8Array();
      node = this.child(node[1]);
      rest = rest.slice(path.length);
    }
  }

  /** The same of a trie whose keys are hashed: accounts and storage. */
  ofState(root: Bytes, key: Bytes): Bytes {
    return this.read(root, keccak(key));
  }

  /** The hash of a node that nothing needed. */
  spare(): string | undefined {
    return [...this.nodes.keys()].find((hash) => !this.needed.has(hash));
  }

  private child(item: Item | undefined): Item {
    if (Array.isArray(item)) return listOf(item);
    const pointer = bytesOf(item);
    if (pointer.length === 0) return pointer;
    return pointer.length < 32 ? rlp(pointer) : this.node(pointer);
  }

  private node(hash: Bytes): Item {
    const name = hex(hash);
    this.needed.add(name);
    const found = this.nodes.get(name);
    if (!found) throw new Error("missing");
    return rlp(found);
  }
}

function nibbles(data: Bytes): number[] {
  return [...data].flatMap((byte) => [byte >> 4, byte & 15]);
}

/** A part of a way, as the yellow paper's appendix C packs it. */
function keyOf(packed: Bytes): { path: number[]; leaf: boolean } {
  const all = nibbles(packed);
  const [flag = 0] = all;
  return { path: all.slice(flag === 1 || flag === 3 ? 1 : 2), leaf: flag === 2 || flag === 3 };
}
