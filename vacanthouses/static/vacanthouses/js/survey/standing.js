// What became of each house of the pack: from the pack, from what this phone saved since, and from what the office said
// of it. Pure.
//
//   housesOf(pack) -> the houses to do and, told more briefly, those that are done
//   standings({pack, fetched_at}, saved, asked) -> Map assignment -> {state, comment, record}
//       state: todo | done | returned; saved: [{record, object}], the newest first; asked: when the office was asked last

const BRIEF = { reasons: [], note: "", order: null, is_blind: false, parcel: null, pnu: "" };

export function housesOf(pack) {
  return [...pack.houses, ...(pack.done ?? []).map((house) => ({ ...BRIEF, ...house, isDone: true }))];
}

export function standings({ pack, fetched_at }, saved, asked = 0) {
  const found = new Map();
  for (const { assignment, last, isDone } of housesOf(pack)) {
    const isReturned = last?.state === "returned";
    const state = isReturned ? "returned" : isDone ? "done" : "todo";
    found.set(assignment, { state, comment: isReturned ? last.comment : "", record: null });
  }
  for (const { record, object } of saved.toReversed()) {
    const told = found.get(object.assignment);
    if (told) found.set(object.assignment, { ...told, ...own(told, record, fetched_at, asked), record });
  }
  return found;
}

/** A draft changes nothing yet. Of the pack and the office's last answer the later one counts. */
function own(told, record, fetchedAt, asked) {
  if (record.entries.length === 0) return {};
  const done = { state: "done", comment: "" };
  if (!["done", "waiting"].includes(record.state)) return done;
  const { state, comment } = record.receipt?.target ?? {};
  if (state && asked > fetchedAt) return state === "returned" ? { state, comment } : done;
  const isOlder = Date.parse(record.entries.at(-1).time) < fetchedAt;
  return told.state === "returned" && isOlder ? {} : done;
}
