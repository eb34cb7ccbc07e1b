// Signing with a finger, or by typing one's name. Strokes are lists of [x, y] in thousandths of the field's width.
//
//   signatureField(value, onchange) -> element;  value: strokes, or {name}

import { h } from "../../../gis_core/js/map/dom.js";
import { t } from "../../../gis_core/js/offline/words.js";
import { withPoint } from "./strokes.js";

const WIDTH = 1000;
const HEIGHT = 400;

export function signatureField(value, onchange) {
  let strokes = Array.isArray(value) ? value : [];
  let isDrawing = false;
  const canvas = h("canvas", { className: "inspect-signature", width: WIDTH, height: HEIGHT, role: "img" });
  canvas.setAttribute("aria-label", t("sign_draw"));
  const name = h("input", { type: "text", id: "sign-name", autocomplete: "name", maxLength: 60 });
  name.value = Array.isArray(value) ? "" : (value?.name ?? "");
  const tell = () => onchange(strokes.length ? strokes : name.value.trim() ? { name: name.value.trim() } : []);
  const at = ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect();
    const scaled = (offset, most) => Math.min(most, Math.max(0, Math.round((offset / box.width) * WIDTH)));
    return [scaled(clientX - box.left, WIDTH), scaled(clientY - box.top, HEIGHT)];
  };
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    isDrawing = true;
    strokes = withPoint([...strokes, []], at(event));
    draw(canvas, strokes);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!isDrawing) return;
    strokes = withPoint(strokes, at(event));
    draw(canvas, strokes);
  });
  const stop = () => {
    if (!isDrawing) return;
    isDrawing = false;
    strokes = strokes.filter((stroke) => stroke.length);
    tell();
  };
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, stop);
  name.addEventListener("input", tell);
  const clear = () => {
    strokes = [];
    draw(canvas, strokes);
    tell();
  };
  draw(canvas, strokes);
  return h(
    "section",
    { className: "inspect-question" },
    h("h3", {}, t("sign")),
    h("p", { className: "inspect-hint" }, t("sign_draw")),
    canvas,
    h("button", { type: "button", className: "button small", onclick: clear }, t("sign_clear")),
    h("label", { for: "sign-name" }, t("sign_type")),
    name,
  );
}

function draw(canvas, strokes) {
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, WIDTH, HEIGHT);
  Object.assign(context, { lineWidth: 7, lineCap: "round", lineJoin: "round", strokeStyle: "#1e2124" });
  for (const stroke of strokes) {
    context.beginPath();
    for (const [x, y] of stroke) context.lineTo(x, y);
    // A dot is a line of no length.
    if (stroke.length === 1) context.lineTo(stroke[0][0] + 0.1, stroke[0][1]);
    context.stroke();
  }
}
