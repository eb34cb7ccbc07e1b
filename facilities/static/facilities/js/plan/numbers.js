// Numbers in fields: written, and read as people type them. Nothing here knows a page.

/** Metres as a field holds them: no thousands, a point, no more decimals than there are. */
export const plain = (value) => String(Math.round(value * 1000) / 1000);

/** The number a person typed, or null. */
export function typedNumber(text) {
  const found = Number.parseFloat(String(text).trim().replace(",", "."));
  return Number.isFinite(found) ? found : null;
}

// A number with a point or a comma, and perhaps the unit after it.
const NUMBER = /^[-+]?(\d+([.,]\d*)?|[.,]\d+)\s*(m|°)?$/;

/**
 * What a field's text says: {value, isRefused}. Nothing typed is no number, but nothing wrong either; what cannot be
 * read or lies outside the limits is refused.
 */
export function readNumber(text, { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY, whole } = {}) {
  const typed = String(text).trim();
  if (!typed) return { value: null, isRefused: false };
  const value = NUMBER.test(typed) ? typedNumber(typed) : null;
  const isRefused = value === null || value < least || value > most || Boolean(whole && !Number.isInteger(value));
  return { value: isRefused ? null : value, isRefused };
}
