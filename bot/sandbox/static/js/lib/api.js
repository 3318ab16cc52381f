/* The sandbox's JSON addresses under /ui/: this module is the only one that talks to the server. */

import { shownWorkspace } from "./route.js";

/** What the server said no to, or that it was not there. */
export class ApiError extends Error {
  constructor(code, detail) {
    super(detail || code);
    this.code = code;
  }
}

const where = shownWorkspace ? { workspace: shownWorkspace } : {};

export const api = {
  workspaces: () => get("/ui/workspaces"),
  people: (q) => get("/ui/people", { q }),
  view: (person) => get("/ui/view", { person }),
  calls: (after) => get("/ui/calls", { after }),
  diary: () => get("/ui/diary"),
  switchDiary: (isOn) => post("/ui/diary", { is_on: isOn }),
  faults: () => get("/ui/faults"),
  setFaults: (faults) => post("/ui/faults", faults),
  click: (body) => post("/ui/click", body),
  submit: (body) => post("/ui/submit", body),
  close: (body) => post("/ui/close", body),
  command: (body) => post("/ui/command", body),
  message: (body) => post("/ui/message", body),
  shortcut: (body) => post("/ui/shortcut", body),
  open: (body) => post("/ui/open", body),
  clock: (body) => post("/ui/clock", body),
};

function get(path, query = {}) {
  const search = new URLSearchParams({ ...query, ...where }).toString();
  return ask(search ? `${path}?${search}` : path, { cache: "no-store" });
}

function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return ask(path, { method: "POST", headers, body: JSON.stringify({ ...body, ...where }) });
}

async function ask(address, options) {
  let answer;
  try {
    answer = await fetch(address, options);
  } catch {
    throw new ApiError("unreachable", "The sandbox server does not answer.");
  }
  const body = await answer.json().catch(() => null);
  if (body === null) throw new ApiError("unreadable", `The sandbox answered ${answer.status} without JSON.`);
  if (!answer.ok) throw new ApiError(body.error ?? `http_${answer.status}`, body.detail);
  return body;
}
