"""How well text stands out from what lies behind it."""

# What text has too little contrast with what lies behind it. Measured for every piece of text that can be seen.
FAINT = """() => {
  const numbers = (colour) => { const c = colour.match(/[\\d.]+/g).map(Number); return c.length < 4 ? [...c, 1] : c; };
  const over = (top, under) => top.slice(0, 3).map((c, i) => c * top[3] + under[i] * (1 - top[3]));
  const light = (colour) => {
    const [r, g, b] = colour.map((c) => ((c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const canvas = document.documentElement.appendChild(document.createElement("i"));
  canvas.style.backgroundColor = "Canvas";
  const behind = (element) => {
    const own = numbers(getComputedStyle(element ?? canvas).backgroundColor);
    return own[3] === 1 ? own.slice(0, 3) : over(own, behind(element.parentElement));
  };
  const faint = new Set(), texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || element.closest("script, style, svg, template, .katex-mathml")) continue;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const colour = numbers(getComputedStyle(element).color), ground = behind(element);
    for (let around = element; around; around = around.parentElement) colour[3] *= getComputedStyle(around).opacity;
    const ink = over(colour, ground);
    const [dark, bright] = [light(ink), light(ground)].sort((a, b) => a - b);
    const contrast = (bright + 0.05) / (dark + 0.05);
    if (contrast < 4.5) faint.add(`${contrast.toFixed(2)} ${element.className} ${texts.currentNode.data.slice(0, 30)}`);
  }
  return [...faint];
}"""
