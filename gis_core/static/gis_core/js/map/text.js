// The page's own words, translated on the server: <script type="application/json" id="text">.

let words;

function load() {
  const element = document.getElementById("text");
  return element ? JSON.parse(element.textContent) : {};
}

/** The text called `key`, with {name} replaced from `values`. A missing key shows itself, so that tests find it. */
export function t(key, values = {}) {
  words ??= load();
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export const language = () => document.documentElement.lang || "ko";

export function number(value) {
  return new Intl.NumberFormat(language()).format(value);
}
