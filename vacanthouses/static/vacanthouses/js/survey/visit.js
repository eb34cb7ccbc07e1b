// A visit in the making: the record's object and its photos. What is in it is the protocol's, version 1.
//
//   begin(house, pack) -> visit;  beginNew(place, pack, campaign or null);  reopen(opened, pack)
//   visit: {uuid, object, files: Map slot -> {sha256, bytes, type, size}, form, house, kept: Set of stored files' hashes}

export const SCHEMA = 1;
export const OUTCOMES = ["surveyed", "not_vacant", "no_entry", "gone"];

const now = () => {
  const date = new Date();
  const minutes = -date.getTimezoneOffset();
  const local = new Date(date.valueOf() + minutes * 60_000).toISOString().slice(0, -1);
  const two = (number) => String(Math.floor(number)).padStart(2, "0");
  return `${local}${minutes < 0 ? "-" : "+"}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
};

/** The form in force for a step and a regime. */
export function formFor(pack, step, regime) {
  return Object.values(pack.forms).find((form) => form.step === step && form.regimes.includes(regime)) ?? null;
}

function empty(values) {
  return {
    schema: SCHEMA,
    house: null,
    new_house: null,
    assignment: null,
    campaign: null,
    step: "field",
    outcome: "surveyed",
    reason: "",
    form: null,
    answers: {},
    note: "",
    visited_at: now(),
    fix: null,
    photos: [],
    ...values,
  };
}

export function begin(house, pack) {
  const form = formFor(pack, house.step, house.regime);
  const { id, assignment, campaign, step } = house;
  // The name stays with the record: a later pack no longer holds a house that is done.
  const object = empty({ house: id, title: house.address, assignment, campaign, step, form: form?.id ?? null });
  return made(object, form, house);
}

/** A house found on the way, in the survey round that was chosen for it; null where none is open there. */
export function beginNew({ lon, lat }, pack, campaign) {
  const form = formFor(pack, campaign?.step ?? "field", campaign?.regime ?? "rural");
  const object = empty({
    new_house: { lon, lat, address: "", pnu: null },
    campaign: campaign?.id ?? null,
    step: campaign?.step ?? "field",
    form: form?.id ?? null,
  });
  return made(object, form, null);
}

function made(object, form, house) {
  return { uuid: crypto.randomUUID(), object, files: new Map(), form, house, kept: new Set() };
}

/** What queue.open gave, to be gone on with. */
export function reopen({ record, object, files }, pack) {
  const bySha = new Map(files.map((file) => [file.sha256, file]));
  const slots = new Map();
  for (const { slot, sha256 } of object.photos) {
    if (bySha.has(sha256)) slots.set(slot, { ...bySha.get(sha256), sha256 });
  }
  const house = pack.houses.find(({ id }) => id === object.house) ?? null;
  const form = pack.forms[String(object.form)] ?? formFor(pack, object.step, house?.regime ?? "rural");
  return { uuid: record.uuid, object, files: slots, form, house, kept: new Set(bySha.keys()) };
}

/** Whether there is a photo of a slot, be it one that another phone sent. */
export const hasPhoto = (visit, slot) => visit.object.photos.some((photo) => photo.slot === slot);

/** The photo of a slot; a new one takes the place of the old. */
export function addPhoto(visit, slot, made, fix) {
  visit.files.set(slot, { sha256: made.sha256, bytes: made.bytes, type: made.type, size: made.bytes.byteLength });
  const photo = { sha256: made.sha256, size: made.bytes.byteLength, slot, taken_at: now(), fix };
  visit.object.photos = [...visit.object.photos.filter((each) => each.slot !== slot), photo];
}

export function removePhoto(visit, slot) {
  visit.files.delete(slot);
  visit.object.photos = visit.object.photos.filter((each) => each.slot !== slot);
}

export const slotsOf = (visit) => visit.object.photos.map(({ slot }) => slot);

/** Files as queue.save takes them. */
export const filesOf = (visit) => [...visit.files.values()];

/** The photos there are now have been stored. */
export function noteKept(visit) {
  for (const { sha256 } of visit.files.values()) visit.kept.add(sha256);
}

/** The visit without the photos for which there was no room: {object, files}. */
export function withoutNew({ object, files, kept }) {
  const lacking = new Set([...files.values()].map(({ sha256 }) => sha256).filter((sha256) => !kept.has(sha256)));
  return {
    object: { ...object, photos: object.photos.filter(({ sha256 }) => !lacking.has(sha256)) },
    files: [...files.values()].filter(({ sha256 }) => kept.has(sha256)),
  };
}
