/** After a form was sent: leads the browser to a page that it may load again. @returns the empty body */
export function seeOther(
  set: { status?: unknown; headers: Record<string, string | number> },
  location: string,
): string {
  set.status = 303;
  set.headers.location = location;
  return '';
}
