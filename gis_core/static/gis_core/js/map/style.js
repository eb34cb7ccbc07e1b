// From a layer's style declaration to what is painted: data and SVG path strings only, so that legend and map agree.

const FALLBACK = { value: "", color: "#5c6670", shape: "circle" };

/** Corners of a regular figure of `count` corners around 0,0; `turn` in degrees, 0 = a corner at the top. */
function figure(count, radius, turn = 0) {
  return Array.from({ length: count }, (_, index) => {
    const angle = ((index * 360) / count + turn - 90) * (Math.PI / 180);
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

const closedPath = (points) => `M${points.map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).join("L")}Z`;

function star(radius) {
  const outer = figure(5, radius * 1.2);
  const inner = figure(5, radius * 0.55, 36);
  return closedPath(outer.flatMap((point, index) => [point, inner[index]]));
}

function plus(radius, turn = 0) {
  const arm = radius * 0.4;
  const end = radius * 1.1;
  const quarter = [
    [-arm, -end],
    [arm, -end],
    [arm, -arm],
  ];
  const spin = ([x, y], degrees) => {
    const angle = (degrees * Math.PI) / 180;
    return [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)];
  };
  const points = [0, 90, 180, 270].flatMap((degrees) => quarter.map((point) => spin(point, degrees + turn)));
  return closedPath(points);
}

const circle = (r) => `M${-r},0A${r},${r} 0 1 1 ${r},0A${r},${r} 0 1 1 ${-r},0Z`;

// Sizes differ so that the shapes look equally large. To be filled by the even-odd rule.
const SHAPES = {
  circle,
  ring: (r) => circle(r) + circle(Number((r * 0.5).toFixed(2))),
  square: (r) => closedPath(figure(4, r * 1.25, 45)),
  diamond: (r) => closedPath(figure(4, r * 1.25)),
  triangle: (r) => closedPath(figure(3, r * 1.3)),
  "triangle-down": (r) => closedPath(figure(3, r * 1.3, 180)),
  pentagon: (r) => closedPath(figure(5, r * 1.12)),
  hexagon: (r) => closedPath(figure(6, r * 1.1)),
  star,
  cross: (r) => plus(r),
  x: (r) => plus(r, 45),
};

/** The outline of a symbol around 0,0 as an SVG path; an unknown shape is a circle. */
export function shapePath(shape, radius) {
  return (SHAPES[shape] ?? SHAPES.circle)(radius);
}

/** The outer edge of a symbol: where its rim goes. */
export const rimPath = (shape, radius) => shapePath(shape === "ring" ? "circle" : shape, radius);

export const knownShapes = Object.keys(SHAPES);

/** The category of a feature; a neutral one when its value is not declared. */
export function categoryOf(style, properties) {
  const { categories, property } = style;
  if (!property) return categories[0] ?? FALLBACK;
  const value = String(properties[property] ?? "");
  return categories.find((category) => category.value === value) ?? FALLBACK;
}

/** The categories a layer shows in its legend. */
export function legend(layer) {
  return layer.style.categories.length ? layer.style.categories : [FALLBACK];
}

const DASHES = [[], [9, 4], [2, 3], [10, 3, 2, 3], [5, 3]];

/** The dash pattern of a polygon's edge: zones overlap, so colour alone must not tell their categories apart. */
export function dashOf(style, category) {
  return DASHES[Math.max(0, style.categories.indexOf(category)) % DASHES.length];
}

export const LARGEST_COUNT = 26;

/** Radius in pixels of a count's circle: readable from one digit on, and never as large as its cell. */
export function countRadius(count) {
  return Math.min(LARGEST_COUNT, 11 + 3.4 * Math.log10(Math.max(1, count)));
}

/** 1234 as "1.2K" or "1,234" as "1.2천": short enough for a circle. */
export function countText(count, language) {
  return count < 1000
    ? String(count)
    : new Intl.NumberFormat(language, {
        notation: "compact",
        maximumFractionDigits: count < 10_000 ? 1 : 0,
      }).format(count);
}

/** The category most features of a count's cell have, from its n_<value> properties; null when it says nothing. */
export function mainCategory(style, properties) {
  let best = null;
  let most = 0;
  for (const category of style.categories) {
    const count = Number(properties[`n_${category.value}`] ?? 0);
    if (count > most) {
      best = category;
      most = count;
    }
  }
  return best;
}

/** Whether a layer's records may be points; those of type "Geometry" are points, lines or areas. */
const hasPoints = ({ geometryType }) => geometryType === "Point" || geometryType === "Geometry";

/** Layers of few, lasting places (offices, depots) stand out as badges from layers of very many points. */
export const isPlace = (layer) => hasPoints(layer) && layer.clusterBelow === null;

// Lines of boundaries, the wider the higher the level; the wide ones are drawn last, so that they stay on top.
const BOUNDARY = {
  eupmyeondong: { width: 0.9, color: "#7c8796", dash: [] },
  sigungu: { width: 1.8, color: "#4a5568", dash: [] },
  sido: { width: 2.6, color: "#2d3748", dash: [10, 3, 2, 3] },
};

/**
 * What to paint for one layer, in order: [{dataLayer, kind, …}] with kind "boundary", "line", "polygon", "outline",
 * "symbol", "count" or "label". Each kind has one painter in the adapter. `only` is the kind of feature ("Point", "Line"
 * or "Polygon") that a rule paints, where a layer holds several.
 */
export function paintRules(layer) {
  if (layer.id === "areas") {
    return Object.entries(BOUNDARY).map(([level, line]) => ({
      dataLayer: layer.id,
      kind: "boundary",
      level,
      ...line,
    }));
  }
  if (layer.geometryType === "Geometry") {
    return Object.entries({ Polygon: "polygon", Line: "line", Point: "badge" }).map(([only, kind]) => ({
      dataLayer: layer.id,
      kind,
      only,
      style: layer.style,
    }));
  }
  const rules = [];
  if (layer.geometryType === "LineString") rules.push({ dataLayer: layer.id, kind: "line", style: layer.style });
  else if (layer.geometryType !== "Point") rules.push({ dataLayer: layer.id, kind: "polygon", style: layer.style });
  if (layer.outline)
    rules.push({
      dataLayer: `${layer.id}-outline`,
      kind: "outline",
      style: layer.style,
    });
  if (layer.geometryType === "Point") {
    rules.push({ dataLayer: layer.id, kind: isPlace(layer) ? "badge" : "symbol", style: layer.style });
  }
  if (layer.clusterBelow !== null)
    rules.push({
      dataLayer: `${layer.id}-count`,
      kind: "count",
      style: layer.style,
    });
  return rules;
}

/** From which zoom a layer's names are written: dense layers only when there is room. */
export function labelZoom(layer) {
  if (layer.id === "areas" || layer.geometryType === "LineString") return null;
  if (layer.geometryType !== "Point") return Math.max(9, layer.fromZoom ?? 0);
  return layer.clusterBelow === null ? 13 : 17;
}

/** Symbols grow a little with the zoom. In a badge there is half as much room again around them. */
export function symbolRadius(zoom) {
  if (zoom < 10) return 4;
  if (zoom < 13) return 5;
  return zoom < 16 ? 6.5 : 8;
}

export const badgeRadius = (zoom) => symbolRadius(zoom) * 1.5 + 1;
