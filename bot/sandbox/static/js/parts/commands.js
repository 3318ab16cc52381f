/* The slash commands a visitor may try: this module is the list of suggestions. */

export const COMMAND = "/nudge";

const EVERYBODY = [
  ["help", "", "What Nudger does and what one may ask it"],
  ["why", "", "Why did I get this, or not get it?"],
  ["find", "share a file with a partner", "A tip for what I want to get done", true],
  ["pause", "14", "No nudges for some days", true],
  ["stop", "", "No nudges any more"],
  ["start", "", "Nudges again"],
  ["my-data", "", "Everything stored about me"],
  ["forget-me", "", "Erase it all"],
];

const ADMINS = [
  ["status", "", "How it is going, in numbers that add up"],
  ["campaigns", "", "What runs, waits and has ended"],
  ["campaign", "<name>", "One campaign in detail"],
  ["results", "<campaign>", "What it has brought, in safe numbers"],
  ["people", "<segment>", "Who is in a segment, counted"],
  ["barriers", "", "What stands in the way, and what is being done"],
  ["health", "", "Is everything running?"],
  ["check", "", "Every fault of the playbooks, with its line and fix"],
  ["preview", "<playbook> [nudge]", "A nudge before anybody gets it"],
  ["edit", "<playbook|new>", "Write or change a playbook here"],
  ["publish", "<playbook>", "Start a campaign from a playbook"],
  ["pause", "<campaign|all>", "Hold a campaign, or everything"],
  ["resume", "<campaign|all>", "Let it go on"],
];

const ALL = [...EVERYBODY.map((row) => toCommand(row, "everybody")), ...ADMINS.map((row) => toCommand(row, "admins"))];

/** Suggestions for what is typed so far; nothing unless it starts with a slash. */
export function suggestionsFor(typed) {
  if (!typed.startsWith("/")) return [];
  return ALL.filter((command) => command.line.startsWith(typed) || command.text.trimEnd() === typed.trimEnd());
}

/** What typing means: a message, the slash command, or a command nobody knows. */
export function readTyped(typed) {
  const text = typed.trim();
  if (!text.startsWith("/")) return { kind: "message", text };
  const [command, ...rest] = text.split(/\s+/);
  return command === COMMAND ? { kind: "command", text: rest.join(" ") } : { kind: "unknown", text: command };
}

function toCommand([word, hint, about, example = false], who) {
  const text = example ? `${COMMAND} ${word} ${hint}` : `${COMMAND} ${word}${hint ? " " : ""}`;
  return { line: `${COMMAND} ${word}${hint ? ` ${hint}` : ""}`, text, about, who };
}
