// Behaviours by data attribute. One listener on the document each, so that rows which htmx brings in need no wiring.

function confirmFirst(event) {
  const asking = event.target.closest("[data-confirm]");
  if (asking && !window.confirm(asking.dataset.confirm)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

// A second press on a slow line must not send the form twice.
function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.dataset.many !== undefined) return;
  for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) {
    window.setTimeout(() => { button.disabled = true; }); // after the browser has read which button was pressed
  }
}

function allowAgain() {
  for (const button of document.querySelectorAll("form[method=post] button:disabled:not([data-disabled])")) {
    button.disabled = false;
  }
}

function checkAll(event) {
  const head = event.target.closest("[data-check-all]");
  if (!head) return;
  for (const box of head.closest("table").querySelectorAll("tbody input[type=checkbox]:not(:disabled)")) {
    box.checked = head.checked;
  }
}

function submitOnChange(event) {
  const asking = event.target.closest("[data-autosubmit]");
  if (asking) event.target.form?.requestSubmit();
}

// An answer that did not get through is told so, and sent again by itself when the line is back.
function keepUnsent(event) {
  const form = event.target.closest?.("form[data-kept]");
  if (!form) return;
  form.dataset.unsent = "1";
  form.querySelector("[data-kept-state]").textContent = "没有存上：网络不通，恢复后自动再存";
}

function sendUnsent() {
  for (const form of document.querySelectorAll("form[data-unsent]")) {
    delete form.dataset.unsent;
    form.dispatchEvent(new Event("again"));
  }
}

async function onClick(event, notify) {
  const target = event.target.closest("[data-print], [data-copy]");
  if (!target) return;
  event.preventDefault();
  if (target.dataset.print !== undefined) {
    window.print();
    return;
  }
  try {
    await navigator.clipboard.writeText(target.dataset.copy);
    notify("已复制。");
  } catch {
    window.prompt("请手工复制：", target.dataset.copy); // no clipboard over plain http
  }
}

export function listen(notify) {
  document.addEventListener("htmx:sendError", keepUnsent);
  window.addEventListener("online", sendUnsent);
  document.addEventListener("submit", confirmFirst, true);
  document.addEventListener("click", (event) => {
    const asking = event.target.closest("[data-confirm]");
    if (asking && asking.tagName !== "FORM") confirmFirst(event);
  }, true);
  document.addEventListener("submit", sendOnce);
  document.addEventListener("htmx:afterRequest", allowAgain);
  window.addEventListener("pageshow", allowAgain);
  document.addEventListener("change", checkAll);
  document.addEventListener("change", submitOnChange);
  document.addEventListener("click", (event) => onClick(event, notify));
}
