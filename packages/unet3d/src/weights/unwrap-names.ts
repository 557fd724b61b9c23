/** Names without what wrappers put before them (`module.`, `_orig_mod.`, `net.`, `model.`, …). */
export interface UnwrappedNames {
  /** Name in the file → name in the network. */
  readonly inner: ReadonlyMap<string, string>;
  /** Names that stand under another prefix: those of a second network in the file. */
  readonly others: ReadonlySet<string>;
}

/** Parts that wrappers of single layers put inside a name (compilation, sharding, checkpointing of activations). */
const WRAPPER = /(^|\.)(?:module|_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)(?=\.)/g;

/**
 * Takes the prefix off the names of a network. Which wrappers a training script uses cannot be listed, so a prefix is whatever
 * stands before the first part that the network is known by. When there are several (a student and its teacher), that of most
 * names is taken, the first of equals.
 *
 * @param anchor - Matches the network's own name from its first part on, at the start of a text.
 * @returns Names without an anchor are given without the chosen prefix if they have it.
 */
export function unwrapNames(names: Iterable<string>, anchor: RegExp): UnwrappedNames {
  const bare = new Map([...names].map((name) => [name, withoutWrappers(name)]));
  const prefixes = new Map([...bare].map(([name, text]) => [name, prefixOf(text, anchor)]));
  const counts = new Map<string, number>();
  for (const prefix of prefixes.values()) {
    if (prefix !== undefined) counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  const most = Math.max(0, ...counts.values());
  const chosen = [...counts].find(([, count]) => count === most)?.[0] ?? '';
  const inner = new Map<string, string>();
  const others = new Set<string>();
  for (const [name, prefix] of prefixes) {
    if (prefix !== undefined && prefix !== chosen) others.add(name);
    const text = bare.get(name) ?? name;
    inner.set(name, text.startsWith(chosen) ? text.slice(chosen.length) : text);
  }
  return { inner, others };
}

function withoutWrappers(name: string): string {
  return name.replace(WRAPPER, '').replace(/^\./, '');
}

/** The shortest run of leading parts after which the anchor matches; undefined when it never does. */
function prefixOf(name: string, anchor: RegExp): string | undefined {
  for (let at = 0; ; at = name.indexOf('.', at) + 1) {
    if (anchor.test(name.slice(at))) return name.slice(0, at);
    if (name.indexOf('.', at) < 0) return undefined;
  }
}
