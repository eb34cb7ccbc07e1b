// The form of one visit. A draft is kept at every change, so that nothing typed is lost when the phone dies.

import { debounce, h } from "../../../gis_core/js/map/dom.js";
import { accuracyWord } from "../../../gis_core/js/offline/fix.js";
import { t } from "../../../gis_core/js/offline/words.js";
import { keeper } from "./drafting.js";
import { choices, inLanguage, question } from "./fields.js";
import { isKnown, problems, questions, relevant } from "./logic.js";
import { photoField } from "./photo-field.js";
import { OUTCOMES, slotsOf } from "./visit.js";

const QUIET = 400;

/** `round`: a new house's, where one is open; `onsave()` after the visit is saved for sending; `onback()` otherwise. */
export function formView(visit, { queue, fix, round, onsave, onback }) {
  const { object } = visit;
  const told = h("div", { className: "survey-problems", role: "alert" });
  const parts = h("div", { className: "survey-form" });
  const shown = new Map();
  const store = keeper(visit, queue);
  const later = debounce(store.keep, QUIET);
  // A photo still being made smaller belongs to the visit: it is waited for.
  let making = 0;
  const onmaking = (change) => {
    making += change;
    button.disabled = making > 0;
  };
  const changed = () => {
    reveal();
    later();
  };
  const reveal = () => {
    const ids = visit.form ? relevant(visit.form.body, object.answers, object.outcome) : new Set();
    for (const [id, element] of shown) element.hidden = !ids.has(id);
    for (const section of parts.querySelectorAll("section[data-section]"))
      section.hidden = [...section.querySelectorAll("[data-question]")].every((element) => element.hidden);
    reason.hidden = object.outcome === "surveyed";
  };
  const reason = typed("reason", t("reason"), object, changed);
  parts.append(
    ...newHouseFields(object, changed),
    choices({
      type: "radio",
      name: "outcome",
      legend: t("outcome"),
      options: OUTCOMES.map((value) => ({ value, label: t(`outcome_${value}`) })),
      chosen: [object.outcome],
      onchange: (value) => {
        object.outcome = value;
        changed();
      },
    }),
    reason,
    ...sections(visit, shown, { fix, changed, keep: store.keep, onmaking }),
    typed("note", t("note"), object, changed),
  );
  const save = async () => {
    const found = missing(visit);
    told.replaceChildren(...found.map(({ field, text }) => problemLink(parts, field, text)));
    if (found.length) return told.scrollIntoView({ block: "start" });
    object.fix ??= fix.current();
    if (await store.save()) onsave();
  };
  const button = h(
    "button",
    { type: "button", className: "button primary survey-save", onclick: save },
    t("save_visit"),
  );
  reveal();
  return h(
    "div",
    { className: "survey-screen" },
    h("button", { type: "button", className: "button small survey-back", onclick: onback }, t("back")),
    h("h2", {}, visit.house?.address ?? object.title ?? t("new_house")),
    object.new_house ? h("p", { className: "survey-hint" }, round?.name ?? t("no_round")) : null,
    told,
    store.element,
    parts,
    h("p", { className: "survey-hint", "data-position": "" }, positionText(fix)),
    button,
  );
}

function sections(visit, shown, { fix, changed, keep, onmaking }) {
  return (visit.form?.body.sections ?? []).map((section) => {
    const fields = section.questions.map((asked) => {
      const onanswer = (id, value) => {
        if (isKnown(value)) visit.object.answers[id] = value;
        else delete visit.object.answers[id];
        changed();
      };
      const field =
        asked.type === "photo"
          ? photoField(asked, visit, { fix, onchange: keep, onmaking })
          : question(asked, visit.object.answers[asked.id], onanswer);
      shown.set(asked.id, field);
      return field;
    });
    return h("section", { "data-section": "" }, h("h3", {}, inLanguage(section.title)), ...fields);
  });
}

function newHouseFields(object, changed) {
  if (!object.new_house) return [];
  const place = object.new_house;
  const where = h(
    "p",
    { className: "survey-hint" },
    t("new_place", { lat: place.lat.toFixed(5), lon: place.lon.toFixed(5) }),
  );
  return [where, typed("address", t("new_address"), place, changed), typed("pnu", t("new_pnu"), place, changed)];
}

function typed(name, label, target, changed) {
  const input = name === "pnu" ? h("input", { type: "text", inputmode: "numeric" }) : h("textarea", { rows: 2 });
  input.id = `f-${name}`;
  input.value = target[name] ?? "";
  input.addEventListener("input", () => {
    target[name] = input.value.trim() || (name === "pnu" ? null : "");
    changed();
  });
  return h("div", { className: "survey-question", "data-field": name }, h("label", { for: input.id }, label), input);
}

/** What must still be done before the visit can be saved for sending, in words. */
export function missing(visit) {
  const { object, form } = visit;
  const found = [];
  if (object.outcome !== "surveyed" && !object.reason) found.push({ field: "reason", text: t("problem_reason") });
  if (object.new_house && !object.new_house.address) found.push({ field: "address", text: t("problem_address") });
  if (!form) return found;
  const titles = new Map(questions(form.body).map((asked) => [asked.id, inLanguage(asked.title)]));
  for (const { question: id, code } of problems(form.body, object.answers, slotsOf(visit), object.outcome))
    found.push({ field: id, text: t(`problem_${code}`, { question: titles.get(id) }) });
  return found;
}

function problemLink(parts, field, text) {
  const go = () => {
    const element = parts.querySelector(`[data-question="${field}"], [data-field="${field}"]`);
    element?.scrollIntoView({ block: "center" });
    element?.querySelector("input, textarea")?.focus();
  };
  return h("button", { type: "button", className: "survey-problem", onclick: go }, text);
}

/** Where the phone believes to be, in words. */
export function positionText(fix) {
  const current = fix.current();
  const word = fix.error && !current ? `fix_${fix.error}` : accuracyWord(current?.accuracy_m);
  return t(word, { metres: Math.round(current?.accuracy_m ?? 0) });
}
