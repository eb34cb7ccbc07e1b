// The checklist of one inspection. A draft is kept at every change, so that nothing typed is lost when the phone dies.

import { debounce, h } from "../../../gis_core/js/map/dom.js";
import { number } from "../../../gis_core/js/map/text.js";
import { t } from "../../../gis_core/js/offline/words.js";
import { keeper } from "./drafting.js";
import { inLanguage, numeric, question } from "./fields.js";
import { photosOf } from "./inspection.js";
import { faultOf, isKnown, needsPhoto, problems, relevant } from "./logic.js";
import { photoField } from "./photo-field.js";
import { signatureField } from "./signature.js";

const QUIET = 400;

/** `contents`: what lies there, in words; `onsave()` after it is saved for sending; `onback()` otherwise. */
export function formView(made, { queue, fix, contents, onsave, onback }) {
  const { object, edition } = made;
  const told = h("div", { className: "inspect-problems", role: "alert" });
  const store = keeper(made, queue);
  const later = debounce(store.keep, QUIET);
  let making = 0;
  const parts = edition.body.questions.map((asked) => part(asked, made, { fix, changed, keep, onmaking }));
  const form = h("div", { className: "inspect-form" }, ...parts.map(({ element }) => element));
  const save = h("button", { type: "button", className: "button primary inspect-save" }, t("save_inspection"));

  function changed() {
    reveal();
    later();
  }
  function keep() {
    reveal();
    return store.keep();
  }
  // A photo still being made smaller belongs to the inspection: it is waited for.
  function onmaking(change) {
    making += change;
    save.disabled = making > 0;
  }
  function reveal() {
    const keys = relevant(edition.body, object.answers);
    for (const each of parts) each.show(keys.has(each.key));
  }
  save.addEventListener("click", async () => {
    const found = missing(made);
    told.replaceChildren(...found.map(({ key, text }) => problemLink(form, key, text)));
    if (found.length) return told.scrollIntoView({ block: "start" });
    object.fix ??= fix.current();
    if (await store.save()) onsave();
  });
  reveal();
  return h(
    "div",
    { className: "inspect-screen" },
    h("button", { type: "button", className: "button small inspect-back", onclick: onback }, t("back")),
    h("h2", {}, object.title),
    contents ? h("p", { className: "inspect-hint" }, contents) : null,
    told,
    store.element,
    form,
    noteField(object, changed),
    signatureField(object.signature, (value) => {
      object.signature = value;
      changed();
    }),
    save,
  );
}

/** One question with what belongs to it: that it fails, a photo, and how many units. */
function part(asked, made, { fix, changed, keep, onmaking }) {
  const { object } = made;
  const verdict = h("p", { className: "inspect-verdict", role: "status" });
  const photo = asked.photo === "never" ? null : photoField(asked, made, { fix, onchange: keep, onmaking });
  const units = asked.blocks && object.item_class !== null ? unitsField(asked, object, changed) : null;
  const field = question(asked, object.answers[asked.key], (key, value) => {
    if (isKnown(value)) object.answers[key] = value;
    else delete object.answers[key];
    changed();
  });
  field.append(...[verdict, photo, units].filter(Boolean));
  const show = (isShown) => {
    const value = object.answers[asked.key];
    const fault = faultOf(asked, value);
    const needs = needsPhoto(asked, value);
    field.hidden = !isShown;
    field.dataset.fails = fault ? "yes" : "no";
    verdict.textContent = [fault ? faultText(fault) : "", needs ? t("photo_needed") : ""].filter(Boolean).join(" ");
    verdict.hidden = !verdict.textContent;
    if (photo) photo.hidden = asked.photo === "on_fail" && !fault;
    if (units) units.hidden = !fault;
  };
  return { key: asked.key, element: field, show };
}

function faultText({ code, limit, unit }) {
  const word = { too_low: "below", too_high: "above" }[code];
  return word ? t(word, { limit: number(limit), unit }) : t("fails");
}

function unitsField({ key }, object, changed) {
  const input = h("input", { type: "text", inputmode: "numeric", id: `u-${key}` });
  input.value = object.units[key] ?? "";
  input.addEventListener("input", () => {
    const value = numeric(input.value);
    if (value === null) delete object.units[key];
    else object.units[key] = value;
    changed();
  });
  return h(
    "div",
    { className: "inspect-units" },
    h("label", { for: input.id }, t("units")),
    input,
    h("p", { className: "inspect-hint" }, t("units_all")),
  );
}

function noteField(object, changed) {
  const input = h("textarea", { rows: 2, id: "f-note", maxLength: 5000 });
  input.value = object.note;
  input.addEventListener("input", () => {
    object.note = input.value.trim();
    changed();
  });
  return h("div", { className: "inspect-question" }, h("label", { for: "f-note" }, t("note")), input);
}

/** What must still be done before the inspection can be saved for sending, in words. */
export function missing(made) {
  const { object, edition } = made;
  const titles = new Map(edition.body.questions.map((asked) => [asked.key, inLanguage(asked.title)]));
  const found = problems(edition.body, object.answers, photosOf(made));
  const wrong = Object.entries(object.units).filter(([, value]) => !Number.isInteger(value) || value < 1);
  const all = [...found, ...wrong.map(([key]) => ({ key, code: "units" }))];
  return all.map(({ key, code }) => ({ key, text: t(`problem_${code}`, { question: titles.get(key) }) }));
}

function problemLink(form, key, text) {
  const go = () => {
    const element = form.querySelector(`[data-question="${key}"]`);
    element?.scrollIntoView({ block: "center" });
    element?.querySelector("input, textarea")?.focus();
  };
  return h("button", { type: "button", className: "inspect-problem", onclick: go }, text);
}
