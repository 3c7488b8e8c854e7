// Review cards: when each is offered again, in which order, and as a table for other programs. Nothing of the DOM.

/** Days until a card is offered again: after the first right answer in a row, the second and so on. */
export const DAYS = [1, 3, 7, 30];

/** The day of a moment where the reader is, as a number that grows by one each midnight. */
export function dayOf(moment) {
  return Math.round(Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate()) / 86_400_000);
}

/**
 * What is known of a card once it was answered.
 *
 * @param {?[number, number]} known how often in a row it was right, and the day on which it is offered again
 * @returns {[number, number]}
 */
export function answered(known, right, today) {
  const times = right ? Math.min((known?.[0] ?? 0) + 1, DAYS.length) : 0;
  return [times, today + DAYS[Math.max(times - 1, 0)]];
}

/** What storage holds, without what is none of ours; nothing when it cannot be read. */
export function readProgress(text) {
  try {
    const known = Object.entries(JSON.parse(text) ?? {});
    const whole = ([, one]) => Array.isArray(one) && one.length === 2 && one.every(Number.isInteger) && one[0] >= 0;
    return Object.fromEntries(known.filter(whole));
  } catch {
    return {};
  }
}

/**
 * The cards that are offered on a day: first those that are due, then those never seen, mixed over the chapters.
 *
 * @param {{id: string, chapter: string}[]} cards
 */
export function offered(cards, progress, today) {
  const due = cards.filter(({ id }) => progress[id] && progress[id][1] <= today);
  const fresh = cards.filter(({ id }) => !progress[id]);
  return [...mixed(due, today), ...mixed(fresh, today)];
}

/** Cards in turn from each chapter; where a chapter begins changes with the day. */
function mixed(cards, today) {
  const chapters = grouped(cards);
  const queues = [...chapters.values()].map((queue) => [...queue.slice(today % queue.length), ...queue.slice(0, today % queue.length)]);
  const order = [];
  for (let turn = 0; order.length < cards.length; turn++) for (const queue of queues) if (turn < queue.length) order.push(queue[turn]);
  return order;
}

function grouped(cards) {
  const groups = new Map();
  for (const card of cards) groups.set(card.chapter, [...(groups.get(card.chapter) ?? []), card]);
  return groups;
}

/** Rows as CSV, which Anki imports: every field in quotation marks. */
export function csv(rows) {
  return rows.map((row) => row.map((field) => `"${field.replaceAll('"', '""')}"`).join(",")).join("\r\n") + "\r\n";
}
