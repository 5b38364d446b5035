// The line to the server: what it tells comes over a WebSocket, what one does goes by POST.

import { NO_CONNECTION } from "./wording.js";

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 5000;

/** Listens to /live and joins again for ever. `hear(message)` for each message, `note(isConnected)` when that changes. */
export function listen({ hear, note }) {
  let wait = FIRST_WAIT_MS;
  let timer = 0;
  let socket = null;

  function join() {
    clearTimeout(timer);
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`);
    const mine = socket;
    socket.addEventListener("message", (event) => {
      if (mine !== socket) return;
      // Only what is heard proves the line: a proxy may take the connection and drop it at once.
      wait = FIRST_WAIT_MS;
      note(true);
      hear(JSON.parse(event.data));
    });
    socket.addEventListener("close", () => {
      if (mine !== socket) return;
      note(false);
      // Not all at the same moment, where several tabs lost the same server.
      timer = setTimeout(join, wait * (0.75 + Math.random() / 4));
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    });
  }

  const hurry = () => socket.readyState === WebSocket.CLOSED && join();
  addEventListener("online", hurry);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && hurry());
  join();
}

/** Posts files with what is said beside them; `note(share)` is told how much has gone, 0 to 1. Returns as `post` does. */
export function upload(path, fields, files, note) {
  const form = new FormData();
  // The fields first: the server reads no file of somebody nobody knows.
  for (const [name, value] of Object.entries(fields)) if (value) form.append(name, value);
  for (const file of files) form.append("file", file, file.name);
  return new Promise((resolve) => {
    // fetch tells nothing of what has gone up.
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("X-Requested-With", "page");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => event.lengthComputable && note(event.loaded / event.total));
    request.addEventListener("load", () => resolve(request.status === 200 ? null : (request.response?.error ?? NO_CONNECTION)));
    for (const end of ["error", "abort", "timeout"]) request.addEventListener(end, () => resolve(NO_CONNECTION));
    request.send(form);
  });
}

/** Posts JSON. Returns null where the server took it, else what to tell the person. */
export async function post(path, body) {
  try {
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const said = await answer.json().catch(() => ({}));
    return answer.ok ? null : (said.error ?? NO_CONNECTION);
  } catch {
    return NO_CONNECTION;
  }
}
