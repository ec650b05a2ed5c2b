// Draws every `<script type="application/json" data-chart>` in the element that holds it.
// The page says what to draw in ECharts' own words; an item's `href` is where its number opens.
import { BarChart, LineChart, MapChart } from "echarts/charts";
import {
  AriaComponent, DatasetComponent, GeoComponent, GridComponent, LegendComponent, MarkLineComponent,
  TitleComponent, TooltipComponent, VisualMapComponent,
} from "echarts/components";
import * as echarts from "echarts/core";
import zh from "echarts/i18n/langZH-obj.js";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";

echarts.use([
  BarChart, LineChart, MapChart, AriaComponent, DatasetComponent, GeoComponent, GridComponent, LegendComponent,
  MarkLineComponent, TitleComponent, TooltipComponent, VisualMapComponent, LabelLayout, SVGRenderer,
]);
echarts.registerLocale("ZH", zh);
echarts.registerTheme("hangshi", {
  color: ["#c2473f", "#2864a6", "#b7791f", "#2b8a3e", "#6a4c93", "#0f766e", "#8a97ab"],
  categoryAxis: { axisLine: { lineStyle: { color: "#b8c4d4" } }, axisLabel: { color: "#465266" }, axisTick: { show: false } },
  valueAxis: { splitLine: { lineStyle: { color: "#e6e9ee" } }, axisLabel: { color: "#465266" } },
  line: { symbolSize: 6 },
  bar: { barMaxWidth: 36 },
  legend: { top: 0, bottom: "auto" },
  grid: { left: 8, right: 8, top: 52, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
  map: {
    label: { color: "#182433", textBorderColor: "#fff", textBorderWidth: 2 },
    itemStyle: { areaColor: "#eef1f5", borderColor: "#fff", borderWidth: 1 },
    emphasis: { label: { color: "#182433" }, itemStyle: { areaColor: "#f3c6a5" } },
  },
});

const drawn = new Map(); // holder -> { chart, watcher }
const maps = new Map(); // address -> promise of its registration

function loadMap(name, address) {
  if (!maps.has(address)) {
    const loading = fetch(address, { credentials: "same-origin" }).then(async (answer) => {
      if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
      echarts.registerMap(name, await answer.json());
    });
    loading.catch(() => maps.delete(address)); // the next chart may try again
    maps.set(address, loading);
  }
  return maps.get(address);
}

function withDefaults(option) {
  const font = getComputedStyle(document.body).fontFamily;
  return {
    aria: { enabled: true },
    animationDuration: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 400,
    ...option,
    textStyle: { fontFamily: font, ...option.textStyle },
    // Drawn text, not HTML: nothing that a record says can become markup, and no inline style is needed.
    tooltip: { confine: true, ...option.tooltip, renderMode: "richText" },
  };
}

async function draw(script) {
  const holder = script.parentElement;
  if (drawn.has(holder)) return;
  drawn.set(holder, {});
  try {
    const option = JSON.parse(script.textContent);
    if (script.dataset.mapUrl) await loadMap(script.dataset.map, script.dataset.mapUrl);
    if (!holder.isConnected) return void drawn.delete(holder);
    const canvas = document.createElement("div");
    canvas.className = "chart-canvas";
    holder.append(canvas);
    const chart = echarts.init(canvas, "hangshi", { renderer: "svg", locale: "ZH" });
    chart.setOption(withDefaults(option));
    chart.on("click", ({ data }) => {
      if (typeof data?.href === "string" && /^[/?]/.test(data.href) && !data.href.startsWith("//")) {
        window.location.assign(data.href);
      }
    });
    const watcher = new ResizeObserver(() => chart.resize());
    watcher.observe(holder);
    drawn.set(holder, { chart, watcher });
    holder.dataset.drawn = "";
  } catch (error) {
    drawn.delete(holder);
    holder.classList.add("chart-failed");
    holder.append("图没有画出来，数字见下表。");
    console.error(error);
  }
}

function drawAll(root) {
  forgetGone();
  const scripts = [...root.querySelectorAll("script[data-chart]")];
  if (root.matches?.("script[data-chart]")) scripts.push(root);
  scripts.forEach(draw);
}

function forgetGone() {
  for (const [holder, { chart, watcher }] of drawn) {
    if (holder.isConnected) continue;
    watcher?.disconnect();
    chart?.dispose();
    drawn.delete(holder);
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => drawAll(document));
else drawAll(document);
document.addEventListener("htmx:load", (event) => drawAll(event.detail.elt));
