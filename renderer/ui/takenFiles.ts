/** The files a person has chosen in one of the window's own file fields. */
export function takenFiles(input: HTMLInputElement): File[] {
  const list = [...(input.files ?? [])]
  // So that choosing the same file again is a change again.
  input.value = ''
  return list
}
