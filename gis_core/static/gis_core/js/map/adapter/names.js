// Names of records, written by protomaps-leaflet's labeller: an object whose place() says where a name would go.

import { badgeRadius, isPlace, symbolRadius } from "../style.js";

const { protomapsL } = window;

const FONT = '600 12px "Pretendard GOV", sans-serif';
const LONGEST = 22;

function shorten(text) {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

function write(ctx, text, x, y, align) {
  ctx.font = FONT;
  ctx.textAlign = align;
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.lineWidth = 4;
  ctx.strokeStyle = "#ffffff";
  ctx.strokeText(text, x, y);
  ctx.fillStyle = "#1e2124";
  ctx.fillText(text, x, y);
}

function besidePoint(layout, [[anchor]], text, radius) {
  const start = radius + 5;
  const width = layout.scratch.measureText(text).width;
  const box = { minX: anchor.x, minY: anchor.y - 9, maxX: anchor.x + start + width, maxY: anchor.y + 9 };
  return { anchor, bboxes: [box], draw: (ctx) => write(ctx, text, start, 0, "left") };
}

/** In the middle of the part of a polygon that lies in this tile; nothing when it is too small to hold the name. */
function insidePolygon(layout, geom, text) {
  const [ring] = [...geom].sort((a, b) => b.length - a.length);
  const xs = ring.map(({ x }) => x);
  const ys = ring.map(({ y }) => y);
  const box = { minX: Math.min(...xs), maxX: Math.max(...xs), minY: Math.min(...ys), maxY: Math.max(...ys) };
  const width = layout.scratch.measureText(text).width;
  if (box.maxX - box.minX < width || box.maxY - box.minY < 24) return null;
  const anchor = ring[0].clone();
  anchor.x = (box.minX + box.maxX) / 2;
  anchor.y = (box.minY + box.maxY) / 2;
  const half = width / 2;
  const bboxes = [{ minX: anchor.x - half, maxX: anchor.x + half, minY: anchor.y - 9, maxY: anchor.y + 9 }];
  return { anchor, bboxes, draw: (ctx) => write(ctx, text, 0, 0, "center") };
}

/** Beside the middle corner of the part of a line that lies in this tile. */
function besideLine(layout, [line], text) {
  return besidePoint(layout, [[line[Math.floor(line.length / 2)]]], text, 2);
}

export function nameWriter(layer) {
  const radius = isPlace(layer) ? badgeRadius : symbolRadius;
  return {
    place(layout, geom, feature) {
      if (!feature.props.label) return undefined;
      const text = shorten(String(feature.props.label));
      layout.scratch.font = FONT;
      const { Point, Line } = protomapsL.GeomType;
      const isPoint = feature.geomType === Point;
      const writeBeside = feature.geomType === Line ? besideLine : insidePolygon;
      const label = isPoint ? besidePoint(layout, geom, text, radius(layout.zoom)) : writeBeside(layout, geom, text);
      if (!label) return undefined;
      // A polygon or line over several tiles would else be named in each of them.
      if (!isPoint) Object.assign(label, { deduplicationKey: `${layer.id}/${feature.id}`, deduplicationDistance: 600 });
      return [label];
    },
  };
}
