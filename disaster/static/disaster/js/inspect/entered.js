// What is kept of an inspection that was entered. Pure.

import { judge, kept } from "./logic.js";

/** As it is saved for sending: answers to questions that no longer matter, and units of what passed, fall away. */
export function settled({ object, edition }) {
  const failed = new Set(judge(edition.body, object.answers).failed.map(({ key }) => key));
  const units = Object.fromEntries(Object.entries(object.units).filter(([key]) => failed.has(key)));
  return { ...object, answers: kept(edition.body, object.answers), units };
}

/** The inspection without the photos for which there was no room: {object, files}. */
export function withoutNew({ object, files, kept: stored }) {
  const isKept = ({ sha256 }) => stored.has(sha256);
  return { object: { ...object, photos: object.photos.filter(isKept) }, files: [...files.values()].filter(isKept) };
}
