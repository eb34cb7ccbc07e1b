import { svg } from "../../../../gis_core/js/map/dom.js";
import { labelLines, lineOffsets } from "./labels.js";

/** A room's label at a place of the SCREEN groups, as much of it as a space of pixels holds; null when nothing fits. */
export function drawLabel(wanted, [x, y], width, height) {
  const lines = labelLines(wanted, width, height);
  if (!lines.length) return null;
  const offsets = lineOffsets(lines.length);
  const group = svg("g", { class: "room-label", transform: `translate(${x} ${y})` });
  for (const [index, { text, kind }] of lines.entries()) {
    const element = svg("text", { y: offsets[index], class: `label-${kind}` });
    element.textContent = text;
    group.append(element);
  }
  return group;
}
