// Words for instants in a person's own zone: one place decides how hours and days look on every phone.

const formats = new Map();

function parts(zone, at) {
  let format = formats.get(zone);
  if (!format) {
    const options = {
      weekday: "long", year: "numeric", month: "long", day: "numeric",
      hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
    };
    try {
      format = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone || "UTC" });
    } catch {
      format = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
    }
    formats.set(zone, format);
  }
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** A Date from Telegram's seconds or an ISO text. */
export const instant = (value) => new Date(typeof value === "number" ? value * 1000 : value);

/** "08:30" */
export function timeIn(zone, at) {
  const { hour, minute } = parts(zone, at);
  return `${hour}:${minute}`;
}

/** "08:30:05" */
export const secondsIn = (zone, at) => `${timeIn(zone, at)}:${parts(zone, at).second}`;

/** "Sunday 22 November" */
export function dayIn(zone, at) {
  const { weekday, day, month } = parts(zone, at);
  return `${weekday} ${day} ${month}`;
}

/** "Sun 22 Nov" */
export function shortDayIn(zone, at) {
  const { weekday, day, month } = parts(zone, at);
  return `${weekday.slice(0, 3)} ${day} ${month.slice(0, 3)}`;
}

/** Equal for two instants on the same local date. */
export function dateKey(zone, at) {
  const { year, month, day } = parts(zone, at);
  return `${year}-${month}-${day}`;
}

/** "in 3 h", "in 2 days": how far away an instant is, in its largest unit. */
export function distance(from, to) {
  const minutes = Math.max(0, Math.round((to - from) / 60_000));
  if (minutes < 1) return "in less than a minute";
  if (minutes < 90) return `in ${minutes} min`;
  if (minutes < 36 * 60) return `in ${Math.round(minutes / 60)} h`;
  return `in ${Math.round(minutes / 1440)} days`;
}
