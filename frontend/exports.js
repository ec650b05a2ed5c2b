// A workbook takes a while to write: the page says so at once, counts the seconds, and saves the file when it has come.
// Without scripts the link stays a link.

const NAME = /filename\*=utf-8''([^;]+)/i;

function progress(text) {
  let bar = document.querySelector(".working");
  if (!bar) {
    bar = document.createElement("div");
    bar.className = "working";
    bar.setAttribute("role", "status");
    document.body.append(bar);
  }
  bar.textContent = text;
  return bar;
}

async function download(link, notify) {
  const started = Date.now();
  const told = () => progress(`正在准备 Excel，已用 ${Math.round((Date.now() - started) / 1000)} 秒。可以继续看这一页。`);
  told();
  const clock = window.setInterval(told, 1000);
  try {
    const answer = await fetch(link.href, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return void window.location.assign(link.href); // the page says what is wrong
    const name = decodeURIComponent(answer.headers.get("Content-Disposition")?.match(NAME)?.[1] ?? "导出.xlsx");
    const saved = document.createElement("a");
    saved.href = URL.createObjectURL(await answer.blob());
    saved.download = name;
    saved.click();
    window.setTimeout(() => URL.revokeObjectURL(saved.href), 60_000);
    notify(`已导出：${name}`);
  } catch {
    notify("没有导出：网络不通。请稍后再试。");
  } finally {
    window.clearInterval(clock);
    document.querySelector(".working")?.remove();
  }
}

export function exportWithProgress(notify) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href*='.xlsx']");
    if (!link || event.ctrlKey || event.metaKey || link.dataset.busy !== undefined) return;
    event.preventDefault();
    link.dataset.busy = "";
    download(link, notify).finally(() => delete link.dataset.busy);
  });
}
