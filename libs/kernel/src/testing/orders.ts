/** interleaved gives every order that keeps the order within each sequence: between contexts anything may overtake. */
export function interleaved<T>(sequences: readonly (readonly T[])[]): T[][] {
  if (sequences.every((sequence) => sequence.length === 0)) return [[]];
  return sequences.flatMap(([next, ...later], index) =>
    next === undefined ? [] : interleaved(sequences.with(index, later)).map((rest) => [next, ...rest]),
  );
}

/** permutations gives every order of a short list. */
export function permutations<T>(items: readonly T[]): T[][] {
  return interleaved(items.map((item) => [item]));
}

/** redelivered gives an order as it is and with doubles: each message twice, all of them again at the end, and the oldest one alone at the end. `doubles`: what may come twice. */
export function redelivered<T>(order: readonly T[], doubles: (one: T) => boolean = () => true): T[][] {
  const again = order.filter(doubles);
  if (again.length === 0) return [[...order]];
  return [
    [...order],
    order.flatMap((one) => (doubles(one) ? [one, one] : [one])),
    [...order, ...again],
    [...order, ...again.slice(0, 1)],
  ];
}
