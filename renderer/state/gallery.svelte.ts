/** The pictures of this session, in the order they came, with those that could not be added and why. */

import type { ImageId, ImageInfo, Refusal, Sample } from '../../shared/api.ts'
import { LoupeError, type ErrorCode } from '../../shared/errors.ts'
import type { WindowApi } from '../transport/transport.ts'
import { checkFile, readFile } from './readFile.ts'
import { isCancelled, sentence, type NoticeState } from './notices.svelte.ts'
import { extendTo, noSelection, selectAll, selectOnly, step, toggle, withoutKeys, type Selection } from './selection.ts'
import { ThumbnailStore } from './thumbnails.ts'
import { UploadQueue, type SourceFile } from './uploads.svelte.ts'

interface EntryBase {
  readonly key: string
  readonly name: string
  readonly order: number
}
export interface ReadyEntry extends EntryBase {
  readonly state: 'ready'
  readonly image: ImageInfo
}
export interface FailedEntry extends EntryBase {
  readonly state: 'failed'
  /** A sentence. */
  readonly reason: string
  /** What the host keeps of it, and forgets with it. */
  readonly kept?: { readonly image: ImageId } | { readonly refusal: string }
}
export type Entry = ReadyEntry | FailedEntry

/** New entries reach the list this often while many are on their way. */
const flushMilliseconds = 80
/** What is wrong with the file itself and will be so the next time. */
const lasting: ReadonlySet<ErrorCode> = new Set(['image-damaged', 'image-unsupported', 'image-too-large'])

export class GalleryState {
  entries = $state.raw<readonly Entry[]>([])
  selection = $state.raw<Selection>(noSelection)
  samples = $state.raw<readonly Sample[]>([])
  samplesBeingAdded = $state.raw<ReadonlySet<string>>(new Set())
  /** The list has been asked for and has come. */
  loaded = $state(false)

  readonly keys = $derived(this.entries.map((entry) => entry.key))
  readonly #byKey = $derived(new Map(this.entries.map((entry) => [entry.key, entry])))
  readonly failed = $derived(this.entries.filter((entry) => entry.state === 'failed'))
  readonly readyCount = $derived(this.entries.length - this.failed.length)
  readonly currentEntry = $derived(
    this.selection.current === null ? null : (this.#byKey.get(this.selection.current) ?? null),
  )
  readonly current = $derived(this.currentEntry?.state === 'ready' ? this.currentEntry.image : null)
  readonly selectedImages = $derived(
    this.entries.flatMap((entry) =>
      entry.state === 'ready' && this.selection.selected.has(entry.key) ? [entry.image] : [],
    ),
  )

  readonly uploads: UploadQueue
  readonly thumbnails: ThumbnailStore
  /** Largest file taken, in bytes; the host says. */
  byteLimit = Infinity

  readonly #api: WindowApi
  readonly #notices: NoticeState
  #pending: { readonly entry: Entry; readonly uploaded: boolean }[] = []
  #timer: ReturnType<typeof setTimeout> | null = null
  /** Whether the host has said what it has: what it tells of before would be shown out of turn. */
  #listed = false
  #unsubscribe: () => void
  #order = 0
  /**
   * The first picture of what was just added is to be shown, unless the person chooses another meanwhile: the place of
   * the one shown for it so far, since answers may come out of turn; infinity before any has come, null for no such wish.
   */
  #follow: number | null = null
  #repeated = 0
  /** Images on the way out: their removal waits for Undo. */
  #removed: { entries: readonly Entry[]; selection: Selection } | null = null

  constructor(api: WindowApi, notices: NoticeState, thumbnails = new ThumbnailStore(api, { size: 256 })) {
    this.#api = api
    this.#notices = notices
    this.thumbnails = thumbnails
    thumbnails.onFailed = (image, error) => {
      this.refuse(image, error)
    }
    this.uploads = new UploadQueue(
      (file, order, signal) => this.#upload(file, order, signal),
      () => this.#order++,
    )
    this.#unsubscribe = api.subscribe((event) => {
      if (event.type === 'images.added') this.#receive(event.image, this.#order++)
      else if (event.type === 'host.opened') this.#show(event.image)
      else if (event.type === 'host.refused') this.#list(event.refusal)
    })
  }

  /** What the host already has or has refused (named on its command line, or from before a reload), and the samples. */
  async load(): Promise<void> {
    try {
      const [images, refusals] = await Promise.all([
        this.#api.call('images.list', {}),
        this.#api.call('refusals.list', {}),
      ])
      // Pictures that were told of meanwhile are among them: the host's order holds, before all that comes later.
      const heard = this.#pending
      this.#pending = []
      images.forEach((image, index) => this.#receive(image, index - images.length))
      for (const refusal of refusals) this.#list(refusal)
      this.#pending.push(...heard)
      this.#begin()
      this.samples = await this.#api.call('samples.list', {})
    } catch (error) {
      this.#notices.error(error)
    } finally {
      this.#begin()
      this.loaded = true
    }
  }

  #begin(): void {
    this.#listed = true
    this.#flush()
  }

  dispose(): void {
    this.#unsubscribe()
    this.uploads.cancel()
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#forgetRemoved()
  }

  entry(key: string): Entry | undefined {
    return this.#byKey.get(key)
  }

  addFiles(files: readonly SourceFile[]): void {
    this.#follow = Infinity
    this.uploads.add(files)
  }

  /** Takes files as a folder gives them. */
  async addFrom(source: AsyncIterable<readonly SourceFile[]>): Promise<void> {
    this.#follow = Infinity
    await this.uploads.addFrom(source)
  }

  /** A picture the person opened outside the window. */
  #show(image: ImageInfo): void {
    this.#receive(image, this.#order++)
    this.#flush()
    this.selection = selectOnly(image.id)
  }

  async addSample(id: string): Promise<void> {
    if (this.samplesBeingAdded.has(id)) return
    this.samplesBeingAdded = new Set([...this.samplesBeingAdded, id])
    try {
      const image = await this.#api.call('samples.add', { sample: id })
      this.#receive(image, this.#order++)
      this.#flush()
      this.selection = selectOnly(image.id)
      this.#notices.dismissTopic('sample')
    } catch (error) {
      this.#notices.error(error, 'sample')
    } finally {
      this.samplesBeingAdded = new Set([...this.samplesBeingAdded].filter((other) => other !== id))
    }
  }

  pick(key: string, how: { readonly range: boolean; readonly toggle: boolean }): void {
    this.#follow = null
    if (how.range) this.selection = extendTo(this.keys, key, this.selection)
    else if (how.toggle) this.selection = toggle(key, this.selection)
    else this.selection = selectOnly(key)
  }

  step(by: number, extend: boolean): void {
    this.#follow = null
    this.selection = step(this.keys, by, extend, this.selection)
  }

  toggleCurrent(): void {
    if (this.selection.current !== null) this.selection = toggle(this.selection.current, this.selection)
  }

  selectAll(): void {
    this.selection = selectAll(this.keys, this.selection)
  }

  /**
   * Says of a picture that was taken that it cannot be shown after all: some files are found to be damaged only when
   * all of them is decoded. It stays listed with the reason; what may pass, as a crash, leaves it as it is. The engine
   * keeps the picture, so that a window that is loaded anew comes to know it, and what is wrong with it, again.
   */
  refuse(image: ImageId, error: unknown): void {
    const known = this.#byKey.get(image)
    if (known?.state !== 'ready' || !(error instanceof LoupeError) || !lasting.has(error.code)) return
    const { key, name, order } = known
    const failed: FailedEntry = { state: 'failed', key, name, order, reason: error.message, kept: { image } }
    this.entries = this.entries.map((entry) => (entry === known ? failed : entry))
    this.thumbnails.forget(image)
  }

  removeSelected(): void {
    this.remove(this.selection.selected)
  }

  removeFailed(): void {
    this.remove(new Set(this.failed.map((entry) => entry.key)))
  }

  clear(): void {
    this.uploads.cancel()
    this.#flush()
    this.remove(new Set(this.keys))
  }

  /**
   * Takes entries off the list at once. The engine forgets them only when the removal can no longer be undone:
   * at the next removal, or when the notice that offers to undo it is dismissed.
   */
  remove(gone: ReadonlySet<string>): void {
    const entries = this.entries.filter((entry) => gone.has(entry.key))
    if (entries.length === 0) return
    this.#forgetRemoved()
    const removed = { entries, selection: this.selection }
    this.selection = withoutKeys(this.keys, gone, this.selection)
    this.entries = this.entries.filter((entry) => !gone.has(entry.key))
    this.#removed = removed
    const what = entries.length === 1 ? entries[0]!.name : `${entries.length.toLocaleString('en')} pictures`
    this.#notices.info(`Removed ${what} from the gallery.`, 'removed', {
      label: 'Undo',
      run: () => {
        this.#restore(removed)
      },
      lapse: () => {
        this.#forgetRemoved()
      },
    })
  }

  #restore(removed: { entries: readonly Entry[]; selection: Selection }): void {
    if (this.#removed !== removed) return
    this.#removed = null
    const present = new Set(this.keys)
    const back = removed.entries.filter((entry) => !present.has(entry.key))
    this.entries = [...this.entries, ...back].sort((a, b) => a.order - b.order)
    this.selection = removed.selection
  }

  #forgetRemoved(): void {
    const removed = this.#removed
    this.#removed = null
    if (!removed) return
    const present = new Set(this.keys)
    const images: ImageId[] = []
    const refusals: string[] = []
    for (const entry of removed.entries) {
      if (present.has(entry.key)) continue
      const kept = entry.state === 'ready' ? { image: entry.image.id } : entry.kept
      if (!kept) continue
      if ('refusal' in kept) refusals.push(kept.refusal)
      else {
        images.push(kept.image)
        this.thumbnails.forget(kept.image)
      }
    }
    const told = (error: unknown) => {
      this.#notices.error(error)
    }
    if (images.length > 0) this.#api.call('images.remove', { images }).catch(told)
    if (refusals.length > 0) this.#api.call('refusals.forget', { refusals }).catch(told)
  }

  /** By the transport's own way for files where it has one for this one, else read here. */
  async #send(file: SourceFile, signal: AbortSignal): Promise<ImageInfo> {
    try {
      const image = await this.#api.addFile?.(file, { signal })
      if (image) return image
    } catch (error) {
      const { code } = error as Partial<LoupeError>
      // A browser that sends a file does not say whether it could not read it or not reach the host, nor a host its name.
      if (code === 'engine-lost' || code === 'image-too-large') await checkFile(file, this.byteLimit)
      throw error
    }
    signal.throwIfAborted()
    const bytes = await readFile(file, this.byteLimit)
    signal.throwIfAborted()
    return await this.#api.call('images.add', { name: file.name, bytes }, { signal })
  }

  async #upload(file: SourceFile, order: number, signal: AbortSignal): Promise<void> {
    try {
      const image = await this.#send(file, signal)
      signal.throwIfAborted()
      this.#receive(image, order, true)
    } catch (error) {
      if (signal.aborted || isCancelled(error)) throw error
      this.#queue(
        {
          state: 'failed',
          key: `failed-${order}`,
          name: file.name,
          order,
          reason: sentence(error),
        },
        true,
      )
    }
  }

  #receive(image: ImageInfo, order: number, uploaded = false): void {
    this.#queue({ state: 'ready', key: image.id, name: image.name, order, image }, uploaded)
  }

  /** A file the host was asked to open and could not. */
  #list({ id, name, error }: Refusal): void {
    const entry: FailedEntry = {
      state: 'failed',
      key: `refused-${id}`,
      name,
      order: this.#order++,
      reason: error.message,
      kept: { refusal: id },
    }
    this.#queue(entry, false)
  }

  #queue(entry: Entry, uploaded: boolean): void {
    this.#pending.push({ entry, uploaded })
    if (!this.#listed && !uploaded) return
    this.#timer ??= setTimeout(() => {
      this.#flush()
    }, flushMilliseconds)
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    const entries = new Map(this.entries.map((entry) => [entry.key, entry]))
    const follow = this.#follow
    let first: Entry | null = null
    let repeated: Entry | null = null
    for (const { entry, uploaded } of this.#pending) {
      const known = entries.get(entry.key)
      // The engine tells of a new picture by event and by answer; the answer has the lower number, given at the drop.
      if (known?.state === 'ready' && known.order < entry.order) {
        if (!uploaded) continue
        repeated = known
        this.#repeated++
        continue
      }
      // The image stays the same object, so that it is not run a second time.
      entries.set(entry.key, known ? { ...known, order: entry.order } : entry)
      // Of pictures that are being added the answer says which is the first, not the news of them.
      const wanted = uploaded || (this.selection.current === null && follow === null)
      if (entry.state === 'ready' && wanted && entry.order < (first?.order ?? Infinity)) first = entry
    }
    this.#pending = []
    this.entries = [...entries.values()].sort((a, b) => a.order - b.order)
    if (repeated) this.#sayRepeated(repeated)
    if (first === null && follow === Infinity && this.#repeated === 1) first = repeated
    if (first !== null && (follow === null ? this.selection.current === null : first.order < follow)) {
      this.selection = selectOnly(first.key)
      if (follow !== null) this.#follow = first.order
    }
    if (!this.uploads.busy) {
      this.#repeated = 0
      if (this.#follow !== Infinity) this.#follow = null
    }
  }

  #sayRepeated(entry: Entry): void {
    const message =
      this.#repeated === 1
        ? `${entry.name} was already in the gallery.`
        : `${this.#repeated.toLocaleString('en')} of these pictures were already in the gallery.`
    this.#notices.info(message, 'repeated')
  }
}
