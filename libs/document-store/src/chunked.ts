/** chunked gives the same bytes in pieces of this size; the last may be shorter, and no bytes are no piece. */
export async function* chunked(content: AsyncIterable<Uint8Array>, size: number): AsyncIterable<Buffer> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const bytes of content) {
    for (let from = 0; from < bytes.length;) {
      const part = bytes.subarray(from, from + size - length);
      // A copy: the producer may use its buffer again.
      held.push(Uint8Array.from(part));
      length += part.length;
      from += part.length;
      if (length < size) continue;
      yield Buffer.concat(held);
      held = [];
      length = 0;
    }
  }
  if (length > 0) yield Buffer.concat(held);
}
