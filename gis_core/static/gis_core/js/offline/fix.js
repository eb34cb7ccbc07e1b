// Where the phone is. A position never decides whether something can be saved: it is told in plain words and kept.
//
//   const fix = watchFix({geolocation, now, onfix})   starts watching
//   fix.current() -> {lon, lat, accuracy_m, at} or null    the mean of the last good positions, else the best of late
//   fix.shutter() -> the same, for a photo taken this moment (nothing older than a minute)
//   fix.error -> null | "denied" | "unavailable";  fix.stop()

const GOOD_METRES = 30;
const MEAN_OVER = 15_000;
const RECENT = 60_000;

/** The mean of good positions, each weighted by its accuracy; without a good one the most accurate. Pure. */
export function averaged(positions) {
  const good = positions.filter(({ accuracy_m }) => accuracy_m <= GOOD_METRES);
  if (good.length === 0) return positions.toSorted((a, b) => a.accuracy_m - b.accuracy_m)[0] ?? null;
  const weights = good.map(({ accuracy_m }) => 1 / Math.max(accuracy_m, 1) ** 2);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (name) => good.reduce((sum, each, index) => sum + each[name] * weights[index], 0) / total;
  // Positions of one phone err together: averaging steadies them, but does not earn a better accuracy than the best.
  const accuracy = Math.min(...good.map(({ accuracy_m }) => accuracy_m));
  return { lon: mean("lon"), lat: mean("lat"), accuracy_m: accuracy, at: good.at(-1).at };
}

/** Key of the words for an accuracy in metres (words.js). */
export function accuracyWord(metres) {
  if (metres === null || metres === undefined) return "fix_none";
  if (metres <= 10) return "fix_exact";
  return metres <= GOOD_METRES ? "fix_good" : metres <= 100 ? "fix_rough" : "fix_poor";
}

export function watchFix({ geolocation = navigator.geolocation, now = Date.now, onfix = () => {} } = {}) {
  const positions = [];
  const fix = {
    error: geolocation ? null : "unavailable",
    current: (within = RECENT) => {
      const late = positions.filter(({ time }) => now() - time <= within);
      const steady = late.filter(({ time }) => now() - time <= MEAN_OVER);
      const found = averaged(steady.length ? steady : late);
      if (!found) return null;
      const { lon, lat, accuracy_m, at } = found;
      return { lon, lat, accuracy_m, at };
    },
    shutter: () => fix.current(RECENT),
    stop: () => geolocation?.clearWatch(watching),
  };
  const taken = ({ coords, timestamp }) => {
    fix.error = null;
    const { longitude: lon, latitude: lat, accuracy } = coords;
    positions.push({
      lon,
      lat,
      accuracy_m: Math.round(accuracy * 10) / 10,
      at: new Date(timestamp).toISOString(),
      time: now(),
    });
    if (positions.length > 60) positions.shift();
    onfix(fix.current());
  };
  const refused = ({ code }) => {
    fix.error = code === 1 ? "denied" : "unavailable";
    onfix(fix.current());
  };
  const options = { enableHighAccuracy: true, maximumAge: 5000, timeout: 30_000 };
  const watching = geolocation?.watchPosition(taken, refused, options);
  return fix;
}
