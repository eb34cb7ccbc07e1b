// The phone judges a checklist as the server does, and knows what is due.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import {
  daysBetween,
  dueOf,
  labelOf,
  partsOf,
  seoulDay,
  standing,
  thingOf,
} from "../../disaster/static/disaster/js/inspect/due.js";
import { settled, withoutNew } from "../../disaster/static/disaster/js/inspect/entered.js";
import { judge, kept, problems } from "../../disaster/static/disaster/js/inspect/logic.js";
import { withPoint } from "../../disaster/static/disaster/js/inspect/strokes.js";

const { body, cases } = JSON.parse(await readFile(new URL("../disaster/checklist_vectors.json", import.meta.url)));

for (const each of cases)
  test(`judged as on the server: ${each.why}`, () => {
    const found = judge(body, each.answers);
    assert.deepEqual(found.passed, each.passed);
    assert.deepEqual(
      found.failed.map(({ key, code }) => [key, code]),
      each.failed,
    );
    assert.deepEqual(found.unanswered, each.unanswered);
    assert.deepEqual(
      problems(body, each.answers, each.photos).map(({ key, code }) => [key, code]),
      each.problems,
    );
    assert.deepEqual(judge(body, kept(body, each.answers)), found);
  });

const pack = {
  depots: [
    { id: 1, name: "운봉", stock: [{ lot: 7, class: 3, item: "펌프", code: "P-1" }] },
    { id: 2, name: "주천", stock: [{ lot: 8, class: 9, item: "삽", code: "" }] },
  ],
  classes: { 3: "펌프류" },
  due: [
    { schedule: 5, depot: 1, class: 3, due_on: "2026-03-13" },
    { schedule: 6, depot: 2, class: null, due_on: "2026-03-01" },
  ],
};

test("a day in Korea begins nine hours before it does in London", () => {
  assert.equal(seoulDay(Date.parse("2026-12-31T14:59:59Z")), "2026-12-31");
  assert.equal(seoulDay(Date.parse("2026-12-31T15:00:00Z")), "2027-01-01");
});

test("days are counted over month ends and leap days", () => {
  assert.equal(daysBetween("2028-02-28", "2028-03-01"), 2);
  assert.equal(daysBetween("2026-03-01", "2026-02-27"), -2);
});

test("what is most overdue comes first, and what this phone has done is gone", () => {
  const open = standing(pack, [], "2026-03-10");
  assert.deepEqual(
    open.map(({ schedule, days }) => [schedule, days]),
    [
      [6, -9],
      [5, 3],
    ],
  );
  const saved = [{ record: { entries: [{}] }, object: { schedule: 6, due_on: "2026-03-01" } }];
  assert.deepEqual(
    standing(pack, saved, "2026-03-10").map(({ schedule }) => schedule),
    [5],
  );
});

test("a draft has done nothing yet, and neither has the inspection of another planned day", () => {
  const draft = { record: { entries: [] }, object: { schedule: 6, due_on: "2026-03-01" } };
  const earlier = { record: { entries: [{}] }, object: { schedule: 5, due_on: "2026-02-13" } };
  assert.equal(standing(pack, [draft, earlier], "2026-03-10").length, 2);
});

test("only classes with a checklist can be inspected", () => {
  assert.deepEqual(
    partsOf(pack.depots[0], pack).map(({ title }) => title),
    ["펌프류"],
  );
  assert.deepEqual(partsOf(pack.depots[1], pack), []);
});

test("a label's token is read from its address, and from nothing else", () => {
  const token = "AbCdEfGhIjKlMnOpQrSt-_";
  for (const text of [`https://namwon.example/inspect/l/${token}`, `#l/${token}`, `/inspect/l/${token}/`])
    assert.equal(labelOf(text), token);
  for (const text of ["https://example.org/", `#l/${token}x`, "", "#l/short", token]) assert.equal(labelOf(text), null);
});

test("a label of a lot is about the lot's class", () => {
  const thing = thingOf({ depot: 1, class: null, lot: 7 }, pack);
  assert.equal(thing.classId, 3);
  assert.equal(thing.lot.code, "P-1");
  assert.equal(thingOf({ depot: 99, class: null, lot: null }, pack), null);
});

test("what is saved has no answers to questions that no longer matter, and no units of what passed", () => {
  const answers = { starts: "no", flow: 300, torn: "no", fuel: "full" };
  const object = { answers, units: { starts: 2, torn: 1 }, photos: [] };
  const found = settled({ object, edition: { body } });
  assert.deepEqual(found.answers, { starts: "no", torn: "no", fuel: "full" });
  assert.deepEqual(found.units, { starts: 2 });
});

test("on a full phone the words stay and the new photo goes", () => {
  const object = { photos: [{ sha256: "a" }, { sha256: "b" }] };
  const files = new Map([
    ["x", { sha256: "a" }],
    ["y", { sha256: "b" }],
  ]);
  const found = withoutNew({ object, files, kept: new Set(["a"]) });
  assert.deepEqual(found, { object: { photos: [{ sha256: "a" }] }, files: [{ sha256: "a" }] });
});

test("a signature keeps steps, not trembling", () => {
  const drawn = [
    [0, 0],
    [1, 1],
    [2, 2],
    [20, 20],
  ].reduce((strokes, point) => withPoint(strokes, point), [[]]);
  assert.deepEqual(drawn, [
    [
      [0, 0],
      [20, 20],
    ],
  ]);
});

test("an inspection answers a planned day that is near, and none that is months ahead", () => {
  assert.equal(dueOf(pack, 1, 3, "2026-03-01").schedule, 5);
  assert.equal(dueOf(pack, 1, 3, "2026-02-01"), null);
  assert.equal(dueOf(pack, 2, null, "2026-05-01").schedule, 6);
});
