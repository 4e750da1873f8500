import { Bluetooth } from "./bluetooth";
import type { Clock } from "./clock";
import type { Device } from "./console-device";
import { BLUETOOTH, ConsoleDevice, SERIAL, TELNET } from "./console-device";
import type { ImageName, Release } from "./images";
import { LIBRARIES } from "./images";
import type { Settings } from "./nvs";
import type { RawFlash } from "./raw-flash";
import { SocketTable } from "./socket-table";
import type { FlashStorage } from "./storage";
import { Telnet } from "./telnet";
import type { Traits } from "./traits";
import type { WifiOptions } from "./wifi-air";
import { WifiDriver } from "./wifi-driver";
import { restoreWifi } from "./wifi-config";
import { HostLookup } from "./wifi-lookup";

export interface HardwareOptions {
  image: ImageName;
  release: Release;
  traits: Traits;
  clock: Clock;
  air: WifiOptions;
  flash: FlashStorage;
  rawFlash: RawFlash;
  settings: Settings;
  /** A line on the serial port. */
  serialLine(line: string): void;
}

/** The board's own Wi-Fi address, and by its end the access point's name. */
const MAC = "24:0a:c4:00:00:01";

/** What lives from power-on to a reboot, and outlives load() and reset(): the radios, the TCP/IP stack, the C statics. */
export class Hardware {
  readonly image: ImageName;
  readonly release: Release;
  readonly traits: Traits;
  readonly flash: FlashStorage;
  readonly rawFlash: RawFlash;
  readonly settings: Settings;
  readonly mac = MAC;
  readonly libraries;
  readonly console: ConsoleDevice;
  readonly sockets: SocketTable;
  readonly telnet: Telnet;
  readonly bluetooth: Bluetooth;
  readonly driver: WifiDriver;
  readonly lookup: HostLookup;
  /** As it was at power-on. */
  readonly ble: boolean;

  constructor(options: HardwareOptions) {
    const { image, release, traits, clock, air, settings } = options;
    this.image = image;
    this.release = release;
    this.traits = traits;
    this.flash = options.flash;
    this.rawFlash = options.rawFlash;
    this.settings = settings;
    this.libraries = LIBRARIES[image];
    this.ble = traits.bluetooth && settings.ble;
    const write = (device: Device, line: string) => {
      if (device === SERIAL) options.serialLine(line);
      else if (device === TELNET) this.telnet.show(line);
      else if (device === BLUETOOTH) this.bluetooth.show(line);
    };
    this.console = new ConsoleDevice(write);
    this.sockets = new SocketTable(traits.sockets);
    this.bluetooth = new Bluetooth(clock, traits, this.ble, this.console);
    this.telnet = new Telnet(traits.telnet, this.sockets, this.console, () => this.bluetooth.preferred());
    this.driver = new WifiDriver(clock, air, traits, MAC, image === "ESP32C3_IDF4");
    this.lookup = new HostLookup(air);
  }

  /** An interpreter begins: the kills and inits of its modules. */
  begin(): void {
    this.console.begin();
    this.telnet.begin();
    this.bluetooth.begin();
  }

  /** What main.c does when the program has run. */
  restoreWifi(): void {
    if (!this.libraries.wifi || !this.settings.wifi) return;
    const startsAccessPoint = this.traits["access-point"];
    if (this.traits.wificfg) restoreWifi(this.flash, this.driver, startsAccessPoint);
    else if (startsAccessPoint) this.driver.start();
  }

  /** The power is cut. */
  stop(): void {
    this.driver.stop();
    this.bluetooth.stop();
  }

  /** Somebody on the network, or in radio range, reaches the board's sockets. */
  get reachable(): boolean {
    return this.driver.flows || this.driver.accessPointOpen;
  }
}
