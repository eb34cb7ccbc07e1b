// Keeping an inspection while it is entered, so that nothing typed is lost when the phone dies or is full.
//
//   const store = keeper(made, queue)
//   store.element    tells what could not be stored, and what can be done about it
//   store.keep()     the draft as it is now;  store.save() -> whether the inspection is saved for sending

import { h } from "../../../gis_core/js/map/dom.js";
import { isFull, sendForRoom } from "../../../gis_core/js/offline/room.js";
import { sendText, t } from "../../../gis_core/js/offline/words.js";
import { settled, withoutNew } from "./entered.js";
import { filesOf, KIND } from "./inspection.js";

export function keeper(made, queue) {
  const element = h("div", { className: "inspect-problems", role: "alert" });
  // A draft that came after the record would lie over it: the last draft is waited for, and none follows.
  let isSaved = false;
  let drafting = Promise.resolve();
  const put = (object, files, options) => queue.save(KIND, made.uuid, object, files, options);
  const tell = (error) => {
    if (!isFull(error)) element.replaceChildren(h("p", {}, t("save_failed")));
    else if (!element.querySelector("button")) element.replaceChildren(...fullView(queue, keep));
  };
  const draft = async () => {
    if (isSaved) return;
    try {
      await put(made.object, filesOf(made), { draft: true });
      for (const { sha256 } of filesOf(made)) made.kept.add(sha256);
      element.replaceChildren();
    } catch (error) {
      tell(error);
      // The words are small: they are kept even where a photo has no room.
      const { object, files } = withoutNew(made);
      if (isFull(error)) await put(object, files, { draft: true }).catch(() => {});
    }
  };
  const keep = () => {
    drafting = drafting.then(draft);
    return drafting;
  };
  const save = async () => {
    isSaved = true;
    try {
      await drafting;
      await put(settled(made), filesOf(made));
    } catch (error) {
      isSaved = false;
      tell(error);
    }
    return isSaved;
  };
  return { element, keep, save };
}

/** What a person can do when the phone is full. */
function fullView(queue, again) {
  const told = h("p", { role: "status" });
  const button = h("button", { type: "button", className: "button" }, t("room_send"));
  button.addEventListener("click", async () => {
    button.disabled = true;
    told.textContent = t("room_wait");
    told.textContent = sendText((await sendForRoom(queue)).reason);
    button.disabled = false;
    await again();
  });
  return [h("p", {}, t("save_full")), button, told];
}
