// Patterns of text, in ECMA-262 with the u flag (JSON Schema 2020-12, section 6.4); the same stand in the API document.

// What no text holds: control characters, halves of surrogate pairs, noncharacters, and everything invisible that makes a text read as something
// else than it says: marks that turn the reading direction, tag characters, soft hyphens and the like (Cf). Joiners (ZWJ, ZWNJ) stay, since scripts
// and emoji need them. Line and paragraph separators (U+2028, U+2029) are refused too: a new line is \n, and some programs see none in these.
const CONTROLS = '\\u007f-\\u009f\\u2028\\u2029';
const NO_TEXT = '\\p{Cs}\\p{Noncharacter_Code_Point}\\ufff0-\\ufff8';
const FORMAT = [
  '\\u00ad\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u180e\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb',
  '\\u{110bd}\\u{110cd}\\u{13430}-\\u{1343f}\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e00ff}\\u{e01f0}-\\u{e0fff}',
].join('');
const NEVER = `${CONTROLS}${NO_TEXT}${FORMAT}`;

// What a text may hold and nobody sees: spaces, joiners, variation selectors, fillers, the empty Braille pattern.
const BLANK =
  '\\p{Zs}\\u200c\\u200d\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180d\\u180f\\u2800\\u3164\\ufe00-\\ufe0f\\uffa0\\u{e0100}-\\u{e01ef}';

/** lineOf: one line with at least so many visible characters. */
export function lineOf(visible: number): string {
  return patternOf(visible, `[${BLANK}]*`, `[^\\u0000-\\u001f${NEVER}]*`);
}

/** textOf: text with at least so many visible characters; new lines and tabs are allowed in it. */
export function textOf(visible: number): string {
  return patternOf(
    visible,
    `[\\u0009\\u000a\\u000d${BLANK}]*`,
    `[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f${NEVER}]*`,
  );
}

function patternOf(visible: number, blanks: string, rest: string): string {
  return `^(?:${blanks}[^\\u0000-\\u001f${NEVER}${BLANK}]){${visible}}${rest}$`;
}
