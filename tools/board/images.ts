/** Which build of Espruino a simulated board runs: the official ESP32 images, or the Linux build, which has no Wi-Fi. */
export const IMAGES = ["ESP32", "ESP32_IDF4", "ESP32C3_IDF4", "ESP32S3_IDF4", "LINUX"] as const;
export type ImageName = (typeof IMAGES)[number];

/** "2v29" is the last release; "later" any build since, which repairs some faults and has others. */
export const RELEASES = ["2v29", "later"] as const;
export type Release = (typeof RELEASES)[number];

/** `process.version` of each. */
export const VERSIONS: Record<Release, string> = { "2v29": "2v29", later: "2v29.90" };

/** What is compiled into an image (boards/<name>.py, `libraries`). */
interface Libraries {
  wifi: boolean;
  telnet: boolean;
  bluetooth: boolean;
  tls: boolean;
  crypto: boolean;
}

const CHIP: Libraries = { wifi: true, telnet: true, bluetooth: true, tls: true, crypto: true };

export const LIBRARIES: Record<ImageName, Libraries> = {
  ESP32: CHIP,
  ESP32_IDF4: { ...CHIP, telnet: false, tls: false, crypto: false },
  ESP32C3_IDF4: { ...CHIP, telnet: false },
  ESP32S3_IDF4: CHIP,
  LINUX: { wifi: false, telnet: false, bluetooth: false, tls: true, crypto: true },
};
