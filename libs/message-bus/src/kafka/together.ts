/**
 * together answers all who ask the same thing in one turn of the event loop with one question, asked after the last of them asked. So no
 * answer is older than its asker, and many groups that look at the same topics cost as much as one.
 */
export function together<T>(question: (about: string) => Promise<T>): (about: string) => Promise<T> {
  const asked = new Map<string, Promise<T>>();
  return (about) => {
    const waiting = asked.get(about);
    if (waiting) return waiting;
    const answer = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      asked.delete(about);
      return question(about);
    });
    asked.set(about, answer);
    return answer;
  };
}
