// Shapes as SVG path data in metres.

import { ringsOf } from "../geometry.js";

const number = (value) => Number(value.toFixed(4));

export const lineData = (points) => `M${points.map(([x, y]) => `${number(x)} ${number(y)}`).join("L")}`;
export const ringData = (points) => `${lineData(points)}Z`;

/** Path data of any GeoJSON geometry; points become nothing. */
export function pathData(geometry) {
  if (!geometry) return "";
  if (geometry.type === "GeometryCollection") return geometry.geometries.map(pathData).join("");
  if (geometry.type === "LineString") return lineData(geometry.coordinates);
  if (geometry.type === "MultiLineString") return geometry.coordinates.map(lineData).join("");
  return ringsOf(geometry).map(ringData).join("");
}
