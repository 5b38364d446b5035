// Where one writes: the growing field, the draft each person keeps, and the menu of commands.

import { byId, h } from "./dom.js";
import { createFiles } from "./files.js";
import { ANSWER, NO_COMMAND } from "./wording.js";

/** The composer; `send(text, answered, files)` is called with what is to be sent, and the entry that it answers. Returns {show, focus, answer}. */
export function createComposer(send) {
  const [form, field, menu, opener] = ["composer-form", "composer", "menu", "menu-open"].map(byId);
  const [answering, answeringText, drop] = ["answering", "answering-text", "answering-drop"].map(byId);
  let person = null;
  let chosen = -1;
  let answered = null;

  const files = createFiles(() => typed());

  const draftKey = () => `draft:${person.key}`;
  const isOpen = () => !menu.hidden;
  const options = () => [...menu.querySelectorAll("[role=option]")];

  /** Turns to a person: their draft and their commands. */
  function show(next) {
    const isOther = person?.key !== next.key;
    person = next;
    if (isOther) {
      setText(sessionStorage.getItem(draftKey()) ?? "");
      close();
      answer(null);
      files.clear();
    }
    form.classList.toggle("no-menu", !person.menu.length);
  }

  function setText(text) {
    field.value = text;
    typed();
  }

  function typed() {
    if (person) field.value ? sessionStorage.setItem(draftKey(), field.value) : sessionStorage.removeItem(draftKey());
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
    form.classList.toggle("has-text", Boolean(field.value.trim()) || files.count() > 0);
  }

  function submit() {
    const text = field.value.trim();
    if (!person || !(text || files.count())) return;
    close();
    setText("");
    send(text, answered, files.take());
    answer(null);
  }

  /** What is sent next answers this message of the assistant; null: none. */
  function answer(entry) {
    answered = entry;
    answering.hidden = !entry;
    if (!entry) return;
    const words = entry.paragraphs.map((one) => one.spans.map((span) => span.text).join("")).join(" ");
    answeringText.textContent = `${ANSWER}: ${words}`;
    field.focus();
  }
  drop.addEventListener("click", () => {
    answer(null);
    field.focus();
  });

  function open(prefix) {
    const found = person.menu.filter((one) => one.command.startsWith(prefix.toLowerCase()));
    if (!found.length && prefix.length > 1) return close();
    menu.replaceChildren(
      ...(found.length ? found.map(optionOf) : [h("p", { class: "menu-empty" }, NO_COMMAND)]),
    );
    menu.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    choose(found.length ? 0 : -1);
  }

  function optionOf({ command, about }, index) {
    return h(
      "div",
      { role: "option", id: `option-${index}`, class: "option", "data-command-name": command, "aria-selected": "false" },
      h("span", { class: "option-command" }, command),
      h("span", { class: "option-about" }, about),
    );
  }

  function close() {
    menu.hidden = true;
    chosen = -1;
    opener.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function choose(index) {
    const all = options();
    chosen = all.length ? (index + all.length) % all.length : -1;
    all.forEach((option, at) => option.setAttribute("aria-selected", at === chosen));
    if (chosen < 0) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", all[chosen].id);
    all[chosen].scrollIntoView({ block: "nearest" });
  }

  // As on Telegram, a chosen command is sent at once; Tab puts it into the field, to be followed by words.
  function take(option, { isSent }) {
    const command = option.dataset.commandName;
    const isTyping = field.value.startsWith("/");
    close();
    if (!isSent) setText(`${command} `);
    else {
      if (isTyping) setText("");
      send(command);
    }
    field.focus();
  }

  field.addEventListener("input", () => {
    typed();
    if (/^\/\S*$/.test(field.value)) open(field.value);
    else if (isOpen()) close();
  });
  field.addEventListener("keydown", (event) => {
    // A Vietnamese input method ends a word with Enter too.
    if (event.isComposing || event.keyCode === 229) return;
    if (isOpen()) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        return choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
      }
      if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && chosen >= 0) {
        event.preventDefault();
        return take(options()[chosen], { isSent: event.key === "Enter" });
      }
      if (event.key === "Escape") {
        event.preventDefault();
        return close();
      }
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
    field.focus();
  });
  opener.addEventListener("click", () => {
    if (!person) return;
    isOpen() ? close() : open("/");
    field.focus();
  });
  menu.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option !== options()[chosen]) choose(options().indexOf(option));
  });
  menu.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option, { isSent: true });
  });
  document.addEventListener("pointerdown", (event) => {
    if (isOpen() && !menu.contains(event.target) && !opener.contains(event.target) && event.target !== field) close();
  });
  addEventListener("resize", typed);

  return { show, answer, focus: () => field.focus() };
}
