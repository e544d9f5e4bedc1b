/**
 * hasDuplicates says whether an object in this JSON text names a member twice (RFC 7493 forbids it), given what it was parsed to: then fewer
 * members are left than the text has colons outside of its strings.
 */
export function hasDuplicates(text: string, parsed: unknown): boolean {
  return colonsIn(text) !== membersOf(parsed);
}

function colonsIn(text: string): number {
  let colons = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x3a) colons++;
    else if (code === 0x22) at = endOfString(text, at);
  }
  return colons;
}

/** endOfString gives the place of the quote that ends the string which begins here. */
function endOfString(text: string, from: number): number {
  let end = text.indexOf('"', from + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes++;
  return slashes % 2 === 1;
}

function membersOf(parsed: unknown): number {
  let members = 0;
  // Not by recursion: a body may be nested deeper than the stack is.
  const left: unknown[] = [parsed];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value !== 'object' || value === null) continue;
    const inner = Object.values(value);
    if (!Array.isArray(value)) members += inner.length;
    for (const one of inner) if (typeof one === 'object') left.push(one);
  }
  return members;
}
