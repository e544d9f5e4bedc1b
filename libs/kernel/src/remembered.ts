const MOST_REMEMBERED = 1_000;

/** remembered computes once what never changes; what was asked for long ago is forgotten. */
export function remembered<Value>(known: Map<string, Value>, key: string, compute: () => Value): Value {
  const before = known.get(key);
  if (before !== undefined) return before;
  const value = compute();
  if (known.size >= MOST_REMEMBERED) known.clear();
  known.set(key, value);
  return value;
}
