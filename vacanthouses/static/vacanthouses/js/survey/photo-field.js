// One photo of a visit: taken with the phone's camera, shown, taken again.

import { h } from "../../../gis_core/js/map/dom.js";
import { prepare } from "../../../gis_core/js/offline/photos.js";
import { t } from "../../../gis_core/js/offline/words.js";
import { inLanguage } from "./fields.js";
import { addPhoto, hasPhoto, removePhoto } from "./visit.js";

export function photoField(asked, visit, { fix, onchange, onmaking }) {
  const { id } = asked;
  const input = h("input", {
    type: "file",
    accept: "image/*",
    capture: "environment",
    className: "sr-only",
    id: `p-${id}`,
  });
  const shown = h("div", { className: "survey-photo" });
  const told = h("p", { className: "survey-hint", role: "status" });
  const label = h("label", { className: "button survey-shutter", for: input.id });
  const title = inLanguage(asked.title);
  const name = h(
    "p",
    { className: "survey-photo-title" },
    title,
    asked.required ? h("span", { className: "survey-required" }, t("required")) : null,
  );
  const field = h("div", { className: "survey-question", "data-question": id }, name, shown, input, label, told);
  const draw = () => {
    const file = visit.files.get(id);
    shown.replaceChildren();
    const isThere = hasPhoto(visit, id);
    label.textContent = t(isThere ? "photo_again" : "photo_take", { title });
    if (!isThere) return;
    if (file?.bytes) {
      const src = URL.createObjectURL(new Blob([file.bytes], { type: file.type || "image/jpeg" }));
      shown.append(h("img", { src, alt: title, onload: () => URL.revokeObjectURL(src) }));
    } else shown.append(h("p", {}, t("photo_sent")));
    shown.append(h("button", { type: "button", className: "button", onclick: drop }, t("photo_remove")));
  };
  const drop = () => {
    removePhoto(visit, id);
    draw();
    onchange();
  };
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    told.textContent = t("photo_wait");
    onmaking(1);
    try {
      const made = await prepare(file);
      addPhoto(visit, id, made, fix.shutter());
      told.textContent = made.isOriginal ? t("photo_original") : "";
      draw();
      await onchange();
    } catch (error) {
      told.textContent = t(error.code ?? "photo_not_read");
    } finally {
      onmaking(-1);
    }
    input.value = "";
  });
  draw();
  return field;
}
