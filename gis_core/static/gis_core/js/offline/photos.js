// A photo as it is kept and sent: upright, at most 1600 pixels, JPEG; the original where this browser cannot read it.
//
//   prepare(file) -> {bytes: ArrayBuffer, sha256, width, height, type, isOriginal}
//   throws PhotoError with `code`: photo_empty | photo_too_large | photo_not_read  (words: words.js)

import { sha256hex } from "./chain.js";

const LONGEST = 1600;
const QUALITY = 0.85;
export const LIMIT = 30 * 1024 * 1024;
// What a browser may decode: a picture beyond this would take the phone's memory before it is made small.
const READABLE = 80 * 1024 * 1024;

export class PhotoError extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

export async function prepare(file) {
  if (file.size === 0) throw new PhotoError("photo_empty");
  if (file.size > READABLE) throw new PhotoError("photo_too_large");
  let made = await shrunk(file);
  if (!made) {
    if (file.size > LIMIT) throw new PhotoError("photo_too_large");
    if (!isPhoto(file)) throw new PhotoError("photo_not_read");
    // HEIC on most browsers: the server can read it, so the original goes as it is.
    made = { bytes: await file.arrayBuffer(), width: null, height: null, type: file.type, isOriginal: true };
  }
  if (made.bytes.byteLength === 0) throw new PhotoError("photo_empty");
  return { ...made, sha256: await sha256hex(made.bytes) };
}

const isPhoto = (file) => /^image\/hei[cf]/.test(file.type) || /\.hei[cf]$/i.test(file.name ?? "");

/** Width and height within `longest`, in whole pixels. */
export function fitted(width, height, longest = LONGEST) {
  const scale = Math.min(1, longest / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

async function shrunk(file) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
  const [width, height] = fitted(picture.width, picture.height);
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  // A transparent picture would turn black as JPEG.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, 0, 0, width, height);
  picture.close();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!blob) return null;
  return { bytes: await blob.arrayBuffer(), width, height, type: "image/jpeg", isOriginal: false };
}
