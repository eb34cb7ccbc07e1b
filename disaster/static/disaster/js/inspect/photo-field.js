// The photo of a question: taken with the phone's camera, shown, taken again.

import { h } from "../../../gis_core/js/map/dom.js";
import { prepare } from "../../../gis_core/js/offline/photos.js";
import { t } from "../../../gis_core/js/offline/words.js";
import { inLanguage } from "./fields.js";
import { addPhoto, hasPhoto, removePhoto } from "./inspection.js";

/** `onmaking(+1 | -1)`: a photo is being made smaller, and is done. */
export function photoField(asked, made, { fix, onchange, onmaking }) {
  const { key } = asked;
  const input = h("input", {
    type: "file",
    accept: "image/*",
    capture: "environment",
    className: "sr-only",
    id: `p-${key}`,
  });
  const shown = h("div", { className: "inspect-photo" });
  const told = h("p", { className: "inspect-hint", role: "status" });
  const label = h("label", { className: "button small", for: input.id });
  const title = inLanguage(asked.title);
  const draw = () => {
    const file = made.files.get(key);
    const isThere = hasPhoto(made, key);
    label.textContent = t(isThere ? "photo_again" : "photo_take");
    shown.replaceChildren();
    if (!isThere) return;
    if (file?.bytes) {
      const src = URL.createObjectURL(new Blob([file.bytes], { type: file.type || "image/jpeg" }));
      shown.append(h("img", { src, alt: t("photo_of", { title }), onload: () => URL.revokeObjectURL(src) }));
    } else shown.append(h("p", {}, t("photo_sent")));
    shown.append(h("button", { type: "button", className: "button small", onclick: drop }, t("photo_remove")));
  };
  const drop = () => {
    removePhoto(made, key);
    draw();
    onchange();
  };
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    told.textContent = t("photo_wait");
    onmaking(1);
    try {
      const photo = await prepare(file);
      addPhoto(made, key, photo, fix.shutter());
      told.textContent = photo.isOriginal ? t("photo_original") : "";
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
  return h("div", { className: "inspect-photo-field", "data-photo": key }, shown, input, label, told);
}
