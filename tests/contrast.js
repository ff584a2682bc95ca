// Every visible text of the page whose contrast with what lies behind it is under what WCAG AA asks (4.5; large 3).
() => {
  const pen = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
  const known = new Map();
  const read = (text) => {
    if (!known.has(text)) {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = text;
      pen.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
      known.set(text, [r, g, b, a / 255]);
    }
    return known.get(text);
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const style = (node) => getComputedStyle(node);
  const ancestors = (node) => { const all = []; for (; node; node = node.parentElement) all.push(node); return all; };
  const opacity = (node) => ancestors(node).reduce((told, each) => told * style(each).opacity, 1);
  const behind = (node) => ancestors(node).reverse().reduce((ground, each) => over(read(style(each).backgroundColor), ground), [255, 255, 255, 1]);
  // Behind a chart's text lies the last shape drawn before it that covers its middle; else the page.
  const shapesBehind = (text) => {
    const box = text.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
    const plot = text.closest('.js-plotly-plot');
    let ground = behind(plot);
    for (const each of plot.querySelectorAll('path, rect, circle')) {
      if (!(each.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING) || each.closest('defs, clipPath')) continue;
      const told = style(each), matrix = each.getScreenCTM();
      if (told.fill === 'none' || told.visibility === 'hidden' || !matrix) continue;
      if (!each.isPointInFill(new DOMPoint(x, y).matrixTransform(matrix.inverse()))) continue;
      const [r, g, b, a] = read(told.fill);
      ground = over([r, g, b, a * told.fillOpacity * opacity(each)], ground);
    }
    return ground;
  };
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const judge = (node, colour, ground, words) => {
    const told = style(node), [r, g, b, a] = read(colour), size = parseFloat(told.fontSize);
    const large = size >= 24 || (size >= 18.66 && told.fontWeight >= 700) || told.fontFamily.includes('Material');
    const reached = contrast(over([r, g, b, a * opacity(node)], ground), ground);
    if (reached < (large ? 3 : 4.5)) found.push(`${reached.toFixed(2)} "${words.trim().slice(0, 40)}" ${node.tagName} ${(node.getAttribute('class') || '').slice(0, 60)} ${colour} on ${ground.slice(0, 3).map(Math.round)}`);
  };
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {
    const node = text.parentElement, box = node.getBoundingClientRect();
    if (!text.data.trim() || node.closest('script, style, noscript, [disabled], [aria-disabled=true], defs')) continue;
    if (box.width < 2 || box.height < 2 || box.right < 0 || style(node).visibility === 'hidden' || opacity(node) < 0.05) continue;
    const drawn = node.closest('.js-plotly-plot svg') && node.closest('text');
    judge(node, drawn ? style(node).fill : style(node).color, drawn ? shapesBehind(drawn) : behind(node), text.data);
  }
  for (const node of document.querySelectorAll('input:not([type=checkbox]), textarea')) {
    if (node.disabled || node.getBoundingClientRect().width < 2 || opacity(node) < 0.05) continue;
    if (node.value) judge(node, style(node).color, behind(node), node.value);
    else if (node.placeholder) judge(node, getComputedStyle(node, '::placeholder').color, behind(node), node.placeholder);
  }
  return found;
}
