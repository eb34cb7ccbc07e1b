// Keeping a visit while it is entered, so that nothing typed is lost when the phone dies or is full.
//
//   const store = keeper(visit, queue)
//   store.element    tells what could not be stored, and what can be done about it
//   store.keep()     the draft as it is now;  store.save() -> whether the visit is saved for sending

import { h } from "../../../gis_core/js/map/dom.js";
import { isFull } from "../../../gis_core/js/offline/room.js";
import { t } from "../../../gis_core/js/offline/words.js";
import { fullView } from "./full-view.js";
import { filesOf, noteKept, withoutNew } from "./visit.js";

export function keeper(visit, queue) {
  const element = h("div", { className: "survey-problems", role: "alert" });
  // A draft that came after the record would lie over it: the last draft is waited for, and none follows.
  let isSaved = false;
  let drafting = Promise.resolve();
  const put = (object, files, options) => queue.save("visits", visit.uuid, object, files, options);
  const tell = (error) => {
    if (!isFull(error)) element.replaceChildren(h("p", {}, t("save_failed")));
    else if (!element.querySelector(".survey-full")) element.replaceChildren(fullView(queue, keep));
  };
  const draft = async () => {
    if (isSaved) return;
    try {
      await put(visit.object, filesOf(visit), { draft: true });
      noteKept(visit);
      element.replaceChildren();
    } catch (error) {
      tell(error);
      // The words are small: they are kept even where a photo has no room.
      const { object, files } = withoutNew(visit);
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
      await put(visit.object, filesOf(visit));
    } catch (error) {
      isSaved = false;
      tell(error);
    }
    return isSaved;
  };
  return { element, keep, save };
}
