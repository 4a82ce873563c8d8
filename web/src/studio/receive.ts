/** Files that come in by drop, paste or choice: which part of the draft they are for. */

import { levelsOf } from "./peaks.ts";
import type { Studio } from "./studio.ts";

export const PHOTO_TYPES = "image/jpeg,image/png,image/webp";
export const SOUND_TYPES = "audio/*,.wav,.mp3,.ogg,.oga,.opus,.m4a,.flac,.webm";

const PHOTO_NAMES = /\.(jpe?g|png|webp|gif|bmp|tiff?|heic|avif)$/i;
const SOUND_NAMES = /\.(wav|mp3|og[ga]|opus|m4a|mp4|aac|flac|webm)$/i;

/** Larger files are not unpacked in the browser only to draw their outline. */
const LARGEST_OUTLINE = 40_000_000;
export const OUTLINE_LEVELS = 240;

export function kindOf(file: { readonly type: string; readonly name: string }): "photo" | "sound" | null {
  if (file.type.startsWith("image/") || PHOTO_NAMES.test(file.name)) return "photo";
  if (/^(audio|video)\//.test(file.type) || SOUND_NAMES.test(file.name)) return "sound";
  return null;
}

/** Takes in the first picture and the first sound among the files; returns whether there was any. */
export function receive(studio: Studio, files: Iterable<File>): boolean {
  const taken = new Set<"photo" | "sound">();
  for (const file of files) {
    const kind = kindOf(file);
    if (!kind || taken.has(kind)) continue;
    taken.add(kind);
    if (kind === "photo") studio.choosePhoto(file);
    else receiveSound(studio, file);
  }
  return taken.size > 0;
}

export function receiveSound(studio: Studio, file: File): void {
  studio.chooseSound(file, file.name, null, []);
  const url = studio.soundUrl;
  if (url && file.size <= LARGEST_OUTLINE) void outline(studio, file, url);
}

async function outline(studio: Studio, file: File, url: string): Promise<void> {
  try {
    const context = new OfflineAudioContext(1, 1, 16000);
    const sound = await context.decodeAudioData(await file.arrayBuffer());
    studio.describeSound(url, levelsOf(sound.getChannelData(0), OUTLINE_LEVELS), sound.duration);
  } catch {
    return;
  }
}
