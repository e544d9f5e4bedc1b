const POLL_MS = 50;

/**
 * until asks again as long as the answer is false, and gives the one that is not. A failure is final, unless `trying`: then it means not yet,
 * except one that `isFinal`. `alive` throws when it has become pointless.
 */
export async function until(
  ask,
  { what, withinMs, pollMs = POLL_MS, trying = false, isFinal = () => false, alive = () => undefined },
) {
  const end = Date.now() + withinMs;
  for (;;) {
    alive();
    let cause;
    try {
      const answer = await ask();
      if (answer !== false) return answer;
    } catch (error) {
      if (!trying || isFinal(error)) throw error;
      cause = error;
    }
    if (Date.now() > end) throw new Error(`${what} did not happen within ${withinMs / 1000} s`, { cause });
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
