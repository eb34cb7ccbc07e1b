// Plain words for what happens to records. The texts come with the page (gis_core/offline/words.py).
//
//   t(key, values), stateText(record) -> {text, tone, details: [text]};  ageText(milliseconds);  sizeText(bytes)
//   summaryText(summary);  sendText(reason)

import { number, t } from "../map/text.js";

export { t };

const TONES = {
  draft: "",
  queued: "wait",
  sending: "wait",
  waiting: "wait",
  done: "good",
  rejected: "bad",
  conflict: "bad",
};

export function stateText(record) {
  const details = (record.problems ?? []).map(problemText);
  if (record.state === "queued" && record.tell?.message)
    details.push(t("server_said", { message: record.tell.message }));
  return { text: t(`state_${record.state}`), tone: TONES[record.state], details };
}

function problemText({ message, reason }) {
  if (message) return message;
  const key = `file_${reason}`;
  const text = t(key);
  return text === key ? t("file_damaged", { reason: reason ?? "" }) : text;
}

export function ageText(milliseconds) {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return t("age_now");
  if (minutes < 60) return t("age_minutes", { count: minutes });
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? t("age_hours", { count: hours }) : t("age_days", { count: Math.floor(hours / 24) });
}

export function sizeText(bytes) {
  const megabytes = bytes / 1_000_000;
  return megabytes < 0.1 ? t("size_small") : t("size_mb", { size: number(Math.round(megabytes * 10) / 10) });
}

export function summaryText({ unsent, counts, age, bytes }) {
  if (unsent === 0) return t("all_sent");
  const refused = counts.rejected + counts.conflict;
  const texts = [t("unsent", { count: unsent, age: ageText(age) })];
  if (bytes) texts.push(t("unsent_photos", { size: sizeText(bytes) }));
  if (refused) texts.push(t("need_you", { count: refused }));
  return texts.join(" ");
}

export const sendText = (reason) => t(`send_${reason}`);
