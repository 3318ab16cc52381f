/* The page's own small line drawings: this module is the table of icons. */

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  search: "M7 12.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM11 11l3.5 3.5",
  plus: "M8 3v10M3 8h10",
  send: "M2 8l12-5.5L11 14 7.5 9.5zM7.5 9.5L14 2.5",
  clock: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM8 4.5V8l2.5 1.5",
  people: "M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1.5 13.5c0-2.5 2-4 4.5-4s4.5 1.5 4.5 4M11 3a2.2 2.2 0 0 1 0 4.2M12.3 9.8c1.4.5 2.2 1.8 2.2 3.7",
  chat: "M2 4a1.5 1.5 0 0 1 1.5-1.5h9A1.5 1.5 0 0 1 14 4v6a1.5 1.5 0 0 1-1.5 1.5H7L3.5 14v-2.5A1.5 1.5 0 0 1 2 10z",
  home: "M2.5 7.5L8 2.5l5.5 5M4 6.5v7h8v-7M6.8 13.5V9.8h2.4v3.7",
  gauge: "M2 12a6.5 6.5 0 1 1 12 0M8 11l3-4.5",
  phone: "M4.5 1.5h7v13h-7zM7 12.5h2",
  panel: "M2 3h12v10H2zM10 3v10",
  help: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM6 6.2c0-2.8 4.2-2.6 4.2-.2 0 1.6-2.1 1.7-2.1 3.4M8.1 11.6v.2",
  close: "M4 4l8 8M12 4l-8 8",
  back: "M9.5 3.5L5 8l4.5 4.5",
  more: "M3.5 8h.1M8 8h.1M12.5 8h.1",
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z",
  warning: "M8 2l6.5 11.5h-13zM8 6.5v3.2M8 11.7v.1",
  right: "M2.5 8h11M9.5 4l4 4-4 4",
  left: "M13.5 8h-11M6.5 4l-4 4 4 4",
  down: "M4 6l4 4 4-4",
  check: "M3 8.5l3.5 3.5L13 4.5",
  outside: "M6 3H3v10h10v-3M9 2.5h4.5V7M13.5 2.5L7.5 8.5",
  image: "M2 3h12v10H2zM2 11l3.5-3.5 3 3 2-2L14 12M10.5 6.3h.1",
  skip: "M3 3.5l6 4.5-6 4.5zM12.5 3.5v9",
  sun: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.5v1.4M8 13.1v1.4M1.5 8h1.4M13.1 8h1.4M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1",
  week: "M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 2v3M10.5 2v3",
};

/** A decorative icon; the button or text beside it carries the words. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
