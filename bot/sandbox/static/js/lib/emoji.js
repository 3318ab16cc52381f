/* The shortcodes people and playbooks use most: this module is the table from :name: to the character. */

const TABLE = {
  "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", wave: "👋", clap: "👏", raised_hands: "🙌", pray: "🙏",
  muscle: "💪", point_right: "👉", point_left: "👈", point_up: "☝️", point_down: "👇", ok_hand: "👌", handshake: "🤝",
  smile: "😄", smiley: "😃", grinning: "😀", grin: "😁", blush: "😊", slightly_smiling_face: "🙂", wink: "😉", joy: "😂",
  thinking_face: "🤔", sweat_smile: "😅", sunglasses: "😎", heart_eyes: "😍", cry: "😢", confused: "😕", neutral_face: "😐",
  relieved: "😌", sleeping: "😴", zzz: "💤", tada: "🎉", sparkles: "✨", star: "⭐", star2: "🌟", heart: "❤️", fire: "🔥",
  rocket: "🚀", bulb: "💡", mega: "📣", loudspeaker: "📢", bell: "🔔", no_bell: "🔕", eyes: "👀", brain: "🧠", books: "📚",
  book: "📖", memo: "📝", pencil: "📝", pencil2: "✏️", clipboard: "📋", calendar: "📅", date: "📅", spiral_calendar_pad: "🗓️",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", alarm_clock: "⏰", stopwatch: "⏱️", clock9: "🕘", coffee: "☕", seedling: "🌱",
  herb: "🌿", sunny: "☀️", rainbow: "🌈", palm_tree: "🌴", house: "🏠", office: "🏢", earth_africa: "🌍", globe_with_meridians: "🌐",
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", warning: "⚠️", no_entry: "⛔",
  no_entry_sign: "🚫", octagonal_sign: "🛑", question: "❓", grey_question: "❔", exclamation: "❗", information_source: "ℹ️",
  speech_balloon: "💬", thought_balloon: "💭", left_speech_bubble: "🗨️", busts_in_silhouette: "👥", bust_in_silhouette: "👤",
  bar_chart: "📊", chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉", dart: "🎯", trophy: "🏆", medal: "🏅",
  gift: "🎁", key: "🔑", lock: "🔒", unlock: "🔓", closed_lock_with_key: "🔐", link: "🔗", paperclip: "📎", pushpin: "📌",
  mag: "🔍", gear: "⚙️", wrench: "🔧", hammer_and_wrench: "🛠️", toolbox: "🧰", construction: "🚧", triangular_flag_on_post: "🚩",
  red_circle: "🔴", large_orange_circle: "🟠", large_yellow_circle: "🟡", large_green_circle: "🟢", large_blue_circle: "🔵",
  white_circle: "⚪", black_circle: "⚫", small_blue_diamond: "🔹", arrow_right: "➡️", arrow_left: "⬅️", arrow_up: "⬆️",
  arrow_down: "⬇️", leftwards_arrow_with_hook: "↩️", fast_forward: "⏩", arrow_forward: "▶️", double_vertical_bar: "⏸️",
  pause_button: "⏸️", black_square_for_stop: "⏹️", stop_button: "⏹️", repeat: "🔁", arrows_counterclockwise: "🔄", one: "1️⃣",
  two: "2️⃣", three: "3️⃣", four: "4️⃣", five: "5️⃣", telephone_receiver: "📞", headphones: "🎧", microphone: "🎤", studio_microphone: "🎙️",
  computer: "💻", iphone: "📱", email: "📧", envelope: "✉️", inbox_tray: "📥", outbox_tray: "📤", file_folder: "📁", page_facing_up: "📄",
  newspaper: "📰", nerd_face: "🤓", robot_face: "🤖", detective: "🕵️", sos: "🆘", new: "🆕", "100": "💯",
};

/** The character for a shortcode, or null. */
export function emojiFor(name) {
  return Object.hasOwn(TABLE, name) ? TABLE[name] : null;
}
