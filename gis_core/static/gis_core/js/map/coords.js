// Coordinates in the reference systems Korean offices use. proj4 is passed in: this module loads nothing.

// EPSG:5174 is on the Bessel ellipsoid: without the datum shift it lies about 360 m off. These seven parameters
// agree with the server's PROJ to about 0.1 m.
const DEFINITIONS = {
  "EPSG:5179":
    "+proj=tmerc +lat_0=38 +lon_0=127.5 +k=0.9996 +x_0=1000000 +y_0=2000000 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs",
  "EPSG:5186":
    "+proj=tmerc +lat_0=38 +lon_0=127 +k=1 +x_0=200000 +y_0=600000 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs",
  "EPSG:5174":
    "+proj=tmerc +lat_0=38 +lon_0=127.0028902777778 +k=1 +x_0=200000 +y_0=500000 +ellps=bessel +towgs84=-115.80,474.99,674.11,1.16,-2.31,-1.63,6.43 +units=m +no_defs",
};

export const CODES = ["EPSG:4326", ...Object.keys(DEFINITIONS)];
export const DEGREES = "EPSG:4326";

// Korea's lands and waters with room to spare: west, south, east, north.
const KOREA = [122, 32, 133, 39.5];

export function inKorea([lng, lat]) {
  return lng >= KOREA[0] && lng <= KOREA[2] && lat >= KOREA[1] && lat <= KOREA[3];
}

/** Converters between longitude/latitude and the systems above. */
export function projector(proj4) {
  proj4.defs(Object.entries(DEFINITIONS));
  return {
    /** [lng, lat] to [x, y] of `code`. */
    forward: (code, point) => (code === DEGREES ? [...point] : proj4("WGS84", code, [...point])),
    /** [x, y] of `code` to [lng, lat]. */
    inverse: (code, point) => (code === DEGREES ? [...point] : proj4(code, "WGS84", [...point])),
  };
}

/** The two numbers as people write them: latitude before longitude in degrees, east before north in metres. */
export function numbers(projection, code, point) {
  const [x, y] = projection.forward(code, point);
  return code === DEGREES ? [y.toFixed(6), x.toFixed(6)] : [x.toFixed(2), y.toFixed(2)];
}

/** What the copy button copies, such as "36.891000, 126.629000". */
export const plainText = (projection, code, point) => numbers(projection, code, point).join(", ");

/**
 * Read two numbers typed in `code`. Returns [lng, lat], or null when they are not two numbers or lie outside Korea.
 * Either order is understood as long as only one of them falls in Korea; the usual order is tried first.
 */
export function parse(projection, code, text) {
  const found = text.replace(/(\d),(?=\d{3}(\D|$))/g, "$1").match(/-?\d+(\.\d+)?/g);
  if (found?.length !== 2) return null;
  const [first, second] = found.map(Number);
  const orders =
    code === DEGREES
      ? [
          [second, first],
          [first, second],
        ]
      : [
          [first, second],
          [second, first],
        ];
  for (const order of orders) {
    const point = projection.inverse(code, order);
    if (point.every(Number.isFinite) && inKorea(point)) return point;
  }
  return null;
}
