/* Instants (epoch seconds) said in a person's own zone: this module is the only one that formats time. */

const LOCALE = "en-GB";
const DAY = 86400;
const formatters = new Map();

const STYLES = {
  time: { hour: "2-digit", minute: "2-digit" },
  seconds: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
  weekday: { weekday: "short", hour: "2-digit", minute: "2-digit" },
  day: { weekday: "long", day: "numeric", month: "long" },
  date: { weekday: "short", day: "numeric", month: "short", year: "numeric" },
  moment: { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
  full: { dateStyle: "full", timeStyle: "medium" },
  number: { year: "numeric", month: "2-digit", day: "2-digit" },
  short: { day: "numeric", month: "short", year: "numeric" },
  long: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  zone: { timeZoneName: "short" },
};

/** An instant in words; `style` is a key of STYLES. */
export function say(style, at, zone) {
  return formatter(style, zone).format(new Date(at * 1000));
}

/** The city of a zone, as people say it: "Europe/Lisbon" -> "Lisbon". */
export function city(zone) {
  return (zone || "UTC").split("/").pop().replaceAll("_", " ");
}

/** The zone's short name at an instant: "WET", "GMT+5:30". */
export function zoneName(at, zone) {
  const parts = formatter("zone", zone).formatToParts(new Date(at * 1000));
  return parts.find((part) => part.type === "timeZoneName")?.value ?? "";
}

/** A day as a number of its own in that zone, to tell days apart: "2026-03-03". */
export function dayKey(at, zone) {
  return say("number", at, zone).split("/").reverse().join("-");
}

/** "Today", "Yesterday" or the date. */
export function dayName(at, now, zone) {
  const key = dayKey(at, zone);
  if (key === dayKey(now, zone)) return "Today";
  if (key === dayKey(now - DAY, zone)) return "Yesterday";
  return say("day", at, zone);
}

/** A wait in words: "in 5 min", "in 3 h", "in 2 days". */
export function wait(seconds) {
  if (seconds < 90) return "in a moment";
  if (seconds < 5400) return `in ${Math.round(seconds / 60)} min`;
  if (seconds < 1.5 * DAY) return `in ${Math.round(seconds / 3600)} h`;
  return `in ${Math.round(seconds / DAY)} days`;
}

/** Slack's `<!date^...>` tokens. */
export function slackDate(at, format, zone) {
  const tokens = {
    date_num: () => dayKey(at, zone),
    date: () => say("short", at, zone),
    date_slash: () => say("number", at, zone),
    date_short: () => say("short", at, zone),
    date_long: () => say("long", at, zone),
    date_pretty: () => say("short", at, zone),
    date_short_pretty: () => say("short", at, zone),
    date_long_pretty: () => say("long", at, zone),
    time: () => say("time", at, zone),
    time_secs: () => say("seconds", at, zone),
    ago: () => say("moment", at, zone),
    day_divider_pretty: () => say("day", at, zone),
  };
  return format.replace(/\{(\w+)\}/g, (whole, token) => (tokens[token] ? tokens[token]() : whole));
}

function formatter(style, zone) {
  const key = `${style} ${zone}`;
  if (!formatters.has(key)) formatters.set(key, make(style, zone));
  return formatters.get(key);
}

function make(style, zone) {
  const options = { hourCycle: "h23", ...STYLES[style] };
  try {
    return new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: zone || "UTC" });
  } catch {
    return new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: "UTC" });
  }
}
