/* Hints from the server that something changed: this module is the page's ear, a stream or else polling. */

const POLL_MS = 2000;
const RETRY_MS = 5000;
const HINTS = ["message", "home", "modal", "clock", "calls", "app", "people", "diary"];

/** Call `heard(hint)` for every hint and `lost(boolean)` when the stream goes or comes back. */
export function listen(heard, lost) {
  let polling = 0;
  const poll = () => heard({ type: "poll" });
  const fall = () => {
    lost(true);
    polling ||= setInterval(poll, POLL_MS);
  };
  const rise = () => {
    lost(false);
    clearInterval(polling);
    polling = 0;
    poll();
  };
  connect(heard, fall, rise);
}

function connect(heard, fall, rise) {
  const source = new EventSource("/ui/stream");
  const hear = (event) => heard(parse(event));
  source.addEventListener("open", rise);
  source.addEventListener("message", hear);
  for (const name of HINTS.filter((hint) => hint !== "message")) source.addEventListener(name, hear);
  source.addEventListener("error", () => {
    fall();
    // A browser tries again by itself unless the server refused; then we do.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => connect(heard, fall, rise), RETRY_MS);
  });
}

function parse(event) {
  try {
    return JSON.parse(event.data);
  } catch {
    return { type: event.type };
  }
}
