// Furniture that matters, and what a visitor looks for: counters, desks, shutters; marks with a letter.

import { svg } from "../../../../gis_core/js/map/dom.js";
import { pathData } from "./paths.js";

export const MARKS = {
  information: "i",
  ticketing: "#",
  atm: "₩",
  aed: "♥",
  drinkingfountain: "≈",
  recyclingpoint: "♻",
  wastebin: "▾",
  photocopier: "⎙",
  publicphone: "☏",
  seating: "S",
  strollerrental: "B",
  wheelchairrental: "♿",
  parking: "P",
  bicycleparking: "C",
  mailbox: "✉",
  locker: "L",
  unspecified: "?",
};

export function drawFixture(fixture, afterHours) {
  const shut = fixture.category === "shutter" && afterHours ? " shut" : "";
  return svg("path", { d: pathData(fixture.geometry), class: `fixture ${fixture.category}${shut}` });
}

/** A mark of constant size at a place of the SCREEN groups. */
export function drawAmenity(amenity, [x, y], label) {
  const group = svg("g", { class: "amenity", transform: `translate(${x} ${y})` });
  const title = svg("title");
  title.textContent = amenity.name || label;
  const text = svg("text", { "text-anchor": "middle", y: 4 });
  text.textContent = MARKS[amenity.category] ?? "?";
  group.append(title, svg("circle", { r: 9 }), text);
  return group;
}
