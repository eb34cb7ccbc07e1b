// From paint rules (style.js) to strokes on a tile's canvas. A painter is an object with draw(ctx, rings, zoom, feature).

import {
  badgeRadius,
  categoryOf,
  countRadius,
  countText,
  dashOf,
  mainCategory,
  rimPath,
  shapePath,
  symbolRadius,
} from "../style.js";

const INK = "#1e2124";
const PAPER = "#ffffff";
const CHOSEN = "#d6006c";

const paths = new Map();

function cached(path, shape, radius) {
  const key = `${path.name}/${shape}/${radius}`;
  if (!paths.has(key)) paths.set(key, new Path2D(path(shape, radius)));
  return paths.get(key);
}

function trace(ctx, geom) {
  ctx.beginPath();
  for (const ring of geom) {
    for (const [index, point] of ring.entries()) {
      if (index === 0) ctx.moveTo(point.x, point.y);
      else ctx.lineTo(point.x, point.y);
    }
  }
}

function stroke(ctx, { color, width, dash = [] }) {
  ctx.lineJoin = "round";
  ctx.lineCap = dash.length ? "butt" : "round";
  ctx.strokeStyle = color;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.stroke();
  ctx.setLineDash([]);
}

/** A white rim between symbols that overlap, and a dark hairline against a pale ground. */
function rim(ctx, path) {
  ctx.lineJoin = "round";
  ctx.strokeStyle = INK;
  ctx.lineWidth = 3.6;
  ctx.globalAlpha = 0.55;
  ctx.stroke(path);
  ctx.globalAlpha = 1;
  ctx.strokeStyle = PAPER;
  ctx.lineWidth = 2.4;
  ctx.stroke(path);
  ctx.fillStyle = PAPER;
  ctx.fill(path);
}

function symbol(rule) {
  return eachPoint((ctx, zoom, feature) => {
    const { color, shape } = categoryOf(rule.style, feature.props);
    if (feature.crowded) {
      disc(ctx, 2.2, color);
      return;
    }
    const radius = symbolRadius(zoom);
    rim(ctx, cached(rimPath, shape, radius));
    ctx.fillStyle = color;
    ctx.fill(cached(shapePath, shape, radius), "evenodd");
  });
}

function badge(rule) {
  return eachPoint((ctx, zoom, feature) => {
    const { color, shape } = categoryOf(rule.style, feature.props);
    disc(ctx, badgeRadius(zoom) + 1.4, color);
    disc(ctx, badgeRadius(zoom), PAPER);
    ctx.fillStyle = color;
    ctx.fill(cached(shapePath, shape, symbolRadius(zoom) * 0.85), "evenodd");
  });
}

/** A painter that draws around 0,0 at every point of a feature. */
function eachPoint(draw) {
  return {
    draw(ctx, geom, zoom, feature) {
      for (const [point] of geom) {
        ctx.save();
        ctx.translate(point.x, point.y);
        draw(ctx, zoom, feature);
        ctx.restore();
      }
    },
  };
}

function polygon(rule) {
  return {
    draw(ctx, geom, _zoom, feature) {
      const category = categoryOf(rule.style, feature.props);
      trace(ctx, geom);
      ctx.globalAlpha = 0.1;
      ctx.fillStyle = category.color;
      ctx.fill("evenodd");
      ctx.globalAlpha = 1;
      stroke(ctx, { color: PAPER, width: 4.5 });
      stroke(ctx, { color: category.color, width: 2.4, dash: dashOf(rule.style, category) });
    },
  };
}

function line(rule) {
  return {
    draw(ctx, geom, zoom, feature) {
      const category = categoryOf(rule.style, feature.props);
      const width = zoom < 13 ? 1.6 : 2.6;
      trace(ctx, geom);
      stroke(ctx, { color: PAPER, width: width + 1.6 });
      stroke(ctx, { color: category.color, width, dash: dashOf(rule.style, category) });
    },
  };
}

function outline(rule) {
  return {
    draw(ctx, geom, _zoom, feature) {
      const { color } = categoryOf(rule.style, feature.props);
      trace(ctx, geom);
      ctx.globalAlpha = 0.12;
      ctx.fillStyle = color;
      ctx.fill("evenodd");
      ctx.globalAlpha = 1;
      stroke(ctx, { color: PAPER, width: 3 });
      stroke(ctx, { color, width: 1.4 });
    },
  };
}

/** A disc with the number, and around it how the categories share it. */
function count(rule, language) {
  return eachPoint((ctx, _zoom, feature) => {
    const total = Number(feature.props.count);
    const radius = countRadius(total);
    disc(ctx, radius + 1.2, "rgba(30, 33, 36, 0.55)");
    disc(ctx, radius, mainCategory(rule.style, feature.props)?.color ?? INK);
    shares(ctx, radius, total, rule.style, feature.props);
    disc(ctx, radius - 3.5, PAPER);
    ctx.fillStyle = INK;
    ctx.font = `600 ${radius < 15 ? 11 : 12}px "Pretendard GOV", sans-serif`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(countText(total, language), 0, 0.5);
  });
}

function disc(ctx, radius, color) {
  ctx.beginPath();
  ctx.arc(0, 0, radius, 0, 2 * Math.PI);
  ctx.fillStyle = color;
  ctx.fill();
}

function shares(ctx, radius, total, style, props) {
  let from = -Math.PI / 2;
  for (const category of style.categories) {
    const part = Number(props[`n_${category.value}`] ?? 0) / total;
    if (!part) continue;
    const to = from + part * 2 * Math.PI;
    ctx.beginPath();
    ctx.moveTo(0, 0);
    ctx.arc(0, 0, radius, from, to);
    ctx.fillStyle = category.color;
    ctx.fill();
    from = to;
  }
}

/** Boundaries: schematic ones are dotted, so that nobody takes them for surveyed ones. */
function boundary(rule, _language, look) {
  return {
    draw(ctx, geom, zoom, feature) {
      const schematic = feature.props.boundary === "schematic";
      trace(ctx, geom);
      if (rule.level === "eupmyeondong" && look.filled) {
        ctx.fillStyle = PAPER;
        ctx.fill("evenodd");
      }
      if (!look.filled) stroke(ctx, { color: "rgba(255, 255, 255, 0.75)", width: rule.width + 2 });
      const width = zoom < 9 ? rule.width * 0.7 : rule.width;
      stroke(ctx, { color: rule.color, width, dash: schematic ? [4, 3] : rule.dash });
    },
  };
}

/** Areas that are chosen for something. */
function chosen() {
  return {
    draw(ctx, geom) {
      trace(ctx, geom);
      ctx.globalAlpha = 0.22;
      ctx.fillStyle = CHOSEN;
      ctx.fill("evenodd");
      ctx.globalAlpha = 1;
      stroke(ctx, { color: PAPER, width: 5 });
      stroke(ctx, { color: CHOSEN, width: 2.6 });
    },
  };
}

const PAINTERS = { symbol, badge, line, polygon, outline, count, boundary, chosen };

/** `look.filled` says whether areas are filled as a base map of their own. */
export function painter(rule, language, look) {
  return PAINTERS[rule.kind](rule, language, look);
}
