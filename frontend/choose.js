// Somebody or something chosen by typing. htmx brings the list; here a row of it is taken, with the mouse or the keys.

const holder = (element) => element.closest?.("[data-chooser]");

function clear(chooser) {
  const list = chooser.querySelector(".chooser-list");
  list.replaceChildren();
  chooser.querySelector("[role=combobox]").setAttribute("aria-expanded", "false");
}

function take(button) {
  const chooser = holder(button);
  const input = chooser.querySelector("[role=combobox]");
  chooser.querySelector(".chooser-offers")?.remove();
  let hidden = chooser.querySelector("input[type=hidden]");
  if (!hidden) {
    hidden = Object.assign(document.createElement("input"), { type: "hidden", name: `${input.name}_id` });
    input.after(hidden);
  }
  input.value = button.dataset.text;
  hidden.value = button.dataset.choose;
  input.classList.remove("is-invalid");
  clear(chooser);
  input.focus();
}

// What is typed anew is no longer what was picked.
function forget(event) {
  const chooser = event.target.getAttribute?.("role") === "combobox" && holder(event.target);
  if (!chooser) return;
  const hidden = chooser.querySelector("input[type=hidden]");
  if (hidden) hidden.value = "";
  if (!event.target.value.trim()) clear(chooser);
}

function walk(event) {
  const chooser = holder(event.target);
  if (!chooser || !["ArrowDown", "ArrowUp", "Escape", "Enter"].includes(event.key)) return;
  const rows = [...chooser.querySelectorAll("[data-choose]")];
  if (event.key === "Escape") return clear(chooser);
  if (!rows.length) return;
  const at = rows.indexOf(document.activeElement);
  if (event.key === "Enter") {
    if (at < 0) {
      event.preventDefault(); // the list is open: Enter takes its first row rather than sending the form
      take(rows[0]);
    }
    return;
  }
  event.preventDefault();
  const next = at + (event.key === "ArrowDown" ? 1 : -1);
  if (next < 0) chooser.querySelector("[role=combobox]").focus();
  else rows[Math.min(next, rows.length - 1)].focus();
}

function everybody(event) {
  const button = event.target.closest("[data-all]");
  if (!button) return;
  for (const input of button.closest("[data-attendance], [data-several]").querySelectorAll(`input[value="${button.dataset.all}"]`)) {
    input.checked = true;
  }
  askWhy(document);
}

// A reason is asked of those on leave; without this script it can be given for everybody.
function askWhy(root) {
  for (const reason of root.querySelectorAll(".leave-reason")) {
    reason.hidden = !reason.closest("li").querySelector('input[value="leave"]').checked;
  }
}

function show(root) {
  askWhy(root);
  for (const button of root.querySelectorAll("[data-all][hidden]")) button.hidden = false;
}

export function chooseAsTyped() {
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-choose]");
    if (row) take(row);
    else for (const chooser of document.querySelectorAll("[data-chooser]")) if (!chooser.contains(event.target)) clear(chooser);
    everybody(event);
  });
  document.addEventListener("focusin", (event) => {
    for (const chooser of document.querySelectorAll("[data-chooser]")) if (!chooser.contains(event.target)) clear(chooser);
  });
  document.addEventListener("change", () => askWhy(document));
  document.addEventListener("input", forget);
  document.addEventListener("keydown", walk);
  document.addEventListener("htmx:afterSwap", (event) => {
    const chooser = holder(event.detail.target);
    if (!chooser) return;
    if (!chooser.contains(document.activeElement)) clear(chooser); // the answer came after its reader had gone on
    else chooser.querySelector("[role=combobox]").setAttribute("aria-expanded", "true");
  });
  document.addEventListener("DOMContentLoaded", () => show(document));
}
