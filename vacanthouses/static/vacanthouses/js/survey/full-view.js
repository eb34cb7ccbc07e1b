// What a person can do when the phone is full. `again()` tries to store once more and clears this when it worked.

import { h } from "../../../gis_core/js/map/dom.js";
import { dropMap, sendForRoom } from "../../../gis_core/js/offline/room.js";
import { sendText, t } from "../../../gis_core/js/offline/words.js";

export function fullView(queue, again) {
  const told = h("p", { role: "status" });
  const button = (key, make) => {
    const made = h("button", { type: "button", className: "button" }, t(key));
    made.addEventListener("click", async () => {
      made.disabled = true;
      told.textContent = t("room_wait");
      told.textContent = await make();
      made.disabled = false;
      await again();
    });
    return made;
  };
  return h(
    "div",
    { className: "survey-full" },
    h("p", {}, t("save_full")),
    h(
      "div",
      { className: "survey-pair" },
      button("room_send", async () => sendText((await sendForRoom(queue)).reason)),
      button("room_map", async () => t((await dropMap(queue)) ? "room_map_done" : "room_map_none")),
    ),
    told,
  );
}
