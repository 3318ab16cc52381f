/* What went wrong and what to do, in plain words: this module is the page's error sentences. */

export const ACK_LIMIT_MS = 3000;
export const ACK_SLOW_MS = 500;

const SENTENCES = {
  timeout: "{app} did not answer within 3 seconds. In Slack the person sees a warning sign. What they did may still have been recorded.",
  not_connected: "{app} is not connected, so nobody heard this. Start it, then try again.",
  unreachable: "Nothing answers here: the sandbox has ended or was killed. Start it again with the same command, and this page goes on by itself.",
  no_handler: "{app} received this but has nothing that handles it.",
  dispatch_failed: "{app} could not be reached, so this was not delivered.",
  connection_failed: "{app} could not be reached, so this was not delivered.",
  dropped: "The connection to {app} broke before it answered.",
  errors_name_no_input_block: "{app} complained about a field that this form does not have.",
  http_error: "{app} answered with an error. Its own log says more.",
  trigger_expired: "{app} took longer than 3 seconds to open the form, so Slack refused it.",
  expired_trigger_id: "{app} took longer than 3 seconds to open the form, so Slack refused it.",
  unknown_person: "There is no such person in this company. Choose somebody from the list.",
};

/** One plain sentence for an error code. */
export function sentenceFor(code, app = "The app", detail = "") {
  const sentence = SENTENCES[String(code).startsWith("http_") ? "http_error" : code];
  if (sentence) return sentence.replace("{app}", app);
  if (detail && detail !== code) return detail;
  return `That did not work (${code}). The panel of calls shows what was said.`;
}
