/** Takes out of a text what is nobody's business: where things lie, and keys. */

/** Absolute paths of either kind: in quotes with whatever is in them, or up to the next space. */
const quoted = /(['"`“])((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/]|\\\\)[^'"`”\n]*)(['"`”])/g
const bare = /(?<![\w~.:/\\-])(?:file:\/\/)?(?:\/|[A-Za-z]:[\\/]|\\\\)[^\s'"`“”,;)]+/g
/** Long enough to be a key; what we name ourselves is shorter or is the hash of a picture. */
const key = /[\w-]{40,}/g

/** A path in the home folder begins with `~`; of any other only its last component stays; keys are left out. */
export function discreet(text: string, home: string): string {
  return text
    .replace(quoted, (_all, open: string, place: string, close: string) => `${open}${shorten(place, home)}${close}`)
    .replace(bare, (place) => shorten(place, home))
    .replace(key, '…')
}

function shorten(place: string, home: string): string {
  const plain = place.replace(/^file:\/\//, '')
  const inHome = home.length > 1 && plain.startsWith(home) && /^([/\\]|$)/.test(plain.slice(home.length))
  if (inHome) return `~${plain.slice(home.length)}`
  return plain.split(/[/\\]/).findLast((part) => part !== '') ?? ''
}
