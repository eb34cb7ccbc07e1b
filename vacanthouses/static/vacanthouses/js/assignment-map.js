// A round's houses on the map: draw around some, see who has them, and give them to a crew in one go.

import { MapAdapter } from "../../gis_core/js/map/adapter.js";
import { byId, getJson, h } from "../../gis_core/js/map/dom.js";
import { bboxText } from "../../gis_core/js/map/filters.js";
import { bounds, inRing, union } from "../../gis_core/js/map/geometry.js";
import { language, number, t } from "../../gis_core/js/map/text.js";
import { changed, inside, sent, summary, toggled } from "./choice.js";

const LISTED = 200;
const NOBODY = "#ffffff";
const VISITED = "#8a939c";
// Okabe and Ito's colours, which colour-blind eyes tell apart.
const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442"];

const form = byId("assign");
const status = byId("chosen-status");
const page = { chosen: new Set(), houses: [], map: null };

const colourOf = (house) => {
  if (house.done) return VISITED;
  const place = page.crews.findIndex(({ id }) => id === house.crew);
  return place < 0 ? NOBODY : COLOURS[place % COLOURS.length];
};

const holder = (house) => (house.done ? t("visited") : house.crew_name || t("nobody"));

function choose(chosen) {
  page.chosen = chosen;
  page.map.dots.choose(chosen);
  const { crews, visited } = summary(page.houses, chosen);
  const parts = crews.map(([crew, count]) => `${crew || t("nobody")} ${number(count)}`);
  if (visited) parts.push(t("visited_stay", { count: number(visited) }));
  status.textContent = chosen.size
    ? `${t("chosen", { count: number(chosen.size) })} ${parts.join(", ")}`
    : t("none_chosen");
  const rows = page.houses.filter(({ id }) => chosen.has(id));
  byId("chosen").replaceChildren(...rows.slice(0, LISTED).map(row));
  byId("chosen-more").textContent = rows.length > LISTED ? t("more", { count: number(rows.length - LISTED) }) : "";
  byId("choose-none").disabled = form.elements.give.disabled = !chosen.size;
}

function row(house) {
  const facts = [holder(house), house.area].filter(Boolean).join(" · ");
  const remove = h(
    "button",
    {
      type: "button",
      className: "button small",
      "aria-label": t("take_out", { address: house.address }),
      onclick: () => {
        choose(toggled(page.chosen, house.id));
        (byId("chosen").querySelector("button") ?? byId("draw")).focus();
      },
    },
    "✕",
  );
  return h("li", {}, h("span", {}, h("strong", {}, house.address), h("small", {}, facts)), remove);
}

function ringDrawn(ring) {
  choose(changed(page.chosen, inside(page.houses, ring, inRing), byId("taking").checked));
}

function drawing(isOn) {
  if (isOn) {
    page.map.editor.cancelDrawing();
    page.map.lasso.start(ringDrawn);
  } else page.map.lasso.stop();
  byId("draw").setAttribute("aria-pressed", String(isOn));
  byId("hint").textContent = t(isOn ? "hint_draw" : "hint_click");
}

function corners() {
  drawing(false);
  byId("hint").textContent = t("hint_corners");
  page.map.editor.draw((ring) => {
    byId("hint").textContent = t("hint_click");
    ringDrawn(ring);
  });
}

function keys(event) {
  const { editor, lasso } = page.map;
  if (event.key === "Escape") {
    if (editor.cancelDrawing()) byId("hint").textContent = t("hint_click");
    if (lasso.active) drawing(false);
  }
  if (event.key !== "Enter" || !editor.drawing || event.target !== page.map.element) return;
  event.preventDefault();
  if (event.shiftKey) editor.finishDrawing();
  else editor.placeAtCentre();
}

/** The address keeps what the map shows, so that it is still there after houses were given. */
function keepView() {
  const { zoom, lat, lng } = page.map.view;
  const at = `${zoom}/${lat.toFixed(6)}/${lng.toFixed(6)}`;
  history.replaceState(null, "", `?at=${at}`);
  form.elements.at.value = at;
}

function show() {
  const match = /[?&]at=([\d.]+)\/(-?[\d.]+)\/(-?[\d.]+)/.exec(location.search);
  const box = union(page.houses.map(({ lon, lat }) => bounds({ type: "Point", coordinates: [lon, lat] })));
  if (match) page.map.setView({ zoom: Number(match[1]), lat: Number(match[2]), lng: Number(match[3]) });
  else if (box) page.map.fit(box);
}

async function drawSurroundings(config) {
  const base = config.bases.find(({ first }) => first);
  if (base) page.map.setBase(base, base.opacity, () => {});
  const towns = config.layers.filter(({ id }) => id === "areas");
  page.map.tiles.show(towns.map((layer) => ({ layer, url: layer.urls.tiles })));
  const query = new URLSearchParams({
    bbox: bboxText(page.map.bounds),
    zoom: Math.round(page.map.view.zoom),
    layers: "",
  });
  page.map.areaNames.show((await getJson(`${config.urls.counts}?${query}`)).areas);
}

function legend() {
  const lines = [
    [t("nobody"), NOBODY],
    ...page.crews.map(({ name }, place) => [name, COLOURS[place % COLOURS.length]]),
  ];
  const dot = (colour) => {
    const mark = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    mark.setAttribute("viewBox", "0 0 16 16");
    const circle = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    for (const [name, value] of Object.entries({ cx: 8, cy: 8, r: 6.5, fill: colour, stroke: "#1e2124" }))
      circle.setAttribute(name, value);
    mark.append(circle);
    return mark;
  };
  byId("legend").replaceChildren(
    ...[...lines, [t("visited"), VISITED]].map(([name, colour]) => h("li", {}, dot(colour), name)),
  );
}

async function begin() {
  const [{ config }, answer] = await Promise.all([getJson("/map/config/"), getJson(form.dataset.houses)]);
  Object.assign(page, { houses: answer.houses, crews: answer.crews });
  const cornerName = (place) => t("corner", { number: place });
  page.map = new MapAdapter(byId("map"), config.map, { language: language(), editable: true, cornerName });
  show();
  page.map.overlays.set(
    "area",
    answer.areas.map(({ geometry }) => geometry),
  );
  page.map.dots.name(answer.areas.map(({ lon, lat, name }) => ({ lng: lon, lat, text: name })));
  const dots = page.houses.map((house) => ({
    ...{ id: house.id, lng: house.lon, lat: house.lat, color: colourOf(house), isFaint: house.done },
    title: `${house.address} · ${holder(house)}`,
  }));
  page.map.dots.show(dots, (id) => choose(toggled(page.chosen, id)));
  legend();
  const before = new Set((form.dataset.chosen || "").split(",").filter(Boolean).map(Number));
  choose(new Set(page.houses.map(({ id }) => id).filter((id) => before.has(id))));
  page.map.on("settle", keepView);
  keepView();
  byId("draw").addEventListener("click", () => drawing(!page.map.lasso.active));
  byId("corners").addEventListener("click", corners);
  byId("choose-none").addEventListener("click", () => choose(new Set()));
  byId("choose-seen").addEventListener("click", () => {
    const seen = page.houses.filter(({ lon, lat }) => page.map.contains([lon, lat])).map(({ id }) => id);
    choose(changed(page.chosen, seen, byId("taking").checked));
  });
  document.addEventListener("keydown", keys);
  form.addEventListener("submit", () => {
    form.elements.houses.value = sent(page.houses, page.chosen);
  });
  await drawSurroundings(config);
  document.body.dataset.map = "ready";
}

begin().catch(() => {
  byId("hint").textContent = t("failed");
});
