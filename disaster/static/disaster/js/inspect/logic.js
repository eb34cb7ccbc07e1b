// What a checklist asks and what follows from the answers: the same as disaster/checklists.py. Pure; both run
// tests/disaster/checklist_vectors.json.
//
//   relevant(body, answers) -> Set of keys;  faultOf(question, value) -> {key, code, value, limit, unit} or null
//   judge(body, answers) -> {passed, failed, unanswered};  problems(body, answers, photos) -> [{key, code}]

const YES_NO = ["yes", "no"];
const TEXT_LIMIT = 2000;
const TOO_LARGE = 1e12;

export const isKnown = (value) => value !== null && value !== undefined && value !== "";

const isNumber = (value) => typeof value === "number" && Math.abs(value) < TOO_LARGE;

const isRequired = (question) => question.required ?? question.kind !== "text";

export function relevant({ questions }, answers) {
  const found = new Set();
  for (const { key, only_if: asks } of questions)
    if (!asks || (found.has(asks.question) && answers[asks.question] === asks.is)) found.add(key);
  return found;
}

export function kept(body, answers) {
  const keys = relevant(body, answers);
  return Object.fromEntries(Object.entries(answers).filter(([key, value]) => keys.has(key) && isKnown(value)));
}

export function faultOf({ key, kind, fails_on: failsOn = "no", options = [], min, max, unit }, value) {
  if (kind === "yes_no") return value === failsOn ? { key, code: "no", value } : null;
  if (kind === "choice")
    return options.find((option) => option.value === value)?.fails ? { key, code: "chosen", value } : null;
  if (kind !== "measure" || !isNumber(value)) return null;
  if (isKnown(min) && value < min) return { key, code: "too_low", value, limit: min, unit };
  if (isKnown(max) && value > max) return { key, code: "too_high", value, limit: max, unit };
  return null;
}

export function judge(body, answers) {
  const keys = relevant(body, answers);
  const found = { passed: [], failed: [], unanswered: [] };
  for (const question of body.questions.filter(({ key }) => keys.has(key))) {
    const value = answers[question.key];
    const fault = faultOf(question, value);
    if (!isKnown(value) || wrong(question, value)) {
      if (isRequired(question)) found.unanswered.push(question.key);
    } else if (fault) found.failed.push(fault);
    else found.passed.push(question.key);
  }
  return found;
}

export function needsPhoto({ photo = "optional", ...question }, value) {
  return photo === "required" || (photo === "on_fail" && faultOf(question, value) !== null);
}

export function problems(body, answers, photos) {
  const keys = relevant(body, answers);
  const found = [];
  for (const question of body.questions.filter(({ key }) => keys.has(key))) {
    const value = answers[question.key];
    let code = isRequired(question) ? "missing" : null;
    if (isKnown(value)) code = wrong(question, value);
    if (!code && needsPhoto(question, value) && !photos.includes(question.key)) code = "photo_missing";
    if (code) found.push({ key: question.key, code });
  }
  return found;
}

function wrong({ kind, options = [] }, value) {
  if (kind === "yes_no") return YES_NO.includes(value) ? null : "not_an_option";
  if (kind === "choice") return options.some((option) => option.value === value) ? null : "not_an_option";
  if (kind === "measure") return isNumber(value) ? null : "not_a_number";
  if (typeof value !== "string") return "not_a_text";
  return [...value].length > TEXT_LIMIT ? "too_long" : null;
}
