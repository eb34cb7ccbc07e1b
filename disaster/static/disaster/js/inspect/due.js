// What is due, and what of it was done on this phone since the pack was downloaded. Pure.
//
//   seoulDay(milliseconds) -> "2026-11-28"      due days are days in Korea, wherever the phone believes to be
//   standing(pack, saved, today) -> [{…due, days, record}]   the most overdue first; days < 0: overdue
//       saved: [{record, object}]; a record that is only a draft has done nothing yet
//   partsOf(depot, pack) -> [{class, title, lots}]
//   labelOf(text) -> token or null;  nameOf(object, pack)

const SOON = 14;
const DAY = 24 * 60 * 60 * 1000;
const TOKEN = /(?:^|\/)(?:inspect\/)?#?l\/([A-Za-z0-9_-]{22})\/?$/;

export function seoulDay(milliseconds) {
  return new Date(milliseconds + 9 * 60 * 60 * 1000).toISOString().slice(0, 10);
}

export const daysBetween = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / DAY);

export function standing(pack, saved, today) {
  const done = new Map();
  for (const { record, object } of saved) {
    const key = `${object.schedule} ${object.due_on}`;
    if (object.schedule && !done.has(key)) done.set(key, record);
  }
  return pack.due
    .map((each) => {
      const record = done.get(`${each.schedule} ${each.due_on}`) ?? null;
      return { ...each, days: daysBetween(today, each.due_on), record };
    })
    .filter(({ record }) => !record || record.entries.length === 0)
    .sort((a, b) => a.days - b.days || a.schedule - b.schedule);
}

/** Classes of which something lies in a depot, each with its lots. */
export function partsOf(depot, pack) {
  const byClass = new Map();
  for (const lot of depot.stock) {
    if (!(String(lot.class) in pack.classes)) continue;
    if (!byClass.has(lot.class)) byClass.set(lot.class, []);
    byClass.get(lot.class).push(lot);
  }
  return [...byClass].map(([id, lots]) => ({ class: id, title: pack.classes[String(id)], lots }));
}

/** The edition to inspect a class by (null: the depot itself), or null where there is none. */
export function checklistFor(pack, classId) {
  const id = pack.in_force[classId === null ? "depot" : String(classId)];
  return pack.checklists[String(id)] ?? null;
}

/** What is waited for first of a thing: the schedule that an inspection of it answers, where its day is near. */
export function dueOf(pack, depotId, classId, today) {
  const isNear = (due) => daysBetween(today, due.due_on) <= SOON;
  const found = pack.due.filter((each) => each.depot === depotId && each.class === classId && isNear(each));
  return found.toSorted((a, b) => (a.due_on < b.due_on ? -1 : 1))[0] ?? null;
}

export function labelOf(text) {
  return String(text).match(TOKEN)?.[1] ?? null;
}

/** What a label, or a record, is about, in parts: {depot, what}. */
export function thingOf({ depot: depotId, class: classId, lot: lotId }, pack) {
  const depot = pack.depots.find(({ id }) => id === depotId);
  if (!depot) return null;
  const lot = depot.stock.find((each) => each.lot === lotId) ?? null;
  return { depot, classId: classId ?? lot?.class ?? null, lot };
}
