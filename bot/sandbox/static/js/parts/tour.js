/* Three steps for a first visit, played by people the sandbox names: this module is the hint one can close. */

import { el, fill } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { remember, remembered } from "../lib/store.js";

const STATUS = "/nudge status";

/** State shared with the button in the top bar that brings the steps back. */
export function createTourState(store) {
  const tour = { closed: remembered("tour.closed", false), done: remembered("tour.done", []) };
  const save = () => {
    remember("tour.closed", tour.closed);
    remember("tour.done", tour.done);
    store.set({ tourChange: {} });
  };
  tour.close = () => Object.assign(tour, { closed: true }) && save();
  tour.toggle = () => Object.assign(tour, { closed: !tour.closed }) && save();
  tour.finish = (step) => {
    if (tour.done.includes(step)) return;
    tour.done = [...tour.done, step];
    save();
  };
  return tour;
}

export function createTour(page, tour) {
  const root = el("section", { class: "tour", "aria-label": "Three steps to begin", hidden: true });
  page.store.on(["cast", "tourChange", "personId"], () => show(page, tour, root));
  return root;
}

function show(page, tour, root) {
  const { cast, personId } = page.store.state;
  root.hidden = tour.closed || !cast.employee;
  if (root.hidden) return;
  const steps = stepsFor(page, cast, personId);
  const isOver = steps.every((step) => tour.done.includes(step.id));
  fill(root, el("div", { class: "tour-head" }, el("strong", {}, isOver ? "That was the tour. Everything else works too." : "New here? Three steps."), el("button", { type: "button", class: "button is-icon is-plain", "aria-label": "Close these steps", onclick: tour.close }, icon("close"))), el("ol", { class: "tour-steps" }, steps.map((step, index) => stepNode(step, index, tour))));
}

function stepsFor(page, { employee, admin }, personId) {
  const first = (person) => person.name.split(" ")[0];
  const be = (person) => {
    page.choose(person.id, "messages");
    page.showPanel("chat");
  };
  const steps = [{
    id: "employee", text: `You are ${first(employee)}, an employee: read the tip, press a button.`,
    button: personId === employee.id ? "Show messages" : `Be ${first(employee)}`, go: () => be(employee),
  }];
  if (admin) steps.push({
    id: "admin", text: `Become the admin ${first(admin)} and type ${STATUS}.`, button: `Be ${first(admin)}`,
    go: () => {
      be(admin);
      page.store.set({ draft: STATUS });
    },
  });
  steps.push({ id: "clock", text: "Move the clock and answer what comes next.", button: "Next nudge", go: (event) => page.moveClock("next", event.currentTarget) });
  return steps;
}

function stepNode({ id, text, button, go }, index, tour) {
  const done = tour.done.includes(id);
  return el("li", { class: `tour-step ${done ? "is-done" : ""}` }, [
    el("span", { class: "tour-number", "aria-label": done ? "done" : null }, done ? icon("check") : String(index + 1)),
    el("span", { class: "tour-text" }, text),
    el("button", { type: "button", class: "button is-small", onclick: go }, el("span", { class: "button-text" }, button)),
  ]);
}
