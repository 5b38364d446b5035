// The conversation of the person shown: messages in order, days between them, and where the reader stands in it.

import { byId, h, icon } from "./dom.js";
import { drawMessage, newMessage } from "./message.js";
import { avatar } from "./people.js";
import { LEAD, NEW_TAB, TRY_ASKING, UNREAD, inVietnam, longDay, openElsewhere, roleAndAgency } from "./wording.js";

const NEAR_BOTTOM = 72; // pixels; about a message's own margin and buttons
const TOGETHER_MS = 5 * 60_000; // messages of one side within this stand close together

/** The transcript; `actions` are a message's, with {example(text)}. Returns {show, update, drawHead, followDown}. */
export function createTranscript(actions) {
  const [scroller, log, welcome, typing, newer] = ["scroller", "log", "welcome", "typing", "newer"].map(byId);
  const column = log.parentElement;
  let person = null;
  let nodes = new Map();
  let isAtBottom = true;
  let firstUnread = null; // the message above which «Tin chưa đọc» stands
  let quietTimer = 0;

  let lastTop = 0;

  const toBottom = () => (scroller.scrollTop = scroller.scrollHeight);
  scroller.addEventListener("scroll", () => {
    const isNear = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_BOTTOM;
    // Only a way up leaves the foot: a picture that arrives puts the foot further down before this is told.
    if (isNear || scroller.scrollTop < lastTop) isAtBottom = isNear;
    lastTop = scroller.scrollTop;
    if (isAtBottom) newer.hidden = true;
  });
  // Whatever makes it taller or the window lower – messages, a picture that arrives, a phone's keyboard – the foot stays in view.
  const observer = new ResizeObserver(() => isAtBottom && toBottom());
  observer.observe(column);
  observer.observe(scroller);
  newer.addEventListener("click", () => {
    isAtBottom = true;
    newer.hidden = true;
    toBottom();
    scroller.focus({ preventScroll: true });
  });

  /** Shows another person's conversation from the foot, or from the first unread message where that lies higher. */
  function show(next, unread) {
    person = next;
    nodes = new Map();
    log.replaceChildren();
    firstUnread = ordered(person).find((entry) => unread.has(entry.id))?.id ?? null;
    newer.hidden = true;
    draw({ isQuiet: true });
    isAtBottom = true;
    toBottom();
    const divider = log.querySelector(".unread");
    if (divider && divider.offsetTop < scroller.scrollTop) {
      isAtBottom = false;
      scroller.scrollTop = divider.offsetTop - 12;
    }
  }

  /** The person shown changed: new or other messages, waiting or no longer. `isQuiet`: nothing of it is news to a reader. */
  function update({ isQuiet = false, hasNews = false } = {}) {
    const wasAtBottom = isAtBottom;
    const news = draw({ isQuiet });
    if (!wasAtBottom) return void (hasNews && (newer.hidden = false));
    toBottom();
    // What is taller than the window is read from its beginning.
    if (hasNews && news && news.offsetTop - 12 < scroller.scrollTop) {
      isAtBottom = false;
      scroller.scrollTop = news.offsetTop - 12;
    }
  }

  /** Draws it all; returns the first message of the assistant that is new. */
  function draw({ isQuiet }) {
    log.setAttribute("aria-live", isQuiet ? "off" : "polite");
    clearTimeout(quietTimer);
    if (isQuiet) quietTimer = setTimeout(() => log.setAttribute("aria-live", "polite"), 500);
    const commands = new Set(person.menu.map((one) => one.command));
    const wanted = [];
    const kept = new Map();
    const keep = (key, make) => {
      const node = nodes.get(key) ?? make();
      kept.set(key, node);
      wanted.push(node);
      return node;
    };
    let before = null;
    let news = null;
    for (const entry of [...ordered(person), ...person.outbox]) {
      const { day } = inVietnam(entry.at);
      const isNewDay = !before || inVietnam(before.at).day !== day;
      if (isNewDay) keep(`day ${day}`, () => h("p", { class: "day" }, h("time", { datetime: day }, longDay(entry.at))));
      const isFirstUnread = firstUnread !== null && entry.id === firstUnread;
      if (isFirstUnread) keep("unread", () => h("p", { class: "unread" }, UNREAD));
      // A message keeps its node from «đang gửi» to the stored entry: nothing flickers, nothing is said twice.
      const key = entry.client_id ? `own ${entry.client_id}` : entry.id;
      const isArriving = !isQuiet && !nodes.has(key);
      const node = keep(key, newMessage);
      drawMessage(node, entry, { busy: person.taps.get(entry.id)?.command, commands, actions });
      const follows = !isNewDay && !isFirstUnread && before.own === entry.own && Date.parse(entry.at) - Date.parse(before.at) < TOGETHER_MS;
      node.classList.toggle("follows", follows);
      if (isArriving) node.classList.add("arriving");
      if (isArriving && !entry.own) news ??= node;
      before = entry;
    }
    place(wanted);
    nodes = kept;
    typing.hidden = !person.waiting;
    drawWelcome(!before);
    return news;
  }

  function place(wanted) {
    const stays = new Set(wanted);
    for (const node of [...log.children]) {
      if (stays.has(node)) continue;
      if (node.contains(document.activeElement)) scroller.focus({ preventScroll: true });
      node.remove();
    }
    let cursor = log.firstChild;
    for (const node of wanted) {
      if (node === cursor) cursor = cursor.nextSibling;
      else log.insertBefore(node, cursor);
    }
  }

  function drawWelcome(isEmpty) {
    const source = isEmpty && !person.waiting ? JSON.stringify([person.name, person.role, person.role_name, person.agency, person.examples]) : "";
    if (welcome.drawn === source) return;
    welcome.drawn = source;
    welcome.hidden = !source;
    if (!source) return welcome.replaceChildren();
    const chip = (text) => h("button", { type: "button", class: "chip", "data-testid": "example", onclick: () => actions.example(text) }, text);
    welcome.replaceChildren(
      avatar(person),
      h("h3", {}, person.name),
      h("p", { class: "welcome-role" }, roleAndAgency(person)),
      h("p", { class: "welcome-lead" }, LEAD[person.role] ?? LEAD.official),
      ...(person.examples.length ? [h("p", { class: "welcome-try" }, TRY_ASKING), h("div", { class: "chips" }, person.examples.map(chip))] : []),
    );
  }

  /** The line above: who is talking, and the way to another browser tab. */
  function drawHead(one) {
    const head = byId("panel-head");
    const source = JSON.stringify([one.key, one.name, one.role_name, one.agency]);
    if (head.drawn === source) return;
    head.drawn = source;
    head.replaceChildren(
      avatar(one),
      h("div", { class: "panel-who" }, h("p", { class: "panel-name" }, one.name), h("p", { class: "panel-role" }, roleAndAgency(one))),
      h("a", { class: "panel-link", href: `/#${one.key}`, target: "_blank", rel: "noopener", "aria-label": openElsewhere(one.name) }, icon("tab"), h("span", {}, NEW_TAB)),
    );
  }

  /** What is sent now is seen: the next drawing goes to the foot. */
  function followDown() {
    isAtBottom = true;
    newer.hidden = true;
    firstUnread = null;
  }

  return { show, update, drawHead, followDown };
}

const ordered = (person) => [...person.entries.values()].sort((a, b) => a.order - b.order || compareIds(a.id, b.id));

// «o9» before «o12»: ids count up.
const compareIds = (a, b) => a.localeCompare(b, "en", { numeric: true });
