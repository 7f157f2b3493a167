// Colours as the page's theme has them, for canvas.

function rgbOf(colour) {
  if (Array.isArray(colour)) return colour;
  const text = colour.trim();
  if (text.startsWith("#")) {
    const short = text.length < 6;
    const digit = (i) => (short ? text[1 + i] + text[1 + i] : text.slice(1 + 2 * i, 3 + 2 * i));
    return [0, 1, 2].map((i) => parseInt(digit(i), 16));
  }
  return (text.match(/[\d.]+/g) ?? [0, 0, 0]).slice(0, 3).map(Number);
}

/** The colour [r, g, b] at t in 0…1 along equally spaced stops. */
function mix(stops, t) {
  const place = Math.min(Math.max(t, 0), 1) * (stops.length - 1);
  const i = Math.min(Math.floor(place), stops.length - 2);
  const [from, to] = [rgbOf(stops[i]), rgbOf(stops[i + 1])];
  return from.map((channel, c) => Math.round(channel + (to[c] - channel) * (place - i)));
}

/** 256 RGB triples for values −1 … 1: entry i is for i / 127.5 − 1. */
function diverging(theme) {
  const table = new Uint8Array(256 * 3);
  const stops = theme.diverging.map(rgbOf);
  for (let i = 0; i < 256; i += 1) table.set(mix(stops, i / 255), 3 * i);
  return table;
}

/** A colour with an opacity, as CSS text. */
function faded(colour, alpha) {
  const [r, g, b] = rgbOf(colour);
  return `rgba(${r}, ${g}, ${b}, ${alpha})`;
}

/** How light a colour looks, 0…1 (relative luminance of WCAG 2). */
function luminance(colour) {
  const [r, g, b] = rgbOf(colour).map((channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The theme of the page around an element, read from Streamlit's CSS variables. */
function themeOf(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(`--st-${name}`).trim();
  const list = (name) => read(name).split(/,(?![^(]*\))/).map((part) => part.trim());
  const background = read("background-color");
  return {
    text: read("text-color"),
    background,
    secondary: read("secondary-background-color"),
    border: read("border-color"),
    primary: read("primary-color"),
    red: read("red-text-color"),
    font: read("font") || "sans-serif",
    categorical: list("chart-categorical-colors"),
    diverging: list("chart-diverging-colors"),
    dark: luminance(background) < 0.3,
  };
}

/** A canvas context sized for the screen's pixels, cleared, in CSS pixel units. */
function sized(canvas, width, height) {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
