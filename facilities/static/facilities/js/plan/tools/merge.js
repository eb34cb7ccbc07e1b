import { t } from "../../../../gis_core/js/map/text.js";
import { counted } from "../words.js";
import { Tool } from "./tool.js";

/** Join rooms: click them one after another, then finish. The first one keeps its name and its key. */
export class MergeTool extends Tool {
  begin() {
    const rooms = this.editor.selection.filter(({ kind }) => kind === "units");
    this.editor.select(rooms);
  }

  bar() {
    const { selection, state } = this.editor;
    const first = selection[0] && state.get("units", selection[0].key);
    const into = first ? counted("merge_into", selection.length, { name: this.editor.words.roomName(first) }) : "";
    const finish = { name: "finish", label: t("tool_merge"), run: () => this.enter(), primary: true };
    return { hint: t("hint_merge"), measure: into, actions: selection.length > 1 ? [finish] : [] };
  }

  tap(place) {
    const { editor } = this;
    const room = editor.state.roomAt(editor.level, place);
    if (!room) return;
    const rest = editor.selection.filter(({ key }) => key !== room.key);
    const isNew = rest.length === editor.selection.length;
    editor.select(isNew ? [...rest, { kind: "units", key: room.key }] : rest);
    editor.events.emit("bar");
  }

  enter() {
    merge(this.editor);
  }

  escape() {
    if (!this.editor.selection.length) return false;
    this.editor.select([]);
    return true;
  }
}

/** Join the selected rooms into the first one selected. */
export function merge(editor) {
  const units = editor.selection.filter(({ kind }) => kind === "units").map(({ key }) => key);
  if (units.length < 2) return;
  const [into] = units;
  editor.edit([{ op: "merge", units, into }], {
    name: t("tool_merge"),
    done: () => editor.select([{ kind: "units", key: into }]),
  });
}
