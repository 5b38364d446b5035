// The people one can be: a list of tabs, in a column at a desk, in a row on a phone.

import { byId, h, icon } from "./dom.js";
import { NEW_TAB, initials, openElsewhere, roleAndAgency, unreadCount } from "./wording.js";

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/** The list; `pick(key)` is called when a person is chosen. Returns {render}. */
export function createPeople(pick) {
  const tabs = byId("people-tabs");
  const links = byId("people-links");
  const row = byId("people-rows");
  let drawn = "";

  row.addEventListener("scroll", markEdges, { passive: true });
  addEventListener("resize", markEdges);

  tabs.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) pick(tab.dataset.key);
  });
  tabs.addEventListener("keydown", (event) => {
    const all = [...tabs.children];
    const at = all.indexOf(event.target.closest("[role=tab]"));
    const next = event.key === "Home" ? 0 : event.key === "End" ? all.length - 1 : STEPS[event.key] && at + STEPS[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    const tab = all[(next + all.length) % all.length];
    tab.focus();
    pick(tab.dataset.key);
  });

  /** Draws `people` ({key, name, role, role_name, agency, unread}) with the one shown. */
  function render(people, shown) {
    const list = JSON.stringify(people.map(({ key, name, role, role_name, agency }) => [key, name, role, role_name, agency]));
    if (list !== drawn) {
      drawn = list;
      const focused = tabs.contains(document.activeElement) ? document.activeElement.dataset.key : null;
      tabs.replaceChildren(...people.map(tabOf));
      links.replaceChildren(...people.map(linkOf));
      if (focused) tabs.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    }
    people.forEach((person, index) => mark(tabs.children[index], person, shown));
    markEdges();
  }

  /** On a phone the row goes on beyond the edges: tells on which side somebody has unread messages. */
  function markEdges() {
    const edge = row.getBoundingClientRect();
    const unread = [...tabs.children].filter((tab) => !tab.querySelector(".badge").hidden).map((tab) => tab.getBoundingClientRect());
    row.parentElement.classList.toggle("unread-before", unread.some((box) => box.right < edge.left + 16));
    row.parentElement.classList.toggle("unread-after", unread.some((box) => box.left > edge.right - 16));
  }

  return { render };
}

/** The round picture of a person: initials, coloured by role. */
export const avatar = (person) => h("span", { class: "avatar", "data-role": person.role || "guest", "data-initials": initials(person.name), "aria-hidden": "true" });

function tabOf(person, index) {
  const tab = h(
    "button",
    { type: "button", role: "tab", class: "person", id: `tab-${person.key}`, "data-key": person.key, "data-testid": `person-${person.key}`, "aria-controls": "panel" },
    h("span", { class: "avatar-holder" }, avatar(person), h("span", { class: "badge", "aria-hidden": "true", hidden: true })),
    h(
      "span",
      { class: "person-text" },
      h("span", { class: "person-name" }, person.name, " "),
      h("span", { class: "person-given", "aria-hidden": "true" }, person.name.trim().split(/\s+/).at(-1)),
      h("span", { class: "person-role" }, roleAndAgency(person)),
      h("span", { class: "person-unread sr-only" }),
    ),
  );
  tab.style.gridRow = index + 1;
  return tab;
}

// Beside the tabs, not in them: a tab list may hold tabs only, and a tab no link.
function linkOf(person, index) {
  const label = openElsewhere(person.name);
  const link = h("a", { class: "person-link", href: `/#${person.key}`, target: "_blank", rel: "noopener", "aria-label": label, title: NEW_TAB }, icon("tab"));
  link.style.gridRow = index + 1;
  return link;
}

function mark(tab, person, shown) {
  const isShown = person.key === shown;
  const count = isShown ? 0 : person.unread;
  if (tab.getAttribute("aria-selected") !== String(isShown)) {
    tab.setAttribute("aria-selected", isShown);
    tab.tabIndex = isShown ? 0 : -1;
    if (isShown) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  const badge = tab.querySelector(".badge");
  badge.hidden = !count;
  badge.textContent = count > 99 ? "99+" : count || "";
  tab.querySelector(".person-unread").textContent = count ? ` ${unreadCount(count)}` : "";
}
