// Which questions of a form matter, and what is missing or wrong. The twin of vacanthouses/survey/forms.py: both run
// tests/vacanthouses/form_vectors.json.
//
//   questions(form), relevant(form, answers, outcome) -> Set of ids
//   problems(form, answers, slots, outcome) -> [{question, code}];  kept(form, answers, outcome) -> answers that count

const TEXT_LIMIT = 2000;
const YES_NO = ["yes", "no"];

export const questions = (form) => form.sections.flatMap((section) => section.questions);

export const isKnown = (value) =>
  value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);

const isNumber = (value) => typeof value === "number" && !Number.isNaN(value);

function holds(condition, answers, outcome) {
  if (!condition) return true;
  if (condition.all) return condition.all.every((each) => holds(each, answers, outcome));
  if (condition.any) return condition.any.some((each) => holds(each, answers, outcome));
  if (condition.not) return !holds(condition.not, answers, outcome);
  if (condition.outcome) return condition.outcome.includes(outcome);
  const value = answers[condition.question];
  if ("known" in condition) return isKnown(value) === condition.known;
  if ("at_least" in condition) return isNumber(value) && value >= condition.at_least;
  const wanted = condition.in ?? [condition.is];
  return Array.isArray(value) ? value.some((each) => wanted.includes(each)) : wanted.includes(value);
}

function namesOutcome(condition) {
  if (!condition) return false;
  const parts = [...(condition.all ?? []), ...(condition.any ?? []), ...(condition.not ? [condition.not] : [])];
  return "outcome" in condition || parts.some(namesOutcome);
}

export function relevant(form, answers, outcome) {
  const found = {};
  const ids = new Set();
  for (const question of questions(form)) {
    const byOutcome = outcome === "surveyed" || namesOutcome(question.relevant);
    if (!byOutcome || !holds(question.relevant, found, outcome)) continue;
    ids.add(question.id);
    if (question.id in answers) found[question.id] = answers[question.id];
  }
  return ids;
}

export function kept(form, answers, outcome) {
  const ids = relevant(form, answers, outcome);
  return Object.fromEntries(Object.entries(answers).filter(([name, value]) => ids.has(name) && isKnown(value)));
}

export function problems(form, answers, slots, outcome) {
  const ids = relevant(form, answers, outcome);
  const found = [];
  for (const question of questions(form)) {
    if (!ids.has(question.id)) continue;
    const code = question.type === "photo" ? photo(question, slots) : wrong(question, answers[question.id]);
    if (code) found.push({ question: question.id, code });
  }
  return found;
}

function photo(question, slots) {
  const hasOne = slots.some((slot) => slot === question.id || slot.startsWith(`${question.id}.`));
  return hasOne || !question.required ? null : "photo_missing";
}

function wrong(question, value) {
  if (!isKnown(value)) return question.required ? "missing" : null;
  if (["single", "multi", "yes_no"].includes(question.type)) return notChosen(question, value);
  if (question.type === "number") return notCounted(question, value);
  if (typeof value !== "string") return "not_a_text";
  if (question.type === "date") return isDate(value) ? null : "not_a_date";
  return [...value].length > TEXT_LIMIT ? "too_long" : null;
}

function notChosen(question, value) {
  const allowed = question.type === "yes_no" ? YES_NO : question.options.map((option) => option.value);
  const values = question.type === "multi" && Array.isArray(value) ? value : [value];
  return values.every((each) => allowed.includes(each)) ? null : "not_an_option";
}

function notCounted({ low, high }, value) {
  if (!isNumber(value)) return "not_a_number";
  return value < (low ?? -Infinity) || value > (high ?? Infinity) ? "out_of_range" : null;
}

function isDate(value) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value) || value.startsWith("0000")) return false;
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.valueOf()) && day.toISOString().startsWith(value);
}
