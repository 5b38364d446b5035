// One message as an article: its words, files, buttons and state. Changed in place part by part, so that screen readers
// hear what is new only, and the focus stays.

import { h, icon, openDialog } from "./dom.js";
import { ANSWER, ANSWER_THIS, ASSISTANT, DOWNLOAD, NOT_SENT, RESEND, SENDING, SHARE_PHONE, fileSize, gone, inVietnam, pictureLabel } from "./wording.js";

const TAGS = { bold: "strong", italic: "em", code: "code" };
const LINKED = /(https?:\/\/[^\s«»<>"]+[^\s«»<>".,;:!?)]|(?<![\p{L}\p{N}/])\/[a-z]+(?![\p{L}\p{N}/]))/u;

/**
 * An empty article for `drawMessage`. `actions` are what its parts may ask for:
 * {tap(entry, command), resend(id), sharePhone(), command(text), answer(entry)}.
 */
export const newMessage = () => h("article", { class: "message", tabindex: "-1" });

/**
 * Brings `article` to what `entry` says. `busy` is the command of a tapped button that waits for its outcome, `commands` the
 * set of commands that may be followed from the words. The focus stays on a button whose command is still there, else goes
 * to the message.
 */
export function drawMessage(article, entry, { busy, commands, actions }) {
  const holdsFocus = article !== document.activeElement && article.contains(document.activeElement);
  const command = holdsFocus ? document.activeElement.dataset.command : undefined;

  article.dataset.testid = `entry-${entry.id || entry.client_id}`;
  article.dataset.own = entry.own;
  article.dataset.state = entry.state ?? "";
  // What a part is drawn from; a part is drawn anew only where that changed.
  const parts = [
    ["bubble", entry.paragraphs.length ? [entry.paragraphs, entry.own, [...commands]] : entry.own ? [] : null, () => bubble(entry, commands, actions)],
    ["files", entry.files.length ? entry.files : null, () => h("div", { class: "files" }, entry.files.map(fileOf))],
    ["failure", entry.state === "failed" ? [entry.error ?? "", entry.isLost] : null, () => failure(entry, actions)],
    ["buttons", entry.buttons.length || entry.asks_phone ? [entry.buttons, entry.asks_phone] : null, () => buttons(article, actions)],
  ];
  article.entry = entry;
  article.drawn ??= {};
  let before = null;
  for (const [name, source, make] of parts) {
    const key = source && JSON.stringify(source);
    const old = article.drawn[name];
    if (old?.key !== key) {
      const node = key ? make() : null;
      if (old?.node && node) old.node.replaceWith(node);
      else if (old?.node) old.node.remove();
      else if (node) before ? before.after(node) : article.prepend(node);
      article.drawn[name] = { key, node };
    }
    before = article.drawn[name].node ?? before;
  }
  const [time, sending] = ["time", ".sending"].map((one) => article.querySelector(one));
  if (time) {
    setText(time, inVietnam(entry.at).time);
    time.dateTime = entry.at;
    sending.hidden = entry.state !== "sending";
    setText(sending, entry.progress === undefined ? SENDING : gone(entry.progress));
  }
  for (const button of article.querySelectorAll("[data-command]")) {
    const isBusy = button.dataset.command === busy;
    button.setAttribute("aria-busy", isBusy);
    button.setAttribute("aria-disabled", busy !== undefined);
  }

  if (holdsFocus && !article.contains(document.activeElement)) {
    const again = command !== undefined && article.querySelector(`[data-command="${CSS.escape(command)}"]`);
    (again || article).focus({ preventScroll: true });
  }
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function bubble(entry, commands, actions) {
  return h(
    "div",
    // Files without a word have the time below them.
    { class: entry.paragraphs.length ? "bubble" : "bubble bare" },
    h("span", { class: "sr-only" }, entry.own ? "Anh/chị: " : `${ASSISTANT}: `),
    grouped(entry.paragraphs).map((group) =>
      group.quote
        ? h("blockquote", {}, group.paragraphs.map((one) => paragraphOf(one, commands, actions)))
        : group.paragraphs.map((one) => paragraphOf(one, commands, actions)),
    ),
    h("p", { class: "meta" }, entry.own ? null : answerButton(entry, actions), h("span", { class: "sending" }, SENDING), h("time")),
  );
}

const answerButton = (entry, actions) =>
  h("button", { type: "button", class: "answer", "data-testid": "answer", title: ANSWER_THIS, "aria-label": ANSWER_THIS, onclick: () => actions.answer(entry) }, ANSWER);

/** Runs of paragraphs that are quotes, or are not: a quote of several paragraphs is one. */
function grouped(paragraphs) {
  const groups = [];
  for (const one of paragraphs) {
    if (groups.at(-1)?.quote === one.quote) groups.at(-1).paragraphs.push(one);
    else groups.push({ quote: one.quote, paragraphs: [one] });
  }
  return groups;
}

function paragraphOf(paragraph, commands, actions) {
  const text = paragraph.spans.map((span) => span.text).join("");
  if (!text.trim()) return h("p", { class: "gap" });
  // A list is written with marks, not markup; its lines hang.
  const kind = /^[-•–]\s/.test(text) ? "item" : /^\d{1,2}[.)]\s/.test(text) ? "item numbered" : null;
  return h("p", { class: kind }, paragraph.spans.map((span) => spanOf(span, commands, actions)));
}

function spanOf({ text, style }, commands, actions) {
  const parts = style === "code" ? [text] : linked(text, commands, actions);
  return TAGS[style] ? h(TAGS[style], {}, parts) : parts;
}

/** Addresses become links; a command of the person's menu can be tapped, as on Telegram. */
function linked(text, commands, actions) {
  return text.split(LINKED).map((part, index) => {
    if (index % 2 === 0) return part;
    if (part.startsWith("http")) return h("a", { href: part, target: "_blank", rel: "noopener" }, part);
    return commands.has(part) ? h("button", { type: "button", class: "inline-command", onclick: () => actions.command(part) }, part) : part;
  });
}

function buttons(article, actions) {
  const { buttons: rows, asks_phone: asksPhone } = article.entry;
  return h(
    "div",
    { class: "buttons" },
    rows.map((row) =>
      h(
        "div",
        { class: "button-row" },
        row.map(({ label, command }) => {
          const tap = () => actions.tap(article.entry, command);
          return h("button", { type: "button", class: "pill", "data-testid": "action", "data-command": command, onclick: tap }, h("span", {}, label));
        }),
      ),
    ),
    asksPhone &&
      h(
        "div",
        { class: "button-row" },
        h("button", { type: "button", class: "pill filled", "data-testid": "share-phone", onclick: actions.sharePhone }, icon("phone"), h("span", {}, SHARE_PHONE)),
      ),
  );
}

function failure(entry, actions) {
  return h(
    "p",
    { class: "failure", role: "alert" },
    `${entry.error ? `${NOT_SENT}: ${entry.error}` : NOT_SENT}${entry.isLost ? "" : " – "}`,
    !entry.isLost && h("button", { type: "button", "data-testid": "resend", onclick: () => actions.resend(entry.client_id) }, RESEND),
  );
}

function fileOf(file) {
  if (file.picture) {
    const open = () => openPicture(file);
    return h("button", { type: "button", class: "picture", "data-testid": "picture", "aria-label": pictureLabel(file.name), onclick: open }, h("img", { src: file.url, alt: file.name }));
  }
  const ending = file.name.includes(".") ? file.name.split(".").at(-1).slice(0, 4).toUpperCase() : "";
  // What one has sent oneself is named, and not handed out again.
  const link = file.url ? { href: file.url, download: file.name } : {};
  return h(
    file.url ? "a" : "div",
    { class: "file", ...link, "data-testid": "file" },
    h("span", { class: "file-icon", "data-kind": ending.toLowerCase(), "data-ending": ending, "aria-hidden": "true" }, !ending && icon("file")),
    file.url && h("span", { class: "sr-only" }, `${DOWNLOAD} `),
    h("span", { class: "file-text" }, h("span", { class: "file-name" }, file.name), h("span", { class: "file-size" }, fileSize(file.size))),
    file.url && icon("download"),
  );
}

function openPicture(file) {
  const dialog = openDialog("dialog-picture");
  dialog.querySelector("[data-name]").textContent = file.name;
  const image = dialog.querySelector("img");
  image.src = file.url;
  image.alt = file.name;
  const link = dialog.querySelector("[data-download]");
  link.href = file.url;
  link.download = file.name;
}
