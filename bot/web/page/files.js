// The files that are to be sent: chosen by the paper clip, dropped anywhere on the conversation, or pasted; shown, and removable, before.

import { byId, h, icon, toast } from "./dom.js";
import { FILES_AT_ONCE, FILE_MEGABYTES, REMOVE, TOO_MANY_FILES, chosenFiles, fileSize, tooLarge } from "./wording.js";

/** The chosen files; `changed(count)` is called whenever they are others. Returns {take, clear, show}. */
export function createFiles(changed) {
  const [list, said, clip, input, panel, field] = ["chosen-files", "chosen-said", "clip", "file-input", "panel", "composer"].map(byId);
  let files = [];
  let depth = 0; // how many elements a dragged file is over

  function set(next) {
    files = next;
    list.hidden = !files.length;
    list.replaceChildren(...files.map(chipOf));
    changed(files.length);
  }

  function add(more) {
    const fitting = [...more].filter((file) => {
      const fits = file.size <= FILE_MEGABYTES * 1024 * 1024;
      if (!fits) toast(tooLarge(file.name));
      return fits;
    });
    const all = [...files, ...fitting];
    if (all.length > FILES_AT_ONCE) toast(TOO_MANY_FILES);
    if (!fitting.length) return;
    set(all.slice(0, FILES_AT_ONCE));
    said.textContent = chosenFiles(files.length);
    field.focus();
  }

  function chipOf(file, index) {
    const remove = () => {
      set(files.filter((one) => one !== file));
      said.textContent = chosenFiles(files.length);
      // The focus goes on to the next file, and after the last one back to where one writes.
      (list.querySelectorAll("button")[Math.min(index, files.length - 1)] ?? field).focus();
    };
    return h(
      "li",
      { class: "chosen-file" },
      icon("file"),
      h("span", { class: "chosen-name", title: file.name }, file.name),
      h("span", { class: "file-size" }, fileSize(file.size)),
      h("button", { type: "button", class: "icon-button", "data-testid": "remove-file", "aria-label": `${REMOVE} ${file.name}`, onclick: remove }, icon("close")),
    );
  }

  clip.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    add(input.files);
    input.value = ""; // the same file may be chosen again after it was removed
  });
  field.addEventListener("paste", (event) => {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    add(event.clipboardData.files);
  });

  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  const over = (isOver) => panel.classList.toggle("dropping", isOver);
  panel.addEventListener("dragenter", (event) => {
    if (!hasFiles(event)) return;
    depth += 1;
    over(true);
  });
  panel.addEventListener("dragleave", (event) => {
    if (!hasFiles(event)) return;
    depth = Math.max(0, depth - 1);
    over(depth > 0);
  });
  // Without this the browser would leave the page to show a file that was dropped beside the place for it.
  addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = 0;
    over(false);
    if (panel.contains(event.target)) add(event.dataTransfer.files);
  });

  return {
    /** What was chosen, which is then chosen no more. */
    take() {
      const taken = files;
      set([]);
      return taken;
    },
    clear: () => set([]),
    count: () => files.length,
  };
}
