// The phone says what the server says: the same vectors as tests/vacanthouses/test_survey_forms.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { kept, problems } from "../../vacanthouses/static/vacanthouses/js/survey/logic.js";

const { form, cases } = JSON.parse(readFileSync(new URL("../vacanthouses/form_vectors.json", import.meta.url)));

for (const { answers, slots, outcome, ...expected } of cases) {
  test(`a visit (${outcome}) that answers ${JSON.stringify(answers)}`, () => {
    const found = problems(form, answers, slots, outcome).map(({ question, code }) => `${question} ${code}`);
    assert.deepEqual(found, expected.problems);
    assert.deepEqual(Object.keys(kept(form, answers, outcome)).sort(), expected.kept);
  });
}
