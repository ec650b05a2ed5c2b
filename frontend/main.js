// Every page loads this: htmx, the parts of Bootstrap in use, and small behaviours asked for by data attributes.
// Nothing here is needed for a page to work: links stay links and forms stay forms.
import htmx from "htmx.org";
import "bootstrap/js/dist/alert.js";
import "bootstrap/js/dist/collapse.js";
import "bootstrap/js/dist/dropdown.js";
import "bootstrap/js/dist/modal.js";
import "bootstrap/js/dist/offcanvas.js";
import "bootstrap/js/dist/tab.js";
import Toast from "bootstrap/js/dist/toast.js";
import Tooltip from "bootstrap/js/dist/tooltip.js";

import { listen } from "./behaviours.js";
import { chooseAsTyped } from "./choose.js";
import { exportWithProgress } from "./exports.js";

window.htmx = htmx;

Object.assign(htmx.config, {
  allowEval: false, // as the security policy of the page; scripts stay allowed there, or a chart that is swapped in loses its data
  includeIndicatorStyles: false,
  historyCacheSize: 0, // no register of households is left in the browser's storage
  refreshOnHistoryMiss: true,
  scrollIntoViewOnBoost: false,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true }, // a form that came back with its errors
    { code: "[45]..", swap: false, error: true },
  ],
});

const words = {
  sendError: "没有送达：网络不通。请稍后再试，已填的内容还在。",
  timeout: "等候过久，请再试一次。",
  401: "登录已过期，请重新登录。",
  403: "没有权限做这一步。",
  404: "没有找到，可能已被移动，或不在您的范围内。",
  409: "别人刚刚改过，请刷新后再试。",
  429: "操作太频繁，请稍后再试。",
  500: "系统出错，已记录。请稍后再试。",
};

function notify(text) {
  let box = document.querySelector(".notices");
  if (!box) {
    box = document.createElement("div");
    box.className = "notices";
    box.setAttribute("role", "status");
    box.setAttribute("aria-live", "polite");
    document.body.append(box);
  }
  const toast = document.createElement("div");
  const body = document.createElement("div");
  toast.className = "toast";
  body.className = "toast-body";
  body.textContent = text;
  toast.append(body);
  box.append(toast);
  toast.addEventListener("hidden.bs.toast", () => toast.remove());
  new Toast(toast, { delay: 8000 }).show();
}

document.addEventListener("htmx:sendError", () => notify(words.sendError));
document.addEventListener("htmx:timeout", () => notify(words.timeout));
document.addEventListener("htmx:responseError", (event) => {
  notify(words[event.detail.xhr.status] ?? words[500]);
});
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name=csrf-token]")?.content;
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});

function enliven(root) {
  for (const element of root.querySelectorAll("[data-bs-toggle=tooltip]")) Tooltip.getOrCreateInstance(element);
  for (const element of root.querySelectorAll(".notices .toast:not(.show)")) new Toast(element).show();
}

document.addEventListener("DOMContentLoaded", () => enliven(document));
document.addEventListener("htmx:load", (event) => enliven(event.detail.elt));
listen(notify);
chooseAsTyped();
exportWithProgress(notify);
