/**
 * The field that a path of the contract means, among those that the form has: the path itself, what holds it
 * ("areas[0].pot" stands at "areas[0]"), or what is written without the parts that the form leaves out ("title" for
 * "assisted.text.title"). Undefined if it has none of them.
 */
export function placeOf(path: string, has: (id: string) => boolean): string | undefined {
  for (let rest = path; rest; rest = within(rest)) {
    for (let id = rest; id; id = above(id)) if (has(id)) return id
  }
  return undefined
}

/** "a.b[2].c" without its first part. */
const within = (path: string) => /^[^.[]*(?:\[\d*\])*\.?(.*)$/.exec(path)?.[1] ?? ''

/** "a.b[2].c" without its last part. */
const above = (path: string) => path.replace(/(?:^|\.)[^.[\]]*$|\[\d*\]$/, '')
