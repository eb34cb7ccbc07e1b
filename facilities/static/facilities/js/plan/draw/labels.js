// What a room's label says in the space it has. Pure: sizes are reckoned, not measured, so that it is quick and testable.

const NAME_PX = 13;
const SMALL_PX = 11.5;
const LINE_PX = 16;
const MARGIN_PX = 8;
const FEWEST_LETTERS = 3;

/** About how wide a text is at a font size: Hangul is square, Latin about half of it. */
export function textWidth(text, size) {
  let ems = 0;
  for (const character of text) ems += character.codePointAt(0) > 0x2e7f ? 0.96 : 0.56;
  return ems * size;
}

/** How wide a room's label will be, for finding it a place. */
export const labelWidth = (name) => Math.max(56, textWidth(name, NAME_PX));

const fits = (line, width) => textWidth(line.text, line.small ? SMALL_PX : NAME_PX) <= width;

function shortened(line, width) {
  if (fits(line, width)) return line;
  const letters = [...line.text];
  while (letters.length > FEWEST_LETTERS) {
    letters.pop();
    const short = { ...line, text: `${letters.join("").trimEnd()}…` };
    if (fits(short, width)) return short;
  }
  return null;
}

/**
 * The lines of a label, [{text, kind}], for a space of pixels. `wanted` are [{text, kind, small}] with the most
 * important first; kind "name" may be shortened. Nothing at all is better than a text that runs over a wall.
 */
export function labelLines(wanted, width, height) {
  const room = { width: width - MARGIN_PX, lines: Math.floor((height - MARGIN_PX / 2) / LINE_PX) };
  const found = [];
  for (const line of wanted) {
    if (!line.text || found.length >= room.lines) continue;
    const shown = line.kind === "name" ? shortened(line, room.width) : fits(line, room.width) ? line : null;
    if (shown) found.push(shown);
  }
  return found;
}

/** Where each line stands, in pixels below the label's middle (the text's base line). */
export const lineOffsets = (count) =>
  Array.from({ length: count }, (_, index) => (index - (count - 1) / 2) * LINE_PX + 4.5);
