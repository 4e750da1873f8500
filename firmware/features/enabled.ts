/**
 * The features that this build has. The build writes this module anew, by `npm run build -- --features …`: what stands
 * behind a false one is left out to its last byte, in cold modules too. As it is written here everything is there.
 */

/** Dynamic registration. */
export const REGISTRATION: boolean = true;
/** Alibaba Cloud's time service. */
export const CLOCK: boolean = true;
/** Either cloud's thing model. */
export const THING_MODEL: boolean = true;
/** The device's shadow. */
export const SHADOW: boolean = true;
/** The clouds' rate of messages. */
export const LIMITS: boolean = true;
