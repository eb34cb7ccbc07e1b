// Reading a label with the camera inside the app, where the browser can (BarcodeDetector). Where it cannot, the phone's
// own camera opens the label's address, which leads here too.

import { h } from "../../../gis_core/js/map/dom.js";
import { t } from "../../../gis_core/js/offline/words.js";
import { labelOf } from "./due.js";

const EVERY = 250;

export async function canScan(detector = globalThis.BarcodeDetector, media = navigator.mediaDevices) {
  if (!detector || !media?.getUserMedia) return false;
  const formats = await detector.getSupportedFormats().catch(() => []);
  return formats.includes("qr_code");
}

/** {element, stop}. `onlabel(token)` once a label of ours was read; `onback()`. */
export function scanView({ onlabel, onback }) {
  const video = h("video", { className: "inspect-camera", playsInline: true, muted: true });
  const told = h("p", { role: "status" }, t("scan_wait"));
  let stream = null;
  let isOver = false;
  const stop = () => {
    isOver = true;
    for (const track of stream?.getTracks() ?? []) track.stop();
  };
  const look = async (detector) => {
    if (isOver) return;
    const codes = video.readyState >= 2 ? await detector.detect(video).catch(() => []) : [];
    const token = codes.map(({ rawValue }) => labelOf(rawValue)).find(Boolean);
    if (token && !isOver) {
      stop();
      onlabel(token);
      return;
    }
    if (codes.length) told.textContent = t("scan_other");
    setTimeout(() => look(detector), EVERY);
  };
  const begin = async () => {
    if (!(await canScan())) {
      told.textContent = t("scan_none");
      return;
    }
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      told.textContent = t("scan_denied");
      return;
    }
    if (isOver) return stop();
    video.srcObject = stream;
    await video.play();
    look(new globalThis.BarcodeDetector({ formats: ["qr_code"] }));
  };
  begin();
  const element = h(
    "div",
    { className: "inspect-screen" },
    h("button", { type: "button", className: "button small inspect-back", onclick: onback }, t("back")),
    h("h2", {}, t("scan")),
    told,
    video,
  );
  return { element, stop };
}
