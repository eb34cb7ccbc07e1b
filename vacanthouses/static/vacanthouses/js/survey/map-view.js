// The map's screen: houses with the numbers of the list, where the phone is, and a new house anywhere.

import { h } from "../../../gis_core/js/map/dom.js";
import { t } from "../../../gis_core/js/offline/words.js";
import { hasRoute } from "./day-route.js";
import { drawMap } from "./map-adapter.js";
import { ordered } from "./places.js";

// More numbers than this would hide the map.
const NUMBERED = 40;

/** Houses with their number: in the day's route, or without one their place in the list, of those still to do. Pure. */
export function numbered(houses, states, here, most = NUMBERED) {
  const state = (house) => states.get(house.assignment)?.state ?? "todo";
  const places = ordered(
    houses.filter((house) => state(house) !== "done"),
    here,
  );
  const rank = new Map(places.slice(0, most).map(({ house }, index) => [house, index + 1]));
  const number = hasRoute(houses) ? (house) => house.order : (house) => rank.get(house) ?? null;
  return houses.map((house) => ({ ...house, state: state(house), number: number(house) }));
}

/** {element, draw()}: the map can be drawn only once its element stands on the page. */
export function mapView({ pack, houses, states, fix, on }) {
  const element = h("div", { className: "survey-map" });
  const told = h("p", { className: "survey-hint", role: "status" }, t("map_hint"));
  let map = null;
  const find = () => {
    told.textContent = t(map.showHere() ? "map_hint" : "fix_none");
  };
  const screen = h(
    "div",
    { className: "survey-screen survey-map-screen" },
    h("button", { type: "button", className: "button survey-back", onclick: on.back }, t("back")),
    told,
    element,
    h(
      "div",
      { className: "survey-pair" },
      h("button", { type: "button", className: "button", onclick: find }, t("my_position")),
      h(
        "button",
        { type: "button", className: "button", onclick: () => on.place(map.centre()) },
        t("new_house_middle"),
      ),
    ),
  );
  const draw = () => {
    const { areas, bases } = pack;
    const shown = numbered(houses, states, fix.current());
    map = drawMap(element, { areas, bases, houses: shown, here: fix.current(), onhouse: on.house, onplace: on.place });
    return map;
  };
  return { element: screen, draw };
}
