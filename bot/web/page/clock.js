// The demo's clock and what moves it: in the top bar where there is room, else in a sheet.

import { byId, h, icon, letClose, openForm, toast } from "./dom.js";
import { NEEDS_MOMENT, NO_REMINDER, NO_REMINDER_WHY, ONLY_FORWARD, WAIT_FOR_CLOCK, inVietnam, longDay, movingTo, shortMoment } from "./wording.js";

const ROOMY = "(min-width: 1240px)"; // as in style.css: below it the controls leave the top bar

/** The clock; `post(path, body)` returns an error text or null. Returns {update, now}: now() is the demo's instant in ms. */
export function createClock(post) {
  const [bar, opener, sheet, controls, progress] = ["clock-bar", "clock-open", "clock-sheet", "clock-controls", "moving"].map(byId);
  const [day, next, to, reset, nextAt] = ["clock-day", "clock-next", "clock-to", "reset", "clock-next-at"].map(byId);
  const date = h("span", { class: "clock-date" });
  const time = h("span", { class: "clock-time" });
  const text = h("span", { class: "clock-text", "data-testid": "clock" }, date, " ", time);
  const status = h("span", { class: "clock-status" });
  let clock = null;
  let receivedAt = 0;
  let movedFrom = 0;
  let isAsking = false; // a move was asked for, and not answered yet

  const now = () => {
    if (!clock) return Date.now();
    return Date.parse(clock.now) + (clock.is_moving ? 0 : performance.now() - receivedAt);
  };

  function draw() {
    if (!clock) return;
    const { time: hour } = inVietnam(now());
    const [dateText, timeText] = [longDay(now()), hour];
    if (date.textContent !== dateText) date.textContent = dateText;
    if (time.textContent !== timeText) time.textContent = timeText;
    byId("sheet-clock").textContent = clock.is_moving ? `${dateText} ${timeText} – ${movingTo(clock.moving_to)}` : `${dateText} ${timeText}`;
  }

  /** What the server says of the clock. */
  function update(said) {
    if (said.is_moving && !clock?.is_moving) movedFrom = Date.parse(said.now);
    clock = said;
    receivedAt = performance.now();
    const isMoving = clock.is_moving;
    status.textContent = isMoving ? movingTo(clock.moving_to) : "";
    progress.hidden = !isMoving;
    const way = clock.moving_to ? Date.parse(clock.moving_to) - movedFrom : 0;
    if (way > 0) progress.value = Math.min(1, Math.max(0, (Date.parse(clock.now) - movedFrom) / way));
    else progress.removeAttribute("value");
    nextAt.textContent = clock.next_reminder ? shortMoment(clock.next_reminder) : NO_REMINDER;
    // Not `disabled`: the focus would be lost, and nobody could read why.
    for (const button of [day, next, to, reset]) block(button, isMoving ? WAIT_FOR_CLOCK : "");
    if (!isMoving && !clock.next_reminder) block(next, NO_REMINDER_WHY);
    draw();
  }

  function block(button, why) {
    button.setAttribute("aria-disabled", Boolean(why));
    if (why) button.title = why;
    else button.removeAttribute("title");
  }

  function onPress(button, act) {
    button.addEventListener("click", () => {
      sheet.close(); // what comes of it is told behind the sheet
      if (button.getAttribute("aria-disabled") === "true") return toast(button.title);
      act();
    });
  }

  async function move(body) {
    if (isAsking) return;
    isAsking = true;
    const problem = await post("/api/clock", body);
    isAsking = false;
    if (problem) toast(problem);
  }

  function askMoment() {
    const form = openForm("dialog-goto", async () => {
      const [on, at] = [form.elements.date.value, form.elements.time.value];
      if (!on || !at) return NEEDS_MOMENT;
      if (Date.parse(`${on}T${at}:00+07:00`) <= now()) return ONLY_FORWARD;
      return post("/api/clock", { move: "to", to: `${on}T${at}` });
    });
    form.elements.date.min = inVietnam(now()).day;
    form.elements.date.value = inVietnam(now() + 24 * 3600_000).day;
    form.elements.time.value = "08:00";
    // The browser writes the date its own way, sometimes month first; this line leaves no doubt.
    const say = () => {
      const moment = Date.parse(`${form.elements.date.value}T${form.elements.time.value}:00+07:00`);
      form.querySelector("[data-spoken]").textContent = Number.isNaN(moment) ? "" : `${longDay(moment)} ${inVietnam(moment).time}`;
    };
    form.addEventListener("input", say);
    say();
  }

  function arrange(isRoomy) {
    if (isRoomy) {
      opener.replaceChildren();
      bar.replaceChildren(text, status, controls);
      sheet.close();
    } else {
      const lines = h("span", { class: "clock-lines" }, h("span", { class: "sr-only" }, "Đồng hồ dùng thử: "), text);
      byId("clock-strip").replaceChildren(status);
      opener.replaceChildren(icon("clock"), lines, icon("chevron"));
      byId("sheet-controls").replaceChildren(controls);
    }
  }

  letClose(sheet);
  onPress(day, () => move({ move: "day" }));
  onPress(next, () => move({ move: "next_reminder" }));
  onPress(to, askMoment);
  onPress(reset, () => openForm("dialog-reset", () => post("/api/reset", {})));
  opener.addEventListener("click", () => sheet.showModal());
  const roomy = matchMedia(ROOMY);
  roomy.addEventListener("change", () => arrange(roomy.matches));
  arrange(roomy.matches);
  setInterval(draw, 1000);

  return { update, now };
}
