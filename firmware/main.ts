/** The bundle's entry: what runs when the board is powered on. */
import { boardRuntime } from "./board/runtime";
import { Device } from "./device/device";

declare const VERSION: string;
// eslint-disable-next-line @typescript-eslint/no-explicit-any
declare const global: any;

global.device = new Device(boardRuntime(true), VERSION);
