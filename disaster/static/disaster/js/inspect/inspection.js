// An inspection in the making: the record's object and its photos. What is in it is the protocol's, version 1.
//
//   begin({depot, classId, lot}, edition, due, title) -> made;  reopen(opened, pack)
//   made: {uuid, object, files: Map key -> {sha256, bytes, type, size}, edition, kept: Set of stored files' hashes}

import { localTime } from "../../../gis_core/js/offline/queue.js";

export const SCHEMA = 1;
export const KIND = "inspections";

export function begin({ depot, classId, lot }, edition, due, title) {
  const object = {
    schema: SCHEMA,
    depot: depot.id,
    item_class: classId,
    lot: lot?.lot ?? null,
    // The plan is about the class or the depot; one lot of it does not answer it.
    schedule: lot ? null : (due?.schedule ?? null),
    due_on: lot ? null : (due?.due_on ?? null),
    checklist: edition.id,
    title,
    answers: {},
    units: {},
    note: "",
    signature: [],
    inspected_at: localTime(Date.now()),
    fix: null,
    photos: [],
  };
  return { uuid: crypto.randomUUID(), object, files: new Map(), edition, kept: new Set() };
}

/** What queue.open gave, to be gone on with; null where its checklist is not on this phone. */
export function reopen({ record, object, files }, pack) {
  const edition = pack.checklists[String(object.checklist)];
  if (!edition) return null;
  const bySha = new Map(files.map((file) => [file.sha256, file]));
  const slots = new Map();
  for (const { slot, sha256 } of object.photos)
    if (bySha.has(sha256)) slots.set(slot, { ...bySha.get(sha256), sha256 });
  return { uuid: record.uuid, object, files: slots, edition, kept: new Set(bySha.keys()) };
}

export const hasPhoto = ({ object }, key) => object.photos.some(({ slot }) => slot === key);

/** The photo of a question; a new one takes the place of the old. */
export function addPhoto(made, key, photo, fix) {
  const { sha256, bytes, type } = photo;
  made.files.set(key, { sha256, bytes, type, size: bytes.byteLength });
  const told = { sha256, size: bytes.byteLength, slot: key, taken_at: localTime(Date.now()), fix };
  made.object.photos = [...made.object.photos.filter(({ slot }) => slot !== key), told];
}

export function removePhoto(made, key) {
  made.files.delete(key);
  made.object.photos = made.object.photos.filter(({ slot }) => slot !== key);
}

export const filesOf = (made) => [...made.files.values()];

export const photosOf = ({ object }) => object.photos.map(({ slot }) => slot);
