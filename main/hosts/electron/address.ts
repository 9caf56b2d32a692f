/** Where the window's pages are: a scheme of our own, so that nothing else in the world has their origin. */

export const scheme = 'app'
const host = 'layerloupe'

/** The one page. */
export const pageUrl = `${scheme}://${host}/`

/** The path of one of our own addresses, `/` for the page itself; undefined for any other address. */
export function ownPath(address: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url?.protocol !== `${scheme}:` || url.host !== host || url.username !== '' || url.password !== '')
    return undefined
  return url.pathname
}

/** Whether an address is the window's page. */
export function isPage(address: string): boolean {
  return ownPath(address) === '/'
}
