// Which survey round a new house belongs to: asked only where several are open at the place.

import { h } from "../../../gis_core/js/map/dom.js";
import { t } from "../../../gis_core/js/offline/words.js";

export function roundView(rounds, { onchoose, onback }) {
  const button = (round) =>
    h(
      "button",
      { type: "button", className: "button survey-round", onclick: () => onchoose(round) },
      h("strong", {}, round.name),
      h("span", {}, t("round_until", { day: round.ends_on })),
    );
  return h(
    "div",
    { className: "survey-screen" },
    h("button", { type: "button", className: "button survey-back", onclick: onback }, t("back")),
    h("h2", {}, t("which_round")),
    ...rounds.map(button),
  );
}
