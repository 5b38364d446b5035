// The page: what is known of the people and their conversations, and what each event changes of it.

import { createClock } from "./clock.js";
import { createComposer } from "./composer.js";
import { byId, letClose, newId, openForm, toast } from "./dom.js";
import { listen, post, upload } from "./live.js";
import { createPeople } from "./people.js";
import { createTranscript } from "./transcript.js";
import { FILES_LOST, NEEDS_PHONE, NO_CONNECTION } from "./wording.js";

const TAP_PATIENCE_MS = 8000;
const TITLE = document.title;

// key → {key, name, role, role_name, agency, menu, examples, entries, outbox, waiting, unread, taps}
let people = new Map();
let shown = null;
let lastNow = 0; // the demo's instant last told, in ms
const uploads = new Map(); // client id → the files themselves, which no storage of the browser keeps
let isAcquainted = false; // whether a first state was heard

const clock = createClock(post);
const list = createPeople((key) => (location.hash = key));
const composer = createComposer((text, answered, files) => send(text, answered, files));
const transcript = createTranscript({ tap, resend, sharePhone, answer: (entry) => composer.answer(entry), command: (text) => send(text), example: (text) => send(text) });

// Which messages were seen, over a reload: per person the latest `order`. Shared by the browser's tabs, as reading is.
const seenKey = (key) => `seen:${key}`;
const seenOf = (key) => Number(localStorage.getItem(seenKey(key)) ?? lastNow / 1000);
const outboxKey = (key) => `outbox:${key}`;

function newPerson(key) {
  // What was not sent when the page was left waits for «Gửi lại», under the id it had.
  const kept = JSON.parse(sessionStorage.getItem(outboxKey(key)) ?? "[]");
  const outbox = kept.map((entry) => ({ ...entry, state: "failed", ...(entry.files.length && { error: FILES_LOST, isLost: true }) }));
  // A clock set back makes what was seen later worthless.
  const seen = Math.min(seenOf(key), lastNow / 1000);
  return { key, menu: [], examples: [], entries: new Map(), outbox, waiting: false, unread: new Set(), taps: new Map(), seen };
}

function hear(message) {
  if (message.type === "state") return hearState(message);
  if (message.type === "reset") return forget();
  if (message.type === "notice" && !message.person) return toast(message.text);
  const person = people.get(message.person);
  if (!person) return;
  if (message.type === "entries") hearEntries(person, message);
  else if (message.type === "gone") hearGone(person, message.ids);
  else if (message.type === "notice") hearNotice(person, message);
}

function hearState(state) {
  const now = Date.parse(state.clock.now);
  // The clock goes back only with a reset; one that happened while the line was down was not heard of.
  if (isAcquainted && now < lastNow - 60_000) forget();
  lastNow = now;
  isAcquainted = true;
  clock.update(state.clock);
  people = new Map(state.people.map((one) => [one.key, Object.assign(people.get(one.key) ?? newPerson(one.key), one)]));
  follow();
}

/** What is new or has changed; `whole`: everything there is, as at first and after a lost connection. */
function hearEntries(person, { entries, waiting, whole }) {
  let hasNews = false;
  if (whole) {
    const kept = new Set(entries.map((entry) => entry.id));
    for (const id of person.entries.keys()) if (!kept.has(id)) person.entries.delete(id) && person.unread.delete(id);
  }
  for (const entry of entries) {
    const isNew = !person.entries.has(entry.id);
    person.entries.set(entry.id, entry);
    if (entry.client_id) keepOutbox(person, person.outbox.filter((one) => one.client_id !== entry.client_id));
    if (isNew && !entry.own && entry.order > person.seen) {
      hasNews = true;
      person.unread.add(entry.id);
    }
  }
  person.waiting = waiting;
  if (person.key !== shown) return drawPeople();
  transcript.update({ isQuiet: !hasNews, hasNews });
  readShown();
}

function hearGone(person, ids) {
  for (const id of ids) {
    person.entries.delete(id);
    person.unread.delete(id);
  }
  if (person.key === shown) transcript.update();
  drawPeople();
}

/** Everything starts anew with the state that comes next. Drafts stay, they were never said. */
function forget() {
  for (const key of people.keys()) {
    localStorage.removeItem(seenKey(key));
    sessionStorage.removeItem(outboxKey(key));
  }
  people = new Map();
  shown = null;
  isAcquainted = false;
}

/** Shows the person whom the address names, the first one where it names nobody. */
function follow() {
  const asked = location.hash.slice(1);
  const key = people.has(asked) ? asked : people.keys().next().value;
  if (!key) return;
  const person = people.get(key);
  const isOther = key !== shown;
  shown = key;
  const panel = byId("panel");
  panel.removeAttribute("aria-busy");
  panel.removeAttribute("aria-label");
  panel.setAttribute("aria-labelledby", `tab-${key}`);
  composer.show(person);
  transcript.drawHead(person);
  if (isOther) transcript.show(person, document.visibilityState === "visible" ? person.unread : new Set());
  else transcript.update();
  readShown();
}

/** What stands before a reader is read; a hidden browser tab has none. */
function readShown() {
  const person = people.get(shown);
  if (person && document.visibilityState === "visible") {
    person.unread.clear();
    const latest = Math.max(0, ...[...person.entries.values()].map((entry) => entry.order));
    if (latest > seenOf(shown) || localStorage.getItem(seenKey(shown)) === null) localStorage.setItem(seenKey(shown), Math.max(latest, person.seen));
  }
  drawPeople();
}

function drawPeople() {
  const all = [...people.values()].map((person) => ({ ...person, unread: person.unread.size }));
  list.render(all, shown);
  const count = all.reduce((sum, person) => sum + person.unread, 0);
  document.title = `${count ? `(${count}) ` : ""}${people.has(shown) ? `${people.get(shown).name} – ` : ""}${TITLE}`;
}

function keepOutbox(person, outbox) {
  person.outbox = outbox;
  if (outbox.length) sessionStorage.setItem(outboxKey(person.key), JSON.stringify(outbox));
  else sessionStorage.removeItem(outboxKey(person.key));
}

function send(text, answered = null, files = []) {
  const person = people.get(shown);
  if (!person) return;
  const paragraphs = !text ? [] : text.split("\n").map((one) => ({ spans: [{ text: one, style: "plain" }], quote: false }));
  const at = new Date(clock.now()).toISOString();
  const entry = { id: "", client_id: newId(), at, own: true, text, reply_to: answered?.id, paragraphs, buttons: [], asks_phone: false };
  const shownFiles = files.map(({ name, size }) => ({ name, size, picture: false, url: "" }));
  if (files.length) uploads.set(entry.client_id, files);
  deliver(person, { ...entry, files: shownFiles, state: "sending" });
}

function resend(id) {
  const person = people.get(shown);
  const entry = person?.outbox.find((one) => one.client_id === id);
  if (entry && entry.state === "failed") deliver(person, { ...entry, state: "sending" });
}

async function deliver(person, entry) {
  replaceInOutbox(person, entry);
  if (person.key === shown) transcript.followDown();
  redraw(person);
  const problem = await hand(person, entry);
  // It may have been stored although the answer was lost; then it is no longer in the outbox.
  if (!problem || !person.outbox.some((one) => one.client_id === entry.client_id)) return;
  replaceInOutbox(person, { ...entry, state: "failed", error: problem === NO_CONNECTION ? "" : problem });
  redraw(person);
}

async function hand(person, entry) {
  const said = { person: person.key, text: entry.text, id: entry.client_id, reply_to: entry.reply_to };
  const files = uploads.get(entry.client_id);
  if (!files) return post("/api/messages", said);
  const note = (share) => {
    if (!person.outbox.some((one) => one.client_id === entry.client_id)) return;
    replaceInOutbox(person, { ...entry, progress: share });
    redraw(person);
  };
  const problem = await upload("/api/files", said, files, note);
  if (!problem) uploads.delete(entry.client_id);
  return problem;
}

function replaceInOutbox(person, entry) {
  const others = person.outbox.some((one) => one.client_id === entry.client_id);
  keepOutbox(person, others ? person.outbox.map((one) => (one.client_id === entry.client_id ? entry : one)) : [...person.outbox, entry]);
}

const redraw = (person) => person.key === shown && transcript.update();

async function tap(entry, command) {
  const person = people.get(shown);
  if (!person || person.taps.has(entry.id)) return;
  const one = { command, id: newId() };
  person.taps.set(entry.id, one);
  setTimeout(() => endTap(person, entry.id, one), TAP_PATIENCE_MS);
  redraw(person);
  const problem = await post("/api/taps", { person: person.key, entry: entry.id, command, id: one.id });
  if (!problem) return;
  endTap(person, entry.id, one);
  toast(problem);
}

function endTap(person, id, one) {
  if (person.taps.get(id) === one && person.taps.delete(id)) redraw(person);
}

/** A tap has had its effect, with or without a word in passing. */
function hearNotice(person, { tap, text }) {
  for (const [id, one] of person.taps) if (one.id === tap) endTap(person, id, one);
  if (text && person.key === shown) toast(text);
}

function sharePhone() {
  const person = people.get(shown);
  if (!person) return;
  const form = openForm("dialog-phone", () => {
    const phone = form.elements.phone.value.trim();
    return phone ? post("/api/phones", { person: person.key, phone, id: newId() }) : NEEDS_PHONE;
  });
}

letClose(byId("dialog"));
addEventListener("hashchange", follow);
document.addEventListener("visibilitychange", readShown);
addEventListener("storage", ({ key, newValue }) => {
  // Read in another browser tab.
  const person = people.get(key?.startsWith("seen:") ? key.slice(5) : "");
  if (!person || newValue === null) return;
  for (const id of person.unread) if (person.entries.get(id)?.order <= Number(newValue)) person.unread.delete(id);
  drawPeople();
});
document.querySelector("[data-skip]").addEventListener("click", (event) => {
  // The address's fragment names a person here.
  event.preventDefault();
  composer.focus();
});

let offlineTimer = 0;
listen({
  hear,
  note(isConnected) {
    clearTimeout(offlineTimer);
    if (isConnected) byId("offline").hidden = true;
    else offlineTimer = setTimeout(() => (byId("offline").hidden = false), 300);
  },
});
