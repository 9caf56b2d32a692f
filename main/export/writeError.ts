/** What the system says when writing fails, as a sentence about what to do. */

import { LoupeError } from '../../shared/errors.ts'

const advice: Record<string, string> = {
  ENOSPC: 'the disk is full. Free some space or choose another folder, then save again',
  EDQUOT: 'your share of the disk is used up. Free some space or choose another folder, then save again',
  EACCES: 'you may not write there. Choose a folder of your own, or change its permissions',
  EPERM: 'you may not write there. Choose a folder of your own, or change its permissions',
  EROFS: 'the disk is read-only. Choose a folder on another disk',
  ENOTDIR: 'a part of the folder’s path is a file. Choose another folder',
  EEXIST: 'something of that name is in the way. Choose another folder',
  EISDIR: 'a folder of that name is in the way. Choose another folder',
  ENOENT: 'the folder is not there. Make it or choose another, then save again',
  ENAMETOOLONG: 'the path is too long. Choose a folder nearer to the root of the disk',
  EFBIG: 'the disk cannot hold a file this large. Choose another disk, or save fewer stages',
  EMFILE: 'too many files are open. Close other programs, then save again',
  EIO: 'the disk reported an error. Choose another disk, then save again',
  EBUSY: 'another program is using it. Close that program, then save again',
}

/** Any error of writing `file` (a name, not a path) as a LoupeError; those that already are stay as they are. */
export function describeWriteError(error: unknown, file: string): LoupeError {
  if (error instanceof LoupeError) return error
  const { code = 'unknown', syscall } = (error ?? {}) as NodeJS.ErrnoException
  // Of a folder to be made whose parents are there, ENOENT means that nothing can be made there.
  const said =
    code === 'ENOENT' && syscall === 'mkdir' ? 'no folder can be made there. Choose another one' : advice[code]
  const reason = said ?? `the system reported ${code}. Choose another folder, then save again`
  return new LoupeError(
    'write-failed',
    `${file} could not be written: ${reason}.`,
    { file, system: code },
    { cause: error },
  )
}
