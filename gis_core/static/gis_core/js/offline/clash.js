// A record that somebody else changed too: what stands against what, and the text that follows from a person's picks.
// Pure. `told` is what the server said of the clash, as it is kept in record.difference.
//
//   fieldsOf(told) -> [{field, current, yours}]      field: "note" or "answers.roof"
//   picked(told, mine, picks) -> object              picks: Map field -> "mine" | "theirs"; mine: what was sent

const ANSWERS = "answers.";

export function fieldsOf(told) {
  return Object.entries(told?.difference ?? {}).map(([field, { current, yours }]) => ({ field, current, yours }));
}

/** Both sides' other changes are together in it already; where nothing is known of the other side, it is one's own. */
export function picked(told, mine, picks) {
  const object = structuredClone(told.merged ?? told.current ?? mine);
  for (const { field, yours } of fieldsOf(told)) if (picks.get(field) === "mine") put(object, field, yours);
  return object;
}

function put(object, field, value) {
  if (!field.startsWith(ANSWERS)) {
    object[field] = value;
    return;
  }
  object.answers ??= {};
  const name = field.slice(ANSWERS.length);
  if (value === null || value === undefined) delete object.answers[name];
  else object.answers[name] = value;
}
