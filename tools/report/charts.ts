/** A board's charts as SVG text: drawn here, so that the report needs neither script nor network to show them. */
import type { CustomSeriesRenderItem, EChartsCoreOption } from "echarts";
import { init } from "echarts";
import type { BoardStatistics, Bin } from "./board-statistics";

const WIDTH = 1000;
const COLOURS = { online: "#2e8540", unknown: "#b0b4ba" };
/** Of causes of being offline, in the order they come; the last one is for all others. */
const CAUSE_COLOURS = ["#c0392b", "#d9822b", "#8e44ad", "#b7950b", "#a0522d", "#d6336c", "#5f3dc4", "#34495e"];

function draw(height: number, option: EChartsCoreOption): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  try {
    chart.setOption({
      animation: false,
      useUTC: true,
      textStyle: { fontFamily: "system-ui, sans-serif" },
      grid: { left: 70, right: 20, top: 34, bottom: 28 },
      ...option,
    });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

/** What a bin is shown as: a short time offline is never hidden by what surrounds it. */
function shownAs({ time, cause }: Bin): string {
  if (time.offline > 0) return cause;
  return time.unknown > time.online ? "unknown" : "online";
}

const rectangle: CustomSeriesRenderItem = (_params, api) => {
  const [x, y] = api.coord([api.value(0), 1]);
  const [end, bottom] = api.coord([api.value(1), 0]);
  // Never so narrow that it cannot be seen.
  return {
    type: "rect",
    shape: { x, y, width: Math.max(end - x, 1), height: bottom - y },
    style: { fill: api.visual("color") as string },
  };
};

/** Online, offline by cause, and unknown, over time. Undefined where nothing is known. */
export function timelineChart({ bins }: BoardStatistics): string | undefined {
  if (bins.begin === undefined) return undefined;
  const spans = new Map<string, [number, number][]>([["online", []]]);
  let latest: { shown: string; span: [number, number] } | undefined;
  bins.bins.forEach((bin, i) => {
    if (!bin) return;
    let shown = shownAs(bin);
    if (!spans.has(shown) && spans.size > CAUSE_COLOURS.length) shown = "others";
    const [from, to] = [bins.begin! + i * bins.width, bins.begin! + (i + 1) * bins.width];
    if (latest?.shown === shown && latest.span[1] === from) {
      latest.span[1] = to;
      return;
    }
    latest = { shown, span: [from, to] };
    const list = spans.get(shown);
    if (list) list.push(latest.span);
    else spans.set(shown, [latest.span]);
  });
  let colour = 0;
  const series = [...spans].map(([name, data]) => {
    const known = Object.hasOwn(COLOURS, name) ? COLOURS[name as keyof typeof COLOURS] : undefined;
    const color = known ?? CAUSE_COLOURS[Math.min(colour++, CAUSE_COLOURS.length - 1)];
    return {
      type: "custom",
      silent: true,
      name,
      data,
      itemStyle: { color },
      renderItem: rectangle,
      encode: { x: [0, 1] },
    };
  });
  const end = bins.begin + bins.bins.length * bins.width;
  return draw(110, {
    legend: { selectedMode: false, top: 0, left: 60, icon: "rect" },
    xAxis: { type: "time", min: bins.begin, max: end },
    yAxis: { type: "value", min: 0, max: 1, show: false },
    series,
  });
}

/** Ping round trips over time: the mean and the longest of each stretch. */
export function roundTripChart({ bins }: BoardStatistics): string | undefined {
  const mean: [number, number][] = [];
  const longest: [number, number][] = [];
  bins.bins.forEach((bin, i) => {
    if (!bin?.pings) return;
    const middle = bins.begin! + (i + 0.5) * bins.width;
    mean.push([middle, Math.round((bin.rttSum / bin.pings) * 10) / 10]);
    longest.push([middle, bin.rttMaximum]);
  });
  if (mean.length === 0) return undefined;
  const line = { type: "line", silent: true, symbolSize: 3, lineStyle: { width: 1 } };
  return draw(220, {
    legend: { selectedMode: false, top: 0, left: 120 },
    xAxis: { type: "time" },
    yAxis: { type: "value", name: "ms", min: 0 },
    series: [
      { ...line, name: "longest", data: longest, color: "#d9822b", showSymbol: longest.length < 200 },
      { ...line, name: "mean", data: mean, color: "#1f5fa8", showSymbol: mean.length < 200 },
    ],
  });
}

/** How many percent of the round trips are at or below a duration. */
export function percentileChart({ rtt }: BoardStatistics): string | undefined {
  if (rtt.count === 0) return undefined;
  const percents = [...Array.from({ length: 99 }, (_, i) => i + 1), 99.5, 99.9, 99.99, 100];
  // By tens, nines and their nines: the tail is what matters.
  const nines = (percent: number) => -Math.log10(1 - Math.min(percent, 99.999) / 100);
  const most = Math.min(5, Math.max(1, Math.ceil(Math.log10(rtt.count))));
  const data = percents.map((percent) => [Math.min(nines(percent), most), rtt.percentile(percent)]);
  const label = (value: number) => `${Number(((1 - 10 ** -value) * 100).toFixed(3))} %`;
  return draw(220, {
    xAxis: { type: "value", min: 0, max: most, interval: 1, axisLabel: { formatter: label } },
    yAxis: { type: "value", name: "ms", min: 0 },
    series: [{ type: "line", silent: true, data, color: "#1f5fa8", showSymbol: false }],
  });
}

/** Free memory over time, a break at each reboot, and the slope through what is known. */
export function memoryChart({ memory }: BoardStatistics): string | undefined {
  const points = memory.series();
  if (points.length === 0) return undefined;
  const data: [number, number | null][] = [];
  points.forEach(({ time, free, boot }, i) => {
    if (i > 0 && boot !== points[i - 1].boot) data.push([time - 1, null]);
    data.push([Math.round(time), Math.round(free * 10) / 10]);
  });
  const slope = memory.slope();
  const series: object[] = [
    {
      type: "line",
      silent: true,
      name: "free variables",
      data,
      color: "#1f5fa8",
      showSymbol: data.length < 100,
      symbolSize: 3,
    },
  ];
  const last = points[points.length - 1];
  const begin = points.find(({ boot }) => boot === last.boot)!;
  if (slope && begin !== last) {
    const middle = {
      time: (begin.time + last.time) / 2,
      free: median(points.filter(({ boot }) => boot === last.boot)),
    };
    const at = (time: number) => [time, middle.free + (slope.perHour * (time - middle.time)) / 3_600_000];
    const name = `slope ${slope.perHour.toFixed(2)} an hour`;
    const style = { lineStyle: { type: "dashed", width: 1.5 }, color: slope.leak ? "#c0392b" : "#59636e" };
    series.push({
      type: "line",
      silent: true,
      name,
      data: [at(begin.time), at(last.time)],
      showSymbol: false,
      ...style,
    });
  }
  return draw(220, {
    legend: { selectedMode: false, top: 0, left: 120 },
    xAxis: { type: "time" },
    yAxis: { type: "value", name: "variables", scale: true, minInterval: 1 },
    series,
  });
}

function median(points: readonly { free: number }[]): number {
  const values = points.map(({ free }) => free).sort((a, b) => a - b);
  return values[values.length >> 1];
}
