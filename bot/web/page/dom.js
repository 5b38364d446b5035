// Making elements, and the page's dialogs.

/** The element with this id. */
export const byId = (id) => document.getElementById(id);

/** An element: h("button", {class: "pill", onclick: send}, "Gửi"). Attributes that are null or false are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An icon of the sprite in index.html; decoration only, so whoever holds it needs a label. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** A fresh id for what is posted. crypto.randomUUID is missing where a phone opens the page over plain http. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Buttons marked data-close and a click beside the dialog close it; Escape does so by itself. */
export function letClose(dialog) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
}

/** Shows one of the templates in the page's dialog, which holds one at a time. Returns the dialog. */
export function openDialog(template) {
  const dialog = byId("dialog");
  dialog.className = `dialog ${template}`;
  dialog.replaceChildren(byId(template).content.cloneNode(true));
  dialog.showModal();
  return dialog;
}

/**
 * Shows a template with a form. `submit(fields)` may return an error text, which is shown, and the dialog stays open;
 * otherwise it closes. Nothing is submitted twice while one is under way.
 */
export function openForm(template, submit) {
  const dialog = openDialog(template);
  const form = dialog.querySelector("form");
  const error = form.querySelector("[data-error]");
  const button = form.querySelector("[type=submit]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    error.hidden = true;
    const problem = await submit(new FormData(form));
    button.removeAttribute("aria-busy");
    if (!form.isConnected) return;
    if (!problem) return dialog.close();
    error.textContent = problem;
    error.hidden = false;
    form.querySelector("input")?.focus();
  });
  return form;
}

let toastTimer = 0;

/** A passing word at the foot of the page; screen readers say it. */
export function toast(text) {
  const element = byId("toast");
  clearTimeout(toastTimer);
  element.textContent = text;
  element.classList.add("shown");
  toastTimer = setTimeout(() => {
    element.classList.remove("shown");
    element.textContent = "";
  }, Math.max(4000, text.length * 70));
}
